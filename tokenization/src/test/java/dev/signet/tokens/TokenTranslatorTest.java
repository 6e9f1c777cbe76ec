// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TokenTranslatorTest {
    private static final TokenDomain A = TokenDomain.of("name");
    private static final TokenDomain B = A.withRecipient("b");
    private static final Access ACCESS = Access.by("gateway").forPurpose("exchange");

    private final Keyset<TokenizationKey> keys =
            Keyset.of(TokenizationKey.generate().withId("1"));
    private final ReversibleTokenizer from = Tokenizer.builder(keys, A).authenticated();
    private final ReversibleTokenizer to = Tokenizer.builder(keys, B).authenticated();
    private final List<RevealEvent> events = new ArrayList<>();
    private final RevealLog log = RevealLog.to(events::add, SecretBytes.random(32));
    private final RevealPolicy policy = RevealPolicy.builder()
            .purpose("reading", Reveal.CLEAR)
            .allowTranslation("exchange", A, B, Set.of("gateway"))
            .rate(5, Duration.ofMinutes(1))
            .build();
    private final TokenTranslator translator =
            TokenTranslator.builder(from, to, policy, log).build();

    @Test
    void translate_withTheRight_givesTheTokenOfTheOtherDomain() {
        assertThat(translator.translate(from.tokenize("Grete"), ACCESS)).isEqualTo(to.tokenize("Grete"));
        assertThat(translator.translate(from.tokenize("Grete", TokenContext.of("c")), TokenContext.of("c"), ACCESS))
                .isEqualTo(to.tokenize("Grete", TokenContext.of("c")));
        assertThat(to.tokenize("Grete")).isNotEqualTo(from.tokenize("Grete"));
        RevealEvent event = events.get(0);
        assertThat(event.domain()).isEqualTo(A.toString());
        assertThat(event.target()).contains(B.toString());
        assertThat(event.reveal()).isEmpty();
        assertThat(event.revealed()).isEqualTo(1);
        assertThat(event.line())
                .doesNotContain("Grete")
                .doesNotContain(from.tokenize("Grete").text());
    }

    @Test
    void translate_withoutTheRight_isRefusedAndLogged() {
        TokenTranslator back = TokenTranslator.builder(to, from, policy, log).build();
        Token token = from.tokenize("Grete");
        List<ThrowingCallable> calls = List.of(
                () -> translator.translate(token, Access.by("stranger").forPurpose("exchange")),
                () -> translator.translate(token, Access.by("gateway").forPurpose("reading")),
                () -> translator.translateAll(
                        List.of(token), Access.by("gateway").forPurpose("unknown")),
                () -> back.translate(to.tokenize("Grete"), ACCESS));
        for (ThrowingCallable call : calls) {
            assertRefused(Reason.PURPOSE_NOT_ALLOWED, call);
        }
        assertThat(events).hasSize(4).allMatch(event -> event.result().equals("purpose-not-allowed"));
    }

    @Test
    void translate_overTheRate_isRefused() {
        Token token = from.tokenize("Grete");
        assertRefused(
                Reason.RATE_EXCEEDED,
                () -> translator.translateAll(List.of(token, token, token, token, token, token), ACCESS));
        translator.translateAll(List.of(token, token, token, token, token), ACCESS);
        assertRefused(Reason.RATE_EXCEEDED, () -> translator.translate(token, ACCESS));
    }

    @Test
    void translate_forgedOrUnknownTokens_areRefused() {
        assertThatThrownBy(() -> translator.translate(Token.of("forged", "1"), ACCESS))
                .isInstanceOf(DecryptionException.class);
        assertRefused(Reason.KEY_UNKNOWN, () -> translator.translate(Token.of("x", "9"), ACCESS));
        // A token of the target is none of the source.
        assertThatThrownBy(() -> translator.translate(to.tokenize("Grete"), ACCESS))
                .isInstanceOf(DecryptionException.class);
        assertThat(events)
                .extracting(RevealEvent::result)
                .containsExactly("decryption-failed", "key-unknown", "decryption-failed");
    }

    @Test
    void translate_valueThatDoesNotFit_namesNothingOfIt() {
        ReversibleTokenizer dates = Tokenizer.builder(keys, B).dateShift(100);
        TokenTranslator toDates =
                TokenTranslator.builder(from, dates, policy, log).build();
        assertThatThrownBy(() ->
                        toDates.translate(from.tokenize("Grete", TokenContext.of("c")), TokenContext.of("c"), ACCESS))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessage("the value does not fit the format of the new token");
    }

    @Test
    void translateAll_mixedColumn_answersByPosition() {
        ColumnResult result = translator.translateAll(
                List.of(from.tokenize("a"), Token.of("forged", "1"), from.tokenize("b")), ACCESS);
        assertThat(result.text(0)).contains(to.tokenize("a").text());
        assertThat(result.errors().keySet()).containsExactly(1);
        assertThat(result.text(2)).contains(to.tokenize("b").text());
        assertThat(result.version()).isEqualTo("1");
        assertThat(events).hasSize(1);
        assertThat(events.get(0).revealed()).isEqualTo(2);
        assertThat(events.get(0).refused()).isEqualTo(1);
    }

    @Test
    void translate_logThatFails_releasesNothing() {
        RevealLog down = RevealLog.to(
                event -> {
                    throw new IllegalStateException("down");
                },
                SecretBytes.random(32));
        TokenTranslator silent = TokenTranslator.builder(from, to, policy, down).build();
        assertThatThrownBy(() -> silent.translate(from.tokenize("a"), ACCESS)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void builder_grantsWithoutCallersOrTwice_areRefused() {
        RevealPolicy.Builder builder = RevealPolicy.builder().purpose("p", Reveal.CLEAR);
        assertThatThrownBy(() -> builder.purpose("p", Reveal.MASKED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.purpose("q", Reveal.CLEAR, Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.purpose("q", Reveal.CLEAR, Set.of("M\u00fcller")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.allowTranslation("q", A, B, Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        builder.allowTranslation("q", A, B, Set.of("c"));
        assertThatThrownBy(() -> builder.allowTranslation("q", A, B, Set.of("d")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
