// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.XmlLimits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** Enveloped signatures written by hand, so that every part of one can be chosen, be it allowed or not. */
final class EnvelopedSignatures {
    static final SigningKey KEY = SigningKey.hmac(
                    Algorithm.HS256,
                    SecretBytes.copyOf("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII)))
            .withId("k");
    static final String ENVELOPED = XmlProfile.DSIG + "enveloped-signature";

    private EnvelopedSignatures() {}

    /** Signs the whole document, whose root has an end tag; the signature becomes its last child. */
    static String sign(String xml, XmlCanonicalization algorithm, XmlLimits limits) {
        byte[] digest;
        try {
            digest = sha256(Canonicalizer.canonicalize(
                    new StrictReader.Factory(limits, true),
                    xml.getBytes(UTF_8),
                    new C14n(algorithm, List.of()),
                    Canonicalizer.DOCUMENT));
        } catch (InvalidMessageException e) {
            // Such a document is refused whatever its digest is.
            digest = new byte[32];
        }
        return insert(xml, signature(reference("", transforms(ENVELOPED, algorithm.uri()), digest), ""));
    }

    static String reference(String uri, String transforms, byte[] digest) {
        return "<ds:Reference URI=\"" + uri + "\">" + transforms + "<ds:DigestMethod Algorithm=\""
                + XmlDigest.SHA_256.uri() + "\"></ds:DigestMethod><ds:DigestValue>" + base64(digest)
                + "</ds:DigestValue></ds:Reference>";
    }

    static String transforms(String... algorithms) {
        StringBuilder transforms = new StringBuilder("<ds:Transforms>");
        for (String algorithm : algorithms) {
            transforms.append("<ds:Transform Algorithm=\"").append(algorithm).append("\"></ds:Transform>");
        }
        return transforms.append("</ds:Transforms>").toString();
    }

    /** A signature that verifies, as far as these references do. */
    static String signature(String references, String afterValue) {
        String signedInfo = signedInfo(references, "");
        String canonical =
                signedInfo.replaceFirst("<ds:SignedInfo>", "<ds:SignedInfo xmlns:ds=\"" + XmlProfile.DSIG + "\">");
        return "<ds:Signature xmlns:ds=\"" + XmlProfile.DSIG + "\">" + signedInfo + "<ds:SignatureValue>"
                + base64(KEY.sign(canonical.getBytes(UTF_8))) + "</ds:SignatureValue>" + afterValue + "</ds:Signature>";
    }

    static String signedInfo(String references, String parameter) {
        return "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" + XmlCanonicalization.EXCLUSIVE.uri() + "\">"
                + parameter + "</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\""
                + KEY.algorithm().xmlUri().orElseThrow() + "\"></ds:SignatureMethod>" + references + "</ds:SignedInfo>";
    }

    static String insert(String xml, String signature) {
        int end = xml.lastIndexOf("</");
        return xml.substring(0, end) + signature + xml.substring(end);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
