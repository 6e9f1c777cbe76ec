// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Others' vectors, read from the folder that the property {@code signet.vectors} or the variable SIGNET_VECTORS names:
 * Wycheproof's JWEs, and the cookbook of RFC 7520.
 */
class JweVectorsTest {
    private static final Limits FILE_LIMITS =
            Limits.recommended2026().withMaxJsonBytes(1 << 22).withMaxJsonMembers(1_000_000);
    private static final SecurityPolicy POLICY =
            SecurityPolicy.recommended2026().allowPasswords(10_000).allowCompression();

    /** RSA1_5 and RSA-OAEP with SHA-1 are not offered: no key can have them, so these valid messages are refused. */
    private static final Map<String, Set<Long>> NOT_OFFERED = Map.of(
            "RSA1_5", Set.of(100L, 101L, 102L, 103L, 104L, 105L, 112L, 128L),
            "RSA-OAEP", Set.of(82L, 83L, 84L, 85L, 86L, 87L, 129L));

    @Test
    void wycheproof_everyEncryption_isAsExpected() throws IOException {
        assertThat(wycheproof("wycheproof/json_web_encryption_test.json", 139)).isEqualTo(NOT_OFFERED);
    }

    @Test
    void wycheproof_everyEncryptionOfTheMixedFile_isAsExpected() throws IOException {
        assertThat(wycheproof("wycheproof/json_web_crypto_test.json", 33)).isEmpty();
    }

    private static Map<String, Set<Long>> wycheproof(String path, int count) throws IOException {
        Map<String, Object> file = StrictJson.readObject(Files.readAllBytes(vectors(path)), FILE_LIMITS);
        int ran = 0;
        int accepted = 0;
        Map<String, Set<Long>> deviations = new TreeMap<>();
        for (Map<String, Object> group : objects(file.get("testGroups"))) {
            for (Map<String, Object> test : objects(group.get("tests"))) {
                if (!(test.get("jwe") instanceof String jwe)) {
                    continue;
                }
                ran++;
                @SuppressWarnings("unchecked")
                Map<String, Object> jwk = (Map<String, Object>) group.get("private");
                long id = (Long) test.get("tcId");
                boolean expected = "valid".equals(test.get("result"));
                String outcome = outcome(jwk, jwe, (String) test.get("pt"));
                if (outcome.equals("accepted") != expected) {
                    assertThat(outcome).as("tcId %d", id).isEqualTo("message-malformed");
                    deviations
                            .computeIfAbsent((String) jwk.get("alg"), alg -> new TreeSet<>())
                            .add(id);
                }
                accepted += outcome.equals("accepted") ? 1 : 0;
            }
        }
        System.out.printf("%s: ran %d, accepted %d, deviations %s%n", path, ran, accepted, deviations);
        assertThat(ran).isEqualTo(count);
        return deviations;
    }

    private static String outcome(Map<String, Object> jwk, String jwe, String hex) {
        try {
            DecryptionKey key = key(jwk);
            JweDecrypter decrypter = JweDecrypter.builder(key).policy(POLICY).build();
            // The reader of the compact form, which must refuse JSON forms.
            DecryptedJwe decrypted = decrypter.decrypt(jwe);
            if (hex != null) {
                assertThat(decrypted.contentBytes()).isEqualTo(HexFormat.of().parseHex(hex));
            }
            return "accepted";
        } catch (MessageSecurityException e) {
            return e.code();
        }
    }

    private static DecryptionKey key(Map<String, Object> jwk) {
        Map<String, Object> copy = new LinkedHashMap<>(jwk);
        copy.putIfAbsent("kid", "unnamed");
        return Jwks.readPrivateDecryption(JsonText.write(Map.of("keys", List.of(copy))))
                .primary();
    }

    // ---- RFC 7520
    // ----------------------------------------------------------------------------------------------------

    private static final String NO_ALG = "JWK set: keys[0]: alg is not supported";

    private static final Map<String, String> REFUSED_EXAMPLES = Map.of(
            // RSA1_5, and RSA-OAEP with SHA-1.
            "5_1", NO_ALG,
            "5_2", NO_ALG,
            // 8192 iterations.
            "5_3", "JWE: p2c is not between 10000 and 10000",
            // What can be protected is not.
            "5_11", "JWE: alg is not protected",
            "5_12", "JWE: protected is absent or not a string");

    @Test
    void cookbook_everyExample_isDecryptedOrRefusedForAKnownReason() throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        try (Stream<Path> files = Files.list(vectors("jose-cookbook/jwe"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                cookbook(file, name.substring(0, name.indexOf('.', 2)), outcomes);
            }
        }
        cookbook(vectors("jose-cookbook/curve25519/ecdh-es.json"), "x25519", outcomes);
        assertThat(outcomes).hasSize(39);
        int accepted = 0;
        for (Map.Entry<String, String> outcome : outcomes.entrySet()) {
            String name = outcome.getKey();
            String section = name.substring(0, name.indexOf('/'));
            String expected = name.startsWith("5_13/0") ? NO_ALG : REFUSED_EXAMPLES.getOrDefault(section, "ok");
            assertThat(outcome.getValue()).as(name).isEqualTo(expected);
            accepted += expected.equals("ok") ? 1 : 0;
        }
        System.out.printf("RFC 7520 JWEs: ran %d, accepted %d%n", outcomes.size(), accepted);
    }

    private static void cookbook(Path file, String name, Map<String, String> outcomes) throws IOException {
        Map<String, Object> example = StrictJson.readObject(Files.readAllBytes(file), FILE_LIMITS);
        Map<String, Object> input = object(example.get("input"));
        Map<String, Object> output = object(example.get("output"));
        List<Map<String, Object>> keys = input.get("key") instanceof List<?> list
                ? objects(list)
                : List.of(object(input.getOrDefault("key", Map.of())));
        for (int i = 0; i < keys.size(); i++) {
            Object alg = input.get("alg") instanceof List<?> list ? list.get(i) : input.get("alg");
            Map<String, Object> jwk = new LinkedHashMap<>(keys.get(i));
            jwk.put("alg", alg.equals("dir") ? input.get("enc") : alg);
            for (String form : List.of("compact", "json", "json_flat")) {
                Object message = output.get(form);
                if (message == null) {
                    continue;
                }
                String text = message instanceof String compact
                        ? compact
                        : new String(JsonText.write(object(message)), StandardCharsets.UTF_8);
                outcomes.put(name + "/" + i + "/" + form, example(jwk, input, text));
            }
        }
    }

    private static String example(Map<String, Object> jwk, Map<String, Object> input, String text) {
        try {
            DecryptionKey key = jwk.containsKey("kty")
                    ? key(jwk)
                    : DecryptionKey.secret(
                            Algorithm.PBES2_HS512_A256KW, SecretBytes.copyOf(RfcKeys.utf8((String) input.get("pwd"))));
            JweDecrypter decrypter = JweDecrypter.builder(key).policy(POLICY).build();
            DecryptedJwe decrypted = text.startsWith("{") ? decrypter.decryptJson(text) : decrypter.decrypt(text);
            assertThat(new String(decrypted.contentBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(input.get("plaintext"));
            return "ok";
        } catch (MessageSecurityException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void cookbook_nestedSignature_isForVerifiersOnly() throws IOException {
        Map<String, Object> example = StrictJson.readObject(
                Files.readAllBytes(vectors("jose-cookbook/6.nesting_signatures_and_encryption.json")), FILE_LIMITS);
        Map<String, Object> encrypt = object(example.get("encrypt"));
        Map<String, Object> input = object(encrypt.get("input"));
        // Its algorithm is RSA-OAEP with SHA-1, which keys cannot have.
        assertThat(input.get("alg")).isEqualTo("RSA-OAEP");
        Map<String, Object> jwk = new LinkedHashMap<>(object(input.get("key")));
        jwk.put("alg", "RSA-OAEP");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> key(jwk)))
                .isInstanceOf(InvalidMessageException.class);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Object list) {
        return (List<Map<String, Object>>) list;
    }

    private static Path vectors(String file) {
        String folder = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        Assumptions.assumeTrue(folder != null, "property signet.vectors and variable SIGNET_VECTORS are not set");
        Path path = Path.of(folder).resolve(file);
        Assumptions.assumeTrue(Files.isReadable(path), "missing: " + path);
        return path;
    }
}
