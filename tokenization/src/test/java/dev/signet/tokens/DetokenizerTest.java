// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.DecryptionException;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DetokenizerTest {
    private static final String VALUE = "Grete Beispiel";
    private static final TokenDomain DOMAIN = TokenDomain.of("name").withTenant("shop");
    private static final Access REFUND = Access.by("billing").forPurpose("refund");

    private final Keyset<TokenizationKey> first =
            Keyset.of(TokenizationKey.generate().withId("1"));
    private final Keyset<TokenizationKey> second =
            first.add(TokenizationKey.generate().withId("2")).promote("2");
    private final ReversibleTokenizer old = Tokenizer.builder(first, DOMAIN).authenticated();
    private final ReversibleTokenizer tokenizer =
            Tokenizer.builder(second, DOMAIN).authenticated();
    private final Token token = tokenizer.tokenize(VALUE);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T10:00:00Z"));
    private final List<RevealEvent> events = new ArrayList<>();
    private final RevealLog log = RevealLog.to(events::add, SecretBytes.random(32));
    private final Detokenizer detokenizer = detokenizer(RevealPolicy.builder());

    @Test
    void detokenize_clearPurpose_releasesTheValue() {
        Revealed revealed = detokenizer.detokenize(token, REFUND);
        assertThat(revealed.value()).isEqualTo(VALUE);
        assertThat(revealed.reveal()).isEqualTo(Reveal.CLEAR);
        assertThat(revealed.toString()).doesNotContain(VALUE);
        RevealEvent event = lastEvent();
        assertThat(event.caller()).isEqualTo("billing");
        assertThat(event.purpose()).isEqualTo("refund");
        assertThat(event.time()).isEqualTo(now.get());
        assertThat(event.domain()).isEqualTo("name/shop//");
        assertThat(event.format()).isEqualTo("authenticated");
        assertThat(event.versions()).containsExactly("2");
        assertThat(event.reveal()).contains(Reveal.CLEAR);
        assertThat(event.result()).isEqualTo("ok");
        assertThat(event.revealed()).isEqualTo(1);
        assertThat(event.refused()).isZero();
        assertThat(event.target()).isEmpty();
        assertThat(event.line()).doesNotContain(VALUE).doesNotContain(token.text());
    }

    @Test
    void detokenize_oldVersionAndContext_areRead() {
        assertThat(detokenizer.detokenize(old.tokenize(VALUE), REFUND).value()).isEqualTo(VALUE);
        assertThat(detokenizer
                        .detokenize(tokenizer.tokenize(VALUE, TokenContext.of("42")), TokenContext.of("42"), REFUND)
                        .value())
                .isEqualTo(VALUE);
    }

    @Test
    void detokenize_lesserPurposes_showNoMore() {
        for (String purpose : List.of("support", "screen")) {
            Revealed revealed =
                    detokenizer.detokenize(token, Access.by("anybody").forPurpose(purpose));
            assertThat(revealed.value()).doesNotContain("Grete").doesNotContain("Beispiel");
        }
        assertThat(events)
                .extracting(event -> event.reveal().orElseThrow())
                .containsExactly(Reveal.PARTIAL, Reveal.MASKED);
    }

    @Test
    void detokenize_tokenPurpose_decryptsNothing() {
        Token forged = Token.of("no token at all", "2");
        Revealed revealed = detokenizer.detokenize(forged, Access.by("anybody").forPurpose("export"));
        assertThat(revealed.value()).isEqualTo(forged.text());
        assertThat(revealed.reveal()).isEqualTo(Reveal.TOKEN);
        assertThat(detokenizer
                        .detokenizeAll(
                                List.of("a", "b"), "2", Access.by("anybody").forPurpose("export"))
                        .texts())
                .containsExactly("a", "b");
        assertThat(lastEvent().reveal()).contains(Reveal.TOKEN);
    }

    @Test
    void detokenize_unknownPurpose_isRefusedAndLogged() {
        assertRefused(
                Reason.PURPOSE_NOT_ALLOWED,
                () -> detokenizer.detokenize(token, Access.by("billing").forPurpose("fun")));
        assertThat(lastEvent().result()).isEqualTo("purpose-not-allowed");
        assertThat(lastEvent().purpose()).isEqualTo("fun");
        assertThat(lastEvent().reveal()).isEmpty();
        assertThat(lastEvent().revealed()).isZero();
        assertThat(lastEvent().refused()).isEqualTo(1);
    }

    @Test
    void detokenize_callerWithoutGrant_isRefusedLikeAnUnknownPurpose() {
        Access stranger = Access.by("stranger").forPurpose("refund");
        assertThatThrownBy(() -> detokenizer.detokenize(token, stranger))
                .hasMessage(Reason.PURPOSE_NOT_ALLOWED.description());
        assertRefused(Reason.PURPOSE_NOT_ALLOWED, () -> detokenizer.detokenize(token, stranger));
        assertRefused(
                Reason.PURPOSE_NOT_ALLOWED, () -> detokenizer.detokenizeAll(List.of(token.text()), "2", stranger));
        assertRefused(Reason.PURPOSE_NOT_ALLOWED, () -> detokenizer.detokenizeAll(List.of(token), stranger));
        assertThat(events)
                .extracting(RevealEvent::result)
                .containsOnly("purpose-not-allowed")
                .hasSize(4);
    }

    @Test
    void detokenize_translationRight_revealsNothing() {
        assertRefused(
                Reason.PURPOSE_NOT_ALLOWED,
                () -> detokenizer.detokenize(token, Access.by("job").forPurpose("rotation")));
    }

    @Test
    void detokenize_overTheRate_isRefusedUntilTheWindowHasPassed() {
        Detokenizer limited = detokenizer(RevealPolicy.builder().rate(2, Duration.ofMinutes(1)));
        limited.detokenize(token, REFUND);
        limited.detokenize(token, REFUND);
        assertRefused(Reason.RATE_EXCEEDED, () -> limited.detokenize(token, REFUND));
        assertThat(lastEvent().result()).isEqualTo("rate-exceeded");
        // Another caller has a rate of its own.
        limited.detokenize(token, Access.by("anybody").forPurpose("support"));
        now.set(now.get().plusSeconds(90));
        assertThat(limited.detokenize(token, REFUND).value()).isEqualTo(VALUE);
    }

    @Test
    void alreadyRevealed_eventsOfAnotherProcess_countAgainstTheRate() {
        RevealPolicy policy = policy(RevealPolicy.builder().rate(4, Duration.ofMinutes(1)));
        Detokenizer before =
                Detokenizer.builder(tokenizer, policy, log).clock(now::get).build();
        before.detokenize(token, REFUND);
        now.set(now.get().plusSeconds(100));
        before.detokenizeAll(List.of(token, Token.of("forged", "2")), REFUND);
        before.detokenize(token, Access.by("anybody").forPurpose("support"));
        before.detokenize(token, Access.by("billing").forPurpose("export"));
        assertRefused(
                Reason.PURPOSE_NOT_ALLOWED,
                () -> before.detokenize(token, Access.by("billing").forPurpose("fun")));
        Detokenizer after = Detokenizer.builder(tokenizer, policy, log)
                .clock(now::get)
                .alreadyRevealed(events)
                .build();
        after.detokenize(token, REFUND);
        after.detokenize(token, REFUND);
        assertRefused(Reason.RATE_EXCEEDED, () -> after.detokenize(token, REFUND));
        ReversibleTokenizer other =
                Tokenizer.builder(second, TokenDomain.of("other")).authenticated();
        Detokenizer ofAnotherDomain = Detokenizer.builder(other, policy, log)
                .clock(now::get)
                .alreadyRevealed(events)
                .build();
        ofAnotherDomain.detokenizeAll(List.of(other.tokenize("a"), other.tokenize("b"), other.tokenize("c")), REFUND);
    }

    @Test
    void rateOf_detokenizerOfAnotherFormat_countsTogetherWithIt() {
        RevealPolicy policy = policy(RevealPolicy.builder().rate(2, Duration.ofMinutes(1)));
        Detokenizer one = Detokenizer.builder(tokenizer, policy, log).build();
        ReversibleTokenizer digits =
                Tokenizer.builder(second, tokenizer.domain()).formatPreserving(TokenFormat.digits());
        Detokenizer other = Detokenizer.builder(digits, policy, log).rateOf(one).build();
        one.detokenize(token, REFUND);
        other.detokenize(digits.tokenize("1234567"), REFUND);
        assertRefused(Reason.RATE_EXCEEDED, () -> one.detokenize(token, REFUND));
        assertRefused(Reason.RATE_EXCEEDED, () -> other.detokenize(digits.tokenize("1234567"), REFUND));
        Detokenizer.Builder stranger = Detokenizer.builder(
                Tokenizer.builder(second, TokenDomain.of("other")).authenticated(), policy, log);
        assertThatThrownBy(() -> stranger.rateOf(one)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void detokenize_failures_countAgainstTheRate() {
        Detokenizer limited = detokenizer(RevealPolicy.builder().rate(2, Duration.ofMinutes(1)));
        Token forged = Token.of("forged", "2");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> limited.detokenize(forged, REFUND)).isInstanceOf(DecryptionException.class);
        }
        assertRefused(Reason.RATE_EXCEEDED, () -> limited.detokenize(token, REFUND));
    }

    @Test
    void detokenizeAll_moreThanTheRate_isRefusedAsAWhole() {
        Detokenizer limited = detokenizer(RevealPolicy.builder().rate(3, Duration.ofMinutes(1)));
        List<Token> tokens = List.of(token, token, token, token);
        assertRefused(Reason.RATE_EXCEEDED, () -> limited.detokenizeAll(tokens, REFUND));
        assertThat(lastEvent().refused()).isEqualTo(4);
        assertRefused(
                Reason.RATE_EXCEEDED,
                () -> limited.detokenizeAll(tokens.stream().map(Token::text).toList(), "2", REFUND));
        assertThat(limited.detokenizeAll(tokens.subList(0, 3), REFUND).errors()).isEmpty();
    }

    @Test
    void detokenize_forgedToken_isRefusedAndLogged() {
        assertThatThrownBy(() -> detokenizer.detokenize(Token.of("forged", "2"), REFUND))
                .isInstanceOf(DecryptionException.class);
        assertThat(lastEvent().result()).isEqualTo("decryption-failed");
        assertThat(lastEvent().line()).doesNotContain("forged");
    }

    @Test
    void detokenize_unknownVersion_isRefusedAndNotNamedInTheLog() {
        // A value in the place of the version must not reach the log.
        Token swapped = Token.of("2", VALUE);
        assertRefused(Reason.KEY_UNKNOWN, () -> detokenizer.detokenize(swapped, REFUND));
        assertThat(lastEvent().versions()).isEmpty();
        assertThat(lastEvent().line()).doesNotContain(VALUE);
    }

    @Test
    void detokenize_logThatFails_releasesNothing() {
        RevealLog down = RevealLog.to(
                event -> {
                    throw new IllegalStateException("down");
                },
                SecretBytes.random(32));
        Detokenizer silent = Detokenizer.builder(tokenizer, policy(RevealPolicy.builder()), down)
                .build();
        List<ThrowingCallable> calls = List.of(
                () -> silent.detokenize(token, REFUND),
                () -> silent.detokenize(token, Access.by("anybody").forPurpose("export")),
                () -> silent.detokenize(token, Access.by("billing").forPurpose("fun")),
                () -> silent.detokenizeAll(List.of(token), REFUND),
                () -> silent.detokenizeAll(List.of(token.text()), "2", REFUND));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void detokenize_programmersMistake_isLogged() {
        ReversibleTokenizer dates = Tokenizer.builder(first, DOMAIN).dateShift(100);
        Detokenizer withoutPerson =
                Detokenizer.builder(dates, policy(RevealPolicy.builder()), log).build();
        assertThatThrownBy(() -> withoutPerson.detokenize(Token.of("2026-01-01", "1"), REFUND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(lastEvent().result()).isEqualTo("error");
        assertThat(lastEvent().revealed()).isZero();
    }

    @Test
    void detokenizeAll_mixedVersions_answersByPosition() {
        List<Token> tokens = List.of(
                tokenizer.tokenize("a"),
                old.tokenize("b"),
                Token.of("forged", "1"),
                Token.of("x", "unknown"),
                tokenizer.tokenize("c"));
        ColumnResult result = detokenizer.detokenizeAll(tokens, REFUND);
        assertThat(result.text(0)).contains("a");
        assertThat(result.text(1)).contains("b");
        assertThat(result.text(2)).isEmpty();
        assertThat(result.text(3)).isEmpty();
        assertThat(result.text(4)).contains("c");
        assertThat(result.errors().keySet()).containsExactly(2, 3);
        assertThat(result.errors().values())
                .extracting(MessageSecurityException::code)
                .containsExactly("decryption-failed", "key-unknown");
        assertThatThrownBy(result::version).isInstanceOf(IllegalStateException.class);
        assertThat(events).hasSize(1);
        assertThat(lastEvent().revealed()).isEqualTo(3);
        assertThat(lastEvent().refused()).isEqualTo(2);
        assertThat(lastEvent().versions()).containsExactly("1", "2");
    }

    @Test
    void detokenizeAll_mixedVersionsWithContexts_keepsThemTogether() {
        List<Token> tokens = List.of(
                tokenizer.tokenize("a", TokenContext.of("c0")),
                old.tokenize("b", TokenContext.of("c1")),
                tokenizer.tokenize("c", TokenContext.of("c2")));
        ColumnOptions contexts = ColumnOptions.defaults().contexts(List.of("c0", "c1", "c2"));
        assertThat(detokenizer.detokenizeAll(tokens, REFUND, contexts).texts()).containsExactly("a", "b", "c");
        ColumnOptions swapped = ColumnOptions.defaults().contexts(List.of("c1", "c0", "c2"));
        assertThat(detokenizer.detokenizeAll(tokens, REFUND, swapped).errors().keySet())
                .containsExactly(0, 1);
        assertThatThrownBy(() -> detokenizer.detokenizeAll(
                        tokens, REFUND, ColumnOptions.defaults().contexts(List.of("c0"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void detokenizeAll_oneVersion_masksEachRow() {
        List<String> texts = tokenizer.tokenizeAll(List.of("Alice", "Bob")).texts();
        ColumnResult clear = detokenizer.detokenizeAll(texts, "2", REFUND);
        assertThat(clear.texts()).containsExactly("Alice", "Bob");
        assertThat(clear.version()).isEqualTo("2");
        ColumnResult masked =
                detokenizer.detokenizeAll(texts, "2", Access.by("anybody").forPurpose("screen"));
        assertThat(masked.texts()).containsExactly("********", "********");
        ColumnResult mixed = detokenizer.detokenizeAll(
                texts.stream().map(text -> Token.of(text, "2")).toList(),
                Access.by("anybody").forPurpose("screen"));
        assertThat(mixed.texts()).containsExactly("********", "********");
    }

    @Test
    void detokenizeAll_unknownVersion_isRefusedAsAWhole() {
        assertRefused(Reason.KEY_UNKNOWN, () -> detokenizer.detokenizeAll(List.of("a"), "9", REFUND));
        assertThat(lastEvent().result()).isEqualTo("key-unknown");
    }

    @Test
    void detokenizeAll_disabledVersion_isAnErrorOfItsPositions() {
        ReversibleTokenizer without =
                Tokenizer.builder(second.disable("1"), DOMAIN).authenticated();
        Detokenizer reader = Detokenizer.builder(without, policy(RevealPolicy.builder()), log)
                .build();
        ColumnResult result = reader.detokenizeAll(List.of(old.tokenize("a"), tokenizer.tokenize("b")), REFUND);
        assertThat(result.errors().get(0).code()).isEqualTo("key-disabled");
        assertThat(result.text(1)).contains("b");
    }

    private Detokenizer detokenizer(RevealPolicy.Builder builder) {
        return Detokenizer.builder(tokenizer, policy(builder), log)
                .clock(now::get)
                .build();
    }

    private static RevealPolicy policy(RevealPolicy.Builder builder) {
        return builder.purpose("refund", Reveal.CLEAR, Set.of("billing"))
                .purpose("support", Reveal.PARTIAL)
                .purpose("screen", Reveal.MASKED)
                .purpose("export", Reveal.TOKEN)
                .allowTranslation("rotation", DOMAIN, DOMAIN, Set.of("job"))
                .build();
    }

    private RevealEvent lastEvent() {
        return events.get(events.size() - 1);
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
