// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.tokens.BlindIndex.Normalization;
import dev.signet.tokens.TokenFormat.EmailDomain;
import dev.signet.tokens.TokenFormat.Kept;
import dev.signet.tokens.TokenFormat.Luhn;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tokens made by nothing but what docs/decisions/0014-tokens.md says, with the JDK and the textbook's FF1: stored tokens can
 * be read by others, and by later versions of this library.
 */
class TokenEncodingTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String[] NAMES = {"customer", "acme", "", "lab-a"};
    private static final TokenDomain DOMAIN =
            TokenDomain.of("customer").withTenant("acme").withRecipient("lab-a");

    @ParameterizedTest
    @CsvSource({
        // 16 digits without the last four and the one before them
        "LAST_FOUR, VALID, 4111-1111 11111111, 41111111111, 1111",
        "LAST_FOUR, INVALID, 4111111111111111, 41111111111, 1111",
        "NOTHING, VALID, 5555555555554444, 555555555555444, ''",
        "BIN_AND_LAST_FOUR, UNCHECKED, 4111111234561111, 123456, 4111111111",
    })
    void paymentCard_byHand_isTheSame(Kept kept, Luhn luhn, String card, String replaced, String stays) {
        String token = token(TokenFormat.paymentCard(kept, luhn), card).replaceAll("[ -]", "");
        int from = kept == Kept.BIN_AND_LAST_FOUR ? 6 : 0;
        assertThat(token.substring(from, from + replaced.length())).isEqualTo(digits(replaced, stays, null));
        int check = from + replaced.length();
        if (luhn == Luhn.INVALID) {
            char right = (char) ('0' + (token.charAt(check) - '0' + 5) % 10);
            token = token.substring(0, check) + right + token.substring(check + 1);
        }
        assertThat(luhn == Luhn.UNCHECKED || Checks.passesLuhn(token)).isTrue();
    }

    @Test
    void context_byHand_isTheSame() {
        String token = Tokenizer.builder(TestTokens.KEYS, DOMAIN)
                .formatPreserving(TokenFormat.digits())
                .tokenize("123456789012", TokenContext.of("Zoë 4711"))
                .text();
        assertThat(token).isEqualTo(digits("123456789012", "", "Zoë 4711"));
    }

    @Test
    void phone_byHand_isTheSame() {
        assertThat(token(TokenFormat.phone(), "+49 30-123456789"))
                .isEqualTo("+49 " + insert(digits("30123456789", "49", null), 2, "-"));
    }

    @ParameterizedTest
    @CsvSource({
        "KEPT, Ada.M+x@Example.com, AdaMx, .+@example.com",
        "REPLACED, Ada.M+x@my-mail.Example.com, AdaMxmymailExample, .+@-..com",
    })
    void email_byHand_isTheSame(EmailDomain domain, String address, String replaced, String stays) {
        String alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        int[] made = ff1(62).encrypt(replaced.chars().map(alphabet::indexOf).toArray(), tweak(utf8(stays), null));
        StringBuilder expected = new StringBuilder(address);
        int next = 0;
        int end = domain == EmailDomain.KEPT ? address.indexOf('@') : address.lastIndexOf('.');
        for (int i = 0; i < end; i++) {
            if (alphabet.indexOf(address.charAt(i)) >= 0) {
                expected.setCharAt(i, alphabet.charAt(made[next++]));
            }
        }
        assertThat(token(TokenFormat.email(domain), address)).isEqualTo(expected.toString());
    }

    @Test
    void iban_byHand_isTheSame() {
        String iban = Checks.iban("GB", "WEST12345698765432");
        byte[] stays = {'G', 'B', 'W', 4, 'E', 5, 'S', 6, 'T', 7};
        String national = "WEST" + text(ff1(10).encrypt(symbols("12345698765432"), tweak(stays, null)));
        assertThat(token(TokenFormat.iban(), iban)).isEqualTo(Checks.iban("GB", national));
    }

    @Test
    void uuid_byHand_isTheSame() {
        String uuid = "0198c1b2-7d3e-4f5a-9b6c-0123456789ab";
        BigInteger bits = new BigInteger(uuid.replace("-", ""), 16);
        String binary = String.format("%128s", bits.toString(2)).replace(' ', '0');
        // 4 bits of the version, and 2 of the variant
        String free = binary.substring(0, 48) + binary.substring(52, 64) + binary.substring(66);
        String made = text(ff1(2).encrypt(symbols(free), tweak(utf8("4"), null)));
        String all = made.substring(0, 48) + "0100" + made.substring(48, 60) + "10" + made.substring(60);
        String hex = String.format("%32s", new BigInteger(all, 2).toString(16)).replace(' ', '0');
        assertThat(token(TokenFormat.uuid(), uuid).replace("-", "")).isEqualTo(hex);
    }

    @Test
    void date_byHand_isTheSame() {
        LocalDate first = LocalDate.of(1, 1, 1);
        LocalDate last = LocalDate.of(3000, 12, 31);
        long size = last.toEpochDay() - first.toEpochDay() + 1;
        int bits = Long.toBinaryString(size - 1).length();
        for (int day = 0; day < 40; day++) {
            LocalDate date = LocalDate.of(2026, 11, 26).plusDays(day);
            String rank = String.format("%" + bits + "s", Long.toBinaryString(date.toEpochDay() - first.toEpochDay()))
                    .replace(' ', '0');
            do {
                rank = text(ff1(2).encrypt(symbols(rank), tweak(new byte[0], null)));
            } while (Long.parseLong(rank, 2) >= size);
            assertThat(token(TokenFormat.date(first, last), date.toString()))
                    .isEqualTo(first.plusDays(Long.parseLong(rank, 2)).toString());
        }
    }

    @Test
    void ssn_byHand_isTheSame() {
        for (int serial = 1; serial < 40; serial++) {
            String ssn = String.format("12345%04d", serial);
            String made = ssn;
            do {
                made = digits(made, "", null);
            } while (!made.matches("(?!000|666|9)\\d{3}(?!00)\\d{2}(?!0000)\\d{4}"));
            assertThat(token(TokenFormat.ssn(), ssn)).isEqualTo(made);
        }
    }

    @Test
    void texts_byHand_areTheSame() {
        assertThat(token(TokenFormat.template("AC-?{2}-#{7}%", Alphabet.DIGITS), "AC-17-12345675"))
                .startsWith("AC-17-" + digits("1234567", "17", null));
        TokenFormat text = TokenFormat.builder(Alphabet.DIGITS)
                .keepHead(2)
                .keepTail(1)
                .keepOthers()
                .build();
        assertThat(token(text, "12é345678/9")).isEqualTo("12é" + digits("345678", "é/129", null) + "/9");
    }

    @Test
    void dateShift_byHand_isTheSame() {
        byte[] person = utf8("patient 17");
        ByteBuffer input = ByteBuffer.allocate(5 + person.length);
        input.put((byte) 1).putInt(person.length).put(person);
        int days = new BigInteger(1, hmac(derive("date-shift", 32), input.array()))
                        .mod(BigInteger.valueOf(730))
                        .intValue()
                - 365;
        days = days >= 0 ? days + 1 : days;
        assertThat(Tokenizer.builder(TestTokens.KEYS, DOMAIN)
                        .dateShift(365)
                        .tokenize("2026-11-26", TokenContext.of("patient 17"))
                        .text())
                .isEqualTo(LocalDate.of(2026, 11, 26).plusDays(days).toString());
    }

    @Test
    void blindIndex_byHand_isTheSame() {
        byte[] input =
                ByteBuffer.allocate(8).putInt(0).put((byte) 0).put(utf8("abc")).array();
        byte[] whole = hmac(derive("blind-index/caseless/64", 32), input);
        assertThat(BlindIndex.builder(TestTokens.KEYS, DOMAIN, Normalization.CASELESS)
                        .truncate(64)
                        .build()
                        .index(" ABC")
                        .text())
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, 8)));
    }

    @Test
    void logKey_byHand_isTheSame() {
        assertThat(RevealLog.deriveKey(TestTokens.KEY).dangerousToByteArray())
                .isEqualTo(hkdf(utf8("signet reveal log 1"), 32));
    }

    /** Tokens of the same people in two domains agree no more often than by chance. */
    @Test
    void formatPreserving_sameValuesInTwoDomains_cannotBeLinked() {
        Tokenizer here = Tokenizer.builder(TestTokens.KEYS, DOMAIN).formatPreserving(TokenFormat.ssn());
        Tokenizer there = Tokenizer.builder(TestTokens.KEYS, DOMAIN.withRecipient("lab-b"))
                .formatPreserving(TokenFormat.ssn());
        int same = 0;
        int[] differences = new int[10];
        for (int i = 0; i < 100_000; i++) {
            String value = String.format("%03d%02d%04d", 1 + i % 600, 1 + i / 600 % 99, 1 + i % 9999);
            String first = here.tokenize(value).text();
            String second = there.tokenize(value).text();
            same += first.equals(second) ? 1 : 0;
            differences[(10 + first.charAt(8) - second.charAt(8)) % 10]++;
        }
        assertThat(same).isLessThanOrEqualTo(1);
        // 10,000 each, with a standard deviation of 95.
        assertThat(differences)
                .as("differences of the last digits")
                .matches(counts -> Arrays.stream(counts).allMatch(count -> count > 9_400 && count < 10_600));
    }

    private static String token(TokenFormat format, String value) {
        return Tokenizer.builder(TestTokens.KEYS, DOMAIN)
                .formatPreserving(format)
                .tokenize(value)
                .text();
    }

    private static String digits(String value, String stays, String context) {
        return text(ff1(10).encrypt(symbols(value), tweak(utf8(stays), context)));
    }

    private static TextbookFf1 ff1(int radix) {
        return new TextbookFf1(derive("ff1", 32), radix);
    }

    private static byte[] tweak(byte[] stays, String context) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(derive("ff1 tweak", 16));
        out.writeBytes(stays);
        if (context == null) {
            out.write(0);
        } else {
            out.writeBytes(utf8(context));
            out.write(utf8(context).length >>> 8);
            out.write(utf8(context).length);
            out.write(1);
        }
        return out.toByteArray();
    }

    private static byte[] derive(String use, int length) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        for (String part : new String[] {"signet tokenization 1", use, NAMES[0], NAMES[1], NAMES[2], NAMES[3]}) {
            info.write(part.length() >>> 8);
            info.write(part.length());
            info.writeBytes(utf8(part));
        }
        return hkdf(info.toByteArray(), length);
    }

    /** RFC 5869, 2.2 and 2.3, for one block at the most. */
    private static byte[] hkdf(byte[] info, int length) {
        byte[] first = Arrays.copyOf(info, info.length + 1);
        first[info.length] = 1;
        return Arrays.copyOf(hmac(hmac(new byte[32], SECRET), first), length);
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int[] symbols(String digits) {
        return digits.chars().map(c -> c - '0').toArray();
    }

    private static String text(int[] symbols) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(symbols).forEach(text::append);
        return text.toString();
    }

    private static String insert(String text, int at, String part) {
        return text.substring(0, at) + part + text.substring(at);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
