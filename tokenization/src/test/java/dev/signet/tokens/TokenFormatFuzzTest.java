// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.InvalidMessageException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Any text, as a value and as a token of every ready format, comes back as it was, or is refused without being repeated; and
 * any text as a template is a format or a mistake.
 *
 * <p>Without the variable JAZZER_FUZZ only the seeds run.
 */
class TokenFormatFuzzTest {
    private static final Map<String, ReversibleEngine> ENGINES = FormatCase.ALL.stream()
            .collect(Collectors.toUnmodifiableMap(FormatCase::name, format -> engine(format.format())));

    private static final List<Alphabet> ALPHABETS =
            List.of(Alphabet.DIGITS, Alphabet.ALPHANUMERIC, Alphabet.of("0abcdefgh9"), Alphabet.of("😀#?%{}\\é"));

    /** They stand in the rules. */
    private static final List<String> EXAMPLES =
            List.of("2026-11-26T10:05:11", "2026-11-26", "123456789", "123-45-6789");

    @FuzzTest(maxDuration = "1h")
    void tokenize_anyText_comesBackOrIsRefused(byte[] data) {
        texts(data).forEach(TokenFormatFuzzTest::check);
    }

    private static void check(String text) {
        ENGINES.forEach((name, engine) -> {
            attempt(text, () -> {
                String token = engine.tokenize(text, null);
                assertThat(engine.detokenize(token, null)).isEqualTo(text);
                assertThat(engine.partial(text)).hasSameSizeAs(engine.partial(token));
                assertThat(engine.masked(text)).isEqualTo(engine.masked(token));
            });
            attempt(
                    text,
                    () -> assertThat(engine.tokenize(engine.detokenize(text, "row"), "row"))
                            .isEqualTo(text));
        });
    }

    @FuzzTest(maxDuration = "1h")
    void template_anyText_isAFormatOrAMistake(byte[] data) {
        for (String text : texts(data)) {
            for (Alphabet alphabet : ALPHABETS) {
                try {
                    ReversibleEngine engine = engine(TokenFormat.template(text, alphabet));
                    attempt(text, () -> engine.tokenize(text, null));
                    attempt(text, () -> engine.detokenize(text, null));
                } catch (IllegalArgumentException e) {
                    assertThat(e).hasMessageStartingWith("template: ");
                }
            }
        }
    }

    private static List<String> texts(byte[] data) {
        // UTF-16 too, since UTF-8 never yields half of a surrogate pair.
        StringBuilder halves = new StringBuilder();
        for (int i = 0; i + 1 < data.length; i += 2) {
            halves.append((char) ((data[i] & 0xff) << 8 | (data[i + 1] & 0xff)));
        }
        return List.of(new String(data, StandardCharsets.UTF_8), halves.toString());
    }

    private static void attempt(String text, Runnable call) {
        try {
            call.run();
        } catch (InvalidMessageException e) {
            String message = e.getMessage();
            assertThat(message).hasSizeLessThan(200);
            for (String example : EXAMPLES) {
                message = message.replace(example, "");
            }
            // A short text stands in many a rule by chance.
            assertThat(text.length() < 8 || !message.contains(text)).isTrue();
        }
    }

    private static ReversibleEngine engine(TokenFormat format) {
        return TestTokens.engine(Tokenizer.builder(KEYS, DOMAIN).formatPreserving(format), "k1");
    }
}
