// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentTest {
    @Test
    void parse_identifiers_areTheComponents() {
        assertThat(Component.parse("\"@method\"")).isEqualTo(Component.METHOD);
        assertThat(Component.parse("\"@target-uri\";req")).isEqualTo(Component.TARGET_URI.req());
        assertThat(Component.parse("\"x-dict\";key=\"a\";req"))
                .isEqualTo(Component.field("X-Dict").key("a").req());
        assertThat(Component.parse("\"@query-param\";name=\"a%20b\"")).isEqualTo(Component.queryParam("a b"));
    }

    @Test
    void parse_orderOfParameters_isKept() {
        String identifier = "\"x-dict\";req;key=\"a\"";
        assertThat(Component.parse(identifier).identifier()).isEqualTo(identifier);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "date",
                "\"Date\"",
                "\"date",
                "\"date\" ;req",
                "\"date\", \"host\"",
                "(\"date\")",
                "\"@unknown\"",
                "\"@status\";req",
                "\"@query-param\"",
                "\"@method\";sf",
                "\"date\";req=1",
                "\"date\";req;req",
                "\"date\";other",
                "\"set-cookie\"",
                "\"a\";bs;sf"
            })
    void parse_whatIsNoIdentifier_isRefused(String text) {
        assertThatThrownBy(() -> Component.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parse_endlessText_isRefused() {
        String text = "\"" + "a".repeat(10_000) + "\"";
        assertThatThrownBy(() -> Component.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
