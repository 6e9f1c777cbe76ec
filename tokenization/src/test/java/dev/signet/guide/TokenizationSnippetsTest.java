// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Access;
import dev.signet.tokens.Alphabet;
import dev.signet.tokens.BlindIndex;
import dev.signet.tokens.BlindIndex.Normalization;
import dev.signet.tokens.ByteColumn;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import dev.signet.tokens.Detokenizer;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.RevealPolicy;
import dev.signet.tokens.Revealed;
import dev.signet.tokens.ReversibleTokenizer;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenContext;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.TokenFormat;
import dev.signet.tokens.TokenFormat.Kept;
import dev.signet.tokens.TokenFormat.Luhn;
import dev.signet.tokens.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/tokenize-personal-data.md, and of the README. */
class TokenizationSnippetsTest {
    private final Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());

    @TempDir
    Path directory;

    @Test
    void readme_inShort() {
        // tag::short[]
        Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());
        ReversibleTokenizer cards =
                Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());
        Token token = cards.tokenize("4111 1111 1111 1111"); // such as 8059 3416 2778 1111; store text and version
        // end::short[]
        assertThat(token.text()).endsWith("1111").hasSize(19).isNotEqualTo("4111 1111 1111 1111");
    }

    @Test
    void readme() {
        Path file = directory.resolve("reveal.log");
        SecretBytes logKey = SecretBytes.random(32);
        // tag::readme[]
        Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());
        ReversibleTokenizer cards =
                Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());
        Token token = cards.tokenize("4111 1111 1111 1111"); // such as 8059 3416 2778 1111; store text and version

        // Another object, for those who may see values. The log knows before they do.
        RevealPolicy policy =
                RevealPolicy.builder().purpose("support", Reveal.PARTIAL).build();
        try (RevealLog log = RevealLog.file(file, logKey)) {
            Detokenizer detokenizer = Detokenizer.builder(cards, policy, log).build();
            Revealed revealed =
                    detokenizer.detokenize(token, Access.by("desk-3").forPurpose("support"));
            System.out.println(revealed.value()); // **** **** **** 1111
        }
        // end::readme[]
        assertThat(token.text()).endsWith("1111").hasSize(19).isNotEqualTo("4111 1111 1111 1111");
    }

    @Test
    void modes() {
        // tag::modes[]
        TokenDomain domain = TokenDomain.of("card-number");
        ReversibleTokenizer formatted = Tokenizer.builder(keys, domain).formatPreserving(TokenFormat.paymentCard());
        ReversibleTokenizer authenticated = Tokenizer.builder(keys, domain).authenticated();
        Tokenizer oneWay = Tokenizer.builder(keys, domain).oneWay();
        ReversibleTokenizer moved =
                Tokenizer.builder(keys, TokenDomain.of("birthday")).dateShift(365);
        // end::modes[]
        String card = "4111111111111111";
        assertThat(Set.of(
                        formatted.tokenize(card).text(),
                        authenticated.tokenize(card).text(),
                        oneWay.tokenize(card).text(),
                        moved.tokenize("2026-11-26", TokenContext.of("alice")).text()))
                .hasSize(4);
    }

    @Test
    void store() {
        ReversibleTokenizer cards =
                Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());
        // tag::store[]
        Token token = cards.tokenize("4111111111111111");
        String text = token.text(); // one column,
        String version = token.version(); // and another one beside it
        Token fromColumns = Token.ofText(text).withVersion(version);

        String both = token.prefixed(); // or both in one column: version:text
        Token fromPrefixed = Token.parse(both);
        // end::store[]
        assertThat(fromColumns).isEqualTo(token).isEqualTo(fromPrefixed);
    }

    @Test
    void formats() {
        // tag::formats[]
        TokenFormat cards = TokenFormat.paymentCard(); // last four stay, tokens fail Luhn's check
        TokenFormat likeCards = TokenFormat.paymentCard(Kept.LAST_FOUR, Luhn.VALID);
        TokenFormat withBin = TokenFormat.paymentCard(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED);
        TokenFormat admissions =
                TokenFormat.dateTime(LocalDateTime.of(2000, 1, 1, 0, 0), LocalDateTime.of(2049, 12, 31, 23, 59, 59));
        // end::formats[]
        assertThat(cards.domainSize()).isEqualTo("100000000");
        assertThat(likeCards.domainSize()).isEqualTo("100000000");
        assertThat(withBin.domainSize()).isEqualTo("1000000");
        assertThat(admissions.domainSize()).isEqualTo("1577923200");
    }

    /** The numbers of the guide's table. */
    @Test
    void domainSizes() {
        assertThat(TokenFormat.paymentCard(Kept.NOTHING, Luhn.VALID).domainSize())
                .isEqualTo("1000000000000");
        assertThat(TokenFormat.ssn().domainSize()).isEqualTo("888931098");
        assertThat(TokenFormat.phone().domainSize()).isEqualTo("1000000");
        assertThat(TokenFormat.email().domainSize()).isEqualTo("14776336");
        assertThat(TokenFormat.iban().domainSize()).isEqualTo("1000000");
        assertThat(TokenFormat.uuid().domainSize().bitLength()).isEqualTo(123);
        assertThat(TokenFormat.digits().domainSize()).isEqualTo("1000000");
        assertThat(TokenFormat.alphanumeric().domainSize()).isEqualTo("14776336");
        LocalDate first = LocalDate.of(0, 1, 1);
        assertThat(TokenFormat.date(first, LocalDate.of(9999, 12, 31)).domainSize())
                .isEqualTo("3652425");
    }

    @Test
    void ownFormats() {
        // tag::own[]
        // AC-, two characters that stay, seven that are replaced, and a check digit: AC-17-12345675
        TokenFormat account = TokenFormat.template("AC-?{2}-#{7}%", Alphabet.DIGITS);

        Alphabet consonants = Alphabet.of("BCDFGHJKLMNPQRSTVWXZ");
        TokenFormat plate = TokenFormat.builder(consonants)
                .length(8, 12) // with the two that stay
                .keepHead(2)
                .separators("- ")
                .build();
        // end::own[]
        assertThat(account.domainSize()).isEqualTo("10000000");
        assertThat(plate.domainSize()).isEqualTo("64000000");
        Tokenizer plates = Tokenizer.builder(keys, TokenDomain.of("plate")).formatPreserving(plate);
        assertThat(plates.tokenize("BC-DFG HJK").text()).matches("BC-[B-Z]{3} [B-Z]{3}");
    }

    @Test
    void smallDomain() {
        assertThatThrownBy(() -> TokenFormat.builder(Alphabet.DIGITS)
                        .keepTail(4)
                        .length(9, 9)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("text: of at least 9 symbols 0 and 4 stay: 10^5 values, that is 100,000,"
                        + " and at least 1,000,000 are needed. Replace more, or use authenticated or one-way tokens;"
                        + " tokens of old are read by ALLOW_SMALL_DOMAIN_FOR_READING");
    }

    @Test
    void misfit() {
        Tokenizer ssn = Tokenizer.builder(keys, TokenDomain.of("ssn")).formatPreserving(TokenFormat.ssn());
        assertThatThrownBy(() -> ssn.tokenize("123-00-6789"))
                .hasMessageContaining("ssn: position 5: a group number of 00 is never issued");
    }

    @Test
    void domains() {
        // tag::domains[]
        TokenDomain cards = TokenDomain.of("card-number").withTenant("acme");
        TokenDomain forLab = cards.withRecipient("lab-a");
        TokenDomain forOtherLab = cards.withRecipient("lab-b"); // the two labs cannot link their tokens
        // end::domains[]
        assertThat(Tokenizer.builder(keys, forLab).oneWay().tokenize("x"))
                .isNotEqualTo(Tokenizer.builder(keys, forOtherLab).oneWay().tokenize("x"));
    }

    @Test
    void context() {
        ReversibleTokenizer cards =
                Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());
        // tag::context[]
        Token ofAlice = cards.tokenize("4111111111111111", TokenContext.of("customer 4711"));
        Token ofBob = cards.tokenize("4111111111111111", TokenContext.of("customer 4712")); // another token
        // end::context[]
        assertThat(ofAlice).isNotEqualTo(ofBob);
    }

    @Test
    void columns() {
        Tokenizer cards =
                Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());
        List<String> values = List.of("4111111111111111", "4111111111111112", "5555555555554444");
        // tag::columns[]
        ColumnResult result = cards.tokenizeAll(values, ColumnOptions.defaults().onAllCores());
        result.errors().forEach((position, error) -> System.out.println(position + ": " + error.getMessage()));
        String first = result.text(0).orElseThrow();
        String version = result.version(); // of all tokens of the column
        // end::columns[]
        assertThat(result.errors()).containsOnlyKeys(1);
        assertThat(Token.ofText(first).withVersion(version)).isEqualTo(cards.tokenize(values.get(0)));
    }

    @Test
    void bytes() {
        Tokenizer cards =
                Tokenizer.builder(keys, TokenDomain.of("card-number")).formatPreserving(TokenFormat.paymentCard());
        byte[] column = "41111111111111115555555555554444".getBytes(StandardCharsets.US_ASCII);
        // tag::bytes[]
        byte[] tokens = new byte[column.length];
        Map<Integer, MessageSecurityException> errors =
                cards.tokenizeAll(ByteColumn.fixedWidth(column, 16), tokens, ColumnOptions.defaults());
        // end::bytes[]
        assertThat(errors).isEmpty();
        assertThat(new String(tokens, StandardCharsets.US_ASCII))
                .startsWith(cards.tokenize("4111111111111111").text());
    }

    @Test
    void dates() {
        // tag::dates[]
        ReversibleTokenizer dates =
                Tokenizer.builder(keys, TokenDomain.of("stay")).dateShift(365);
        Token admission = dates.tokenize("2026-11-02", TokenContext.of("patient 17"));
        Token discharge = dates.tokenize("2026-11-09", TokenContext.of("patient 17")); // seven days later, too
        // end::dates[]
        assertThat(LocalDate.parse(admission.text()).plusDays(7)).isEqualTo(discharge.text());
    }

    @Test
    void search() {
        // tag::search[]
        BlindIndex byEmail = BlindIndex.of(keys, TokenDomain.of("email"), Normalization.CASELESS);
        String stored = byEmail.index("Ada.Moreau@example.com").prefixed(); // into a column beside the value

        List<String> wanted = byEmail.candidates("ada.moreau@EXAMPLE.com").stream()
                .map(Token::prefixed)
                .toList(); // SELECT ... WHERE email_index IN (...)
        // end::search[]
        assertThat(wanted).isEqualTo(Collections.singletonList(stored));
    }
}
