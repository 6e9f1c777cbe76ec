// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.http.SfValue.SfBytes;
import dev.signet.http.SfValue.SfInteger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Digests of a message's content or of a representation: the value of the Content-Digest and Repr-Digest fields (RFC 9530).
 *
 * <pre>{@code
 * ContentDigest digest = ContentDigest.of(DigestAlgorithm.SHA_256, body);
 * String field = digest.fieldValue(); // sha-256=:…:
 *
 * ContentDigest received = ContentDigest.parse(List.of(field));
 * received.verify(body); // or a VerificationException
 * }</pre>
 *
 * <p><b>Security properties.</b> Only SHA-256 and SHA-512 count; a value with neither is refused. Every recognised digest
 * must match, in constant time. A digest proves integrity only if a signature covers its field: {@link HttpVerifier} sees to
 * that.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class ContentDigest {
    private static final int BUFFER = 8192;

    private final Map<DigestAlgorithm, byte[]> digests;
    private final Digester digester;

    private ContentDigest(Map<DigestAlgorithm, byte[]> digests, Digester digester) {
        this.digests = digests;
        this.digester = digester;
    }

    /** The digest of bytes by {@link SecurityPolicy#recommended2026()}. */
    public static ContentDigest of(DigestAlgorithm algorithm, byte[] content) {
        return of(algorithm, content, SecurityPolicy.recommended2026());
    }

    /** The digest of bytes, computed by a policy's providers. */
    public static ContentDigest of(DigestAlgorithm algorithm, byte[] content, SecurityPolicy policy) {
        return of(algorithm, content, Digester.of(policy.providers()));
    }

    static ContentDigest of(DigestAlgorithm algorithm, byte[] content, Digester digester) {
        Map<DigestAlgorithm, byte[]> digests = new EnumMap<>(DigestAlgorithm.class);
        digests.put(algorithm, digester.digest(algorithm, content));
        return new ContentDigest(digests, digester);
    }

    /**
     * The digest of a stream, which is read to its end in constant memory and left open.
     *
     * @param maxBytes after which reading stops
     * @throws InvalidMessageException if the stream is longer
     */
    public static ContentDigest of(DigestAlgorithm algorithm, InputStream content, long maxBytes) throws IOException {
        return of(algorithm, content, maxBytes, Digester.automatic());
    }

    /**
     * The digest of a stream, computed by a policy's providers; the stream is read to its end in constant memory and left open.
     *
     * @throws InvalidMessageException if the stream is longer than the policy's {@link Limits#maxBodyBytes}
     */
    public static ContentDigest of(DigestAlgorithm algorithm, InputStream content, SecurityPolicy policy)
            throws IOException {
        return of(algorithm, content, policy.limits().maxBodyBytes(), Digester.of(policy.providers()));
    }

    private static ContentDigest of(DigestAlgorithm algorithm, InputStream content, long maxBytes, Digester digester)
            throws IOException {
        Computation computation = new Computation(Set.of(algorithm), maxBytes, digester);
        computation.readAll(content);
        return computation.digest();
    }

    /**
     * Reads a digest field within the limits of {@link SecurityPolicy#recommended2026()}.
     *
     * @throws InvalidMessageException if it is no dictionary of byte sequences, a key comes twice, or a digest has not the
     *     length of its algorithm
     * @throws VerificationException with {@link Reason#DIGEST_NOT_SUPPORTED} if it has no digest that counts
     */
    public static ContentDigest parse(List<String> fieldLines) {
        return parse(fieldLines, SecurityPolicy.recommended2026());
    }

    /**
     * Reads a digest field within a policy's limits; {@link #verify} then computes by its providers.
     *
     * @throws InvalidMessageException if it is no dictionary of byte sequences, a key comes twice, or a digest has not the
     *     length of its algorithm
     * @throws VerificationException with {@link Reason#DIGEST_NOT_SUPPORTED} if it has no digest that counts
     */
    public static ContentDigest parse(List<String> fieldLines, SecurityPolicy policy) {
        return parse("content-digest", fieldLines, policy.limits(), Digester.of(policy.providers()));
    }

    static ContentDigest parse(String field, List<String> lines, Limits limits, Digester digester) {
        SfDictionary dictionary;
        try {
            dictionary = StructuredFields.parseDictionary(
                    lines, new SfLimits(limits.maxFieldBytes(), limits.maxComponents()));
        } catch (SfException e) {
            throw FieldValues.invalid(field, e);
        }
        if (dictionary.hasDuplicates()) {
            throw InvalidMessageException.malformed("field " + field + ": an algorithm comes twice");
        }
        Map<DigestAlgorithm, byte[]> digests = new EnumMap<>(DigestAlgorithm.class);
        for (int i = 0; i < dictionary.size(); i++) {
            DigestAlgorithm algorithm = DigestAlgorithm.ofKey(dictionary.key(i)).orElse(null);
            if (algorithm == null) {
                continue;
            }
            if (!(dictionary.value(i) instanceof SfItem item) || !(item.value() instanceof SfBytes value)) {
                throw InvalidMessageException.malformed("field " + field + ": a digest is a byte sequence");
            }
            if (value.shared().length != algorithm.length) {
                throw InvalidMessageException.malformed(
                        "field " + field + ": a digest has not the length of its algorithm");
            }
            digests.put(algorithm, value.shared());
        }
        if (digests.isEmpty()) {
            throw new VerificationException(Reason.DIGEST_NOT_SUPPORTED, "neither sha-256 nor sha-512 in " + field);
        }
        return new ContentDigest(digests, digester);
    }

    /** Reads a Want-Content-Digest or Want-Repr-Digest field: algorithms that count, most wanted first (RFC 9530, 4). */
    public static List<DigestAlgorithm> parseWanted(List<String> fieldLines) {
        return parseWanted(fieldLines, SecurityPolicy.recommended2026());
    }

    /** As {@link #parseWanted(List)} does, within a policy's limits. */
    public static List<DigestAlgorithm> parseWanted(List<String> fieldLines, SecurityPolicy policy) {
        Limits limits = policy.limits();
        SfDictionary dictionary;
        try {
            dictionary = StructuredFields.parseDictionary(
                    fieldLines, new SfLimits(limits.maxFieldBytes(), limits.maxComponents()));
        } catch (SfException e) {
            throw FieldValues.invalid("want-content-digest", e);
        }
        Map<DigestAlgorithm, Long> weights = new LinkedHashMap<>();
        for (int i = 0; i < dictionary.size(); i++) {
            boolean valid = dictionary.value(i) instanceof SfItem item
                    && item.value() instanceof SfInteger weight
                    && weight.value() >= 0
                    && weight.value() <= 10;
            if (!valid) {
                throw InvalidMessageException.malformed("a preference is a whole number from 0 to 10 (RFC 9530, 4)");
            }
            DigestAlgorithm algorithm = DigestAlgorithm.ofKey(dictionary.key(i)).orElse(null);
            if (algorithm != null) {
                weights.put(algorithm, ((SfInteger) ((SfItem) dictionary.value(i)).value()).value());
            }
        }
        List<DigestAlgorithm> wanted = new ArrayList<>(weights.keySet());
        // 0 means "not acceptable".
        wanted.removeIf(a -> weights.getOrDefault(a, 0L) == 0);
        wanted.sort((a, b) -> Long.compare(weights.getOrDefault(b, 0L), weights.getOrDefault(a, 0L)));
        return List.copyOf(wanted);
    }

    /** The value of a Want-Content-Digest or Want-Repr-Digest field, the first algorithm the most wanted. */
    public static String wanted(List<DigestAlgorithm> algorithms) {
        SfDictionary.Builder dictionary = SfDictionary.builder();
        int weight = 10;
        for (DigestAlgorithm algorithm : algorithms) {
            dictionary.put(algorithm.key(), new SfItem(new SfInteger(weight--)));
        }
        return SfSerializer.serialize(dictionary.build());
    }

    /**
     * Passes if every digest matches the content.
     *
     * @throws VerificationException with {@link Reason#DIGEST_MISMATCH}
     */
    public void verify(byte[] content) {
        for (Map.Entry<DigestAlgorithm, byte[]> entry : digests.entrySet()) {
            if (!MessageDigest.isEqual(entry.getValue(), digester.digest(entry.getKey(), content))) {
                throw new VerificationException(
                        Reason.DIGEST_MISMATCH, entry.getKey().key());
            }
        }
    }

    /** The algorithms that have a digest here. */
    public Set<DigestAlgorithm> algorithms() {
        return Set.copyOf(digests.keySet());
    }

    /** The value of a Content-Digest or Repr-Digest field. */
    public String fieldValue() {
        StringJoiner out = new StringJoiner(", ");
        digests.forEach(
                (algorithm, value) -> out.add(new String(fieldValue(algorithm, value), StandardCharsets.ISO_8859_1)));
        return out.toString();
    }

    static byte[] fieldValue(DigestAlgorithm algorithm, byte[] digest) {
        byte[] key = algorithm.fieldPrefix;
        byte[] out = new byte[key.length + (digest.length + 2) / 3 * 4 + 1];
        System.arraycopy(key, 0, out, 0, key.length);
        byte[] base64 = Base64.getEncoder().encode(digest);
        System.arraycopy(base64, 0, out, key.length, base64.length);
        out[out.length - 1] = ':';
        return out;
    }

    /** The algorithms; digests of short secrets could be guessed. */
    @Override
    public String toString() {
        return "ContentDigest" + digests.keySet();
    }

    /** Digests of bytes as they stream by, up to a hard cap. */
    static final class Computation {
        private final Map<DigestAlgorithm, MessageDigest> running = new EnumMap<>(DigestAlgorithm.class);
        private final Digester digester;
        private final long maxBytes;
        private long count;

        Computation(Set<DigestAlgorithm> algorithms, long maxBytes, Digester digester) {
            this.digester = digester;
            for (DigestAlgorithm algorithm : algorithms) {
                running.put(algorithm, digester.create(algorithm));
            }
            this.maxBytes = maxBytes;
        }

        void update(byte[] bytes, int offset, int length) {
            count += length;
            if (count > maxBytes) {
                throw InvalidMessageException.tooLarge("the body is longer than " + maxBytes + " bytes");
            }
            for (MessageDigest digest : running.values()) {
                digest.update(bytes, offset, length);
            }
        }

        void readAll(InputStream in) throws IOException {
            byte[] buffer = new byte[BUFFER];
            int read = in.read(buffer);
            while (read >= 0) {
                update(buffer, 0, read);
                read = in.read(buffer);
            }
        }

        ContentDigest digest() {
            Map<DigestAlgorithm, byte[]> digests = new EnumMap<>(DigestAlgorithm.class);
            running.forEach((algorithm, digest) -> digests.put(algorithm, digest.digest()));
            return new ContentDigest(digests, digester);
        }
    }

    /** Compares with digests computed elsewhere over the same algorithms. */
    void requireEqual(ContentDigest computed) {
        for (Map.Entry<DigestAlgorithm, byte[]> entry : digests.entrySet()) {
            byte @Nullable [] other = computed.digests.get(entry.getKey());
            if (other == null || !MessageDigest.isEqual(entry.getValue(), other)) {
                throw new VerificationException(
                        Reason.DIGEST_MISMATCH, entry.getKey().key());
            }
        }
    }
}
