// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** JWK thumbprints with SHA-256 (RFC 7638, RFC 8037 section 2, RFC 9964). */
final class Thumbprint {
    private Thumbprint() {}

    static String of(Algorithm algorithm, PublicKey key) {
        byte[] json = requiredMembers(algorithm, key).getBytes(StandardCharsets.US_ASCII);
        return base64(Providers.automatic().messageDigest("SHA-256").digest(json));
    }

    /** RFC 7638, 3.2 and 3.3: the required members in lexicographic order, without white space. */
    private static String requiredMembers(Algorithm algorithm, PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return "{\"e\":\"" + base64(unsigned(rsa.getPublicExponent())) + "\",\"kty\":\"RSA\",\"n\":\""
                    + base64(unsigned(rsa.getModulus())) + "\"}";
        }
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            int length = (bits + 7) / 8;
            return "{\"crv\":\"P-" + bits + "\",\"kty\":\"EC\",\"x\":\""
                    + base64(EcdsaSignatures.unsigned(ec.getW().getAffineX(), length)) + "\",\"y\":\""
                    + base64(EcdsaSignatures.unsigned(ec.getW().getAffineY(), length)) + "\"}";
        }
        String raw = base64(SubjectPublicKeyInfo.getInstance(key.getEncoded())
                .getPublicKeyData()
                .getBytes());
        if (algorithm.family == Algorithm.Family.ML_DSA) {
            return "{\"alg\":\"" + algorithm.joseName() + "\",\"kty\":\"AKP\",\"pub\":\"" + raw + "\"}";
        }
        String curve = algorithm.family == Algorithm.Family.EDDSA ? "Ed25519" : "X25519";
        return "{\"crv\":\"" + curve + "\",\"kty\":\"OKP\",\"x\":\"" + raw + "\"}";
    }

    private static byte[] unsigned(BigInteger value) {
        return EcdsaSignatures.unsigned(value, (value.bitLength() + 7) / 8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
