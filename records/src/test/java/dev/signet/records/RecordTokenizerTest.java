// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.tokens.Access;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records and single fields, there and back. */
class RecordTokenizerTest {
    private static final String POLICY = """
            {"fields": [
              {"column": "card", "domain": "card", "format": "payment-card", "version": {"column": "card_key"}},
              {"column": "born", "domain": "born", "mode": {"name": "date-shift", "max-days": 90}, "context": "id",
               "version": "prefix", "optional": true},
              {"column": "name", "domain": "name", "mode": "one-way", "version": "prefix", "optional": true}],
             "reveal": {"support": "partial", "fraud": {"show": "clear", "callers": ["desk"],
               "rate": {"values": 3, "seconds": 60}}, "analytics": "token"}}
            """;
    private static final Map<String, String> RECORD =
            Map.of("id", "7", "card", "4111111111111111", "born", "1970-01-31", "name", "Ada", "city", "Lyon");

    private final RecordPolicy policy = RecordPolicy.parse("p", POLICY.getBytes(StandardCharsets.UTF_8));
    private final Keyset<TokenizationKey> keys =
            Keyset.of(TokenizationKey.generate().withId("k"));
    private final RecordTokenizer tokenizer =
            RecordTokenizer.builder(policy, keys).build();
    private final List<String> events = new ArrayList<>();
    private final SecretBytes logKey = RevealLog.deriveKey(keys.primary());
    private final RecordRevealer revealer = RecordRevealer.builder(
                    policy, keys, RevealLog.to(event -> events.add(event.line()), logKey))
            .build();

    @Test
    void tokenize_record_replacesItsFieldsOnly() {
        Map<String, String> stored = tokenizer.tokenize(RECORD);
        assertThat(stored)
                .hasSize(6)
                .containsEntry("id", "7")
                .containsEntry("city", "Lyon")
                .containsEntry("card_key", "k");
        assertThat(stored.get("card")).endsWith("1111").isNotEqualTo("4111111111111111");
        assertThat(stored.get("born")).startsWith("k:").isNotEqualTo("k:1970-01-31");
        assertThat(stored.get("name")).startsWith("k:");
    }

    @Test
    void reveal_whatWasTokenized_givesTheRecordBack() {
        Map<String, String> stored = tokenizer.tokenize(RECORD);
        Map<String, String> shown = revealer.reveal(stored, Access.by("desk").forPurpose("fraud"));
        Map<String, String> expected = new LinkedHashMap<>(RECORD);
        expected.put("name", stored.get("name"));
        assertThat(shown).isEqualTo(expected);
        assertThat(revealer.reveal(stored, Access.by("x").forPurpose("support")).get("card"))
                .isEqualTo("************1111");
        assertThat(revealer.reveal(stored, Access.by("x").forPurpose("analytics")))
                .isEqualTo(stored);
        assertThat(events).hasSize(6);
    }

    @Test
    void tokenize_valueThatDoesNotFit_isNamedByItsField() {
        refused(Map.of("card", "4111111111111112", "id", "7"), "card: payment-card: the check digit is wrong");
        refused(Map.of("id", "7"), "card: the value is missing");
        refused(Map.of("card", "4111111111111111", "born", "1970-01-31"), "the context 'id' is missing");
        refused(
                Map.of("card", "4111111111111111", "card_key", "k"),
                "card_key: a value stands where the version would go");
        refused(Map.of("card", "4111111111111111", "name", "k:token"), "name: a token already");
    }

    private void refused(Map<String, String> record, String words) {
        assertThatThrownBy(() -> tokenizer.tokenize(record))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("4111");
    }

    @Test
    void reveal_recordThatIsNotWhole_isRefused() {
        Access fraud = Access.by("desk").forPurpose("fraud");
        Map<String, String> stored = tokenizer.tokenize(Map.of("id", "7", "card", "4111111111111111"));
        Map<String, String> noVersion = new LinkedHashMap<>(stored);
        noVersion.remove("card_key");
        assertThatThrownBy(() -> revealer.reveal(noVersion, fraud))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessage("the version 'card_key' is missing");
        assertThatThrownBy(() -> revealer.reveal(Map.of("id", "7"), fraud)).hasMessage("card: the value is missing");
    }

    @Test
    void reveal_purposeThatIsNotGranted_leavesAnEvent() {
        Map<String, String> stored = tokenizer.tokenize(RECORD);
        for (Access access : List.of(
                Access.by("desk").forPurpose("marketing"), Access.by("other").forPurpose("fraud"))) {
            events.clear();
            assertThatThrownBy(() -> revealer.reveal(stored, access))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.PURPOSE_NOT_ALLOWED))
                    .hasMessageContaining("for 'card' the policy");
            assertThat(events).hasSize(1);
        }
    }

    @Test
    void reveal_moreThanTheRate_isRefusedWithTheWay() {
        Map<String, String> stored = tokenizer.tokenize(Map.of("id", "7", "card", "4111111111111111"));
        Access fraud = Access.by("desk").forPurpose("fraud");
        for (int i = 0; i < 3; i++) {
            revealer.reveal(stored, fraud);
        }
        assertThatThrownBy(() -> revealer.reveal(stored, fraud))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RATE_EXCEEDED))
                .hasMessageContaining("3 values in 60 seconds")
                .hasMessageContaining("allow-rate");
    }

    @Test
    void field_handle_worksWithoutLookUps() {
        FieldTokenizer card = tokenizer.field("card").orElseThrow();
        assertThat(tokenizer.field("city")).isEmpty();
        assertThat(card.field().version()).contains("card_key");
        assertThat(card.field().context()).isEmpty();
        String stored = card.tokenize("4111111111111111");
        assertThat(stored).isEqualTo(tokenizer.tokenize(RECORD).get("card"));
        FieldRevealer back = revealer.field("card").orElseThrow();
        assertThat(back.reveal(
                                Token.ofText(stored).withVersion(card.version()),
                                Access.by("desk").forPurpose("fraud"))
                        .value())
                .isEqualTo("4111111111111111");
        assertThat(revealer.field("name")).isEmpty();
        assertThat(revealer.fields()).hasSize(2);
    }

    @Test
    void tokenizeAll_column_listsWhatDoesNotFit() {
        FieldTokenizer born = tokenizer.field("born").orElseThrow();
        FieldColumn column = born.tokenizeAll(
                List.of("1970-01-31", "k:1970-01-31", "x"),
                ColumnOptions.defaults().contexts(List.of("7", "7", "7")));
        assertThat(column.stored(0)).contains(tokenizer.tokenize(RECORD).get("born"));
        assertThat(column.stored(1)).isEmpty();
        assertThat(column.errors()).containsOnlyKeys(1, 2);
        assertThat(column).hasToString("FieldColumn[3 rows, 2 errors]");
    }

    @Test
    void toString_nothingButThePolicy() {
        assertThat(tokenizer).hasToString("RecordTokenizer[" + policy + "]");
        assertThat(revealer).hasToString("RecordRevealer[" + policy + "]");
    }
}
