// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDigestTest {
    private static final byte[] HELLO = "{\"hello\": \"world\"}\n".getBytes(StandardCharsets.US_ASCII);
    /** RFC 9530, appendix D, over the same bytes with the final line feed. */
    private static final String SHA_256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

    @Test
    void of_exampleOfRfc9530_isReproduced() throws Exception {
        assertThat(ContentDigest.of(DigestAlgorithm.SHA_256, HELLO).fieldValue())
                .isEqualTo(SHA_256);
        assertThat(ContentDigest.of(DigestAlgorithm.SHA_256, new ByteArrayInputStream(HELLO), 100)
                        .fieldValue())
                .isEqualTo(SHA_256);
    }

    @Test
    void verify_otherContent_isRejected() {
        ContentDigest digest = ContentDigest.parse(List.of(SHA_256));
        digest.verify(HELLO);
        assertThatThrownBy(() -> digest.verify(new byte[0])).isInstanceOf(VerificationException.class);
    }

    @Test
    void parse_unknownAlgorithms_doNotCount() {
        ContentDigest digest = ContentDigest.parse(List.of("md5=:AA==:", SHA_256, "id-sha-256=token"));
        assertThat(digest.algorithms()).containsExactly(DigestAlgorithm.SHA_256);
        assertThatThrownBy(() -> ContentDigest.parse(List.of("md5=:AA==:, sha=:AA==:")))
                .isInstanceOf(VerificationException.class);
        assertThatThrownBy(() -> ContentDigest.parse(List.of())).isInstanceOf(VerificationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256=abc",
                "sha-256=\"RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=\"",
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabA==:",
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDh=:",
                "sha-256",
                "sha-512=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                "sha-256=(:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:)",
                "SHA-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
            })
    void parse_malformed_isInvalid(String field) {
        assertThatThrownBy(() -> ContentDigest.parse(List.of(field))).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void parse_algorithmTwice_isInvalid() {
        assertThatThrownBy(() -> ContentDigest.parse(List.of(SHA_256, SHA_256)))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void of_streamOverTheCap_stopsReading() {
        long[] read = new long[1];
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                read[0]++;
                return 0;
            }
        };
        assertThatThrownBy(() -> ContentDigest.of(DigestAlgorithm.SHA_256, endless, 100_000))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
        assertThat(read[0]).isLessThan(120_000);
    }

    @Test
    void wanted_goesBothWays() {
        assertThat(ContentDigest.parseWanted(List.of("sha-512=3, sha-256=10, unixsum=0")))
                .containsExactly(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_512);
        assertThat(ContentDigest.parseWanted(List.of("sha-256=0"))).isEmpty();
        String field = ContentDigest.wanted(List.of(DigestAlgorithm.SHA_512, DigestAlgorithm.SHA_256));
        assertThat(field).isEqualTo("sha-512=10, sha-256=9");
        for (String bad : List.of("sha-256=11", "sha-256=-1", "sha-256=1.0", "sha-256", "sha-256=(1)")) {
            assertThatThrownBy(() -> ContentDigest.parseWanted(List.of(bad)))
                    .isInstanceOf(InvalidMessageException.class);
        }
    }
}
