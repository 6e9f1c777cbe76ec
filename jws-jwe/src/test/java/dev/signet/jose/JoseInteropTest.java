// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyUse;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.jose.JosePeer.Answer;
import dev.signet.jose.JosePeer.Form;
import dev.signet.jose.JosePeer.Op;
import dev.signet.jose.JosePeer.Task;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tokens of every algorithm that both sides have, exchanged both ways with implementations that share no code. */
class JoseInteropTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final byte[] CONTENT = RfcKeys.utf8("{\"amount\":\"10.00\",\"to\":\"B\u00f6rse \ud83d\ude00\"}");
    private static final List<Algorithm> CONTENT_ENCRYPTION = List.of(
            Algorithm.A128GCM,
            Algorithm.A192GCM,
            Algorithm.A256GCM,
            Algorithm.A128CBC_HS256,
            Algorithm.A192CBC_HS384,
            Algorithm.A256CBC_HS512);
    private static final Set<KeyUse> SIGNING = Set.of(KeyUse.SIGN, KeyUse.MAC);
    private static final SecurityPolicy PASSWORDS =
            SecurityPolicy.recommended2026().allowPasswords(10_000);

    @Test
    void nimbus_signaturesGoBothWays() throws Exception {
        assertThat(exchangeSignatures(new JosePeers.Nimbus())).isEqualTo(2 * 12 * 4);
    }

    @Test
    void jose4j_signaturesGoBothWays() throws Exception {
        assertThat(exchangeSignatures(new JosePeers.Jose4j())).isEqualTo(2 * 13 * 3);
    }

    @Test
    void nodeJose_signaturesGoBothWays() throws Exception {
        assertThat(exchangeSignatures(new JosePeers.NodeJose())).isEqualTo(2 * 13 * 4);
    }

    @Test
    void nimbus_encryptionGoesBothWays() throws Exception {
        assertThat(exchangeEncryption(new JosePeers.Nimbus())).isEqualTo(348);
    }

    @Test
    void jose4j_encryptionGoesBothWays() throws Exception {
        assertThat(exchangeEncryption(new JosePeers.Jose4j())).isEqualTo(180);
    }

    @Test
    void nodeJose_encryptionGoesBothWays() throws Exception {
        assertThat(exchangeEncryption(new JosePeers.NodeJose())).isEqualTo(408);
    }

    // ---- signatures ------------------------------------------------------------------------------------------------

    private static int exchangeSignatures(JosePeer peer) throws Exception {
        List<Task> tasks = new ArrayList<>();
        List<SigningKey> keys = new ArrayList<>();
        List<SecurityPolicy> policies = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.values()) {
            if (!SIGNING.contains(algorithm.use())) {
                continue;
            }
            SigningKey key = SigningKey.generate(algorithm).withId("key-" + algorithm.joseName());
            String alg = peer instanceof JosePeers.Jose4j ? JosePeers.signatureName(algorithm) : algorithm.joseName();
            SecurityPolicy policy = alg.equals("EdDSA")
                    ? SecurityPolicy.recommended2026().allowEdDsaName()
                    : SecurityPolicy.recommended2026();
            String jwk = jwk(Jwks.dangerousToPrivateJson(Keyset.of(key)), alg);
            for (Form form : Form.values()) {
                for (Op op : new Op[] {Op.SIGN, Op.VERIFY}) {
                    if (peer.has(op, form, algorithm, null)) {
                        String token = op == Op.SIGN ? null : sign(key, policy, form);
                        tasks.add(new Task(op, form, alg, null, jwk, token, CONTENT));
                        keys.add(key);
                        policies.add(policy);
                    }
                }
            }
        }
        List<Answer> answers = peer.run(tasks);
        Matrix matrix = new Matrix(peer.name(), "JWS");
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            Answer answer = answers.get(i);
            assertThat(answer.error())
                    .as("%s: %s %s %s", peer.name(), task.op(), task.alg(), task.form())
                    .isNull();
            byte[] content = task.op() == Op.VERIFY
                    ? answer.content()
                    : verify(keys.get(i), policies.get(i), task.form(), answer.token());
            assertThat(content).isEqualTo(CONTENT);
            matrix.add(task.alg(), task.form() + (task.op() == Op.SIGN ? " <" : " >"));
        }
        return matrix.print();
    }

    private static String sign(SigningKey key, SecurityPolicy policy, Form form) {
        JwsSigner.Builder signer = JwsSigner.builder(key).policy(policy);
        return switch (form) {
            case COMPACT -> signer.build().sign(CONTENT);
            case FLATTENED -> signer.build().signJson(CONTENT);
            case DETACHED -> signer.build().signDetached(CONTENT);
            case UNENCODED -> signer.unencodedPayload().build().signDetached(CONTENT);
        };
    }

    private static byte[] verify(SigningKey key, SecurityPolicy policy, Form form, String token) {
        JwsVerifier verifier =
                JwsVerifier.builder(Tokens.resolver(key)).policy(policy).build();
        return switch (form) {
            case COMPACT -> verifier.verify(token).contentBytes();
            case FLATTENED -> verifier.verifyJson(token).contentBytes();
            case DETACHED, UNENCODED -> verifier.verifyDetached(token, CONTENT).contentBytes();
        };
    }

    // ---- encryption ------------------------------------------------------------------------------------------------

    private static int exchangeEncryption(JosePeer peer) throws Exception {
        List<Task> tasks = new ArrayList<>();
        List<DecryptionKey> keys = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.use() != KeyUse.ENCRYPT) {
                continue;
            }
            DecryptionKey key = encryptionKey(algorithm);
            String alg = JosePeers.algName(algorithm);
            String jwk = algorithm.isPasswordBased()
                    ? "{\"kty\":\"oct\",\"kid\":\"" + key.id() + "\",\"k\":\"" + Tokens.part(PASSWORD) + "\"}"
                    : jwk(Jwks.dangerousToPrivateJson(Keyset.of(key)), alg);
            for (Algorithm enc : alg.equals("dir") ? List.of(algorithm) : CONTENT_ENCRYPTION) {
                for (Form form : new Form[] {Form.COMPACT, Form.FLATTENED}) {
                    for (Op op : new Op[] {Op.ENCRYPT, Op.DECRYPT}) {
                        if (peer.has(op, form, algorithm, enc)) {
                            String token = op == Op.ENCRYPT ? null : encrypt(key, enc, form);
                            tasks.add(new Task(op, form, alg, enc.joseName(), jwk, token, CONTENT));
                            keys.add(key);
                        }
                    }
                }
            }
        }
        List<Answer> answers = peer.run(tasks);
        Matrix matrix = new Matrix(peer.name(), "JWE");
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            Answer answer = answers.get(i);
            assertThat(answer.error())
                    .as("%s: %s %s %s %s", peer.name(), task.op(), task.alg(), task.enc(), task.form())
                    .isNull();
            JweDecrypter decrypter =
                    JweDecrypter.builder(keys.get(i)).policy(PASSWORDS).build();
            byte[] content = task.op() == Op.DECRYPT
                    ? answer.content()
                    : task.form() == Form.COMPACT
                            ? decrypter.decrypt(answer.token()).contentBytes()
                            : decrypter.decryptJson(answer.token()).contentBytes();
            assertThat(content).isEqualTo(CONTENT);
            matrix.add(task.alg(), task.form() + (task.op() == Op.ENCRYPT ? " <" : " >"));
        }
        return matrix.print();
    }

    private static String encrypt(DecryptionKey key, Algorithm enc, Form form) {
        JweEncrypter.Builder builder = JweEncrypter.builder(key.encryptionKey()).policy(PASSWORDS);
        JweEncrypter encrypter = JosePeers.algName(key.algorithm()).equals("dir")
                ? builder.build()
                : builder.contentEncryption(enc).build();
        return form == Form.COMPACT ? encrypter.encrypt(CONTENT) : encrypter.encryptJson(CONTENT);
    }

    /** On P-256 for key agreement, which every peer has. */
    private static DecryptionKey encryptionKey(Algorithm algorithm) throws Exception {
        if (algorithm.joseName().startsWith("ECDH-ES")) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return DecryptionKey.of(algorithm, pair.getPrivate(), pair.getPublic());
        }
        return algorithm.isPasswordBased()
                ? DecryptionKey.secret(algorithm, SecretBytes.copyOf(RfcKeys.utf8(PASSWORD)))
                : DecryptionKey.generate(algorithm);
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    /** The only key of a set, with the algorithm's name as the peer calls it. */
    private static String jwk(byte[] set, String alg) {
        Map<String, Object> jwk =
                new LinkedHashMap<>(Vectors.objects(StrictJson.readObject(set, Limits.recommended2026()), "keys")
                        .get(0));
        jwk.put("alg", alg);
        return new String(JsonText.write(jwk), StandardCharsets.UTF_8);
    }

    /** What was exchanged: {@code <} made by the peer and read here, {@code >} the other way. */
    private static final class Matrix {
        private final String peer;
        private final String kind;
        private final Map<String, Map<String, Integer>> rows = new LinkedHashMap<>();

        Matrix(String peer, String kind) {
            this.peer = peer;
            this.kind = kind;
        }

        void add(String row, String column) {
            rows.computeIfAbsent(row, r -> new TreeMap<>()).merge(column, 1, Integer::sum);
        }

        int print() {
            int sum = 0;
            StringBuilder out = new StringBuilder();
            for (Map.Entry<String, Map<String, Integer>> row : rows.entrySet()) {
                out.append(String.format("  %-20s %s%n", row.getKey(), row.getValue()));
                sum += row.getValue().values().stream().mapToInt(n -> n).sum();
            }
            System.out.printf("%s, %s: %d tokens exchanged%n%s", kind, peer, sum, out);
            return sum;
        }
    }
}
