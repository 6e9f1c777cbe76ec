// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyStatus;
import dev.signet.core.Providers;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.base.Plumbing;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class KeysTest {
    private static final byte[] DATA = {1, 2, 3, 4, 5, 6};
    private static final SigningKey KEY =
            SigningKey.generate(Algorithm.ES256).withId("k").withStatus(KeyStatus.ACTIVE);
    private static final VerificationKey CHECK = KEY.verificationKey();
    private static final Providers PROVIDERS = Providers.automatic();

    @Test
    void sign_partOfAnArray_isCheckedAsThatPart() {
        byte[] signature = Keys.sign(KEY, DATA, 1, 3, PROVIDERS);
        Keys.verify(CHECK, DATA, 1, 3, signature, PROVIDERS);
        CHECK.verify(Arrays.copyOfRange(DATA, 1, 4), signature);
        assertReason(() -> Keys.verify(CHECK, DATA, 0, 3, signature, PROVIDERS), Reason.SIGNATURE_INVALID);
    }

    @Test
    void sign_stream_isCheckedAsTheArray() throws IOException {
        byte[] signature = Keys.sign(KEY, new ByteArrayInputStream(DATA), PROVIDERS);
        CHECK.verify(DATA, signature);
        Keys.verify(CHECK, new ByteArrayInputStream(DATA), signature, PROVIDERS);
        assertReason(
                () -> Keys.verify(CHECK, new ByteArrayInputStream(new byte[1]), signature, PROVIDERS),
                Reason.SIGNATURE_INVALID);
    }

    @Test
    void signAsync_localKey_hasSigned() {
        CHECK.verify(
                DATA, Keys.signAsync(KEY, DATA, PROVIDERS).toCompletableFuture().join());
    }

    @Test
    void requireUsable_disabledOrExpired_isRefused() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        TokenizationKey tokens = TokenizationKey.generate();
        Keys.requireUsable(CHECK, now);
        Keys.requireUsable(tokens, now);
        assertReason(() -> Keys.requireUsable(CHECK.withStatus(KeyStatus.DISABLED), now), Reason.KEY_DISABLED);
        assertReason(() -> Keys.requireUsable(CHECK.withValidity(null, now), now), Reason.KEY_NOT_VALID_NOW);
        assertReason(() -> Keys.requireUsable(tokens.withStatus(KeyStatus.DISABLED), now), Reason.KEY_DISABLED);
        assertReason(() -> Keys.requireUsable(tokens.withValidity(null, now), now), Reason.KEY_NOT_VALID_NOW);
    }

    @Test
    void isOfSameParty_sameKeyOrName_isTrue() {
        VerificationKey other = SigningKey.generate(Algorithm.ES256).verificationKey();
        assertThat(Keys.isOfSameParty(CHECK, CHECK.withId("alias"))).isTrue();
        assertThat(Keys.isOfSameParty(CHECK, other)).isFalse();
        assertThat(Keys.isOfSameParty(CHECK.withParty("a"), other.withParty("a")))
                .isTrue();
    }

    @Test
    void ciphers_pinnedProvider_areItsOwn() {
        Provider platform = java.security.Security.getProvider("SunJCE");
        Providers pinned = Providers.pinned(platform, java.security.Security.getProvider("SUN"));
        assertThat(Ciphers.cipher(pinned, "AES/GCM/NoPadding").getProvider()).isSameAs(platform);
        assertThat(Ciphers.messageDigest(pinned, "SHA-256").getProvider().getName())
                .isEqualTo("SUN");
        assertThat(Ciphers.composite(pinned).getService("Cipher", "AES/GCM/NoPadding"))
                .isNotNull();
        assertThat(Ciphers.candidates(pinned, Algorithm.HS256, Providers.Operation.SIGN))
                .containsExactly(platform);
    }

    // ---- the door --------------------------------------------------------------------------------------------------

    @Test
    void open_aSecondTime_isRefused() {
        Plumbing inside = Plumbing.DOOR.enter();
        assertThatThrownBy(() -> Plumbing.DOOR.open(inside)).isInstanceOf(IllegalStateException.class);
        assertThat(Plumbing.DOOR.enter()).isSameAs(inside);
    }

    /** Whatever of the two is used first, and by how many threads at once. */
    @ParameterizedTest
    @ValueSource(strings = {"keys", "ciphers", "threads"})
    void enter_freshProcess_findsTheDoorOpen(String first) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        First.class.getName(),
                        first))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader()) {
            // JDK 25 warns of native code first.
            assertThat(out.lines().filter(line -> !line.isEmpty() && !line.startsWith("WARNING")))
                    .containsExactly("in");
        }
        assertThat(process.waitFor()).isZero();
    }

    private static void assertReason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    static final class First {
        private First() {}

        public static void main(String[] arguments) throws InterruptedException {
            switch (arguments[0]) {
                case "keys" -> Keys.requireUsable(TokenizationKey.generate(), Instant.now());
                case "ciphers" -> Ciphers.messageDigest(Providers.automatic(), "SHA-256");
                default -> {
                    Thread other = new Thread(() -> Ciphers.cipher(Providers.automatic(), "AES/ECB/NoPadding"));
                    other.start();
                    Keys.requireUsable(SigningKey.generate(Algorithm.HS256).verificationKey(), Instant.now());
                    other.join();
                }
            }
            System.out.println("in");
        }
    }
}
