// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Others' vectors, read from the folder that the property {@code signet.vectors} or the variable SIGNET_VECTORS names:
 * Wycheproof's JWK sets, and the keys of RFC 9421, B.1.
 */
class JwksVectorsTest {
    /** The file has no BOM but is larger and longer than any keyset may be. */
    private static final Limits FILE_LIMITS = new Limits(1, 1, 1, 1, 1, 1, 1, 1 << 22, 32, 1_000_000, 16 << 10, 1, 1);

    @Test
    void wycheproof_everyKeyset_isAsExpected() throws IOException {
        Map<String, Object> file =
                StrictJson.readObject(Files.readAllBytes(vectors("wycheproof/json_web_key_test.json")), FILE_LIMITS);
        int ran = 0;
        int accepted = 0;
        Set<Long> refusedSets = new TreeSet<>();
        for (Map<String, Object> group : objects(file.get("testGroups"))) {
            for (Map<String, Object> test : objects(group.get("tests"))) {
                long id = (Long) test.get("tcId");
                String jws = (String) test.get("jws");
                boolean expected = "valid".equals(test.get("result"));
                Object publicSet = group.get("public");
                boolean verified;
                try {
                    verified = publicSet == null
                            ? verifies(KeyResolver.of(Jwks.readPrivateSigning(json(group.get("private")))), jws)
                            : verifies(Jwks.parse(json(publicSet)), jws);
                } catch (InvalidMessageException e) {
                    refusedSets.add(id);
                    verified = false;
                }
                assertThat(verified).as("tcId %d: %s", id, test.get("comment")).isEqualTo(expected);
                if (publicSet != null && !expected) {
                    assertThat(readsPrivate(group.get("private")))
                            .as("tcId %d: the private set", id)
                            .isFalse();
                }
                ran++;
                accepted += verified ? 1 : 0;
            }
        }
        assertThat(ran).isEqualTo(26);
        // Mixed and duplicate keys, weak secrets, AES keys: these sets are refused as a whole, with no deviation.
        assertThat(refusedSets).containsExactly(1L, 4L, 10L, 11L, 12L, 16L, 17L, 18L, 25L, 26L);
        System.out.printf("Wycheproof JWK sets: ran %d (%d accepted, %d refused)%n", ran, accepted, ran - accepted);
    }

    @Test
    void rfc9421_keysOfAppendixB1_signAndVerify() throws IOException {
        Map<String, Object> set =
                StrictJson.readObject(Files.readAllBytes(vectors("rfc9421/keys.jwks.json")), FILE_LIMITS);
        Map<String, Algorithm> algorithms = Map.of(
                "test-key-rsa-pss", Algorithm.PS512,
                "test-key-rsa", Algorithm.RS256,
                "test-key-ecc-p256", Algorithm.ES256,
                "test-key-ed25519", Algorithm.ED25519,
                "test-shared-secret", Algorithm.HS256);
        int ran = 0;
        for (Map<String, Object> jwk : objects(set.get("keys"))) {
            Map<String, Object> withAlgorithm = new LinkedHashMap<>(jwk);
            Algorithm algorithm = algorithms.get((String) jwk.get("kid"));
            withAlgorithm.put("alg", algorithm.joseName());
            SigningKey key = Jwks.readPrivateSigning(json(Map.of("keys", List.of(withAlgorithm))))
                    .primary();
            assertThat(key.id()).isEqualTo(jwk.get("kid"));
            byte[] data = RfcKeys.utf8("data");
            key.verificationKey().verify(data, key.sign(data));
            ran++;
        }
        assertThat(ran).isEqualTo(5);
        System.out.printf("RFC 9421 keys: ran %d%n", ran);
    }

    private static boolean readsPrivate(Object set) {
        try {
            Jwks.readPrivateSigning(json(set));
            return true;
        } catch (InvalidMessageException e) {
            return false;
        }
    }

    private static boolean verifies(KeyResolver keys, String jws) {
        String[] parts = jws.split("\\.", -1);
        Map<String, Object> header = StrictJson.readObject(Base64Url.decode(parts[0]), Limits.recommended2026());
        VerificationKey key = keys.resolve((String) header.get("kid")).orElse(null);
        if (key == null || !key.algorithm().joseName().equals(header.get("alg"))) {
            return false;
        }
        try {
            byte[] signature = Base64Url.decode(parts[2]);
            key.verify((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII), signature);
            return true;
        } catch (VerificationException e) {
            return false;
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Object list) {
        return (List<Map<String, Object>>) list;
    }

    private static byte[] json(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return RfcKeys.utf8(out.toString());
    }

    private static void append(StringBuilder out, Object value) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(separator).append('"').append(member.getKey()).append("\":");
                append(out, member.getValue());
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object element : list) {
                out.append(separator);
                append(out, element);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof String text) {
            assertThat(text).doesNotContain("\"", "\\");
            out.append('"').append(text).append('"');
        } else {
            fail("no such value in the vectors: " + value);
        }
    }

    private static Path vectors(String file) {
        String folder = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        Assumptions.assumeTrue(folder != null, "property signet.vectors and variable SIGNET_VECTORS are not set");
        Path path = Path.of(folder).resolve(file);
        Assumptions.assumeTrue(Files.isReadable(path), "missing: " + path);
        return path;
    }
}
