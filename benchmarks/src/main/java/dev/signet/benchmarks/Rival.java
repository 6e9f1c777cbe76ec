// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import dev.signet.core.SigningKey;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;
import org.tomitribe.auth.signatures.Algorithm;
import org.tomitribe.auth.signatures.Signature;
import org.tomitribe.auth.signatures.Signer;
import org.tomitribe.auth.signatures.SigningAlgorithm;
import org.tomitribe.auth.signatures.Verifier;

/** The draft-cavage signer that Java teams use, over the same request. It knows no Ed25519. */
@NullUnmarked
final class Rival {
    private static final String TARGET = "/payments?run=17";

    private Signer signer;
    private Verifier verifier;

    Rival(SigningKey key) {
        Algorithm algorithm;
        AlgorithmParameterSpec parameters = null;
        switch (key.algorithm()) {
            case HS256 -> algorithm = Algorithm.HMAC_SHA256;
            case ES256 -> algorithm = Algorithm.ECDSA_SHA256;
            case PS512 -> {
                algorithm = Algorithm.RSA_PSS;
                parameters = new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1);
            }
            default -> {
                return;
            }
        }
        List<String> names = List.of("(request-target)", "(created)", "host", "content-type", "date", "digest");
        Signature template = new Signature(
                key.id(), SigningAlgorithm.HS2019, algorithm, parameters, null, names, 300_000L, null, null);
        Key secret = key.dangerousSecret()
                .<Key>map(s -> new SecretKeySpec(s.dangerousToByteArray(), "HmacSHA256"))
                .orElse(null);
        PrivateKey privateKey = key.dangerousPrivateKey().orElse(null);
        signer = new Signer(secret != null ? secret : privateKey, template);
        try {
            Signature signed = (Signature) sign(new byte[1024]);
            Key checking =
                    secret != null ? secret : key.verificationKey().publicKey().orElseThrow();
            verifier = new Verifier(checking, signed);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    Object sign(byte[] body) throws Exception {
        return require(signer).sign("POST", TARGET, headers(body));
    }

    boolean verify(byte[] body) throws Exception {
        return require(verifier).verify("POST", TARGET, headers(body));
    }

    /** Users of the draft compute and compare the digest themselves. */
    private static Map<String, String> headers(byte[] body) throws Exception {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", "api.example.com");
        headers.put("content-type", "application/json");
        headers.put("date", "Mon, 23 Nov 2026 09:00:00 GMT");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
        headers.put("digest", "SHA-256=" + Base64.getEncoder().encodeToString(digest));
        return headers;
    }

    private static <T> T require(T part) {
        if (part == null) {
            throw new UnsupportedOperationException("the rival does not know this algorithm");
        }
        return part;
    }
}
