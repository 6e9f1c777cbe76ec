// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWEObjectJSON;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSObjectJSON;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.PasswordBasedDecrypter;
import com.nimbusds.jose.crypto.PasswordBasedEncrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.signet.core.Algorithm;
import dev.signet.interop.NodeProcess;
import java.security.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmFactoryFactory;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;

/** The implementations that tokens are exchanged with. */
final class JosePeers {
    private static final int ITERATIONS = 10_000;

    private JosePeers() {}

    /** A peer that does one thing after the other. */
    private abstract static class Sequential implements JosePeer {
        abstract Answer one(Task task) throws Exception;

        @Override
        public List<Answer> run(List<Task> tasks) {
            List<Answer> answers = new ArrayList<>();
            for (Task task : tasks) {
                try {
                    answers.add(one(task));
                } catch (Exception e) {
                    answers.add(new Answer(null, null, e.toString()));
                }
            }
            return answers;
        }
    }

    /** Nimbus JOSE + JWT. Its Ed25519 and X25519 need a library that is not on the class path. */
    static final class Nimbus extends Sequential {
        @Override
        public String name() {
            return "Nimbus 10.10";
        }

        @Override
        public boolean has(Op op, Form form, Algorithm algorithm, Algorithm enc) {
            if (enc == null) {
                return new DefaultJWSSignerFactory()
                                .supportedJWSAlgorithms()
                                .contains(new JWSAlgorithm(algorithm.joseName()))
                        && algorithm != Algorithm.ED25519;
            }
            JWEAlgorithm alg = new JWEAlgorithm(algName(algorithm));
            if (form == Form.FLATTENED && op == Op.ENCRYPT && addsHeaders(alg)) {
                // It puts epk, iv, tag, p2s and p2c into the recipient's unprotected header, where Signet refuses them.
                return false;
            }
            return RSAEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                    || ECDHEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                    || AESEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                    || PasswordBasedEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                    || alg.equals(JWEAlgorithm.DIR);
        }

        @Override
        Answer one(Task task) throws Exception {
            JWK jwk = JWK.parse(task.jwk());
            return switch (task.op()) {
                case SIGN -> new Answer(sign(task, jwk), null, null);
                case VERIFY -> new Answer(null, verify(task, jwk), null);
                case ENCRYPT -> new Answer(encrypt(task, jwk), null, null);
                case DECRYPT -> new Answer(null, decrypt(task, jwk), null);
            };
        }

        private static String sign(Task task, JWK jwk) throws Exception {
            JWSHeader.Builder header = new JWSHeader.Builder(new JWSAlgorithm(task.alg())).keyID(jwk.getKeyID());
            if (task.form() == Form.UNENCODED) {
                header.base64URLEncodePayload(false).criticalParams(Set.of("b64"));
            }
            Payload payload = new Payload(task.content());
            var signer = new DefaultJWSSignerFactory().createJWSSigner(jwk, new JWSAlgorithm(task.alg()));
            if (task.form() == Form.FLATTENED) {
                JWSObjectJSON jws = new JWSObjectJSON(payload);
                jws.sign(header.build(), signer);
                return jws.serializeFlattened();
            }
            JWSObject jws = new JWSObject(header.build(), payload);
            jws.sign(signer);
            return jws.serialize(task.form() != Form.COMPACT);
        }

        private static byte[] verify(Task task, JWK jwk) throws Exception {
            Key key = jwk instanceof OctetSequenceKey oct ? oct.toSecretKey() : ((AsymmetricJWK) jwk).toPublicKey();
            if (task.form() == Form.FLATTENED) {
                JWSObjectJSON jws = JWSObjectJSON.parse(task.token());
                var signature = jws.getSignatures().get(0);
                require(signature.verify(verifier(signature.getHeader(), key)));
                return jws.getPayload().toBytes();
            }
            JWSObject jws = task.form() == Form.COMPACT
                    ? JWSObject.parse(task.token())
                    : JWSObject.parse(task.token(), new Payload(task.content()));
            require(jws.verify(verifier(jws.getHeader(), key)));
            return jws.getPayload().toBytes();
        }

        private static JWSVerifier verifier(JWSHeader header, Key key) throws Exception {
            return new DefaultJWSVerifierFactory().createJWSVerifier(header, key);
        }

        private static String encrypt(Task task, JWK jwk) throws Exception {
            JWEAlgorithm alg = JWEAlgorithm.parse(task.alg());
            JWEHeader header = new JWEHeader.Builder(alg, EncryptionMethod.parse(task.enc()))
                    .keyID(jwk.getKeyID())
                    .build();
            JWEEncrypter encrypter;
            if (RSAEncrypter.SUPPORTED_ALGORITHMS.contains(alg)) {
                encrypter = new RSAEncrypter(jwk.toRSAKey());
            } else if (ECDHEncrypter.SUPPORTED_ALGORITHMS.contains(alg)) {
                encrypter = new ECDHEncrypter(jwk.toECKey());
            } else {
                byte[] secret = jwk.toOctetSequenceKey().toByteArray();
                encrypter = alg.equals(JWEAlgorithm.DIR)
                        ? new DirectEncrypter(secret)
                        : AESEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                                ? new AESEncrypter(secret)
                                : new PasswordBasedEncrypter(secret, 16, ITERATIONS);
            }
            if (task.form() == Form.FLATTENED) {
                JWEObjectJSON jwe = new JWEObjectJSON(header, new Payload(task.content()));
                jwe.encrypt(encrypter);
                return jwe.serializeFlattened();
            }
            JWEObject jwe = new JWEObject(header, new Payload(task.content()));
            jwe.encrypt(encrypter);
            return jwe.serialize();
        }

        private static byte[] decrypt(Task task, JWK jwk) throws Exception {
            JWEAlgorithm alg = JWEAlgorithm.parse(task.alg());
            JWEDecrypter decrypter;
            if (RSAEncrypter.SUPPORTED_ALGORITHMS.contains(alg)) {
                decrypter = new RSADecrypter(jwk.toRSAKey());
            } else if (ECDHEncrypter.SUPPORTED_ALGORITHMS.contains(alg)) {
                decrypter = new ECDHDecrypter(jwk.toECKey());
            } else {
                byte[] secret = jwk.toOctetSequenceKey().toByteArray();
                decrypter = alg.equals(JWEAlgorithm.DIR)
                        ? new DirectDecrypter(secret)
                        : AESEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                                ? new AESDecrypter(secret)
                                : new PasswordBasedDecrypter(secret);
            }
            if (task.form() == Form.FLATTENED) {
                JWEObjectJSON jwe = JWEObjectJSON.parse(task.token());
                jwe.decrypt(decrypter);
                return jwe.getPayload().toBytes();
            }
            JWEObject jwe = JWEObject.parse(task.token());
            jwe.decrypt(decrypter);
            return jwe.getPayload().toBytes();
        }

        private static boolean addsHeaders(JWEAlgorithm alg) {
            return ECDHEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                    || PasswordBasedEncrypter.SUPPORTED_ALGORITHMS.contains(alg)
                    || alg.getName().endsWith("GCMKW");
        }

        private static void require(boolean verified) {
            if (!verified) {
                throw new IllegalStateException("not verified");
            }
        }
    }

    /** jose4j, which has no JSON forms, and Ed25519 under its old name only. */
    static final class Jose4j extends Sequential {
        @Override
        public String name() {
            return "jose4j 0.9.7";
        }

        @Override
        public boolean has(Op op, Form form, Algorithm algorithm, Algorithm enc) {
            AlgorithmFactoryFactory factories = AlgorithmFactoryFactory.getInstance();
            if (form == Form.FLATTENED) {
                return false;
            }
            if (enc == null) {
                return factories.getJwsAlgorithmFactory().isAvailable(signatureName(algorithm));
            }
            return factories.getJweKeyManagementAlgorithmFactory().isAvailable(algName(algorithm))
                    && factories.getJweContentEncryptionAlgorithmFactory().isAvailable(enc.joseName());
        }

        @Override
        Answer one(Task task) throws Exception {
            JsonWebKey jwk = JsonWebKey.Factory.newJwk(task.jwk());
            boolean pair = jwk instanceof PublicJsonWebKey;
            Key open = jwk.getKey();
            Key own = pair ? ((PublicJsonWebKey) jwk).getPrivateKey() : open;
            AlgorithmConstraints only =
                    new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, task.alg());
            if (task.op() == Op.SIGN || task.op() == Op.VERIFY) {
                JsonWebSignature jws = new JsonWebSignature();
                jws.setAlgorithmConstraints(only);
                if (task.op() == Op.VERIFY) {
                    jws.setKnownCriticalHeaders("b64");
                    jws.setCompactSerialization(task.token());
                    if (task.form() == Form.DETACHED) {
                        jws.setEncodedPayload(Base64Url.encode(task.content()));
                    } else if (task.form() == Form.UNENCODED) {
                        jws.setPayloadBytes(task.content());
                    }
                    jws.setKey(open);
                    if (!jws.verifySignature()) {
                        throw new IllegalStateException("not verified");
                    }
                    return new Answer(null, jws.getPayloadBytes(), null);
                }
                jws.setAlgorithmHeaderValue(task.alg());
                jws.setKeyIdHeaderValue(jwk.getKeyId());
                if (task.form() == Form.UNENCODED) {
                    jws.getHeaders().setObjectHeaderValue("b64", false);
                    jws.setCriticalHeaderNames("b64");
                }
                jws.setPayloadBytes(task.content());
                jws.setKey(own);
                String token = task.form() == Form.COMPACT
                        ? jws.getCompactSerialization()
                        : jws.getDetachedContentCompactSerialization();
                return new Answer(token, null, null);
            }
            JsonWebEncryption jwe = new JsonWebEncryption();
            jwe.setAlgorithmConstraints(only);
            if (task.op() == Op.DECRYPT) {
                jwe.setCompactSerialization(task.token());
                jwe.setKey(own);
                return new Answer(null, jwe.getPlaintextBytes(), null);
            }
            jwe.setAlgorithmHeaderValue(task.alg());
            jwe.setEncryptionMethodHeaderParameter(task.enc());
            jwe.setKeyIdHeaderValue(jwk.getKeyId());
            if (task.alg().startsWith("PBES2")) {
                jwe.getHeaders().setObjectHeaderValue("p2c", (long) ITERATIONS);
            }
            jwe.setPlaintext(task.content());
            jwe.setKey(open);
            return new Answer(jwe.getCompactSerialization(), null, null);
        }
    }

    /** The npm package jose. */
    static final class NodeJose implements JosePeer {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final NodeProcess node = NodeProcess.required("SIGNET_JOSE_INTEROP", "jose");

        @Override
        public String name() {
            return "jose (npm) 6.2.18";
        }

        @Override
        public boolean has(Op op, Form form, Algorithm algorithm, Algorithm enc) {
            // ML-DSA needs a newer Node than the oldest that is supported.
            return !algorithm.joseName().startsWith("ML-DSA");
        }

        @Override
        public List<Answer> run(List<Task> tasks) throws Exception {
            ArrayNode all = JSON.createArrayNode();
            for (Task task : tasks) {
                ObjectNode json = all.addObject();
                json.put("op", task.op().name().toLowerCase(Locale.ROOT));
                json.put("form", task.form().name().toLowerCase(Locale.ROOT));
                json.put("alg", task.alg());
                json.put("enc", task.enc());
                json.set("jwk", JSON.readTree(task.jwk()));
                json.put("token", task.token());
                json.put("content", Base64Url.encode(task.content()));
            }
            List<JsonNode> results = node.run(all);
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                JsonNode result = results.get(i).get("result");
                Op op = tasks.get(i).op();
                if (result == null) {
                    answers.add(new Answer(null, null, results.get(i).toString()));
                } else if (op == Op.SIGN || op == Op.ENCRYPT) {
                    answers.add(new Answer(result.asText(), null, null));
                } else {
                    answers.add(new Answer(null, Base64Url.decode(result.asText()), null));
                }
            }
            return answers;
        }
    }

    /** The name in the header of a JWE: a key of a content encryption algorithm is used directly. */
    static String algName(Algorithm algorithm) {
        return Set.of("A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512")
                        .contains(algorithm.joseName())
                ? "dir"
                : algorithm.joseName();
    }

    /** What jose4j calls a signature algorithm. */
    static String signatureName(Algorithm algorithm) {
        return algorithm == Algorithm.ED25519 ? "EdDSA" : algorithm.joseName();
    }
}
