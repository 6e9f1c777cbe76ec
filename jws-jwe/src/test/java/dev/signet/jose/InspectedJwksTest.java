// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static dev.signet.jose.RfcKeys.set;
import static dev.signet.jose.RfcKeys.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectedJwksTest {
    private static final String EC = RfcKeys.EC_PUBLIC + ",\"kid\":\"e\"";
    private static final String PRIVATE = RfcKeys.EC_PRIVATE + ",\"kid\":\"p\"";
    private static final String RSA = RfcKeys.RSA_PUBLIC + ",\"kid\":\"r\"";

    // ---- entries ---------------------------------------------------------------------------------------------------

    @Test
    void inspect_keysOfEachKind_areReadByWhatTheyAre() {
        InspectedJwks set = Jwks.inspect(set(EC, PRIVATE, RSA + ",\"alg\":\"RSA-OAEP-256\"", "\"kty\":\"new\""));
        assertThat(set.entries()).extracting(InspectedJwks.Entry::position).containsExactly(0, 1, 2, 3);
        assertThat(set.entries()).extracting(InspectedJwks.Entry::isPrivate).containsExactly(false, true, false, false);
        assertThat(key(set, 0)).isInstanceOf(VerificationKey.class);
        assertThat(key(set, 1)).isInstanceOf(SigningKey.class);
        assertThat(key(set, 2)).isInstanceOf(EncryptionKey.class);
        InspectedJwks.Entry unknown = set.entries().get(3);
        assertThat(unknown.key()).isEmpty();
        assertThat(unknown.type()).contains("new");
        assertThat(unknown.skipped())
                .contains(new Jwks.Skipped(3, Optional.empty(), "not-supported", "kty is not supported"));
        assertThat(set.primaryId()).isEmpty();
    }

    @Test
    void inspect_singleJwk_isTheOnlyEntry() {
        InspectedJwks set = Jwks.inspect(utf8("{" + EC + "}"));
        assertThat(set.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.keyId()).contains("e");
            assertThat(entry.type()).contains("EC");
            assertThat(entry.algorithm()).isEmpty();
            assertThat(entry.key()).get().extracting(Key::algorithm).isEqualTo(Algorithm.ES256);
        });
        assertThat(set.isPublicSet()).isFalse();
    }

    @Test
    void inspect_membersThatAreNoStrings_areAbsent() {
        InspectedJwks.Entry entry =
                Jwks.inspect(set("\"kty\":1,\"kid\":2,\"alg\":[]")).entries().get(0);
        assertThat(entry.keyId()).isEmpty();
        assertThat(entry.type()).isEmpty();
        assertThat(entry.algorithm()).isEmpty();
        assertThat(entry.skipped()).get().extracting(Jwks.Skipped::code).isEqualTo("malformed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use\":\"enc\",\"alg\":\"ES256\"|other-purpose|use is for another purpose",
                "\"key_ops\":[\"sign\"]|other-purpose|key_ops is for another purpose",
                "\"alg\":\"none\"|not-supported|alg is not supported",
                "\"alg\":\"RS256\"|malformed|alg does not fit kty and crv",
                "\"signet:status\":\"odd\"|malformed|signet:status is unknown",
                "\"nbf\":\"soon\"|malformed|nbf is not a whole number",
            })
    void inspect_unusableKey_hasACodeAndAReason(String member, String code, String reason) {
        InspectedJwks.Entry entry =
                Jwks.inspect(set(RfcKeys.EC_PUBLIC + "," + member)).entries().get(0);
        assertThat(entry.skipped()).hasValueSatisfying(skipped -> {
            assertThat(skipped.code()).isEqualTo(code);
            assertThat(skipped.reason()).startsWith(reason);
        });
    }

    @Test
    void inspect_weakKey_isRefused() {
        InspectedJwks set = Jwks.inspect(set("\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"a\",\"k\":\"AAAA\""));
        assertThat(set.entries().get(0).skipped())
                .get()
                .extracting(Jwks.Skipped::code)
                .isEqualTo("refused");
    }

    @Test
    void inspect_status_isTheKeys() {
        InspectedJwks set = Jwks.inspect(set(EC + ",\"signet:status\":\"disabled\""));
        assertThat(key(set, 0).status()).isEqualTo(KeyStatus.DISABLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
    void inspect_privateMemberInAKeyOfAnyType_isPrivate(String member) {
        for (String jwk : new String[] {RfcKeys.EC_PUBLIC, RfcKeys.RSA_PUBLIC, "\"kty\":\"new\"", "\"kid\":\"a\""}) {
            InspectedJwks set = Jwks.inspect(set(jwk + ",\"" + member + "\":\"AAAA\""));
            assertThat(set.entries().get(0).isPrivate()).as(jwk).isTrue();
            assertThat(set.entries().get(0).key()).as(jwk).isEmpty();
            assertThat(set.isPublicSet()).isFalse();
        }
    }

    @Test
    void isPublicSet_privateMemberElsewhere_isFalse() {
        assertThat(Jwks.inspect(set(EC, RSA)).isPublicSet()).isTrue();
        assertThat(Jwks.inspect(set(EC + ",\"old\":{\"d\":\"AA\"}")).isPublicSet())
                .isFalse();
        assertThat(Jwks.inspect(set(EC + ",\"old\":[[{\"kty\":\"oct\"}]]")).isPublicSet())
                .isFalse();
        assertThat(Jwks.inspect(utf8("{\"keys\":[],\"d\":\"AA\"}")).isPublicSet())
                .isFalse();
    }

    @Test
    void toString_holdsNoKey() {
        String text = Jwks.inspect(set(PRIVATE, RSA)).toString();
        assertThat(text).contains("algorithm-missing", "keys[0]").doesNotContain("870MB6", "0vx7", "MKBC");
    }

    // ---- agreed algorithms -----------------------------------------------------------------------------------------

    @Test
    void withAlgorithms_keyWithoutAlg_isOfTheAgreedOne() {
        InspectedJwks set = Jwks.inspect(set(RSA, RfcKeys.EC_PUBLIC + ",\"alg\":\"ES256\""));
        assertThat(set.entries().get(0).skipped())
                .get()
                .extracting(Jwks.Skipped::code)
                .isEqualTo("algorithm-missing");
        InspectedJwks agreed = set.withAlgorithms(entry -> Optional.of(Algorithm.PS512));
        assertThat(key(agreed, 0).algorithm()).isEqualTo(Algorithm.PS512);
        assertThat(key(agreed, 1).algorithm()).isEqualTo(Algorithm.ES256);
        assertThat(set.entries().get(0).key()).isEmpty();
        assertThat(set.withAlgorithms(entry -> Optional.empty())
                        .entries()
                        .get(0)
                        .key())
                .isEmpty();
    }

    @Test
    void withAlgorithms_oneThatDoesNotFit_isLeftOut() {
        InspectedJwks set = Jwks.inspect(set(RSA)).withAlgorithms(entry -> Optional.of(Algorithm.ES256));
        assertThat(set.entries().get(0).skipped())
                .get()
                .extracting(Jwks.Skipped::reason)
                .isEqualTo("alg does not fit kty and crv");
    }

    @Test
    void withAlgorithms_thumbprintOfAnother_isRejected() {
        String thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        InspectedJwks set =
                Jwks.inspect(set(RfcKeys.EC_PUBLIC + ",\"kid\":\"" + thumbprint + "\"", RfcKeys.RSA_PUBLIC));
        assertThatThrownBy(() -> set.withAlgorithms(
                        entry -> entry.type().filter("RSA"::equals).map(type -> Algorithm.PS256)))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessage("JWK set: keys[1]: the key's thumbprint is another one's kid");
    }

    // ---- keysets ---------------------------------------------------------------------------------------------------

    @Test
    void keyset_ofWhatWasWritten_isTheSame() {
        Keyset<SigningKey> keyset = Keyset.of(
                        SigningKey.generate(Algorithm.ED25519).withId("one"))
                .add(SigningKey.generate(Algorithm.ES256).withId("two"))
                .promote("two");
        InspectedJwks set = Jwks.inspect(Jwks.dangerousToPrivateJson(keyset));
        assertThat(set.primaryId()).contains("two");
        assertThat(set.keyset().keys()).extracting(Key::id).containsExactly("one", "two");
        assertThat(set.keyset().primary().id()).isEqualTo("two");
    }

    @Test
    void keyset_aKeyThatCannotBeUsed_isRejected() {
        assertThatThrownBy(() -> Jwks.inspect(set(EC, RSA)).keyset())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageStartingWith("JWK set: keys[1]: no alg");
    }

    @Test
    void keyset_publicAmongPrivateKeys_isRejected() {
        assertThatThrownBy(() ->
                        Jwks.inspect(set(PRIVATE, RSA + ",\"alg\":\"PS256\"")).keyset())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessage("JWK set: keys[1]: the private key is missing");
    }

    @Test
    void keyset_ofTwoUsesOrWithoutItsPrimary_isRejected() {
        assertThatThrownBy(() ->
                        Jwks.inspect(set(EC, RSA + ",\"alg\":\"RSA-OAEP-256\"")).keyset())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("one use");
        assertThatThrownBy(() -> Jwks.inspect(utf8("{\"signet:primary\":\"x\",\"keys\":[{" + EC + "}]}"))
                        .keyset())
                .isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> Jwks.inspect(utf8("{\"keys\":[]}")).keyset())
                .isInstanceOf(InvalidMessageException.class);
    }

    // ---- what is neither a set nor a key ---------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|no content",
                "[]|not an object",
                "{}|no array named keys",
                "{\"keys\":{}}|no array named keys",
                "{\"keys\":[1]}|keys[0]: not an object",
                "{\"keys\":[]}{}|content after the object",
                "{\"keys\":[],\"keys\":[]}|a duplicate member name",
                "{\"keys\":[{\"kid\":\"a\"},{\"kid\":\"a\"}]}|keys[1]: kid is another key's too",
                "{\"keys\":[],\"signet:primary\":1}|signet:primary is not a string",
            })
    void inspect_anythingElse_isRejected(String json, String words) {
        assertThatThrownBy(() -> Jwks.inspect(utf8(json)))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining(words);
    }

    @Test
    void inspect_overThePolicysLimits_isRejected() {
        SecurityPolicy small = SecurityPolicy.recommended2026()
                .withLimits(Limits.recommended2026().withMaxJsonBytes(20));
        assertThatThrownBy(() -> Jwks.inspect(set(EC), small))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    private static Key key(InspectedJwks set, int position) {
        return set.entries().get(position).key().orElseThrow();
    }
}
