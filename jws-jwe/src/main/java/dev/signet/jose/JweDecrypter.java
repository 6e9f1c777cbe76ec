// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Boundary;
import dev.signet.core.internal.Ciphers;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts JWEs (RFC 7516) with keys that it was given, and nothing else.
 *
 * <p><b>Security properties.</b> A key has one algorithm: {@code alg} is compared with it, and {@code enc} with a set, before
 * any cryptography. {@code kid} selects the key, and no other is tried; a message without it is for a decrypter of one key.
 * Keys and addresses of keys in the header ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}) are not looked at. Sizes,
 * the number of recipients and PBKDF2 iterations are bounded before any work is done. Base64url has one spelling, JSON is
 * read strictly, lengths of IVs, tags and encrypted keys are exact. The curve and the point of {@code epk} are checked, and
 * shared secrets of zero are refused. {@code zip} is refused unless the policy allows it, and then bounded while it is
 * inflated. A {@code crit} that is not understood refuses the message.
 *
 * <p>With one recipient, every header parameter that has a meaning must be protected. With several, RFC 7516 leaves
 * {@code alg}, {@code kid} and the parameters of {@code alg} in the recipient's own header: a changed {@code kid} finds
 * another key or none, {@code alg} must be that key's own, and a changed parameter gives a wrong content key, so every
 * change ends in the one failure. {@code enc}, {@code zip}, {@code crit} and what {@link DecryptedJwe#header()} shows are
 * protected always.
 *
 * <p>A nested token ({@code cty} of JWT, JOSE or JOSE+JSON) is not handed out, since its signature is still to be
 * verified; the verifiers of JWS and JWT take such messages together with a decrypter.
 *
 * <p>RFC 7516, sections 4, 5.2, 7 and 11; RFC 7518, sections 4 and 5. Immutable and thread-safe.
 *
 * <p><b>Errors.</b> {@link InvalidMessageException} for what is no JWE, or over a limit; it depends on public parts of the
 * message only. {@link DecryptionException}, always the same one, for anything after that: unknown key, other algorithm,
 * wrong key, changed bytes.
 */
public final class JweDecrypter {
    private final Map<String, Entry> keys;
    private final @Nullable Entry only;
    private final Map<Algorithm, ContentCipher> ciphers;
    private final Limits limits;
    private final JweParser parser;
    private final Map<String, Predicate<JsonObject>> understood;
    private final InstantSource clock;
    private final Audit audit;

    private record Entry(DecryptionKey key, CekOpener opener) {
        boolean isUsableAt(Instant now) {
            return key.status() != KeyStatus.DISABLED
                    && key.notBefore().filter(now::isBefore).isEmpty()
                    && key.notAfter().filter(end -> !now.isBefore(end)).isEmpty();
        }
    }

    private record Selected(Entry entry, JweMessage.Recipient recipient) {}

    private JweDecrypter(Builder builder) {
        SecurityPolicy policy = builder.policy;
        keys = new HashMap<>();
        for (DecryptionKey key : builder.keys) {
            if (keys.put(key.id(), new Entry(key, CekOpener.of(key, policy))) != null) {
                throw new IllegalArgumentException("two keys share an id");
            }
        }
        only = keys.size() == 1 ? keys.values().iterator().next() : null;
        ciphers = new EnumMap<>(Algorithm.class);
        for (Algorithm enc : builder.contentEncryption(policy)) {
            ciphers.put(enc, new ContentCipher(enc, Ciphers.composite(policy.providers())));
        }
        limits = policy.limits();
        parser = new JweParser(limits, policy.isCompressionAllowed(), builder.understood.keySet());
        understood = Map.copyOf(builder.understood);
        clock = builder.clock;
        audit = new Audit("jwe", builder.listener, builder.clock);
    }

    /** A decrypter with the keys of a keyset; those that are disabled or not valid at the time decrypt nothing. */
    public static Builder builder(Keyset<DecryptionKey> keys) {
        return new Builder(keys.keys());
    }

    /** A decrypter with these keys. */
    public static Builder builder(DecryptionKey key, DecryptionKey... more) {
        List<DecryptionKey> all = new ArrayList<>();
        all.add(key);
        all.addAll(Arrays.asList(more));
        return new Builder(all);
    }

    /**
     * Decrypts the compact form (RFC 7516, 7.1).
     *
     * @throws InvalidMessageException if it is malformed, over a limit, or holds a nested token
     * @throws DecryptionException if it cannot be decrypted
     */
    public DecryptedJwe decrypt(String compact) {
        return told(() -> parser.compact(compact), false);
    }

    /**
     * Decrypts a JSON form, flattened or general (RFC 7516, 7.2), as one of its recipients.
     *
     * @throws InvalidMessageException if it is malformed, over a limit, or holds a nested token
     * @throws DecryptionException if it cannot be decrypted
     */
    public DecryptedJwe decryptJson(String json) {
        return told(() -> parser.json(json), false);
    }

    /** For verifiers of nested tokens, which must have a {@code cty} that says so. */
    DecryptedJwe decryptNested(String compact) {
        return told(() -> parser.compact(compact), true);
    }

    /**
     * The messages of one document, all or none; what they ask for is counted before the first of them is decrypted, and
     * equal encrypted keys are opened once.
     *
     * @param maxIterations of PBKDF2, in sum
     */
    List<DecryptedJwe> decryptAll(List<String> compact, long maxIterations) {
        List<Opened> opened = new ArrayList<>();
        Set<List<Object>> counted = new HashSet<>();
        long iterations = 0;
        for (String text : compact) {
            Opened next = read(() -> parser.compact(text), false);
            opened.add(next);
            Selected selected = next.selected;
            if (selected.entry.key.algorithm().isPasswordBased()
                    && selected.recipient.header().get("p2c") instanceof Long asked
                    && counted.add(encryptedKey(next))) {
                iterations += Math.min(Math.max(asked, 0), Integer.MAX_VALUE);
                if (iterations > maxIterations) {
                    throw audit.refused(
                            InvalidMessageException.tooLarge(
                                    "JWEs that ask for more than " + maxIterations + " iterations in sum"),
                            selected.entry.key);
                }
            }
        }
        Map<List<Object>, SecretKey> known = new HashMap<>();
        List<DecryptedJwe> all = new ArrayList<>();
        for (Opened one : opened) {
            all.add(finish(one, known));
        }
        return all;
    }

    /** Everything that the content encryption key of a message depends on. */
    private static List<Object> encryptedKey(Opened opened) {
        List<Object> all = new ArrayList<>();
        all.add(opened.selected.entry.key.id());
        all.add(opened.message.contentEncryption());
        all.add(ByteBuffer.wrap(opened.selected.recipient.encryptedKey()));
        for (String name : CekOpener.PARAMETERS) {
            all.add(Optional.ofNullable(opened.selected.recipient.header().get(name)));
        }
        return all;
    }

    /** A message that was taken apart, and the key for it. */
    private record Opened(JweMessage message, Selected selected) {}

    private DecryptedJwe told(Supplier<JweMessage> parse, boolean nested) {
        return finish(read(parse, nested), null);
    }

    private Opened read(Supplier<JweMessage> parse, boolean nested) {
        try {
            JweMessage message = parse.get();
            if (message.isNested() != nested) {
                throw InvalidMessageException.malformed(
                        nested
                                ? "JWE: cty does not say that a token is inside; use JweDecrypter.decrypt"
                                : "JWE: cty says that a token is inside: give the message to a JwtVerifier or JwsVerifier"
                                        + " that has this decrypter");
            }
            return new Opened(message, select(message.recipients()));
        } catch (MessageSecurityException e) {
            throw audit.refused(e, null);
        }
    }

    private DecryptedJwe finish(Opened opened, @Nullable Map<List<Object>, SecretKey> known) {
        DecryptionKey key = opened.selected.entry.key;
        try {
            DecryptedJwe decrypted = decrypt(opened, known);
            checkUnderstood(decrypted.header());
            audit.accepted(SecurityEvent.Type.DECRYPTED, key);
            return decrypted;
        } catch (MessageSecurityException e) {
            throw audit.refused(e, key);
        }
    }

    /** Runs behind the tag, so that what a caller's check sees is as the sender made it. */
    private void checkUnderstood(JsonObject header) {
        for (Map.Entry<String, Predicate<JsonObject>> check : understood.entrySet()) {
            if (header.has(check.getKey())
                    && !Boundary.ask(
                            "check of the header " + check.getKey(),
                            () -> check.getValue().test(header))) {
                throw new DecryptionException();
            }
        }
    }

    /** The one recipient that names a key of ours, or the one that names none where we have one key only. */
    private Selected select(List<JweMessage.Recipient> recipients) {
        Selected unnamed = null;
        int count = 0;
        for (JweMessage.Recipient recipient : recipients) {
            String keyId = recipient.keyId();
            Entry entry = keyId == null ? only : keys.get(keyId);
            // RFC 7516, 5.2, step 6: the algorithm is compared, and never chosen by the message.
            if (entry == null || !recipient.algorithm().equals(JweKeys.algName(entry.key.algorithm()))) {
                continue;
            }
            if (keyId != null) {
                return usable(new Selected(entry, recipient));
            }
            unnamed = new Selected(entry, recipient);
            count++;
        }
        // Which of several nameless recipients is meant could only be tried.
        if (unnamed == null || count != 1) {
            throw new DecryptionException();
        }
        return usable(unnamed);
    }

    private Selected usable(Selected selected) {
        if (!selected.entry.isUsableAt(clock.instant())) {
            throw new DecryptionException();
        }
        return selected;
    }

    private DecryptedJwe decrypt(Opened opened, @Nullable Map<List<Object>, SecretKey> known) {
        JweMessage message = opened.message;
        Selected selected = opened.selected;
        Algorithm enc = Algorithm.ofJoseName(message.contentEncryption()).orElse(null);
        ContentCipher cipher = enc == null ? null : ciphers.get(enc);
        if (enc == null || cipher == null) {
            throw new DecryptionException();
        }
        requireLength(message.iv(), cipher.ivBytes, "iv");
        requireLength(message.tag(), cipher.tagBytes, "tag");
        JweMessage.Recipient recipient = selected.recipient;
        byte[] plaintext;
        try {
            List<Object> encryptedKey = known == null ? List.of() : encryptedKey(opened);
            SecretKey cek = known == null ? null : known.get(encryptedKey);
            if (cek == null) {
                cek = selected.entry.opener.open(recipient.header(), recipient.encryptedKey(), enc, cipher.keyBytes);
                if (known != null) {
                    known.put(encryptedKey, cek);
                }
            }
            requireKeyLength(cek, cipher);
            plaintext = cipher.decrypt(cek, message.iv(), message.ciphertext(), message.tag(), message.authenticated());
            if (message.isCompressed()) {
                plaintext = Inflation.inflate(plaintext, limits);
            }
        } catch (InvalidMessageException | DecryptionException | UnavailableException e) {
            throw e;
        } catch (GeneralSecurityException | JOSEException | DataFormatException | RuntimeException e) {
            // Providers fail in many ways, and each of them would tell an attacker something.
            throw new DecryptionException();
        }
        return new DecryptedJwe(
                plaintext, message.protectedHeader(), selected.entry.key, enc, message.additionalData());
    }

    private static void requireKeyLength(SecretKey cek, ContentCipher cipher) {
        byte[] bytes = cek.getEncoded();
        int length = bytes.length;
        Arrays.fill(bytes, (byte) 0);
        if (length != cipher.keyBytes) {
            throw new DecryptionException();
        }
    }

    private static void requireLength(byte[] bytes, int length, String name) {
        if (bytes.length != length) {
            throw InvalidMessageException.malformed("JWE: the " + name + " does not have " + length + " bytes");
        }
    }

    /** Makes a {@link JweDecrypter}. Not thread-safe. */
    Limits limits() {
        return limits;
    }

    public static final class Builder {
        private final List<DecryptionKey> keys;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private @Nullable Set<Algorithm> encryption;
        private final Map<String, Predicate<JsonObject>> understood = new LinkedHashMap<>();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(List<DecryptionKey> keys) {
            this.keys = List.copyOf(keys);
        }

        /** Another policy than {@link SecurityPolicy#recommended2026()}. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** The only values of {@code enc} to accept; without this call, all that the policy and its providers have. */
        public Builder contentEncryption(Algorithm first, Algorithm... more) {
            Set<Algorithm> all = new HashSet<>(Arrays.asList(more));
            all.add(first);
            encryption = all;
            return this;
        }

        /**
         * Understands a private header, also where {@code crit} names it.
         *
         * @param check whether the header's value is acceptable; it runs only if the header is present and the message could
         *     be decrypted, and {@code false} is a {@link DecryptionException}; if it fails, that is a {@link
         *     UnavailableException}
         */
        public Builder understand(String name, Predicate<JsonObject> check) {
            if (HeaderTemplate.REGISTERED.contains(name)) {
                throw new IllegalArgumentException(name + " is defined by the format");
            }
            understood.put(name, check);
            return this;
        }

        /** Who is told of every message. */
        public Builder listener(SecurityListener newListener) {
            listener = newListener;
            return this;
        }

        /** Another clock, which decides whether a key is valid. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /**
         * The decrypter.
         *
         * @throws IllegalArgumentException if the policy does not accept an algorithm, its providers lack what one needs, a
         *     password is not UTF-8, or two keys share an id
         */
        public JweDecrypter build() {
            return new JweDecrypter(this);
        }

        private Set<Algorithm> contentEncryption(SecurityPolicy of) {
            Set<Algorithm> all = new HashSet<>(of.algorithms());
            all.removeIf(algorithm -> !algorithm.isContentEncryption());
            Set<Algorithm> chosen = encryption == null ? all : encryption;
            if (chosen.isEmpty() || !all.containsAll(chosen)) {
                throw new IllegalArgumentException("content encryption that the policy accepts is needed");
            }
            Set<Algorithm> present = new HashSet<>(chosen);
            present.removeIf(enc -> !JweServices.hasContent(enc, of.providers()));
            if (encryption != null || present.isEmpty()) {
                chosen.forEach(enc -> JweServices.requireContent(enc, of.providers()));
            }
            return present;
        }
    }
}
