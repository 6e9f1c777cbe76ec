// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import java.util.function.Function;

/**
 * Any bytes are either refused by an {@link InvalidMessageException}, or are a keyset that is written and read as the
 * same one.
 *
 * <p>Without the variable JAZZER_FUZZ only the seeds run.
 */
class JwksFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void parse(byte[] json) {
        try {
            StrictJson.readObject(json, Limits.recommended2026());
            Jwks jwks = Jwks.parse(json);
            assertThat(jwks.keys().stream().filter(key -> jwks.resolve(key.id()).isEmpty()))
                    .isEmpty();
        } catch (InvalidMessageException e) {
            assertThat(e.getMessage()).hasSizeLessThan(200);
        }
        check(json, Jwks::readPublicVerification, Jwks::toPublicJson);
        check(json, Jwks::readPublicEncryption, Jwks::toPublicJson);
        check(json, Jwks::readPrivateSigning, Jwks::dangerousToPrivateJson);
        check(json, Jwks::readPrivateDecryption, Jwks::dangerousToPrivateJson);
        check(json, Jwks::readPrivateTokenization, Jwks::dangerousToPrivateJson);
    }

    private static <K extends Key> void check(
            byte[] json, Function<byte[], Keyset<K>> reader, Function<Keyset<K>, byte[]> writer) {
        Keyset<K> keyset;
        try {
            keyset = reader.apply(json);
        } catch (InvalidMessageException e) {
            return;
        }
        byte[] written = writer.apply(keyset);
        assertThat(writer.apply(reader.apply(written))).isEqualTo(written);
    }
}
