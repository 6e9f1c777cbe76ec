// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Signed XML documents, good ones and attacked ones, with what a correct verifier of XML signatures makes of each: XML Signature
 * Wrapping (XSW1 to XSW8) in all its forms, and tricks with comments, entities, ids, namespaces, white space, references,
 * transforms, digests, keys and the structure of the signature.
 *
 * <p>For any library: nothing but the JDK made the documents, and they are the same at each call. A verifier has to know
 * where the signature stands and what it has to cover, see {@link WrappingCase.Kind}; that the signer's key is for RSASSA-PKCS1-v1_5
 * with SHA-256, and has the name {@link #KEY_NAME} and this certificate; that ids are the attributes {@code ID}, {@code Id},
 * {@code wsu:Id} and {@code xml:id}, and no others.
 *
 * <p>The corpus is strict. Where it asks for a refusal and gives content, the content is what the signer signed: to release
 * exactly that does no harm. To release anything else does.
 *
 * <p>The whole world has the private keys: they are for tests, and must never be trusted anywhere else.
 */
public final class XmlWrappingCorpus {
    /** The name of the signer's key. */
    public static final String KEY_NAME = "wrapping-corpus";

    private XmlWrappingCorpus() {}

    /** All cases, made anew: some seconds' work. */
    public static List<WrappingCase> cases() {
        WrappingCollector out = new WrappingCollector();
        for (WrappingSubject subject : WrappingSubject.all(new WrappingKeys())) {
            WrappingAlgorithms.add(out, subject);
            WrappingXsw.add(out, subject);
            WrappingText.add(out, subject);
            WrappingNames.add(out, subject);
            WrappingStructure.add(out, subject);
            WrappingReference.add(out, subject);
        }
        return out.cases();
    }

    /** The key that verifies all documents, but those that are authenticated by the {@link #secret()}. */
    public static PublicKey publicKey() {
        return certificate().getPublicKey();
    }

    /** The certificate of the {@link #publicKey()}. */
    public static X509Certificate certificate() {
        return new WrappingKeys().certificate;
    }

    /** The secret of the documents that {@link WrappingCase#usesSecret() use} it. */
    public static byte[] secret() {
        return WrappingKeys.secret();
    }
}
