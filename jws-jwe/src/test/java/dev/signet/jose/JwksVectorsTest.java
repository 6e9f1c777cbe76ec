// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Others' vectors: Wycheproof's JWK sets, and the keys of RFC 9421, B.1. */
class JwksVectorsTest {
    @Test
    void wycheproof_everyKeyset_isAsExpected() throws IOException {
        Map<String, Object> file = Vectors.read("wycheproof/json_web_key_test.json");
        int ran = 0;
        int accepted = 0;
        Set<Long> refusedSets = new TreeSet<>();
        for (Map<String, Object> group : Vectors.objects(file, "testGroups")) {
            for (Map<String, Object> test : Vectors.objects(group, "tests")) {
                long id = (Long) test.get("tcId");
                String jws = (String) test.get("jws");
                boolean expected = "valid".equals(test.get("result"));
                Map<String, Object> publicSet = Vectors.object(group, "public");
                boolean verified;
                try {
                    verified = publicSet == null
                            ? verifies(
                                    KeyResolver.of(
                                            Jwks.readPrivateSigning(Vectors.set(Vectors.object(group, "private")))),
                                    jws)
                            : verifies(Jwks.parse(Vectors.set(publicSet)), jws);
                } catch (InvalidMessageException e) {
                    refusedSets.add(id);
                    verified = false;
                }
                assertThat(verified).as("tcId %d: %s", id, test.get("comment")).isEqualTo(expected);
                if (publicSet != null && !expected) {
                    assertThat(readsPrivate(Vectors.object(group, "private")))
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
        Map<String, Object> set = Vectors.read("rfc9421/keys.jwks.json");
        Map<String, Algorithm> algorithms = Map.of(
                "test-key-rsa-pss", Algorithm.PS512,
                "test-key-rsa", Algorithm.RS256,
                "test-key-ecc-p256", Algorithm.ES256,
                "test-key-ed25519", Algorithm.ED25519,
                "test-shared-secret", Algorithm.HS256);
        int ran = 0;
        for (Map<String, Object> jwk : Vectors.objects(set, "keys")) {
            Map<String, Object> withAlgorithm = new LinkedHashMap<>(jwk);
            Algorithm algorithm = algorithms.get((String) jwk.get("kid"));
            withAlgorithm.put("alg", algorithm.joseName());
            SigningKey key = Jwks.readPrivateSigning(Vectors.set(withAlgorithm)).primary();
            assertThat(key.id()).isEqualTo(jwk.get("kid"));
            byte[] data = RfcKeys.utf8("data");
            key.verificationKey().verify(data, key.sign(data));
            ran++;
        }
        assertThat(ran).isEqualTo(5);
        System.out.printf("RFC 9421 keys: ran %d%n", ran);
    }

    private static boolean readsPrivate(Map<String, Object> set) {
        try {
            Jwks.readPrivateSigning(Vectors.set(set));
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
}
