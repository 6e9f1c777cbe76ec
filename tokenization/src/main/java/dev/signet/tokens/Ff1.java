// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * FF1, the format-preserving encryption of NIST SP 800-38G, over strings of symbols: the low-level entry. {@link
 * Tokenizer} adds formats, domains, versions and checks, and is what most programs want.
 *
 * <pre>{@code
 * Ff1 ff1 = Ff1.of(key, Alphabet.DIGITS);
 * byte[] tweak = "card-number".getBytes(StandardCharsets.UTF_8); // public: what is known beside the value
 * String encrypted = ff1.encrypt("4111111111111111", tweak); // sixteen digits again
 * String value = ff1.decrypt(encrypted, tweak);
 * }</pre>
 *
 * <p>A key is one of AES with 128, 192 or 256 bits, a symbol an integer from 0 to radix - 1 or a code point of an {@link
 * Alphabet}, a value a string of at most {@value #MAX_LENGTH} symbols, and a tweak any number of public bytes. The result
 * has as many symbols as the value.
 *
 * <p><b>Security properties.</b> Deterministic, and without integrity: whatever is decrypted gives some value. A length
 * for which fewer than 1,000,000 values exist is refused (SP 800-38G Rev. 1, second draft, 4.3). Tweaks should differ by
 * what is known beside the value. The arithmetic of long values is that of {@link BigInteger}, whose time depends on them.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class Ff1 {
    /** The most symbols of a value. */
    public static final int MAX_LENGTH = 4096;

    /** The fewest values that a length must have (SP 800-38G Rev. 1, second draft). */
    static final int MIN_DOMAIN = 1_000_000;

    /** The fewest under {@link #allowSmallDomains} (SP 800-38G, 5.2). */
    static final int MIN_LEGACY_DOMAIN = 100;

    private static final int MIN_RADIX = 2;
    private static final int MAX_RADIX = 65_536;

    private final Ff1Core core;
    private final Numerals numerals;
    private final @Nullable Alphabet alphabet;
    private final int minLength;

    /** The state after the last tweak of a length: callers with one tweak pay for its blocks once. */
    private volatile @Nullable Absorbed recent;

    private record Absorbed(Ff1Plan plan, byte[] tweak, long high, long low) {}

    private Ff1(Ff1Core core, @Nullable Alphabet alphabet, int minDomain) {
        this.core = core;
        this.alphabet = alphabet;
        numerals = new Numerals(core.radix);
        minLength = minLength(core.radix, minDomain);
    }

    /**
     * FF1 over the symbols 0 to radix - 1.
     *
     * @param key 16, 24 or 32 bytes
     * @param radix from 2 to 65536
     * @throws IllegalArgumentException if key or radix have another size
     */
    public static Ff1 of(SecretBytes key, int radix) {
        return of(key, radix, SecurityPolicy.recommended2026());
    }

    /** As {@link #of(SecretBytes, int)} does, with AES of a policy's providers. */
    public static Ff1 of(SecretBytes key, int radix, SecurityPolicy policy) {
        if (radix < MIN_RADIX || radix > MAX_RADIX) {
            throw new IllegalArgumentException("a radix is from 2 to 65536, not " + radix);
        }
        return new Ff1(new Ff1Core(key, radix, policy.providers()), null, MIN_DOMAIN);
    }

    /**
     * FF1 over the symbols of an alphabet, and so over strings.
     *
     * @param key 16, 24 or 32 bytes
     * @throws IllegalArgumentException if the key has another size
     */
    public static Ff1 of(SecretBytes key, Alphabet alphabet) {
        return of(key, alphabet, SecurityPolicy.recommended2026());
    }

    /** As {@link #of(SecretBytes, Alphabet)} does, with AES of a policy's providers. */
    public static Ff1 of(SecretBytes key, Alphabet alphabet, SecurityPolicy policy) {
        return new Ff1(new Ff1Core(key, alphabet.radix(), policy.providers()), alphabet, MIN_DOMAIN);
    }

    /** The same for lengths with 100 values and more, for data of old: of so few, all can be tried. */
    public Ff1 allowSmallDomains() {
        return new Ff1(core, alphabet, MIN_LEGACY_DOMAIN);
    }

    /**
     * Encrypts symbols (Algorithm 7).
     *
     * @throws InvalidMessageException if there are too few or too many symbols, or one is none of the radix
     */
    public int[] encrypt(int[] symbols, byte[] tweak) {
        return run(symbols, tweak, true);
    }

    /**
     * Decrypts symbols (Algorithm 8).
     *
     * @throws InvalidMessageException if there are too few or too many symbols, or one is none of the radix
     */
    public int[] decrypt(int[] symbols, byte[] tweak) {
        return run(symbols, tweak, false);
    }

    /**
     * Encrypts a text.
     *
     * @throws InvalidMessageException if it is too short or too long, or has a symbol outside the alphabet
     * @throws IllegalStateException if this has no alphabet
     */
    public String encrypt(String text, byte[] tweak) {
        return run(text, tweak, true);
    }

    /**
     * Decrypts a text.
     *
     * @throws InvalidMessageException if it is too short or too long, or has a symbol outside the alphabet
     * @throws IllegalStateException if this has no alphabet
     */
    public String decrypt(String text, byte[] tweak) {
        return run(text, tweak, false);
    }

    @Override
    public String toString() {
        return "Ff1[radix=" + core.radix + (minLength < minLength(core.radix, MIN_DOMAIN) ? ", allowSmallDomains" : "")
                + "]";
    }

    /** The fewest symbols for which so many values exist. */
    static int minLength(int radix, int minDomain) {
        int length = 2;
        for (long values = (long) radix * radix; values < minDomain; values *= radix) {
            length++;
        }
        return length;
    }

    private String run(String text, byte[] tweak, boolean encrypt) {
        if (alphabet == null) {
            throw new IllegalStateException("without an alphabet there are no strings: Ff1.of(key, alphabet)");
        }
        int[] symbols = text.codePoints().toArray();
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = alphabet.indexOf(symbols[i]);
        }
        int[] result = run(symbols, tweak, encrypt);
        for (int i = 0; i < result.length; i++) {
            result[i] = alphabet.symbol(result[i]);
        }
        return new String(result, 0, result.length);
    }

    private int[] run(int[] symbols, byte[] tweak, boolean encrypt) {
        check(symbols);
        int n = symbols.length;
        Ff1Plan plan = core.plan(n);
        int[] result = new int[n];
        Aes.Worker worker = core.aes.borrow();
        Work work = worker.lane(0);
        absorb(worker, work, plan, tweak);
        if (plan.isLong) {
            work.a = numerals.toLong(symbols, 0, plan.u);
            work.b = numerals.toLong(symbols, plan.u, n);
            Ff1Core.rounds(worker, work, plan, 0, encrypt);
            numerals.fromLong(work.a, result, 0, plan.u);
            numerals.fromLong(work.b, result, plan.u, n);
        } else {
            work.bigA = numerals.toBig(symbols, 0, plan.u);
            work.bigB = numerals.toBig(symbols, plan.u, n);
            Ff1Core.rounds(worker, work, plan, tweak.length % Aes.BLOCK, encrypt);
            numerals.fromBig(Objects.requireNonNull(work.bigA), result, 0, plan.u);
            numerals.fromBig(Objects.requireNonNull(work.bigB), result, plan.u, n);
        }
        work.clear();
        core.aes.giveBack(worker);
        return result;
    }

    private void absorb(Aes.Worker worker, Work work, Ff1Plan plan, byte[] tweak) {
        Absorbed known = recent;
        if (known != null && known.plan == plan && MessageDigest.isEqual(known.tweak, tweak)) {
            work.stateHigh = known.high;
            work.stateLow = known.low;
            return;
        }
        Ff1Core.start(worker, work, plan, tweak.length);
        Ff1Core.absorb(worker, work, tweak, tweak.length, plan.isLong ? plan.room() : Aes.BLOCK - 1);
        recent = new Absorbed(plan, tweak.clone(), work.stateHigh, work.stateLow);
    }

    private void check(int[] symbols) {
        if (symbols.length < minLength || symbols.length > MAX_LENGTH) {
            throw InvalidMessageException.malformed("FF1 with radix " + core.radix + " takes " + minLength + " to "
                    + MAX_LENGTH + " symbols, not " + symbols.length);
        }
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] < 0 || symbols[i] >= core.radix) {
                throw InvalidMessageException.malformed("position " + (i + 1) + ": not a symbol of the alphabet");
            }
        }
    }
}
