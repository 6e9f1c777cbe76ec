// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others' vectors: Wycheproof's signatures, and those of RFC 7520, RFC 7797 and RFC 8037 in the JOSE cookbook. */
class JwsVectorsTest {
    /**
     * Not run: "InvalidCharacterInsertedInHeader" and "…InPayload" are called valid although a question mark stands in the
     * base64url, over which the MAC was not computed either. RFC 7515, 2 knows no such character; tests 360 to 371 of the
     * same file refuse it.
     */
    private static final Set<Long> LEFT_OUT = Set.of(372L, 373L);

    private static final String ZEROS = "the secret is 32 zeros, which is no secret";

    /** Called valid, refused here. */
    private static final Map<Long, String> DEVIATIONS = Map.of(
            346L, "RFC 7520, 4.2: the key is marked PS256, and the header says PS384",
            347L, "RFC 7520, 4.3: the key is marked ES521, which is no registered name",
            350L, "RFC 7520, 4.2: the key is marked PS256, and the header says PS384",
            351L, "RFC 7520, 4.3: the key is marked ES521, which is no registered name",
            357L, ZEROS,
            358L, ZEROS,
            359L, ZEROS,
            376L, ZEROS,
            377L, ZEROS);

    /** The algorithms that the marks of these keys should have named. */
    private static final Map<Long, String> MENDED = Map.of(346L, "PS384", 347L, "ES512", 350L, "PS384", 351L, "ES512");

    private static final SecurityPolicy OLD_NAMES =
            SecurityPolicy.recommended2026().allowEdDsaName();

    // ---- Wycheproof ------------------------------------------------------------------------------------------------

    @Test
    void wycheproof_everySignature_isAsExpected() throws IOException {
        Map<String, Object> file = Vectors.read("wycheproof/json_web_signature_test.json");
        Tally tally = new Tally();
        for (Map<String, Object> group : Vectors.objects(file, "testGroups")) {
            run(group, DEVIATIONS, tally);
        }
        assertThat(tally.ran + LEFT_OUT.size()).isEqualTo(401).isEqualTo(((Long) file.get("numberOfTests")).intValue());
        assertThat(tally.deviating).isEqualTo(DEVIATIONS.keySet());
        System.out.println("Wycheproof JWS: " + tally);
    }

    @Test
    void wycheproof_everySignatureOfWebCrypto_isAsExpected() throws IOException {
        Map<String, Object> file = Vectors.read("wycheproof/json_web_crypto_test.json");
        Tally tally = new Tally();
        for (Map<String, Object> group : Vectors.objects(file, "testGroups")) {
            if (((String) group.get("comment")).startsWith("jws_")) {
                run(group, Map.of(), tally);
            }
        }
        assertThat(tally.ran).isEqualTo(49);
        assertThat(tally.deviating).isEmpty();
        System.out.println("Wycheproof web crypto, JWS: " + tally);
    }

    /** With its secret of zeros the group would prove nothing, so its headers and payloads are signed by another one. */
    @Test
    void wycheproof_spellingsOfBase64SignedByAGoodSecret_areStillRefused() throws IOException {
        SigningKey key = SigningKey.generate(Algorithm.HS256).withId("hs256-key");
        JwsVerifier verifier =
                JwsVerifier.builder(KeyResolver.of(key.verificationKey())).build();
        Set<Long> refused = new TreeSet<>();
        int accepted = 0;
        for (Map<String, Object> group :
                Vectors.objects(Vectors.read("wycheproof/json_web_signature_test.json"), "testGroups")) {
            if (!group.get("comment").equals("base64")) {
                continue;
            }
            for (Map<String, Object> test : Vectors.objects(group, "tests")) {
                String jws = (String) test.get("jws");
                String input = jws.substring(0, jws.lastIndexOf('.'));
                String signed = input + "." + Base64Url.encode(key.sign(RfcKeys.utf8(input)));
                try {
                    verifier.verify(signed);
                    accepted++;
                } catch (InvalidMessageException e) {
                    assertThat(e).as("tcId %s", test.get("tcId")).hasMessageContaining("base64url");
                    refused.add((Long) test.get("tcId"));
                }
            }
        }
        // The others have another MAC, or spell only the MAC in another way.
        assertThat(refused).containsExactly(365L, 366L, 368L, 369L, 371L, 372L, 373L, 374L, 375L);
        assertThat(accepted).isEqualTo(12);
    }

    private static void run(Map<String, Object> group, Map<Long, String> deviations, Tally tally) {
        boolean mac = group.get("public") == null;
        Map<String, Object> keys = Vectors.object(group, mac ? "private" : "public");
        for (Map<String, Object> test : Vectors.objects(group, "tests")) {
            long id = (Long) test.get("tcId");
            String description = group.get("comment") + " " + id + ": " + test.get("comment");
            String jws = test.get("jws") instanceof String text
                    ? text
                    : new String(JsonText.write(Vectors.object(test, "jws")), StandardCharsets.UTF_8);
            if (deviations == DEVIATIONS && LEFT_OUT.contains(id)) {
                assertThat(verifies(keys, mac, jws)).as(description).isFalse();
                continue;
            }
            boolean valid = test.get("result").equals("valid");
            boolean verified = verifies(keys, mac, jws);
            if (deviations.containsKey(id)) {
                assertThat(valid && !verified).as(description).isTrue();
                if (MENDED.containsKey(id)) {
                    Map<String, Object> mended = new LinkedHashMap<>(keys);
                    mended.put("alg", MENDED.get(id));
                    assertThat(verifies(mended, mac, jws))
                            .as("mended " + description)
                            .isTrue();
                }
                tally.deviating.add(id);
            } else {
                assertThat(verified).as(description).isEqualTo(valid);
            }
            tally.ran++;
            tally.accepted += verified ? 1 : 0;
        }
    }

    private static boolean verifies(Map<String, Object> keys, boolean mac, String jws) {
        try {
            KeyResolver resolver =
                    mac ? KeyResolver.of(Jwks.readPrivateSigning(Vectors.set(keys))) : Jwks.parse(Vectors.set(keys));
            JwsVerifier.builder(resolver).build().verify(jws);
            return true;
        } catch (MessageSecurityException e) {
            return false;
        }
    }

    // ---- the JOSE cookbook -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jws/4_1.rsa_v15_signature",
                "jws/4_2.rsa-pss_signature",
                "jws/4_3.ecdsa_signature",
                "jws/4_4.hmac-sha2_integrity_protection",
                "jws/4_5.signature_with_detached_content",
                "jws/4_6.protecting_specific_header_fields",
                "curve25519/jws",
                "rfc7797/hmac-sha2_b64_false"
            })
    void cookbook_everyForm_isAccepted(String name) throws IOException {
        Map<String, Object> file = cookbook(name);
        SigningKey key = key(Vectors.object(file, "input"));
        JwsVerifier verifier = JwsVerifier.builder(KeyResolver.of(key.verificationKey()))
                .policy(OLD_NAMES)
                .build();
        byte[] payload = payload(file);
        boolean detached = name.contains("detached");
        Map<String, Object> output = Vectors.object(file, "output");
        int ran = 0;
        // An unencoded payload between dots is refused by the test below.
        if (output.get("compact") instanceof String compact && !name.startsWith("rfc7797")) {
            VerifiedJws verified = detached ? verifier.verifyDetached(compact, payload) : verifier.verify(compact);
            assertThat(verified.contentBytes()).isEqualTo(payload);
            ran++;
        }
        for (String form : List.of("json", "json_flat")) {
            String json = json(Vectors.object(output, form));
            VerifiedJws verified = detached ? verifier.verifyJsonDetached(json, payload) : verifier.verifyJson(json);
            assertThat(verified.contentBytes()).isEqualTo(payload);
            ran++;
        }
        System.out.printf("JOSE cookbook, %s: %d forms%n", name, ran);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jws/4_1.rsa_v15_signature",
                "jws/4_4.hmac-sha2_integrity_protection",
                "jws/4_5.signature_with_detached_content",
                "jws/4_6.protecting_specific_header_fields",
                "curve25519/jws",
                "rfc7797/hmac-sha2_b64_false"
            })
    void cookbook_deterministicSignature_isMadeAgainByteByByte(String name) throws IOException {
        Map<String, Object> file = cookbook(name);
        SigningKey key = key(Vectors.object(file, "input"));
        JwsSigner.Builder signer = JwsSigner.builder(key).policy(OLD_NAMES);
        Map<String, Object> signed = Vectors.object(Vectors.object(file, "signing"), "protected");
        if (!signed.containsKey("kid")) {
            signer.withoutKeyId();
        }
        if (signed.containsKey("b64")) {
            signer.unencodedPayload();
        }
        Map<String, Object> flat = Vectors.object(Vectors.object(file, "output"), "json_flat");
        String compact = signer.build().signDetached(payload(file));
        assertThat(compact).isEqualTo(flat.get("protected") + ".." + flat.get("signature"));
    }

    @Test
    void cookbook_contentOnly_isRefusedForItsUnprotectedAlgorithm() throws IOException {
        Map<String, Object> file = cookbook("jws/4_7.protecting_content_only");
        JwsVerifier verifier = JwsVerifier.builder(
                        KeyResolver.of(key(Vectors.object(file, "input")).verificationKey()))
                .build();
        for (String form : List.of("json", "json_flat")) {
            String json = json(Vectors.object(Vectors.object(file, "output"), form));
            assertThatThrownBy(() -> verifier.verifyJson(json))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("no protected header");
        }
    }

    @Test
    void cookbook_severalSignatures_areAcceptedOnlyWithoutTheUnprotectedOne() throws IOException {
        Map<String, Object> file = cookbook("jws/4_8.multiple_signatures");
        List<Map<String, Object>> jwks = Vectors.objects(Vectors.object(file, "input"), "key");
        VerificationKey rsa = key(jwks.get(0), "RS256").verificationKey();
        VerificationKey mac = key(jwks.get(2), "HS256").verificationKey();
        // Its RS256 signature names its key in the unprotected header only, which nobody reads.
        JwsVerifier verifier = JwsVerifier.builder(new KeyResolver() {
                    @Override
                    public Optional<VerificationKey> resolve(String keyId) {
                        return KeyResolver.of(rsa, mac).resolve(keyId);
                    }

                    @Override
                    public Optional<VerificationKey> resolveUnnamed() {
                        return Optional.of(rsa);
                    }
                })
                .signatures(2)
                .build();
        Map<String, Object> output = Vectors.object(Vectors.object(file, "output"), "json");
        assertThatThrownBy(() -> verifier.verifyJson(json(output)))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("no protected header");

        List<Map<String, Object>> signatures = new ArrayList<>(Vectors.objects(output, "signatures"));
        assertThat(signatures.remove(1)).doesNotContainKey("protected");
        Map<String, Object> without = new LinkedHashMap<>(output);
        without.put("signatures", signatures);
        assertThat(verifier.verifyJson(json(without)).signatures()).hasSize(2);
    }

    @Test
    void cookbook_unencodedPayloadWithoutCrit_isRefused() throws IOException {
        Map<String, Object> file = cookbook("rfc7797/4.2.hmac-sha2_b64_false");
        JwsVerifier verifier = JwsVerifier.builder(
                        KeyResolver.of(key(Vectors.object(file, "input")).verificationKey()))
                .build();
        for (String form : List.of("json", "json_flat")) {
            // RFC 7797, 6 demands crit, which RFC 7797, 4.2 has and this file's header has not.
            String json = json(Vectors.object(Vectors.object(file, "output"), form));
            assertThatThrownBy(() -> verifier.verifyJson(json))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("b64");
        }
    }

    @Test
    void cookbook_unencodedPayloadInCompactForm_isRefused() throws IOException {
        Map<String, Object> file = cookbook("rfc7797/hmac-sha2_b64_false");
        JwsVerifier verifier = JwsVerifier.builder(
                        KeyResolver.of(key(Vectors.object(file, "input")).verificationKey()))
                .build();
        String compact = (String) Vectors.object(file, "output").get("compact");
        assertThatThrownBy(() -> verifier.verify(compact))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("unencoded payload inside compact form");
        String detached = compact.replaceFirst("\\..*\\.", "..");
        assertThat(verifier.verifyDetached(detached, payload(file)).contentBytes())
                .isEqualTo(payload(file));
    }

    @Test
    void cookbook_oldNameOfEd25519_isRefusedByDefault() throws IOException {
        Map<String, Object> file = cookbook("curve25519/jws");
        JwsVerifier verifier = JwsVerifier.builder(
                        KeyResolver.of(key(Vectors.object(file, "input")).verificationKey()))
                .build();
        assertThatThrownBy(() ->
                        verifier.verify((String) Vectors.object(file, "output").get("compact")))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ALGORITHM_MISMATCH));
    }

    private static Map<String, Object> cookbook(String name) throws IOException {
        return Vectors.read("jose-cookbook/" + name + ".json");
    }

    private static byte[] payload(Map<String, Object> file) {
        return ((String) Vectors.object(file, "input").get("payload")).getBytes(StandardCharsets.UTF_8);
    }

    private static SigningKey key(Map<String, Object> input) {
        return key(Vectors.object(input, "key"), (String) input.get("alg"));
    }

    /** The cookbook's keys leave the algorithm to its text. */
    private static SigningKey key(Map<String, Object> jwk, String alg) {
        Map<String, Object> marked = new LinkedHashMap<>(jwk);
        marked.put("alg", alg);
        marked.putIfAbsent("kid", "the key");
        Keyset<SigningKey> set = Jwks.readPrivateSigning(Vectors.set(marked));
        return set.primary();
    }

    private static String json(Map<String, Object> object) {
        return new String(JsonText.write(object), StandardCharsets.UTF_8);
    }

    private static final class Tally {
        final Set<Long> deviating = new TreeSet<>();
        int ran;
        int accepted;

        @Override
        public String toString() {
            return "ran " + ran + " (" + accepted + " accepted, " + (ran - accepted) + " refused, of these "
                    + deviating.size() + " with a reason)";
        }
    }
}
