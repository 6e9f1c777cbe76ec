// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysetTest {
    private static final SigningKey A = SigningKey.generate(Algorithm.ED25519).withId("a");
    private static final SigningKey B = SigningKey.generate(Algorithm.ES256).withId("b");
    private static final SigningKey C = SigningKey.generate(Algorithm.ED25519).withId("c");

    @Test
    void rotation_wholeLife_keepsOnePrimary() {
        Keyset<SigningKey> start = Keyset.of(A);
        Keyset<SigningKey> added = start.add(B);
        assertStates(added, "a", KeyStatus.ACTIVE, KeyStatus.VERIFY_ONLY);
        Keyset<SigningKey> promoted = added.promote("b");
        assertStates(promoted, "b", KeyStatus.VERIFY_ONLY, KeyStatus.ACTIVE);
        Keyset<SigningKey> disabled = promoted.disable("a");
        assertStates(disabled, "b", KeyStatus.DISABLED, KeyStatus.ACTIVE);
        assertStates(disabled.enable("a"), "b", KeyStatus.VERIFY_ONLY, KeyStatus.ACTIVE);
        assertStates(disabled.enable("a").promote("a"), "a", KeyStatus.ACTIVE, KeyStatus.VERIFY_ONLY);
        Keyset<SigningKey> dropped = promoted.drop("a");
        assertThat(dropped.keys()).extracting(Key::id).containsExactly("b");
        // Nothing changed what was there before.
        assertThat(start.keys()).containsExactly(A);
        assertStates(added, "a", KeyStatus.ACTIVE, KeyStatus.VERIFY_ONLY);
    }

    @Test
    void promote_thePrimaryItself_changesNothing() {
        assertStates(Keyset.of(A).add(B).promote("a"), "a", KeyStatus.ACTIVE, KeyStatus.VERIFY_ONLY);
    }

    @Test
    void promote_disabledExpiredOrUnknownKey_isRejected() {
        Keyset<SigningKey> keyset =
                Keyset.of(A).add(B).add(C.withValidity(null, Instant.now().minusSeconds(1)));
        assertRefused(() -> keyset.disable("b").promote("b"));
        assertRefused(() -> keyset.promote("c"));
        assertRefused(() -> keyset.promote("d"));
        assertRefused(() -> keyset.promote(""));
    }

    @Test
    void change_thePrimaryOrAnUnknownKey_isRejected() {
        Keyset<SigningKey> keyset = Keyset.of(A).add(B);
        assertRefused(() -> keyset.drop("a"));
        assertRefused(() -> keyset.disable("a"));
        assertRefused(() -> keyset.enable("a"));
        assertRefused(() -> keyset.drop("c"));
        assertRefused(() -> keyset.disable("c"));
        assertRefused(() -> keyset.enable("c"));
    }

    @Test
    void add_takenIdOrOtherUse_isRejected() {
        Keyset<SigningKey> keyset = Keyset.of(A).add(B);
        assertRefused(() -> keyset.add(C.withId("a")));
        assertRefused(() -> keyset.add(C.withId("b")));
        assertRefused(() -> keyset.disable("b").add(C.withId("b")));
        assertRefused(() -> keyset.add(SigningKey.generate(Algorithm.HS256)));
    }

    @Test
    void of_inconsistentKeys_areRejected() {
        assertRefused(() -> Keyset.of("a", List.of()));
        assertRefused(() -> Keyset.of("c", List.of(A, B)));
        assertRefused(() -> Keyset.of("a", List.of(A, B.withId("a"))));
        assertRefused(() -> Keyset.of("a", List.of(A, A)));
        assertRefused(() -> Keyset.of(A.withStatus(KeyStatus.VERIFY_ONLY)));
        assertRefused(() -> Keyset.of("a", List.of(A.withStatus(KeyStatus.DISABLED), B)));
        assertRefused(() -> Keyset.<Key>of("a", List.of(A, DecryptionKey.generate(Algorithm.A256KW))));
        assertRefused(() -> Keyset.<Key>of("a", List.of(A, TokenizationKey.generate())));
    }

    @Test
    void keys_list_cannotBeChanged() {
        assertThatThrownBy(() -> Keyset.of(A).keys().add(B)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void find_everyStatus_isFoundByItsIdOnly() {
        Keyset<SigningKey> keyset = Keyset.of(A).add(B).disable("b");
        assertThat(keyset.find("b")).get().extracting(Key::status).isEqualTo(KeyStatus.DISABLED);
        assertThat(keyset.find("B")).isEmpty();
        assertThat(keyset.find("")).isEmpty();
    }

    @Test
    void verificationKeys_ofARotatedKeyset_keepIdsAndStates() {
        Keyset<VerificationKey> keys =
                Keyset.verificationKeys(Keyset.of(A).add(B).promote("b").disable("a"));
        assertThat(keys.primary().id()).isEqualTo("b");
        assertThat(keys.find("a")).get().extracting(Key::status).isEqualTo(KeyStatus.DISABLED);
        DecryptionKey d = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        assertThat(Keyset.encryptionKeys(Keyset.of(d)).primary().id()).isEqualTo(d.id());
    }

    @Test
    void equals_sameKeysInTheSameState_areEqual() {
        assertThat(Keyset.of(A)).isEqualTo(Keyset.of(A)).hasSameHashCodeAs(Keyset.of(A));
        assertThat(Keyset.of(A))
                .isNotEqualTo(Keyset.of(B))
                .isNotEqualTo(Keyset.of(A).add(B))
                .isNotEqualTo("a");
    }

    // ---- resolvers
    // ---------------------------------------------------------------------------------------------------

    @Test
    void resolve_knownId_givesThatKey() {
        KeyResolver resolver = KeyResolver.of(Keyset.of(A).add(B));
        assertThat(resolver.resolve("b")).get().extracting(Key::algorithm).isEqualTo(Algorithm.ES256);
        assertThat(resolver.resolveUnnamed()).isEmpty();
        assertThat(KeyResolver.of(A.verificationKey()).resolveUnnamed()).isPresent();
        assertThat(KeyResolver.of(Keyset.of(A.verificationKey())).resolve("a")).isPresent();
        KeyResolver lambda = id -> java.util.Optional.of(A.verificationKey());
        assertThat(lambda.resolveUnnamed()).isEmpty();
    }

    @Test
    void resolve_unknownId_neverFallsBackToAnotherKey() {
        KeyResolver resolver = KeyResolver.of(A.verificationKey());
        for (String id : List.of("", "b", "A", "a ", "../a", "a\u0000")) {
            assertThat(resolver.resolve(id)).isEmpty();
        }
    }

    @Test
    void of_noKeysOrTwoOfOneId_isRejected() {
        assertRefused(KeyResolver::of);
        assertRefused(
                () -> KeyResolver.of(A.verificationKey(), B.verificationKey().withId("a")));
        assertRefused(() -> KeyResolver.of(Keyset.of(TokenizationKey.generate())));
        assertRefused(() -> KeyResolver.of(Keyset.of(DecryptionKey.generate(Algorithm.A256KW))));
    }

    // ---- what every key carries
    // --------------------------------------------------------------------------------------

    @Test
    void withId_notPrintableAscii_isRejected() {
        for (Key key : everyKind()) {
            for (String id : List.of("", "x".repeat(257), "a\nb", "a\u0000", "\u007f", "ä", "a\tb")) {
                assertRefused(() -> key.withId(id));
            }
            assertThat(key.withId("x".repeat(256)).id()).hasSize(256);
            assertThat(key.withId(" ~").algorithm()).isEqualTo(key.algorithm());
        }
    }

    @Test
    void withValidity_emptyOrReversed_isRejected() {
        Instant now = Instant.now();
        for (Key key : everyKind()) {
            assertRefused(() -> key.withValidity(now, now));
            assertRefused(() -> key.withValidity(now, now.minusNanos(1)));
            Key bounded = key.withValidity(now, now.plus(Duration.ofNanos(1)));
            assertThat(bounded.notBefore()).contains(now);
            assertThat(bounded.notAfter()).contains(now.plusNanos(1));
            assertThat(bounded.withValidity(null, null).notAfter()).isEmpty();
            assertThat(bounded.withStatus(KeyStatus.DISABLED).withId("x").notBefore())
                    .contains(now);
        }
    }

    static List<Key> everyKind() {
        DecryptionKey decryption = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        SigningKey mac = SigningKey.generate(Algorithm.HS256);
        return List.of(
                A,
                A.verificationKey(),
                mac,
                mac.verificationKey(),
                decryption,
                decryption.encryptionKey(),
                DecryptionKey.generate(Algorithm.A256KW),
                TokenizationKey.generate());
    }

    private static void assertStates(Keyset<SigningKey> keyset, String primary, KeyStatus a, KeyStatus b) {
        assertThat(keyset.primary().id()).isEqualTo(primary);
        assertThat(keyset.find("a").orElseThrow().status()).isEqualTo(a);
        assertThat(keyset.find("b").orElseThrow().status()).isEqualTo(b);
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void promote_keyThatIsNotYetValid_isRefused() {
        Instant later = Instant.now().plusSeconds(3600);
        Keyset<SigningKey> keyset = Keyset.of(SigningKey.generate(Algorithm.ED25519))
                .add(SigningKey.generate(Algorithm.ED25519).withId("next").withValidity(later, null));
        assertThatThrownBy(() -> keyset.promote("next")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sign_outsideTheValidity_isUnavailable() {
        SigningKey key = SigningKey.generate(Algorithm.ED25519);
        Instant now = Instant.now();
        byte[] data = new byte[3];
        assertThatThrownBy(() -> key.withValidity(null, now.minusSeconds(1)).sign(data))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> key.withValidity(now.plusSeconds(60), null).sign(data))
                .isInstanceOf(UnavailableException.class);
        assertThat(key.withValidity(now.minusSeconds(1), now.plusSeconds(60)).sign(data))
                .hasSize(64);
    }
}
