// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.SecretBytes;
import dev.signet.tokens.Alphabet;
import dev.signet.tokens.Ff1;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The examples in the Javadoc of dev.signet.tokens that no guide shows. */
class TokenExamplesTest {
    @Test
    void ff1() {
        SecretBytes key = SecretBytes.random(32);
        // tag::Ff1[]
        Ff1 ff1 = Ff1.of(key, Alphabet.DIGITS);
        byte[] tweak = "card-number".getBytes(StandardCharsets.UTF_8); // public: what is known beside the value
        String encrypted = ff1.encrypt("4111111111111111", tweak); // sixteen digits again
        String value = ff1.decrypt(encrypted, tweak);
        // end::Ff1[]
        assertThat(encrypted).matches("[0-9]{16}");
        assertThat(value).isEqualTo("4111111111111111");
    }
}
