// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Boundary;
import dev.signet.core.internal.Keys;
import java.text.Normalizer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A keyed index by which encrypted or tokenized values are found again: {@link #index} is stored in a column beside the
 * value, and a search asks for rows with one of the {@link #candidates}.
 *
 * <p>While keys rotate, rows hold indexes of several versions, and there is one candidate for each. Compare both columns,
 * {@link Token#version()} and {@link Token#text()}, or the one of {@link Token#prefixed()}.
 *
 * <p><b>Security properties.</b> Indexes are HMAC-SHA256 under a key of their own for each domain, normalization and
 * length, so they cannot be computed without it, nor linked with those of another domain or with one-way tokens. Equal
 * values have equal indexes: how often each occurs is visible to all who see the column. {@link Builder#truncate} blurs
 * that.
 *
 * <p>Immutable and thread-safe.
 */
public final class BlindIndex {
    /**
     * Which spellings of a value are the same to a search. Unicode normalization is that of the running JDK: it is stable
     * for all characters that this JDK knows.
     */
    public enum Normalization {
        /** None: each char counts. */
        EXACT("exact"),
        /** Canonically equivalent texts are the same (NFC): é as one character, and e with an accent. */
        NFC("nfc"),
        /** Compatible texts are the same (NFKC), in upper or lower case, with or without space around them. */
        CASELESS("caseless"),
        /** Only decimal digits count, of any script: for phone, card and account numbers. */
        DIGITS_ONLY("digits");

        /** Part of the key's derivation, so it never changes. */
        private final String label;

        Normalization(String label) {
            this.label = label;
        }

        String apply(String value) {
            return switch (this) {
                case EXACT -> value;
                case NFC -> Normalizer.normalize(value, Normalizer.Form.NFC);
                case CASELESS -> caseless(value);
                case DIGITS_ONLY -> digits(value);
            };
        }

        /**
         * By upper case, since ß and SS, or the two small sigmas, meet only there; and by lower case before it, since the capital
         * ẞ, which is upper case already, becomes ß only so.
         */
        private static String caseless(String value) {
            String compatible = Normalizer.normalize(value, Normalizer.Form.NFKC);
            String folded =
                    compatible.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
            return Normalizer.normalize(folded, Normalizer.Form.NFKC).strip();
        }

        private static String digits(String value) {
            StringBuilder digits = new StringBuilder();
            value.codePoints()
                    .map(point -> Character.digit(point, 10))
                    .filter(digit -> digit >= 0)
                    .forEach(digits::append);
            return digits.toString();
        }
    }

    private static final int MAX_BITS = 256;
    /** With fewer, a search would bring more wrong rows than most tables have right ones. */
    private static final int MIN_BITS = 16;

    private final List<Version> versions;
    private final Version primary;
    private final TokenDomain domain;
    private final Normalization normalization;
    private final int bits;
    private final InstantSource clock;

    private record Version(TokenizationKey key, KeyedHash hash) {}

    private BlindIndex(Builder builder) {
        domain = builder.domain;
        normalization = builder.normalization;
        bits = builder.bits;
        clock = builder.clock;
        byte[] info = domain.info("blind-index/" + normalization.label + "/" + bits);
        List<Version> live = new ArrayList<>();
        for (TokenizationKey key : builder.keys.keys()) {
            if (key.status() != KeyStatus.DISABLED) {
                Version version = new Version(key, new KeyedHash(key, info, builder.policy.providers()));
                boolean first = key.id().equals(builder.keys.primary().id());
                live.add(first ? 0 : live.size(), version);
            }
        }
        versions = List.copyOf(live);
        primary = versions.get(0);
    }

    /** An index of all 256 bits, by the recommended policy and the system's clock. */
    public static BlindIndex of(Keyset<TokenizationKey> keys, TokenDomain domain, Normalization normalization) {
        return builder(keys, domain, normalization).build();
    }

    /** Starts an index. */
    public static Builder builder(Keyset<TokenizationKey> keys, TokenDomain domain, Normalization normalization) {
        return new Builder(keys, domain, normalization);
    }

    /**
     * What is stored for a value, by the primary key.
     *
     * @throws InvalidMessageException if nothing is left of the value once it is normalized
     * @throws VerificationException if the primary key is not valid now
     */
    public Token index(String value) {
        Keys.requireUsable(primary.key, Boundary.ask("clock", clock::instant));
        return token(primary, normalized(value));
    }

    /**
     * What a search for a value looks for: one index for each key that is neither disabled nor outside its validity, the
     * primary one first.
     *
     * @throws InvalidMessageException if nothing is left of the value once it is normalized
     * @throws VerificationException if no key is valid now
     */
    public List<Token> candidates(String value) {
        String normalized = normalized(value);
        Instant now = Boundary.ask("clock", clock::instant);
        List<Token> candidates = versions.stream()
                .filter(version -> isValid(version.key, now))
                .map(version -> token(version, normalized))
                .toList();
        if (candidates.isEmpty()) {
            throw new VerificationException(Reason.KEY_NOT_VALID_NOW);
        }
        return candidates;
    }

    /** The id of the key that makes new indexes. */
    public String version() {
        return primary.key.id();
    }

    /** The domain. */
    public TokenDomain domain() {
        return domain;
    }

    @Override
    public String toString() {
        return "BlindIndex[" + domain + ", " + normalization + ", " + bits + " bits, version=" + version() + "]";
    }

    private String normalized(String value) {
        String normalized = normalization.apply(value);
        if (normalized.isEmpty()) {
            // All such values would be found together.
            throw InvalidMessageException.malformed("blind index: nothing is left of the value once it is normalized");
        }
        return normalized;
    }

    private Token token(Version version, String normalized) {
        byte[] index = Arrays.copyOf(version.hash.of(null, normalized), (bits + 7) / 8);
        int spare = 8 * index.length - bits;
        index[index.length - 1] &= (byte) (0xff << spare);
        return Token.of(Base64.getUrlEncoder().withoutPadding().encodeToString(index), version.key.id());
    }

    private static boolean isValid(TokenizationKey key, Instant now) {
        return key.notBefore().filter(now::isBefore).isEmpty()
                && key.notAfter().filter(end -> !now.isBefore(end)).isEmpty();
    }

    /** Collects what an index needs. */
    public static final class Builder {
        private final Keyset<TokenizationKey> keys;
        private final TokenDomain domain;
        private final Normalization normalization;
        private int bits = MAX_BITS;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private InstantSource clock = InstantSource.system();

        private Builder(Keyset<TokenizationKey> keys, TokenDomain domain, Normalization normalization) {
            this.keys = keys;
            this.domain = domain;
            this.normalization = normalization;
        }

        /**
         * Keeps only this many bits of each index. With few, different values share an index: a search brings wrong rows,
         * which are told apart once decrypted, and the column tells less about how often each value occurs. Among
         * <i>n</i> values about <i>n</i>/2<sup>bits</sup> share the index of another one that is searched for.
         *
         * @param newBits from 16 to 256
         */
        public Builder truncate(int newBits) {
            if (newBits < MIN_BITS || newBits > MAX_BITS) {
                throw new IllegalArgumentException("an index has " + MIN_BITS + " to " + MAX_BITS + " bits");
            }
            bits = newBits;
            return this;
        }

        /** Whose cryptography is used. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** The clock by which the validity of keys is judged. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** The index. */
        public BlindIndex build() {
            return new BlindIndex(this);
        }
    }
}
