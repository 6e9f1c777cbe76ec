// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.tokens.Reveal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people can get wrong in a policy file, one by one. */
class RecordPolicyTest {
    private static final String FIELD =
            "{'column': 'card', 'domain': 'card', 'format': 'payment-card', 'version': 'prefix'}";

    @Test
    void parse_everyMember_isRead() {
        RecordPolicy policy = parse("""
                {"fields": [
                  {"column": "born", "domain": {"name": "d", "tenant": "t", "purpose": "p", "recipient": "r"},
                   "mode": {"name": "date-shift", "max-days": 90}, "version": {"column": "v"}, "context": "id",
                   "optional": true}],
                 "reveal": {"a": "clear", "b": {"show": "masked", "callers": ["x", "y"],
                   "rate": {"values": 5, "seconds": 60}}, "c": "partial", "d": "token"}}""");
        assertThat(policy.isJson()).isFalse();
        RecordPolicy.Field field = policy.fields().get(0);
        assertThat(field.domain()).hasToString("d/t/p/r");
        assertThat(field.version).isEqualTo(FieldTarget.column("v"));
        assertThat(field.context).isEqualTo(FieldTarget.column("id"));
        assertThat(field.isOptional()).isTrue();
        assertThat(field.mode.isReversible()).isTrue();
        assertThat(field.reveal).containsOnlyKeys("a", "b", "c", "d");
        RecordPolicy.Rule rule = field.reveal.get("b");
        assertThat(rule.reveal()).isEqualTo(Reveal.MASKED);
        assertThat(rule.callers()).containsExactly("x", "y");
        assertThat(rule.rate().time()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.rate().mayBeHigh()).isFalse();
    }

    @Test
    void parse_pointer_isUnescaped() {
        RecordPolicy policy = parse(
                "{'fields': [{'pointer': '/a~1b/~0c/0', 'domain': 'd', 'mode': 'one-way'," + " 'version': 'prefix'}]}");
        assertThat(policy.isJson()).isTrue();
        assertThat(policy.fields().get(0).target.path()).isEqualTo(List.of("a/b", "~c", "0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'payment-card'",
                "{'name': 'payment-card', 'keep': 'nothing', 'luhn': 'valid'}",
                "{'name': 'payment-card', 'keep': 'last-four', 'luhn': 'unchecked'}",
                "{'name': 'payment-card', 'keep': 'bin-and-last-four', 'luhn': 'valid', 'allow-small-domain-for-reading': true}",
                "'ssn'",
                "'phone'",
                "'email'",
                "{'name': 'email', 'domain': 'replaced'}",
                "{'name': 'email', 'domain': 'kept'}",
                "'iban'",
                "'uuid'",
                "{'name': 'date', 'first': '0001-01-01', 'last': '9999-12-31'}",
                "{'name': 'date-time', 'first': '1900-01-01T00:00:00', 'last': '2099-12-31T23:59:59'}",
                "'digits'",
                "'alphanumeric'",
                "{'name': 'text', 'alphabet': 'lower-case-alphanumeric'}",
                "{'name': 'text', 'alphabet': {'symbols': 'абвгдежзийк'}}",
                "{'name': 'template', 'template': 'AC-#{8}', 'alphabet': 'digits'}"
            })
    void parse_everyFormat_isKnown(String format) {
        assertThat(parse("{'fields': [" + FIELD.replace("'payment-card'", format) + "]}")
                        .fields())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|p.json is empty",
                "{|p.json, line 1: not well-formed JSON",
                "{'fields': [F]} x|not well-formed JSON",
                "[]|must be an object",
                "{}|'fields' is missing",
                "{'fields': []}|p.json, line 1, /fields: must be a list of one or more",
                "{'fields': {}}|/fields: must be a list",
                "{'fields': [1]}|/fields/0: must be an object",
                "{'fields': [F], 'feilds': 1}|/feilds: unknown; here may stand fields, reveal",
                "{'fields': [F], 'fields': [F]}|the member 'fields' stands twice",
                "{'fields': [{}]}|/fields/0: a field has a 'column' (of CSV) or a 'pointer'",
                "{'fields': [{'column': 'a', 'pointer': '/a'}]}|not both",
                "{'fields': [{'column': ''}]}|/fields/0/column: must not be empty",
                "{'fields': [{'column': 1}]}|/fields/0/column: must be a string",
                "{'fields': [{'pointer': 'a'}]}|/fields/0/pointer: a JSON Pointer begins with /",
                "{'fields': [{'pointer': '/a~2'}]}|~ is written ~0",
                "{'fields': [{'column': 'a'}]}|'domain' is missing, as in",
                "{'fields': [{'column': 'a', 'domain': 'é'}]}|/fields/0/domain: a domain has 1 to 256 printable ASCII",
                "{'fields': [{'column': 'a', 'domain': {}}]}|/fields/0/domain: 'name' is missing",
                "{'fields': [{'column': 'a', 'domain': {'name': 'n', 'tenent': 't'}}]}|/fields/0/domain/tenent: unknown",
                "{'fields': [{'column': 'a', 'domain': {'name': 'n', 'tenant': ''}}]}|/fields/0/domain/tenant: must not",
                "{'fields': [{'column': 'a', 'domain': 'd'}]}|a 'format' (such as payment-card) or a 'mode'",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'mode': 'one-way'}]}|exclude each other",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'snn'}]}|'snn' is no format; there are payment-card, ssn",
                "{'fields': [{'column': 'a', 'domain': 'd', 'mode': 'vault'}]}|'vault' is no mode; there are authenticated,",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn'}]}|'version' is missing; it is \"prefix\"",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'version': 'suffix'}]}|no place for the version",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'version': {'pointer': '/v'}}]}|'column' is missing",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'version': {'column': 'a'}}]}|which is tokenized",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'version': 'prefix', 'optional': 1}]}|true or false",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'version': 'prefix', 'x': 1}]}|/fields/0/x: unknown",
                "{'fields': [F, F]}|is tokenized by another field",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'version': 'prefix', 'allow-tokens': 1}]}|true or false",
                "{'fields': [{'column': 'a', 'domain': 'd', 'format': 'ssn', 'version': {'column': 'v'}}, {'column': 'b', 'domain': 'd', 'format': 'ssn', 'version': {'column': 'v'}}]}|/fields/0: the version of 'b' stands in 'v' too; each field needs a version of its own",
                "{'fields': [{'pointer': '/a/x', 'domain': 'd', 'format': 'ssn', 'version': {'pointer': '/a/v'}}, {'pointer': '/a/y', 'domain': 'd', 'mode': 'one-way', 'version': {'pointer': '/a/v'}}]}|each field needs a version of its own",
                "{'fields': [{'pointer': '/cards/*', 'domain': 'd', 'format': 'ssn', 'version': 'prefix'}]}|/fields/0/pointer: * for each element is not supported",
                "{'fields': [{'pointer': '/*/card', 'domain': 'd', 'format': 'ssn', 'version': 'prefix'}]}|* for each element is not supported",
                "{'fields': [{'pointer': '/cards/-', 'domain': 'd', 'format': 'ssn', 'version': 'prefix'}]}|- names the place behind the last element",
                "{'fields': [F, {'pointer': '/a', 'domain': 'd', 'format': 'ssn', 'version': 'prefix'}]}|not both"
            })
    void parse_mistake_isNamedWithItsPlace(String json, String words) {
        assertRefused(json == null ? "" : json.replace("F", FIELD), words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name': 'payment-card', 'keep': 'last-four'}|needs 'keep' (nothing, last-four, bin-and-last-four) and 'luhn'",
                "{'name': 'payment-card', 'keep': 'all', 'luhn': 'valid'}|/format/keep: 'all' is no choice; there are nothing",
                "{'name': 'payment-card', 'keep': 'bin-and-last-four', 'luhn': 'valid'}|/format: payment-card: ",
                "{'name': 'payment-card', 'keep': 'bin-and-last-four', 'luhn': 'valid'}|100,000, and at least 1,000,000",
                "{'name': 'ssn', 'keep': 'nothing'}|/format/keep: unknown; here may stand name",
                "{'name': 'email', 'domain': 'lost'}|'lost' is no choice; there are kept, replaced",
                "'date'|/fields/0/format: 'first' is missing, as in",
                "{'name': 'date', 'first': '2026-02-30', 'last': '2026-12-31'}|/format: Text '2026-02-30'",
                "{'name': 'date', 'first': '1900-01-01', 'last': '2099-12-31'}|1,000,000",
                "'text'|'alphabet' is missing; it is digits,",
                "{'name': 'text', 'alphabet': 'greek'}|'greek' is no alphabet",
                "{'name': 'text', 'alphabet': {'symbols': 'aa'}}|/alphabet/symbols: an alphabet has each symbol once",
                "{'name': 'template', 'template': '#{3}', 'alphabet': 'digits'}|1,000,000",
                "{'name': 'template', 'template': '#{', 'alphabet': 'digits'}|/format: ",
                "{'name': 'template', 'alphabet': 'digits'}|'template' is missing",
                "{}|'name' is missing",
                "7|must be an object"
            })
    void parse_mistakeInAFormat_isNamedWithItsPlace(String format, String words) {
        assertRefused("{'fields': [" + FIELD.replace("'payment-card'", format) + "]}", words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'date-shift'|'max-days' is missing, as in",
                "{'name': 'date-shift', 'max-days': 29}|max-days: must be a whole number from 30 to",
                "{'name': 'date-shift', 'max-days': 90.5}|max-days: must be a whole number",
                "{'name': 'date-shift', 'max-days': '90'}|max-days: must be a whole number",
                "{'name': 'date-shift', 'max-days': 90}|'context' is missing: dates are moved by person",
                "{'name': 'one-way', 'max-days': 90}|max-days: unknown"
            })
    void parse_mistakeInAMode_isNamedWithItsPlace(String mode, String words) {
        assertRefused("{'fields': [" + FIELD.replace("'format': 'payment-card'", "'mode': " + mode) + "]}", words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|/reveal: must be an object",
                "{'a': 'all'}|/reveal/a: 'all' is no reveal; there are clear, partial, masked, token",
                "{'é': 'clear'}|a name has 1 to 256 printable ASCII characters",
                "{'a': {}}|'show' is missing; it is clear",
                "{'a': {'show': 'clear', 'caller': 'x'}}|/reveal/a/caller: unknown; here may stand show, callers, rate, allow-rate",
                "{'a': {'show': 'clear', 'callers': []}}|must be a list of one or more",
                "{'a': {'show': 'clear', 'callers': ['x', 'x']}}|'x' stands twice",
                "{'a': {'show': 'clear', 'rate': {'values': 0, 'seconds': 1}}}|/rate/values: must be a whole number from 1",
                "{'a': {'show': 'clear', 'rate': {'values': 1}}}|'seconds' is missing",
                "{'a': {'show': 'clear', 'rate': {'values': 1, 'seconds': 1}, 'allow-rate': {'values': 1, 'seconds': 1}}}|exclude each other"
            })
    void parse_mistakeInReveal_isNamedWithItsPlace(String reveal, String words) {
        assertRefused("{'fields': [" + FIELD + "], 'reveal': " + reveal + "}", words);
    }

    @ParameterizedTest
    @CsvSource({"card, is tokenized itself", "v, is where a version goes"})
    void parse_contextThatDoesNotStay_isRefused(String context, String words) {
        assertRefused(
                "{'fields': [" + FIELD.replace("'prefix'", "{'column': 'v'}")
                        + ", {'column': 'b', 'domain': 'd', 'mode': 'authenticated', 'version': 'prefix', 'context': '"
                        + context + "'}]}",
                words);
    }

    @ParameterizedTest
    @CsvSource({"/a/v, ''", "/b/v, in the same object", "/v, in the same object", "/a/x, which is tokenized"})
    void parse_versionOfAPointer_standsBesideIt(String version, String words) {
        String json = "{'fields': [{'pointer': '/a/x', 'domain': 'd', 'format': 'ssn', 'version': {'pointer': '"
                + version + "'}}]}";
        if (words.isEmpty()) {
            assertThat(parse(json).fields()).hasSize(1);
        } else {
            assertRefused(json, words);
        }
    }

    @Test
    void parse_mistake_namesTheLine() {
        assertRefused(
                "{\n'fields': [\n" + FIELD + ",\n{'column': 'a',\n 'domain': 5}]}", "p.json, line 5, /fields/1/domain");
    }

    @Test
    void toString_whatLowersSafety_isNamed() {
        RecordPolicy policy = parse("""
                {"fields": [
                  {"column": "a", "domain": "d", "format": "ssn", "version": "prefix", "allow-tokens": true},
                  {"column": "b", "domain": "d", "version": "prefix", "format": {"name": "date", "first": "1900-01-01",
                   "last": "2099-12-31", "allow-small-domain-for-reading": true}},
                  {"column": "c", "domain": "d", "format": "ssn", "version": "prefix"}],
                 "reveal": {"p": {"show": "clear", "allow-rate": {"values": 5000, "seconds": 1}}}}""");
        assertThat(policy)
                .hasToString("RecordPolicy[a: d///, allow-tokens, allow-rate for p,"
                        + " b: d///, allow-small-domain-for-reading, allow-rate for p, c: d///, allow-rate for p]");
        assertThat(policy.field("b")).isPresent();
        assertThat(policy.field("d")).isEmpty();
    }

    private static RecordPolicy parse(String json) {
        return RecordPolicy.parse("p.json", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String json, String words) {
        assertThatThrownBy(() ->
                        RecordPolicy.parse("p.json", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage().replace('"', '\''))
                        .startsWith("p.json")
                        .contains(words.replace('"', '\'')));
    }
}
