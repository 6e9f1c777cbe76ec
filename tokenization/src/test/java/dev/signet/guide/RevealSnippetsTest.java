// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.tokens.Access;
import dev.signet.tokens.Detokenizer;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.RevealPolicy;
import dev.signet.tokens.Revealed;
import dev.signet.tokens.ReversibleTokenizer;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.TokenFormat;
import dev.signet.tokens.TokenTranslator;
import dev.signet.tokens.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/reveal-tokens.md. */
class RevealSnippetsTest {
    private final Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());
    private final SecretBytes logKey = SecretBytes.random(32);
    private final ReversibleTokenizer cards =
            Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());

    @TempDir
    Path directory;

    @Test
    void policy() {
        // tag::policy[]
        RevealPolicy policy = RevealPolicy.builder()
                .purpose("support", Reveal.PARTIAL) // whoever the application lets in
                .purpose("refund", Reveal.CLEAR, Set.of("billing")) // one caller only
                .purpose("analytics", Reveal.TOKEN)
                .rate(200, Duration.ofMinutes(1)) // values of one caller
                .build();
        // end::policy[]
        try (RevealLog log = RevealLog.dangerouslyDiscard()) {
            Detokenizer detokenizer = Detokenizer.builder(cards, policy, log).build();
            Token token = cards.tokenize("4111 1111 1111 1111");
            assertThat(detokenizer
                            .detokenize(token, Access.by("desk-3").forPurpose("support"))
                            .value())
                    .isEqualTo("**** **** **** 1111");
            assertThat(detokenizer
                            .detokenize(token, Access.by("report").forPurpose("analytics"))
                            .value())
                    .isEqualTo(token.text());
            assertThatThrownBy(() ->
                            detokenizer.detokenize(token, Access.by("desk-3").forPurpose("refund")))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.PURPOSE_NOT_ALLOWED));
        }
    }

    @Test
    void detokenize() throws Exception {
        Path file = directory.resolve("reveal.log");
        RevealPolicy policy = RevealPolicy.builder()
                .purpose("refund", Reveal.CLEAR, Set.of("billing"))
                .build();
        Token token = cards.tokenize("4111111111111111");
        // tag::detokenize[]
        RevealLog log = RevealLog.file(file, logKey); // one for the process, closed at its end
        Detokenizer detokenizer = Detokenizer.builder(cards, policy, log).build(); // one, too: it counts the rates

        Revealed revealed = detokenizer.detokenize(token, Access.by("billing").forPurpose("refund"));
        String value = revealed.value(); // toString hides it
        // end::detokenize[]
        log.close();
        assertThat(value).isEqualTo("4111111111111111");
        assertThat(revealed.toString()).doesNotContain("4111");
        String remembered = "1." + link(file);
        // tag::verify[]
        try (Stream<String> lines = Files.lines(file)) {
            RevealLog.VerifiedLog verified = RevealLog.verify(lines.iterator(), logKey, remembered);
            System.out.println(verified.events() + " events; keep elsewhere: " + verified.head());
        }
        // end::verify[]
        assertThatThrownBy(() -> RevealLog.verify(List.<String>of().iterator(), logKey, remembered))
                .isInstanceOf(VerificationException.class);
    }

    @Test
    void ownStore() {
        List<String> table = new ArrayList<>();
        RevealPolicy policy =
                RevealPolicy.builder().purpose("support", Reveal.MASKED).build();
        // tag::store[]
        RevealLog log = RevealLog.to(event -> table.add(event.line()), logKey); // throw, and nothing is released
        // end::store[]
        Detokenizer detokenizer = Detokenizer.builder(cards, policy, log).build();
        detokenizer.detokenize(
                cards.tokenize("4111111111111111"), Access.by("desk-3").forPurpose("support"));
        // tag::continue[]
        RevealLog continued = RevealLog.to(event -> table.add(event.line()), logKey, table.get(table.size() - 1));
        // end::continue[]
        assertThat(continued.head()).isEqualTo(log.head());
        assertThat(table.get(0))
                .contains("\"caller\":\"desk-3\",\"purpose\":\"support\"")
                .doesNotContain("1111");
    }

    @Test
    void translate() {
        TokenDomain own = cards.domain();
        TokenDomain lab = own.withRecipient("lab-a");
        RevealLog log = RevealLog.dangerouslyDiscard();
        Token token = cards.tokenize("4111111111111111");
        // tag::translate[]
        RevealPolicy policy = RevealPolicy.builder()
                .allowTranslation("export to lab A", own, lab, Set.of("export-job"))
                .build();
        Tokenizer forLab = Tokenizer.builder(keys, lab).formatPreserving(TokenFormat.paymentCard());
        TokenTranslator translator =
                TokenTranslator.builder(cards, forLab, policy, log).build();

        Token exported = translator.translate(token, Access.by("export-job").forPurpose("export to lab A"));
        // end::translate[]
        assertThat(exported).isEqualTo(forLab.tokenize("4111111111111111"));
    }

    private static String link(Path file) throws Exception {
        String line = Files.readAllLines(file).get(0);
        return line.substring(line.length() - 45, line.length() - 2);
    }
}
