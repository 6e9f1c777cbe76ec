// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.xml.security.Init;
import org.apache.xml.security.c14n.Canonicalizer;
import org.w3c.dom.Document;

/** Keys, and what Santuario sees in a document. */
final class EncryptionFixtures {
    static final DecryptionKey RSA = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
    static final DecryptionKey KW = DecryptionKey.generate(Algorithm.A256KW);
    static final DecryptionKey DIRECT = DecryptionKey.generate(Algorithm.A256GCM);
    private static final List<DecryptionKey> WRAPPING = makeWrappingKeys();

    static {
        Init.init();
    }

    private EncryptionFixtures() {}

    /** Of every algorithm and curve that encrypts the content's key. */
    static List<DecryptionKey> wrappingKeys() {
        return WRAPPING;
    }

    static List<DecryptionKey> allKeys() {
        List<DecryptionKey> keys = new ArrayList<>(WRAPPING);
        keys.add(DIRECT);
        keys.add(DecryptionKey.generate(Algorithm.A192GCM));
        keys.add(DecryptionKey.generate(Algorithm.A128GCM));
        return keys;
    }

    static DecryptionKey agreementKey(Algorithm algorithm, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(curve.equals("X25519") ? "X25519" : "EC");
            if (!curve.equals("X25519")) {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            KeyPair pair = generator.generateKeyPair();
            return DecryptionKey.of(algorithm, pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** By another parser than the library's. */
    static Document parse(byte[] xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Santuario's exclusive canonical form, with comments. */
    static String canonical(byte[] xml) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Canonicalizer.getInstance(Canonicalizer.ALGO_ID_C14N_EXCL_WITH_COMMENTS)
                    .canonicalizeSubtree(parse(xml), out);
            return out.toString(StandardCharsets.UTF_8);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<DecryptionKey> makeWrappingKeys() {
        List<DecryptionKey> keys = new ArrayList<>();
        keys.add(RSA);
        keys.add(KW);
        keys.add(agreementKey(Algorithm.ECDH_ES_A256KW, "secp256r1"));
        keys.add(agreementKey(Algorithm.ECDH_ES_A256KW, "X25519"));
        keys.add(DecryptionKey.generate(Algorithm.RSA_OAEP_384));
        keys.add(DecryptionKey.generate(Algorithm.RSA_OAEP_512));
        keys.add(DecryptionKey.generate(Algorithm.A128KW));
        keys.add(DecryptionKey.generate(Algorithm.A192KW));
        keys.add(agreementKey(Algorithm.ECDH_ES_A256KW, "secp521r1"));
        for (Algorithm algorithm : List.of(Algorithm.ECDH_ES_A128KW, Algorithm.ECDH_ES_A192KW)) {
            for (String curve : List.of("secp256r1", "secp384r1", "secp521r1", "X25519")) {
                keys.add(agreementKey(algorithm, curve));
            }
        }
        return List.copyOf(keys);
    }
}
