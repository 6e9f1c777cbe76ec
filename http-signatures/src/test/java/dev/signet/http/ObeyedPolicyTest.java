// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import java.io.ByteArrayInputStream;
import java.security.Provider;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What reads or computes beside a verifier obeys the policy that it was given. */
class ObeyedPolicyTest {
    private static final byte[] BODY = {1, 2, 3};
    private static final SecurityPolicy SMALL = SecurityPolicy.recommended2026()
            .withLimits(Limits.recommended2026().withMaxFieldBytes(20).withMaxBodyBytes(2));
    private static final SecurityPolicy NOTHING_PINNED =
            SecurityPolicy.recommended2026().withProviders(Providers.pinned(new EmptyProvider()));

    @Test
    void limits_areThoseOfThePolicy() {
        List<String> digest =
                List.of(ContentDigest.of(DigestAlgorithm.SHA_256, BODY).fieldValue());
        assertThat(ContentDigest.parse(digest).algorithms()).containsExactly(DigestAlgorithm.SHA_256);
        assertTooLarge(() -> ContentDigest.parse(digest, SMALL));
        assertTooLarge(() -> ContentDigest.parseWanted(List.of("sha-256=10, sha-512=3"), SMALL));
        assertTooLarge(() -> AcceptSignature.parse(List.of("sig1=(\"@method\" \"@path\")"), SMALL));
        assertTooLarge(() -> ContentDigest.of(DigestAlgorithm.SHA_256, new ByteArrayInputStream(BODY), SMALL));
    }

    @Test
    void providers_areThoseOfThePolicy() {
        List<String> field =
                List.of(ContentDigest.of(DigestAlgorithm.SHA_256, BODY).fieldValue());
        ContentDigest parsed = ContentDigest.parse(field, NOTHING_PINNED);
        assertNoProvider(() -> parsed.verify(BODY));
        assertNoProvider(() -> ContentDigest.of(DigestAlgorithm.SHA_256, BODY, NOTHING_PINNED));
        assertNoProvider(
                () -> ContentDigest.of(DigestAlgorithm.SHA_256, new ByteArrayInputStream(BODY), NOTHING_PINNED));
    }

    private static void assertTooLarge(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    private static void assertNoProvider(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("SHA-256");
    }

    private static final class EmptyProvider extends Provider {
        EmptyProvider() {
            super("Empty", "1", "a provider without any service");
        }
    }
}
