// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SecurityPolicyTest {
    private static final SecurityPolicy POLICY = SecurityPolicy.recommended2026();

    @Test
    void recommended2026_isWhatItsNamePromised() {
        assertThat(POLICY.algorithms())
                .containsAll(TestKeys.signatureAlgorithms())
                .contains(Algorithm.RSA_OAEP_256, Algorithm.ECDH_ES_A256KW, Algorithm.A256GCM)
                .doesNotContain(Algorithm.HKDF_SHA256)
                .noneMatch(Algorithm::isPasswordBased);
        assertThat(POLICY.tokenLifetime()).isEqualTo(Duration.ofHours(24));
        assertThat(POLICY.passwordIterations()).isZero();
        assertThat(POLICY.isCompressionAllowed()).isFalse();
        assertThat(POLICY.isEdDsaNameAllowed()).isFalse();
        assertThat(POLICY.maxAge()).isEqualTo(Duration.ofMinutes(5));
        assertThat(POLICY.clockSkew()).isEqualTo(Duration.ofSeconds(30));
        assertThat(POLICY.limits()).isEqualTo(Limits.recommended2026());
        assertThat(POLICY.providers()).isSameAs(Providers.automatic());
        assertThat(POLICY.toString()).contains("recommended2026");
    }

    @Test
    void withMaxAge_longer_needsTheGreppableName() {
        assertRefused(() -> POLICY.withMaxAge(Duration.ofMinutes(5).plusNanos(1)));
        assertRefused(() -> POLICY.withMaxAge(Duration.ofMinutes(1)).withMaxAge(Duration.ofMinutes(2)));
        assertThat(POLICY.allowMaxAge(Duration.ofHours(1)).maxAge()).isEqualTo(Duration.ofHours(1));
        assertThat(POLICY.withMaxAge(Duration.ofMinutes(5)).maxAge()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void withMaxAge_notPositive_isRejected() {
        for (Duration age : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
            assertRefused(() -> POLICY.withMaxAge(age));
            assertRefused(() -> POLICY.allowMaxAge(age));
        }
    }

    @Test
    void withTokenLifetime_longer_needsTheGreppableName() {
        assertRefused(() -> POLICY.withTokenLifetime(Duration.ofHours(24).plusNanos(1)));
        assertRefused(() -> POLICY.withTokenLifetime(Duration.ZERO));
        assertRefused(() -> POLICY.allowTokenLifetime(Duration.ofNanos(-1)));
        assertThat(POLICY.allowTokenLifetime(Duration.ofDays(2)).tokenLifetime())
                .isEqualTo(Duration.ofDays(2));
    }

    @Test
    void allowPasswords_outOfRange_isRejected() {
        assertRefused(() -> POLICY.allowPasswords(9_999));
        assertRefused(() -> POLICY.allowPasswords(600_001));
        SecurityPolicy changed = POLICY.allowPasswords(10_000);
        assertThat(changed.passwordIterations()).isEqualTo(10_000);
        assertThat(changed.algorithms()).contains(Algorithm.PBES2_HS256_A128KW, Algorithm.ES256);
        assertThat(POLICY.algorithms()).noneMatch(Algorithm::isPasswordBased);
    }

    @Test
    void allow_compressionAndOldNames_areOffUnlessAsked() {
        assertThat(POLICY.allowCompression().isCompressionAllowed()).isTrue();
        assertThat(POLICY.allowEdDsaName().isEdDsaNameAllowed()).isTrue();
    }

    @Test
    void withClockSkew_outOfRange_isRejected() {
        assertRefused(() -> POLICY.withClockSkew(Duration.ofNanos(-1)));
        assertRefused(() -> POLICY.withClockSkew(Duration.ofMinutes(5).plusNanos(1)));
        assertThat(POLICY.withClockSkew(Duration.ZERO).clockSkew()).isZero();
    }

    @Test
    void withAlgorithms_notASubset_isRejected() {
        assertRefused(() -> POLICY.withAlgorithms(Set.of()));
        assertRefused(() -> POLICY.withAlgorithms(Set.of(Algorithm.HKDF_SHA256)));
        assertRefused(() -> POLICY.withAlgorithms(Set.of(Algorithm.ES256)).withAlgorithms(Set.of(Algorithm.ES384)));
        assertThat(POLICY.withAlgorithms(Set.of(Algorithm.ES256)).algorithms()).containsExactly(Algorithm.ES256);
        assertThatThrownBy(() -> POLICY.algorithms().add(Algorithm.A256KW))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void with_anything_leavesTheOriginalAndTheRest() {
        Limits limits = Limits.recommended2026().withMaxFieldBytes(100);
        SecurityPolicy changed = POLICY.withMaxAge(Duration.ofSeconds(1))
                .withClockSkew(Duration.ofSeconds(2))
                .withLimits(limits)
                .withAlgorithms(Set.of(Algorithm.ES256))
                .withProviders(Providers.pinned(Providers.bouncyCastle()));
        assertThat(changed.maxAge()).isEqualTo(Duration.ofSeconds(1));
        assertThat(changed.clockSkew()).isEqualTo(Duration.ofSeconds(2));
        assertThat(changed.limits()).isEqualTo(limits);
        assertThat(changed.algorithms()).containsExactly(Algorithm.ES256);
        assertThat(changed.providers()).isNotSameAs(Providers.automatic());
        recommended2026_isWhatItsNamePromised();
    }

    // ---- names and errors
    // --------------------------------------------------------------------------------------------

    @Test
    void algorithmNames_areUniqueAndFoundAgain() {
        for (Algorithm algorithm : Algorithm.values()) {
            assertThat(Algorithm.ofJoseName(algorithm.joseName())).contains(algorithm);
            algorithm
                    .httpName()
                    .ifPresent(name -> assertThat(Algorithm.ofHttpName(name)).contains(algorithm));
            algorithm
                    .xmlUri()
                    .ifPresent(uri -> assertThat(Algorithm.ofXmlUri(uri)).contains(algorithm));
        }
        // RFC 9421, 6.2.2
        assertThat(Arrays.stream(Algorithm.values())
                        .flatMap(a -> a.httpName().stream())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "rsa-pss-sha512",
                        "rsa-v1_5-sha256",
                        "hmac-sha256",
                        "ecdsa-p256-sha256",
                        "ecdsa-p384-sha384",
                        "ed25519");
    }

    @Test
    void algorithmNames_foreignOrOfAnotherCase_areUnknown() {
        for (String name :
                new String[] {"none", "None", "", "es256", "HS1", "RSA1_5", "rsa-pss-sha512", "EdDSA", "null"}) {
            assertThat(Algorithm.ofJoseName(name)).as(name).isEmpty();
        }
        for (String name : new String[] {"ES256", "HS256", "hs2019", "rsa-sha256", "Ed25519", ""}) {
            assertThat(Algorithm.ofHttpName(name)).as(name).isEmpty();
        }
        assertThat(Algorithm.ofXmlUri("http://www.w3.org/2000/09/xmldsig#rsa-sha1"))
                .isEmpty();
    }

    @Test
    void errors_carryStableCodes() {
        assertThat(new VerificationException(Reason.COMPONENT_NOT_COVERED, "@path"))
                .hasMessageContaining("@path")
                .extracting(VerificationException::code, VerificationException::reason)
                .containsExactly("component-not-covered", Reason.COMPONENT_NOT_COVERED);
        assertThat(new DecryptionException().code()).isEqualTo("decryption-failed");
        assertThat(new UnavailableException("x").code()).isEqualTo("unavailable");
        assertThat(InvalidMessageException.malformed("x").code()).isEqualTo("message-malformed");
        assertThat(InvalidMessageException.tooLarge("x").code()).isEqualTo("message-too-large");
        assertThat(InvalidMessageException.tooLarge("x").isTooLarge()).isTrue();
        assertThat(Arrays.stream(Reason.values()).map(Reason::code))
                .doesNotHaveDuplicates()
                .allMatch(c -> c.matches("[a-z-]+"));
        assertThat(Arrays.stream(Reason.values()).map(Reason::description)).doesNotHaveDuplicates();
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }
}
