// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens, and the names of what they belong to. */
class TokenTest {
    private static final String LONGEST = "%".repeat(256);

    @ParameterizedTest
    @ValueSource(
            strings = {"k1", "a:b", "a%b", ":", "%", "%3A", "%253A", "%25", "::%%", " ", "~", "2026-11", LONGEST_NAME})
    void parse_whatPrefixedWrote_isTheToken(String version) {
        for (String text : List.of("", "4111", "a:b", ":", "%3A", "\u00e9\ud83d\ude00")) {
            Token token = Token.of(text, version);
            Token parsed = Token.parse(token.prefixed());
            assertThat(parsed).isEqualTo(token).hasSameHashCodeAs(token);
            assertThat(parsed.text()).isEqualTo(text);
            assertThat(parsed.version()).isEqualTo(version);
        }
    }

    private static final String LONGEST_NAME =
            "::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::";

    @Test
    void parse_longestVersion_isRead() {
        Token token = Token.of("1", LONGEST);
        assertThat(Token.parse(token.prefixed())).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":text",
                "text",
                "4111111111111111",
                "%:x",
                "a%b:x",
                "%3a:x",
                "%3:x",
                "%41:x",
                "%253a%:x",
                "%00:x",
                "\u00e9:x",
                "\t:x",
                "k\n1:x",
                "\u007f:x",
                "\ud83d:x"
            })
    void parse_otherPrefixes_areRefused(String prefixed) {
        assertThatThrownBy(() -> Token.parse(prefixed))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessage("the token has no version in front of it");
    }

    @Test
    void parse_versionTooLong_isRefused() {
        for (int length : new int[] {257, 768, 769, 1_000_000}) {
            assertThatThrownBy(() -> Token.parse("a".repeat(length) + ":x"))
                    .isExactlyInstanceOf(InvalidMessageException.class);
        }
        assertThatThrownBy(() -> Token.parse("%25".repeat(257) + ":x"))
                .isExactlyInstanceOf(InvalidMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u00e9", "a\nb", "\0", "\u007f"})
    void of_namesOfOtherCharacters_areRefused(String name) {
        assertNameRefused(name);
    }

    @Test
    void of_nameTooLong_isRefused() {
        assertThat(TokenDomain.of("a".repeat(256)).name()).hasSize(256);
        assertNameRefused("a".repeat(257));
    }

    private static void assertNameRefused(String name) {
        TokenDomain domain = TokenDomain.of("a");
        List<Runnable> calls = List.of(
                () -> Token.ofText("x").withVersion(name),
                () -> TokenDomain.of(name),
                () -> domain.withTenant(name),
                () -> domain.withPurpose(name),
                () -> domain.withRecipient(name),
                () -> Access.by("caller").forPurpose(name),
                () -> Access.by(name).forPurpose("purpose"));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(" has 1 to 256 printable ASCII characters");
        }
    }

    @Test
    void equals_textAndVersion_bothCount() {
        assertThat(Token.of("a", "1"))
                .isEqualTo(Token.of("a", "1"))
                .isNotEqualTo(Token.of("b", "1"))
                .isNotEqualTo(Token.of("a", "2"))
                .isNotEqualTo("1:a");
    }

    @Test
    void toString_token_showsTheVersionOnly() {
        assertThat(Token.of("4111111111111111", "k1")).hasToString("Token[version=k1]");
    }

    @Test
    void ofText_version_isNamedAfterIt() {
        assertThat(Token.ofText("a").withVersion("1")).isEqualTo(Token.of("a", "1"));
        assertThat(Token.ofText("4111111111111111")).hasToString("Token.Text");
        assertThatThrownBy(() -> Token.ofText("a").withVersion("")).isExactlyInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tokenContext_text_countsAndIsNotShown() {
        assertThat(TokenContext.of("a"))
                .isEqualTo(TokenContext.of("a"))
                .hasSameHashCodeAs(TokenContext.of("a"))
                .isNotEqualTo(TokenContext.of("b"))
                .isNotEqualTo("a")
                .hasToString("TokenContext");
        assertThat(TokenContext.of("").text()).isEmpty();
        assertThatThrownBy(() -> TokenContext.of(null)).isExactlyInstanceOf(NullPointerException.class);
    }

    /** Names that look alike when joined; the same in every place. */
    @Test
    void info_domains_areAllDifferent() {
        Set<String> infos = new HashSet<>();
        Set<String> shown = new HashSet<>();
        Set<TokenDomain> domains = new HashSet<>();
        List<String> names = List.of("", "a", "b", "ab", "a/", "/a", "a/b", "%2F", "a%2Fb", "/", "//");
        int made = 0;
        for (String name : names.subList(1, names.size())) {
            for (String tenant : names) {
                for (String purpose : names) {
                    for (String recipient : names) {
                        TokenDomain domain = domain(name, tenant, purpose, recipient);
                        assertThat(domain).isEqualTo(domain(name, tenant, purpose, recipient));
                        domains.add(domain);
                        shown.add(domain.toString());
                        for (String mode : List.of("a", "ab")) {
                            infos.add(java.util.HexFormat.of().formatHex(domain.info(mode)));
                        }
                        made++;
                    }
                }
            }
        }
        assertThat(domains).hasSize(made);
        assertThat(shown).hasSize(made);
        assertThat(infos).hasSize(2 * made);
    }

    private static TokenDomain domain(String name, String tenant, String purpose, String recipient) {
        TokenDomain domain = TokenDomain.of(name);
        domain = tenant.isEmpty() ? domain : domain.withTenant(tenant);
        domain = purpose.isEmpty() ? domain : domain.withPurpose(purpose);
        return recipient.isEmpty() ? domain : domain.withRecipient(recipient);
    }
}
