// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import com.privacylogistics.FF3Cipher;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Alphabet;
import dev.signet.tokens.ByteColumn;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import dev.signet.tokens.Ff1;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.TokenFormat;
import dev.signet.tokens.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.fpe.FPEFF1Engine;
import org.bouncycastle.crypto.params.FPEParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Tokens of 16 decimal digits with AES-256, a value each; columns have 1,024 rows and are counted by row. Rivals get key and
 * tweak once: Bouncy Castle's engine and ubiq's FF1 the same digits, mysto's FF3-1, which has eight rounds, the same too.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class TokenizationBenchmark {
    private static final int ROWS = 1024;
    private static final int DIGITS = 16;

    private String card;
    private List<String> cards;
    private List<String> others;
    private ByteColumn bytes;
    private ByteColumn otherBytes;
    private Tokenizer cardTokenizer;
    private Tokenizer digitTokenizer;
    private Ff1 ff1;
    private byte[] tweak;
    private FPEFF1Engine bouncyCastle;
    private byte[] symbols;
    private byte[] encrypted;
    private ubiqsecurity.fpe.FF1 ubiq;
    private FF3Cipher mysto;

    /** Each thread writes to an array of its own. */
    @NullUnmarked
    @State(Scope.Thread)
    public static class Target {
        private final byte[] bytes = new byte[ROWS * DIGITS];
    }

    /** Makes keys, values and everything that is made once. */
    @Setup
    public void setUp() throws Exception {
        cards = new ArrayList<>();
        others = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            cards.add(withCheckDigit(String.valueOf(411_111_000_000_000L + i * 7_919_777L)));
            others.add(String.valueOf(4_111_110_000_000_000L + i * 79_197_771L));
        }
        card = cards.get(0);
        bytes = ByteColumn.fixedWidth(String.join("", cards).getBytes(StandardCharsets.US_ASCII), DIGITS);
        otherBytes = ByteColumn.fixedWidth(String.join("", others).getBytes(StandardCharsets.US_ASCII), DIGITS);

        Tokenizer.Builder builder =
                Tokenizer.builder(Keyset.of(TokenizationKey.generate()), TokenDomain.of("card-number"));
        cardTokenizer = builder.formatPreserving(TokenFormat.paymentCard());
        digitTokenizer = builder.formatPreserving(TokenFormat.digits());

        byte[] key = SecretBytes.random(32).dangerousToByteArray();
        tweak = "card-numbers-1".getBytes(StandardCharsets.US_ASCII);
        ff1 = Ff1.of(SecretBytes.copyOf(key), Alphabet.DIGITS);
        bouncyCastle = new FPEFF1Engine();
        bouncyCastle.init(true, new FPEParameters(new KeyParameter(key), 10, tweak));
        symbols = new byte[DIGITS];
        for (int i = 0; i < DIGITS; i++) {
            symbols[i] = (byte) (card.charAt(i) - '0');
        }
        encrypted = new byte[DIGITS];
        ubiq = new ubiqsecurity.fpe.FF1(key, tweak, 0, 64, 10);
        mysto = new FF3Cipher(key, new byte[] {1, 2, 3, 4, 5, 6, 7});
    }

    /** A card number, of which the last four digits stay. */
    @Benchmark
    public Token oneCard() {
        return cardTokenizer.tokenize(card);
    }

    /** All 16 digits. */
    @Benchmark
    public Token oneOfDigits() {
        return digitTokenizer.tokenize(card);
    }

    /** The low-level entry. */
    @Benchmark
    public String oneByFf1() {
        return ff1.encrypt(card, tweak);
    }

    /** The same digits by Bouncy Castle, from an array to another. */
    @Benchmark
    public byte[] oneByBouncyCastle() {
        bouncyCastle.processBlock(symbols, 0, DIGITS, encrypted, 0);
        return encrypted;
    }

    /** The same digits by ubiq. */
    @Benchmark
    public String oneByUbiq() {
        return ubiq.encrypt(card);
    }

    /** The same digits by mysto's FF3-1. */
    @Benchmark
    public String oneByMysto() throws Exception {
        return mysto.encrypt(card);
    }

    /** A column of card numbers. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public ColumnResult columnOfCards() {
        return cardTokenizer.tokenizeAll(cards);
    }

    /** A column of 16 digits. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public ColumnResult columnOfDigits() {
        return digitTokenizer.tokenizeAll(others);
    }

    /** A column of card numbers in bytes. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Map<Integer, ?> byteColumnOfCards(Target target) {
        return cardTokenizer.tokenizeAll(bytes, target.bytes, ColumnOptions.defaults());
    }

    /** A column of 16 digits in bytes. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Map<Integer, ?> byteColumnOfDigits(Target target) {
        return digitTokenizer.tokenizeAll(otherBytes, target.bytes, ColumnOptions.defaults());
    }

    private static String withCheckDigit(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = 2 * digit;
            sum += i % 2 == 1 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return digits + (10 - sum % 10) % 10;
    }
}
