// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.Providers.Operation;
import dev.signet.core.SigningKey;
import dev.signet.core.internal.Ciphers;
import dev.signet.http.SignatureFields;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;

/** The bare primitives over the bytes that a signature is made of. */
@NullUnmarked
final class Floor {
    private final byte[] base;
    private final byte[] signature;
    private final MessageDigest sha256;
    private final byte[] bodyDigest = new byte[32];
    private Mac mac;
    private Signature signing;
    private Signature verifying;

    static Floor of(SigningKey key, Providers providers, SignatureFields fields) throws GeneralSecurityException {
        String value = fields.signature();
        return new Floor(
                key,
                providers,
                fields.signatureBase().getBytes(StandardCharsets.US_ASCII),
                Base64.getDecoder().decode(value.substring(value.indexOf(':') + 1, value.length() - 1)));
    }

    Floor(SigningKey key, Providers providers, byte[] base, byte[] signature) throws GeneralSecurityException {
        this.base = base;
        this.signature = signature;
        sha256 = Ciphers.messageDigest(providers, "SHA-256");
        if (key.algorithm() == Algorithm.HS256) {
            mac = Mac.getInstance("HmacSHA256", chosen(providers, key.algorithm(), Operation.SIGN));
            mac.init(new SecretKeySpec(key.dangerousSecret().orElseThrow().dangerousToByteArray(), "HmacSHA256"));
            return;
        }
        Provider signer = chosen(providers, key.algorithm(), Operation.SIGN);
        Provider verifier = chosen(providers, key.algorithm(), Operation.VERIFY);
        PrivateKey privateKey = key.dangerousPrivateKey().orElseThrow();
        PublicKey publicKey = key.verificationKey().publicKey().orElseThrow();
        String keyAlgorithm = key.algorithm() == Algorithm.ED25519 ? "Ed25519" : privateKey.getAlgorithm();
        signing = Signature.getInstance(name(key.algorithm(), signer), signer);
        signing.initSign(
                signer.getService("KeyFactory", keyAlgorithm) == null
                        ? privateKey
                        : KeyFactory.getInstance(keyAlgorithm, signer)
                                .generatePrivate(new PKCS8EncodedKeySpec(privateKey.getEncoded())));
        verifying = Signature.getInstance(name(key.algorithm(), verifier), verifier);
        verifying.initVerify(
                verifier.getService("KeyFactory", keyAlgorithm) == null
                        ? publicKey
                        : KeyFactory.getInstance(keyAlgorithm, verifier)
                                .generatePublic(new X509EncodedKeySpec(publicKey.getEncoded())));
        if (key.algorithm() == Algorithm.PS512) {
            PSSParameterSpec spec = new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1);
            signing.setParameter(spec);
            verifying.setParameter(spec);
        }
    }

    byte[] sign(byte[] body) throws GeneralSecurityException {
        System.arraycopy(sha256.digest(body), 0, bodyDigest, 0, 32);
        return sign();
    }

    boolean verify(byte[] body) throws GeneralSecurityException {
        boolean sameBody = MessageDigest.isEqual(sha256.digest(body), bodyDigest);
        return verify() | sameBody;
    }

    byte[] sign() throws GeneralSecurityException {
        if (mac != null) {
            return mac.doFinal(base);
        }
        signing.update(base);
        return signing.sign();
    }

    boolean verify() throws GeneralSecurityException {
        if (mac != null) {
            return MessageDigest.isEqual(mac.doFinal(base), signature);
        }
        verifying.update(base);
        return verifying.verify(signature);
    }

    private static Provider chosen(Providers providers, Algorithm algorithm, Operation operation) {
        String name = providers.choice(algorithm, operation).provider().orElseThrow();
        return Ciphers.candidates(providers, algorithm, operation).stream()
                .filter(p -> p.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Algorithm algorithm, Provider provider) {
        return switch (algorithm) {
            case ED25519 -> "Ed25519";
            case ES256 -> "SHA256withECDSAinP1363Format";
            case PS512 -> "RSASSA-PSS";
            default -> throw new IllegalArgumentException(algorithm + " at " + provider);
        };
    }
}
