// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static dev.signet.tokens.TestTokens.DOMAIN;
import static dev.signet.tokens.TestTokens.KEY;
import static dev.signet.tokens.TestTokens.KEYS;
import static dev.signet.tokens.TestTokens.NEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.StreamCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SivEngineTest {
    private static final ReversibleTokenizer TOKENIZER =
            Tokenizer.builder(KEYS, DOMAIN).authenticated();
    private static final ReversibleEngine READER = TestTokens.engine(TOKENIZER, "k1");
    private static final String VALUE = "Ada Lovelace, 1815";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "0123456789abcde",
                "0123456789abcdef",
                "0123456789abcdef0",
                "\u00e9\u4e00\ud83d\ude00",
                "\0"
            })
    void detokenize_whatWasTokenized_isTheValue(String value) {
        assertThat(read(TOKENIZER.tokenize(value).text(), null)).isEqualTo(value);
        assertThat(read(TOKENIZER.tokenize(value, TokenContext.of("row")).text(), "row"))
                .isEqualTo(value);
        assertThat(read(TOKENIZER.tokenize(value, TokenContext.of("")).text(), ""))
                .isEqualTo(value);
        assertThat(TOKENIZER.tokenize(value)).isEqualTo(TOKENIZER.tokenize(value));
        assertThat(TOKENIZER.tokenize(value).text()).matches("[A-Za-z0-9_-]{22,}");
    }

    @Test
    void tokenize_longValue_comesBack() {
        String value = "\u00e9x".repeat(500_000);
        assertThat(read(TOKENIZER.tokenize(value).text(), null)).isEqualTo(value);
    }

    @Test
    void tokenize_contexts_giveDifferentTokens() {
        assertThat(java.util.Set.of(
                        TOKENIZER.tokenize(VALUE),
                        TOKENIZER.tokenize(VALUE, TokenContext.of("")),
                        TOKENIZER.tokenize(VALUE, TokenContext.of("\0")),
                        TOKENIZER.tokenize(VALUE, TokenContext.of("row 1")),
                        TOKENIZER.tokenize(VALUE, TokenContext.of("row 2"))))
                .hasSize(5);
    }

    /** The example of RFC 5297, A.1, by which the textbook below is judged. */
    @Test
    void textbook_exampleOfRfc5297_isMet() {
        byte[] key = hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        byte[] associated = hex("101112131415161718191a1b1c1d1e1f2021222324252627");
        assertThat(siv(key, associated, hex("112233445566778899aabbccddee")))
                .isEqualTo(hex("85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"));
    }

    @ParameterizedTest
    @CsvSource({
        "'','',false",
        "'',row,true",
        "a,'',true",
        "0123456789abcdef,row,true",
        VALUES,
        "0123456789abcde,'',false"
    })
    void tokenize_againstRfc5297_isTheSame(String value, String context, boolean hasContext) {
        SecretBytes derived = KEY.derive(DOMAIN.info("siv"), 64);
        byte[] associated = hasContext ? ("\1" + context).getBytes(StandardCharsets.UTF_8) : new byte[] {0};
        byte[] expected = siv(derived.dangerousToByteArray(), associated, value.getBytes(StandardCharsets.UTF_8));
        Token token = hasContext ? TOKENIZER.tokenize(value, TokenContext.of(context)) : TOKENIZER.tokenize(value);
        assertThat(Base64.getUrlDecoder().decode(token.text())).isEqualTo(expected);
    }

    private static final String VALUES = "'Ada Lovelace, born in London in the year 1815','',false";

    @Test
    void detokenize_everyBitChanged_isRefused() {
        byte[] token = Base64.getUrlDecoder()
                .decode(TOKENIZER.tokenize(VALUE, TokenContext.of("row")).text());
        for (int bit = 0; bit < 8 * token.length; bit++) {
            byte[] forged = token.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(encode(forged), "row");
        }
    }

    @Test
    void detokenize_cutOrLengthened_isRefused() {
        String token = TOKENIZER.tokenize(VALUE).text();
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        for (int length = 0; length < bytes.length; length++) {
            assertRefused(encode(Arrays.copyOf(bytes, length)), null);
            assertRefused(encode(Arrays.copyOfRange(bytes, bytes.length - length, bytes.length)), null);
        }
        for (int length = 0; length < token.length(); length++) {
            assertRefused(token.substring(0, length), null);
        }
        assertRefused(encode(Arrays.copyOf(bytes, bytes.length + 1)), null);
        assertRefused(token + token, null);
    }

    /** 18 + 16 bytes end in a character with spare bits, and in no padding. */
    @Test
    void detokenize_otherSpellings_areRefused() {
        String token = TOKENIZER.tokenize(VALUE).text();
        assertThat(read(token, null)).isEqualTo(VALUE);
        int last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                .indexOf(token.charAt(token.length() - 1));
        assertThat(last % 16).isZero();
        String spare = token.substring(0, token.length() - 1)
                + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".charAt(last + 1);
        assertThat(Base64.getUrlDecoder().decode(spare))
                .isEqualTo(Base64.getUrlDecoder().decode(token));
        for (String other : new String[] {
            spare,
            token + "==",
            token + "=",
            " " + token,
            token + "\n",
            token + "!",
            token.replace(token.charAt(3), '+'),
            token.substring(0, 8) + "\n" + token.substring(8),
            "\u00e9" + token,
            "",
            "A",
            VALUE
        }) {
            assertRefused(other, null);
        }
    }

    @Test
    void detokenize_ofAnotherContextDomainKeyOrMode_isRefused() {
        String token = TOKENIZER.tokenize(VALUE, TokenContext.of("row 1")).text();
        assertRefused(token, "row 2");
        assertRefused(token, "");
        assertRefused(token, null);
        assertRefused(TOKENIZER.tokenize(VALUE).text(), "");
        assertRefused(TOKENIZER.tokenize(VALUE, TokenContext.of("")).text(), null);
        for (TokenDomain other : new TokenDomain[] {
            TokenDomain.of("card"), DOMAIN.withTenant("a"), DOMAIN.withPurpose("a"), DOMAIN.withRecipient("a")
        }) {
            assertRefused(
                    Tokenizer.builder(KEYS, other)
                            .authenticated()
                            .tokenize(VALUE, TokenContext.of("row 1"))
                            .text(),
                    "row 1");
        }
        assertRefused(
                Tokenizer.builder(dev.signet.core.Keyset.of(NEXT), DOMAIN)
                        .authenticated()
                        .tokenize(VALUE, TokenContext.of("row 1"))
                        .text(),
                "row 1");
        assertRefused(Tokenizer.builder(KEYS, DOMAIN).oneWay().tokenize(VALUE).text(), null);
    }

    @Test
    void tokenize_halfOfASurrogatePair_isRefusedByPosition() {
        assertThatThrownBy(() -> TOKENIZER.tokenize("ab\ud83d\ude00\ud83dc"))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessage("the value has half of a surrogate pair at position 4");
        assertThatThrownBy(() -> TOKENIZER.tokenize("a", TokenContext.of("\ude00")))
                .isExactlyInstanceOf(InvalidMessageException.class)
                .hasMessage("the context has half of a surrogate pair at position 1");
    }

    /** Even the length of a value is a secret here. */
    @Test
    void masked_anyValue_isTheSame() {
        assertThat(READER.masked("a")).isEqualTo(READER.masked(VALUE)).isEqualTo(READER.partial("a"));
        assertThat(READER.partial(VALUE)).doesNotContain("1815", "Ada");
    }

    private static String read(String token, @Nullable String context) {
        return READER.detokenize(token, context);
    }

    /** One type, one message, no cause: nobody learns from it what was wrong. */
    private static void assertRefused(String token, @Nullable String context) {
        assertThatThrownBy(() -> read(token, context))
                .isExactlyInstanceOf(DecryptionException.class)
                .hasMessage(new DecryptionException().getMessage())
                .hasNoCause()
                .hasNoSuppressedExceptions();
    }

    /** RFC 5297, 2.4 and 2.6, for one string of associated data. */
    private static byte[] siv(byte[] key, byte[] associated, byte[] plaintext) {
        byte[] macKey = Arrays.copyOf(key, key.length / 2);
        byte[] d = xor(doubled(cmac(macKey, new byte[16])), cmac(macKey, associated));
        byte[] t;
        if (plaintext.length >= 16) {
            t = plaintext.clone();
            for (int i = 0; i < 16; i++) {
                t[t.length - 16 + i] ^= d[i];
            }
        } else {
            byte[] padded = Arrays.copyOf(plaintext, 16);
            padded[plaintext.length] = (byte) 0x80;
            t = xor(doubled(d), padded);
        }
        byte[] v = cmac(macKey, t);
        byte[] q = v.clone();
        q[8] &= 0x7f;
        q[12] &= 0x7f;
        StreamCipher ctr = (StreamCipher) SICBlockCipher.newInstance(AESEngine.newInstance());
        byte[] ctrKey = Arrays.copyOfRange(key, key.length / 2, key.length);
        ((BlockCipher) ctr).init(true, new ParametersWithIV(new KeyParameter(ctrKey), q));
        byte[] sealed = Arrays.copyOf(v, 16 + plaintext.length);
        ctr.processBytes(plaintext, 0, plaintext.length, sealed, 16);
        return sealed;
    }

    private static byte[] cmac(byte[] key, byte[] data) {
        CMac mac = new CMac(AESEngine.newInstance());
        mac.init(new KeyParameter(key));
        mac.update(data, 0, data.length);
        byte[] tag = new byte[16];
        mac.doFinal(tag, 0);
        return tag;
    }

    private static byte[] doubled(byte[] block) {
        byte[] doubled = new byte[16];
        for (int i = 0; i < 16; i++) {
            int next = i < 15 ? (block[i + 1] & 0xff) >>> 7 : 0;
            doubled[i] = (byte) (block[i] << 1 | next);
        }
        if (block[0] < 0) {
            doubled[15] ^= (byte) 0x87;
        }
        return doubled;
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] xor = a.clone();
        for (int i = 0; i < xor.length; i++) {
            xor[i] ^= b[i];
        }
        return xor;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
