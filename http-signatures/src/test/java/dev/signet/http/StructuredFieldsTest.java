// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.signet.http.SfValue.SfBoolean;
import dev.signet.http.SfValue.SfBytes;
import dev.signet.http.SfValue.SfDate;
import dev.signet.http.SfValue.SfDecimal;
import dev.signet.http.SfValue.SfDisplayString;
import dev.signet.http.SfValue.SfInteger;
import dev.signet.http.SfValue.SfString;
import dev.signet.http.SfValue.SfToken;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredFieldsTest {
    private static final SfLimits LIMITS = new SfLimits(1_000, 100);

    @Test
    void parseDictionary_signatureInput_givesLabelsComponentsAndParametersInOrder() {
        String value =
                "sig1=(\"@method\" \"@query-param\";name=\"id\" \"date\";req);created=1618884473;keyid=\"k\\\"1\","
                        + "sig2=();alg=\"ed25519\"";

        SfDictionary dictionary = StructuredFields.parseDictionary(value, LIMITS);

        assertThat(dictionary.keys()).containsExactly("sig1", "sig2");
        assertThat(dictionary.hasDuplicates()).isFalse();
        SfInnerList first = (SfInnerList) dictionary.value(0);
        assertThat(first.items())
                .containsExactly(
                        new SfItem(new SfString("@method")),
                        new SfItem(
                                new SfString("@query-param"),
                                SfParameters.builder()
                                        .put("name", new SfString("id"))
                                        .build()),
                        new SfItem(
                                new SfString("date"),
                                SfParameters.builder()
                                        .put("req", SfBoolean.TRUE)
                                        .build()));
        assertThat(first.parameters().keys()).containsExactly("created", "keyid");
        assertThat(first.parameters().get("created")).isEqualTo(new SfInteger(1618884473));
        assertThat(first.parameters().get("keyid")).isEqualTo(new SfString("k\"1"));
        assertThat(first.parameters().get("alg")).isNull();
        assertThat(first.parameters().contains("keyid")).isTrue();
        assertThat(SfSerializer.serialize(dictionary)).isEqualTo(value.replace(",sig2", ", sig2"));
    }

    @Test
    void parseList_everyType_givesItsValue() {
        SfList list = StructuredFields.parseList(
                "-7, 1.5, \"a\\\\b\", *tok/en, :AQI=:, ?0, @-1, %\"%e2%82%ac %25\", ( 1  2 );q", LIMITS);

        assertThat(list.members())
                .containsExactly(
                        new SfItem(new SfInteger(-7)),
                        new SfItem(new SfDecimal(1500)),
                        new SfItem(new SfString("a\\b")),
                        new SfItem(new SfToken("*tok/en")),
                        new SfItem(new SfBytes(new byte[] {1, 2})),
                        new SfItem(SfBoolean.FALSE),
                        new SfItem(new SfDate(-1)),
                        new SfItem(new SfDisplayString("\u20ac %")),
                        new SfInnerList(
                                List.of(new SfItem(new SfInteger(1)), new SfItem(new SfInteger(2))),
                                SfParameters.builder().put("q", SfBoolean.TRUE).build()));
        assertThat(SfSerializer.serialize(list))
                .isEqualTo("-7, 1.5, \"a\\\\b\", *tok/en, :AQI=:, ?0, @-1, %\"%e2%82%ac %25\", (1 2);q");
    }

    @Test
    void parse_severalLines_areReadAsJoined() {
        assertThat(StructuredFields.parseDictionary(List.of("a=1", "b=(x y)", "c"), LIMITS))
                .isEqualTo(StructuredFields.parseDictionary("a=1,b=(x y),c", LIMITS));
        assertThatThrownBy(() -> StructuredFields.parseDictionary(List.of("a=1", "", "b=2"), LIMITS))
                .isInstanceOf(SfException.class);
    }

    @Test
    void parse_absentField_isEmptyButNoItem() {
        assertThat(StructuredFields.parseDictionary(List.of(), LIMITS).isEmpty())
                .isTrue();
        assertThat(StructuredFields.parseList(List.of(), LIMITS).members()).isEmpty();
        assertThatThrownBy(() -> StructuredFields.parseItem(List.of(), LIMITS)).isInstanceOf(SfException.class);
    }

    // Duplicates

    @Test
    void parseDictionary_duplicateKey_keepsPlaceTakesLastValueAndIsReported() {
        SfDictionary dictionary = StructuredFields.parseDictionary("a=1, b=2, a=3, c, a;x", LIMITS);

        assertThat(dictionary.hasDuplicates()).isTrue();
        assertThat(dictionary.duplicateKeys()).containsExactly("a");
        assertThat(dictionary.size()).isEqualTo(3);
        assertThat(SfSerializer.serialize(dictionary)).isEqualTo("a;x, b=2, c");
    }

    @Test
    void parseDictionary_duplicateKeyAcrossLines_isReported() {
        SfDictionary dictionary = StructuredFields.parseDictionary(List.of("sig1=:AA==:", "sig1=:AQ==:"), LIMITS);

        assertThat(dictionary.duplicateKeys()).containsExactly("sig1");
        assertThat(dictionary.get("sig1")).isEqualTo(new SfItem(new SfBytes(new byte[] {1})));
    }

    @Test
    void parse_duplicateParameter_isReportedWhereItIs() {
        SfInnerList member =
                (SfInnerList) StructuredFields.parseDictionary("s=(\"a\";req;req \"b\";x=1;y);t=1;u;t=2", LIMITS)
                        .value(0);

        assertThat(member.parameters().duplicateKeys()).containsExactly("t");
        assertThat(member.parameters().get("t")).isEqualTo(new SfInteger(2));
        assertThat(member.parameters().keys()).containsExactly("t", "u");
        assertThat(member.items().get(0).parameters().duplicateKeys()).containsExactly("req");
        assertThat(member.items().get(1).parameters().hasDuplicates()).isFalse();
    }

    @Test
    void parseDictionary_duplicateAmongManyKeys_isReported() {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            value.append("k").append(i).append('=').append(i).append(", ");
        }

        SfDictionary dictionary = StructuredFields.parseDictionary(value + "k39=0, k3=0", LIMITS);

        assertThat(dictionary.duplicateKeys()).containsExactly("k39", "k3");
        assertThat(dictionary.keys()).hasSize(40).endsWith("k39");
        assertThat(dictionary.get("k3")).isEqualTo(new SfItem(new SfInteger(0)));
        assertThat(dictionary.get("k4")).isEqualTo(new SfItem(new SfInteger(4)));
        assertThat(dictionary.contains("k40")).isFalse();
    }

    // Limits

    @Test
    void parse_valueOfMaximalLength_isAccepted() {
        assertThat(StructuredFields.parseItem("\"" + "x".repeat(998) + "\"", LIMITS))
                .isNotNull();
        assertThat(StructuredFields.parseList(List.of("x".repeat(499), "y".repeat(499)), LIMITS)
                        .members())
                .hasSize(2);
    }

    @Test
    void parse_valueOverMaximalLength_isTooLarge() {
        assertTooLarge(() -> StructuredFields.parseItem("\"" + "x".repeat(999) + "\"", LIMITS), 1_000);
        assertTooLarge(() -> StructuredFields.parseList(List.of("x".repeat(499), "y".repeat(500)), LIMITS), 1_000);
        assertTooLarge(() -> StructuredFields.parseDictionary(List.of("=".repeat(1_001)), LIMITS), 1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a, b, c", "(a b)", "a;b;c", "a;b;b", "(a;b)", "a;b, c"})
    void parseList_threeMembersItemsOrParameters_areCountedTogether(String value) {
        assertThat(StructuredFields.parseList(value, new SfLimits(100, 3))).isNotNull();
        SfException e =
                catchThrowableOfType(SfException.class, () -> StructuredFields.parseList(value, new SfLimits(100, 2)));
        assertThat(e.tooLarge()).isTrue();
    }

    @Test
    void parseDictionary_duplicatesCountAsMembers() {
        assertTooLarge(() -> StructuredFields.parseDictionary("a, a, a, a", new SfLimits(100, 3)), 9);
    }

    @Test
    void limits_negative_isRefused() {
        assertThatThrownBy(() -> new SfLimits(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SfLimits(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    // Errors

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "Secret=1#0#4.2.3.3",
                "a=1,#4#4.2.1",
                "a=1, =2#5#4.2.3.3",
                "a=1 b=2#4#4.2.1",
                "a=(1 2#6#4.2.1.2",
                "a=(1(2))#4#4.2.1.2",
                "a=(1,2)#4#4.2.1.2",
                "a=((1))#3#4.2.3.1",
                "a=#2#4.2.3.1",
                "a=$secret#2#4.2.3.1",
                "a;=1#2#4.2.3.3",
                "a; ;b#3#4.2.3.3",
                "a=-#3#4.2.4",
                "a=1.#4#4.2.4",
                "a=1234567890123456#17#4.2.4",
                "a=1234567890123.1#15#4.2.4",
                "a=1.2345#7#4.2.4",
                "a=\"secret#9#4.2.5",
                "a=\"se\\cret\"#6#4.2.5",
                "a=\"s\u00e9cret\"#4#4.2.5",
                "a=:c2Vj*mV0:#7#4.2.7",
                "a=:c2VjcmV0#11#4.2.7",
                "a=:c2VjcmV:#10#RFC 4648, 3.2",
                "a=:c2Vjcg=:#10#RFC 4648, 3.2",
                "a=:c2VjcmV0=:#12#RFC 4648, 3.2",
                "a=:====:#7#RFC 4648, 3.2",
                "a=:c2VjcmV=:#11#RFC 4648, 3.5",
                "a=:c2=Vjcm=:#6#4.2.7",
                "a=?2#3#4.2.8",
                "a=@1.5#6#4.2.9",
                "a=%secret#3#4.2.10",
                "a=%\"secret#10#4.2.10",
                "a=%\"s%C3\"#6#4.2.10",
                "a=%\"s%f\"#7#4.2.10",
                "a=%\"s%c3\"#2#4.2.10",
                "a=%\"%ed%a0%80\"#2#4.2.10",
                "a=%\"\u00e9\"#4#4.2.10",
                "a=1\u00e9#3#4.2.1",
                "\u00e9#0#4.2.3.3",
            })
    void parseDictionary_malformed_namesOffsetAndRuleOnly(String value, int offset, String section) {
        SfException e = catchThrowableOfType(SfException.class, () -> StructuredFields.parseDictionary(value, LIMITS));

        assertThat(e).isNotNull();
        assertThat(e.tooLarge()).isFalse();
        assertThat(e.offset()).isEqualTo(offset);
        assertThat(e.rule()).contains(section);
        assertThat(e).hasMessage("malformed structured field at offset " + offset + ": " + e.rule());
        assertThat(e).hasNoCause();
        assertThat(e.getStackTrace()).isEmpty();
        assertThat(e.getMessage()).doesNotContainIgnoringCase("secret").doesNotContain("\u00e9", "c2V");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\t1", "1\t", "1 2", "1, 2", "(1)", "1;", "1;;a", "1;a= 1", " ", "a\u0000", "a\n"})
    void parseItem_malformed_isRefused(String value) {
        assertThatThrownBy(() -> StructuredFields.parseItem(value, LIMITS)).isInstanceOf(SfException.class);
    }

    @Test
    void parse_offsetOfSecondLine_countsTheJoinedValue() {
        SfException e = catchThrowableOfType(
                SfException.class, () -> StructuredFields.parseDictionary(List.of("a=1", "B=2"), LIMITS));

        assertThat(e.offset()).isEqualTo(5);
    }

    // Linear time: each of these takes minutes if it is quadratic.

    @Test
    void parse_hugeHostileFields_takeLinearTime() {
        int n = 1_000_000;
        for (String value : List.of(
                "a".repeat(n),
                "a,".repeat(n),
                "a=(".repeat(n),
                "(".repeat(n),
                "(),".repeat(n),
                "a;".repeat(n),
                "a;b".repeat(n),
                "a" + ";a".repeat(n),
                "a" + ";a=%\"%c3%a9\"".repeat(n / 10),
                "\"" + "\\\"".repeat(n),
                ":" + "A".repeat(n),
                "%\"" + "%c3".repeat(n),
                "%\"%c3\",".repeat(n),
                "1".repeat(n),
                " ".repeat(n),
                "a" + " \t".repeat(n),
                distinctKeys(n / 10),
                collidingKeys(15))) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                SfLimits limits = new SfLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);
                swallow(v -> StructuredFields.parseDictionary(v, limits), value);
                swallow(v -> StructuredFields.parseList(v, limits), value);
                swallow(v -> StructuredFields.parseItem(v, limits), value);
            });
        }
    }

    private static String distinctKeys(int n) {
        StringBuilder keys = new StringBuilder("a");
        for (int i = 0; i < n; i++) {
            keys.append(";k").append(i);
        }
        return keys.toString();
    }

    /** 2^bits keys of one hash code, each twice. */
    private static String collidingKeys(int bits) {
        assertThat("an".hashCode()).isEqualTo("c0".hashCode());
        StringBuilder keys = new StringBuilder("a");
        for (int i = 0; i < 2 << bits; i++) {
            keys.append(";");
            for (int bit = 0; bit < bits; bit++) {
                keys.append((i >> bit & 1) == 0 ? "an" : "c0");
            }
        }
        return keys.toString();
    }

    private static void swallow(Consumer<String> parser, String value) {
        try {
            parser.accept(value);
        } catch (SfException expected) {
            assertThat(expected.tooLarge()).isFalse();
        }
    }

    // Serialisation

    @Test
    void serialize_parsedField_isCanonical() {
        assertThat(SfSerializer.serialize(StructuredFields.parseDictionary(
                        "  a=?1;x=?1;y=?0 \t,\tb=-0 , c=-0.0,d=( 01.50 );e=0.010  ", LIMITS)))
                .isEqualTo("a;x;y=?0, b=0, c=0.0, d=(1.5);e=0.01");
    }

    @Test
    void serialize_emptyListAndDictionary_areEmpty() {
        assertThat(SfSerializer.serialize(SfList.EMPTY)).isEmpty();
        assertThat(SfSerializer.serialize(SfDictionary.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "\u0000", "\u007f", "caf\u00e9", "\ud83d\ude00"})
    void serialize_stringNotPrintableAscii_isRefusedWithoutIt(String value) {
        assertRefused(new SfItem(new SfString(value)), value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "-a", "a b", "a,b", "a\n", "\u00e9", "a(", "\""})
    void serialize_invalidToken_isRefused(String value) {
        assertRefused(new SfItem(new SfToken(value)), value.isBlank() ? "$" : value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "1", "-a", "aB", "a b", "a=", "a;", "a\n", "\u00e9"})
    void serialize_invalidKey_isRefused(String key) {
        SfParameters parameters =
                SfParameters.builder().put(key, SfBoolean.TRUE).build();
        assertThatThrownBy(() -> SfSerializer.serialize(new SfItem(new SfInteger(1), parameters)))
                .isInstanceOf(IllegalArgumentException.class);
        SfDictionary dictionary =
                SfDictionary.builder().put(key, new SfItem(new SfInteger(1))).build();
        assertThatThrownBy(() -> SfSerializer.serialize(dictionary)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000_000_000L, -1_000_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE})
    void serialize_numberOutOfRange_isRefused(long value) {
        assertRefused(new SfItem(new SfInteger(value)), "000");
        assertRefused(new SfItem(new SfDate(value)), "000");
        assertRefused(new SfItem(new SfDecimal(value)), "000");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "0.0005, 0.0",
        "0.0015, 0.002",
        "-0.0025, -0.002",
        "0.00051, 0.001",
        "9.9995, 10.0",
        "1.024, 1.024",
        "1.20, 1.2",
        "-1.002, -1.002",
        "100, 100.0",
        "1E+3, 1000.0",
        "1E-1000000000, 0.0",
        "999999999999.9994, 999999999999.999",
        "-999999999999.999, -999999999999.999",
    })
    void serialize_decimal_isRoundedHalfEven(BigDecimal value, String text) {
        assertThat(SfSerializer.serialize(new SfItem(SfDecimal.of(value)))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999.9995", "1000000000000", "-1E+12", "1E+1000000000", "1E+2147483647"})
    void serialize_decimalOutOfRange_isRefused(String value) {
        assertThatThrownBy(() -> SfSerializer.serialize(new SfItem(SfDecimal.of(new BigDecimal(value)))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void serialize_displayStringWithUnpairedSurrogate_isRefused() {
        assertRefused(new SfItem(new SfDisplayString("a\ud83d")), "\ud83d");
    }

    @Test
    void serialize_displayString_escapesAllButPrintableAscii() {
        assertThat(SfSerializer.serialize(new SfItem(new SfDisplayString("\"%\\\n\u007f\u00fc\ud83d\ude00"))))
                .isEqualTo("%\"%22%25\\%0a%7f%c3%bc%f0%9f%98%80\"");
    }

    // Values

    @Test
    void bytes_areCopiedInAndOut_andNotPrinted() {
        byte[] source = "secret".getBytes(StandardCharsets.US_ASCII);
        SfBytes bytes = new SfBytes(source);
        source[0] = 0;
        bytes.value()[1] = 0;

        assertThat(bytes.value()).asString(StandardCharsets.US_ASCII).isEqualTo("secret");
        assertThat(bytes).hasToString("SfBytes[6]");
    }

    @Test
    void equality_dependsOnOrderAndType() {
        assertThat(StructuredFields.parseDictionary("a, b", LIMITS))
                .isEqualTo(StructuredFields.parseDictionary("a=?1,b=?1", LIMITS))
                .hasSameHashCodeAs(StructuredFields.parseDictionary("a=?1,b=?1", LIMITS))
                .isNotEqualTo(StructuredFields.parseDictionary("b, a", LIMITS));
        assertThat((Object) SfParameters.EMPTY).isNotEqualTo(SfDictionary.EMPTY);
        assertThat(new SfString("a")).isNotEqualTo(new SfToken("a"));
    }

    private static void assertTooLarge(ThrowingCallable call, int offset) {
        SfException e = catchThrowableOfType(SfException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.tooLarge()).isTrue();
        assertThat(e.offset()).isEqualTo(offset);
        assertThat(e).hasMessageStartingWith("structured field too large at offset " + offset);
    }

    private static void assertRefused(SfItem item, String content) {
        assertThatThrownBy(() -> SfSerializer.serialize(item))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain(content);
    }
}
