// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Any bytes, as a token, a value and a context, are either accepted or refused by one of the library's errors; and what is
 * accepted comes back as it was.
 *
 * <p>Without the variable JAZZER_FUZZ only the seeds run.
 */
class TokenParsersFuzzTest {
    private static final ReversibleTokenizer SIV =
            Tokenizer.builder(KEYS, DOMAIN).authenticated();
    private static final ReversibleTokenizer DATES =
            Tokenizer.builder(KEYS, DOMAIN).dateShift(3650);
    private static final Tokenizer ONE_WAY = Tokenizer.builder(KEYS, DOMAIN).oneWay();
    private static final ReversibleEngine SIV_READER = TestTokens.engine(SIV, "k1");
    private static final ReversibleEngine DATES_READER = TestTokens.engine(DATES, "k1");
    private static final LegacyFf31 FF3 =
            LegacyFf31.allowDecryption(SecretBytes.copyOf(new byte[16]), new byte[7], Alphabet.DIGITS);

    @FuzzTest(maxDuration = "1h")
    void read(byte[] data) {
        // Latin 1 and UTF-16 too, since UTF-8 never yields half of a surrogate pair.
        read(new String(data, StandardCharsets.UTF_8));
        read(new String(data, StandardCharsets.ISO_8859_1));
        StringBuilder halves = new StringBuilder();
        for (int i = 0; i + 1 < data.length; i += 2) {
            halves.append((char) ((data[i] & 0xff) << 8 | (data[i + 1] & 0xff)));
        }
        read(halves.toString());
    }

    private static void read(String text) {
        attempt(() -> {
            Token token = Token.parse(text);
            assertThat(token.prefixed()).isEqualTo(text);
            assertThat(token).hasToString("Token[version=" + token.version() + "]");
        });
        attempt(() -> assertThat(SIV.tokenize(SIV_READER.detokenize(text, null)).text())
                .isEqualTo(text));
        attempt(() -> assertThat(SIV_READER.detokenize(
                        SIV.tokenize(text, TokenContext.of(text)).text(), text))
                .isEqualTo(text));
        attempt(() -> {
            String moved = DATES.tokenize(text, TokenContext.of("person")).text();
            assertThat(LocalDate.parse(moved)).isNotEqualTo(LocalDate.parse(text));
            assertThat(DATES_READER.detokenize(moved, "person")).isEqualTo(text);
        });
        attempt(() -> assertThat(DATES_READER.detokenize(text, text)).hasSize(10));
        attempt(() ->
                assertThat(ONE_WAY.tokenize(text, TokenContext.of(text)).text()).hasSize(43));
        attempt(() -> assertThat(FF3.decrypt(text)).hasSize(text.length()).containsOnlyDigits());
        for (BlindIndex.Normalization normalization : BlindIndex.Normalization.values()) {
            attempt(() -> {
                BlindIndex index = BlindIndex.of(KEYS, DOMAIN, normalization);
                assertThat(index.candidates(text)).containsExactly(index.index(text));
            });
        }
    }

    private static void attempt(ThrowingCallable call) {
        try {
            call.call();
        } catch (MessageSecurityException e) {
            assertThat(e.getMessage()).hasSizeLessThan(200);
        } catch (Throwable e) {
            throw new AssertionError("neither accepted nor refused", e);
        }
    }
}
