// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Boundary;
import dev.signet.core.internal.Keys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JSON Web Signatures (RFC 7515).
 *
 * <p><b>Security properties.</b> Before any cryptography: the length is bounded, base64url has one spelling, the header is
 * strict JSON, {@code crit} is obeyed (RFC 7515, 4.1.11), and {@code alg} must be the algorithm of the key that {@code kid}
 * names, so that {@code none} and exchanged algorithms have no way in. {@code alg}, {@code kid} and {@code crit} come from
 * the protected header only. Keys inside a message ({@code jwk}, {@code x5c}) and addresses ({@code jku}, {@code x5u}) are
 * never looked at; an unknown {@code kid} is refused without a trial of other keys, and no {@code kid} needs a resolver
 * with one key only. Compact and JSON forms have methods of their own, and a JWE passes as neither.
 *
 * <p>Immutable and thread-safe. Every method throws {@link InvalidMessageException} for what is no JWS or over a limit,
 * {@link VerificationException} for what must not be trusted, and {@link UnavailableException} if the keys cannot be
 * reached, or other code that was asked fails. A verdict is of the time at which it is given: what took long is not excused.
 */
public final class JwsVerifier {
    private static final Set<String> JWE_MEMBERS = Set.of("ciphertext", "iv", "tag", "recipients", "encrypted_key");

    private final KeyResolver keys;
    private final SecurityPolicy policy;
    private final ProtectedHeader.Cache headers;
    private final StrictJson.Reader json;
    private final Map<String, Predicate<JsonObject>> understood;
    private final Set<String> requiredHeaders;
    private final boolean asksOthers;
    private final @Nullable String type;
    private final String lowered;
    private final int required;
    private final InstantSource clock;
    private final Audit audit;

    private JwsVerifier(Builder builder) {
        keys = builder.keys;
        policy = builder.policy;
        understood = Map.copyOf(builder.understood);
        asksOthers = understood.size() > 1;
        headers = new ProtectedHeader.Cache(policy.limits(), understood.keySet());
        json = StrictJson.reader(policy.limits());
        requiredHeaders = Set.copyOf(builder.requiredHeaders);
        type = builder.type;
        lowered = builder.ignoreType ? ", ignoreType" : "";
        required = builder.required;
        clock = builder.clock;
        audit = new Audit(builder.format, builder.listener, clock);
    }

    /** Starts a verifier with the keys that it trusts. */
    public static Builder builder(KeyResolver keys) {
        return new Builder(keys);
    }

    /** Verifies compact form. */
    public VerifiedJws verify(String jws) {
        return verifyCompact(jws, null);
    }

    /**
     * Verifies compact form without a payload, {@code header..signature}, over a payload that came elsewhere.
     *
     * @throws InvalidMessageException also if the text carries a payload of its own
     */
    public VerifiedJws verifyDetached(String jws, byte[] payload) {
        return verifyCompact(jws, header -> payload);
    }

    /**
     * Verifies compact form without a payload, where the header says what was signed, such as the names of HTTP fields.
     *
     * @param payload makes the payload of the header, which is not verified yet and must be used for nothing else
     * @throws UnavailableException also if {@code payload} fails
     */
    public VerifiedJws verifyDetached(String jws, Function<JsonObject, byte[]> payload) {
        return verifyCompact(jws, payload);
    }

    /**
     * Verifies compact form without a payload, over a stream that is read to its end and not closed, in constant memory
     * (Ed25519 needs the whole at once). What was read from the stream may be used only after this has returned.
     *
     * @throws InvalidMessageException also if the payload is longer than the policy's {@code maxBodyBytes}
     * @throws IOException if the stream cannot be read
     */
    public VerifiedDetachedJws verifyDetached(String jws, InputStream payload) throws IOException {
        VerificationKey key = null;
        try {
            requireOne();
            Compact compact = Compact.parse(jws, policy);
            compact.requireDetached();
            ProtectedHeader header = headers.get(compact.text, compact.firstDot);
            key = key(header);
            CappedInputStream capped =
                    new CappedInputStream(payload, policy.limits().maxBodyBytes());
            InputStream input = new SequenceInputStream(
                    new ByteArrayInputStream(compact.text, 0, compact.firstDot + 1),
                    header.encodedPayload ? new Base64UrlInputStream(capped) : capped);
            Keys.verify(key, input, compact.signature(), policy.providers());
            checkUnderstood(header);
            // The stream may have taken longer than the key is good.
            Keys.requireUsable(key, clock.instant());
            audit.accepted(SecurityEvent.Type.VERIFIED, key);
            return new VerifiedDetachedJws(List.of(new VerifiedJws.Signature(header.members, key)), capped.length());
        } catch (MessageSecurityException e) {
            throw audit.refused(e, key);
        }
    }

    /** Verifies JSON form, flattened or general (RFC 7515, 7.2). */
    public VerifiedJws verifyJson(String jws) {
        return verifyJsonForm(jws, null);
    }

    /** Verifies JSON form without a payload, over a payload that came elsewhere. */
    public VerifiedJws verifyJsonDetached(String jws, byte[] payload) {
        return verifyJsonForm(jws, payload.clone());
    }

    /**
     * Decrypts a nested token and verifies what was inside, which must be a compact JWS.
     *
     * @throws DecryptionException if it cannot be decrypted
     */
    public VerifiedJws decryptAndVerify(String jwe, JweDecrypter decrypter) {
        return verify(inner(jwe, decrypter));
    }

    /** The text inside a nested token, of which nothing is known yet but that it was meant for us. */
    static String inner(String jwe, JweDecrypter decrypter) {
        return new String(decrypter.decryptNested(jwe).content(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "JwsVerifier[" + keys + lowered + "]";
    }

    // ---- compact form ----------------------------------------------------------------------------------------------

    private VerifiedJws verifyCompact(String jws, @Nullable Function<JsonObject, byte[]> detached) {
        VerificationKey key = null;
        try {
            requireOne();
            Compact compact = Compact.parse(jws, policy);
            ProtectedHeader header = headers.get(compact.text, compact.firstDot);
            key = key(header);
            byte[] payload;
            if (detached == null) {
                payload = compact.payload(header);
                Keys.verify(key, compact.text, 0, compact.lastDot, compact.signature(), policy.providers());
            } else {
                compact.requireDetached();
                payload = Boundary.ask("payload function", () -> detached.apply(header.members))
                        .clone();
                checkSize(payload.length);
                byte[] input = signingInput(compact.text, compact.firstDot, header, payload);
                Keys.verify(key, input, 0, input.length, compact.signature(), policy.providers());
            }
            checkUnderstood(header);
            if (detached != null || asksOthers) {
                Keys.requireUsable(key, clock.instant());
            }
            audit.accepted(SecurityEvent.Type.VERIFIED, key);
            return new VerifiedJws(payload, List.of(new VerifiedJws.Signature(header.members, key)));
        } catch (MessageSecurityException e) {
            throw audit.refused(e, key);
        }
    }

    /** Compact form has one signature, which is not enough for those who want two. */
    private void requireOne() {
        if (required > 1) {
            throw new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE);
        }
    }

    private void checkSize(int payload) {
        if (payload > policy.limits().maxBodyBytes()) {
            throw InvalidMessageException.tooLarge(
                    "a payload of more than " + policy.limits().maxBodyBytes() + " bytes");
        }
    }

    private static byte[] signingInput(byte[] header, int headerEnd, ProtectedHeader parsed, byte[] payload) {
        byte[] signed = parsed.encodedPayload ? Base64Url.encodeToBytes(payload) : payload;
        byte[] input = new byte[headerEnd + 1 + signed.length];
        System.arraycopy(header, 0, input, 0, headerEnd);
        input[headerEnd] = '.';
        System.arraycopy(signed, 0, input, headerEnd + 1, signed.length);
        return input;
    }

    // ---- the checks of one signature -------------------------------------------------------------------------------

    /** The key that a header names, if the header and the key may be used together. */
    private VerificationKey key(ProtectedHeader header) {
        if (type != null
                && (header.type == null
                        || !ProtectedHeader.mediaType(header.type).equals(type))) {
            throw new VerificationException(Reason.TYPE_UNEXPECTED);
        }
        for (String name : requiredHeaders) {
            if (!header.members.has(name)) {
                throw new VerificationException(Reason.HEADER_UNEXPECTED, name + " is absent");
            }
        }
        String keyId = header.keyId;
        VerificationKey key = Boundary.ask(
                        "key resolver", () -> keyId == null ? keys.resolveUnnamed() : keys.resolve(keyId))
                .orElseThrow(() -> new VerificationException(Reason.KEY_UNKNOWN));
        checkAlgorithm(header.alg, key, policy);
        Keys.requireUsable(key, clock.instant());
        return key;
    }

    /** The key has the algorithm, and the message only says which; RFC 8725, 3.1. */
    static void checkAlgorithm(String alg, VerificationKey key, SecurityPolicy policy) {
        boolean same = alg.equals(key.algorithm().joseName())
                // RFC 9864, 4.1.2: what Ed25519 used to be called.
                || (policy.isEdDsaNameAllowed() && alg.equals("EdDSA") && key.algorithm() == Algorithm.ED25519);
        if (!same) {
            throw new VerificationException(Reason.ALGORITHM_MISMATCH);
        }
        if (!policy.algorithms().contains(key.algorithm())) {
            throw new VerificationException(
                    Reason.ALGORITHM_NOT_ALLOWED, key.algorithm().joseName());
        }
    }

    /** Runs after the signature, so that what a caller's check sees was signed. */
    private void checkUnderstood(ProtectedHeader header) {
        for (Map.Entry<String, Predicate<JsonObject>> check : understood.entrySet()) {
            String name = check.getKey();
            if (header.members.has(name)
                    && !Boundary.ask(
                            "check of the header " + name,
                            () -> check.getValue().test(header.members))) {
                throw new VerificationException(Reason.HEADER_UNEXPECTED, name);
            }
        }
    }

    // ---- JSON form -------------------------------------------------------------------------------------------------

    private VerifiedJws verifyJsonForm(String text, byte @Nullable [] detached) {
        VerificationKey[] last = new VerificationKey[1];
        try {
            Map<String, Object> jws = json.readObject(text);
            for (String name : JWE_MEMBERS) {
                if (jws.containsKey(name)) {
                    throw malformed("a member of a JWE");
                }
            }
            Object payload = jws.get("payload");
            if (detached == null ? !(payload instanceof String) : payload != null) {
                throw malformed(detached == null ? "no payload" : "a payload beside the detached one");
            }
            List<Map<?, ?>> signatures = signatures(jws);
            Verified verified = new Verified();
            for (Map<?, ?> signature : signatures) {
                verifyOne(signature, (String) payload, detached, signatures.size() == 1, verified, last);
            }
            if (verified.parties.size() < required) {
                throw verified.signatures.isEmpty() && verified.onlyUnknownKeys
                        ? new VerificationException(Reason.KEY_UNKNOWN)
                        : new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE);
            }
            // Each further signature asked for its key, while those before may have ended.
            Instant now = clock.instant();
            verified.signatures.forEach(s -> Keys.requireUsable(s.key(), now));
            verified.signatures.forEach(s -> audit.accepted(SecurityEvent.Type.VERIFIED, s.key()));
            return new VerifiedJws(verified.payload(), List.copyOf(verified.signatures));
        } catch (MessageSecurityException e) {
            throw audit.refused(e, last[0]);
        }
    }

    private List<Map<?, ?>> signatures(Map<String, Object> jws) {
        Object general = jws.get("signatures");
        if (general == null) {
            return List.of(jws);
        }
        if (jws.containsKey("signature") || jws.containsKey("protected") || jws.containsKey("header")) {
            throw malformed("both the flattened and the general form");
        }
        if (!(general instanceof List<?> list) || list.isEmpty()) {
            throw malformed("no array of signatures");
        }
        if (list.size() > policy.limits().maxSignatures()) {
            throw InvalidMessageException.tooLarge(
                    "more than " + policy.limits().maxSignatures() + " signatures");
        }
        List<Map<?, ?>> signatures = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> signature)) {
                throw malformed("a signature that is not an object");
            }
            signatures.add(signature);
        }
        return signatures;
    }

    /** A signature by a key that nobody here knows says nothing; a broken one by a known key refuses the whole. */
    private void verifyOne(
            Map<?, ?> signature,
            @Nullable String payloadText,
            byte @Nullable [] detached,
            boolean alone,
            Verified verified,
            VerificationKey[] last) {
        if (!(signature.get("protected") instanceof String encoded)) {
            throw malformed("no protected header");
        }
        if (!(signature.get("signature") instanceof String value)) {
            throw malformed("no signature");
        }
        byte[] text = encoded.getBytes(StandardCharsets.ISO_8859_1);
        ProtectedHeader header = headers.get(text, text.length);
        checkUnprotected(signature.get("header"), header);
        VerificationKey key;
        try {
            key = key(header);
        } catch (VerificationException e) {
            if (e.reason() == Reason.KEY_UNKNOWN && !alone) {
                return;
            }
            throw e;
        }
        last[0] = key;
        verified.onlyUnknownKeys = false;
        byte[] payload = verified.payload(detached, payloadText, header.encodedPayload);
        byte[] input = signingInput(text, text.length, header, payload);
        byte[] raw = Base64Url.decode(value);
        if (raw == null) {
            throw malformed("the signature is not base64url without padding");
        }
        Keys.verify(key, input, 0, input.length, raw, policy.providers());
        checkUnderstood(header);
        verified.add(header, key);
    }

    /** RFC 7515, 7.2.1: nothing is read from here, and no name may stand in both headers. */
    private static void checkUnprotected(@Nullable Object unprotected, ProtectedHeader header) {
        if (unprotected == null) {
            return;
        }
        if (!(unprotected instanceof Map<?, ?> members)) {
            throw malformed("an unprotected header that is not an object");
        }
        for (Object name : members.keySet()) {
            if (header.members.has((String) name)) {
                throw malformed("a name in the protected and the unprotected header");
            }
            if (name.equals("crit") || name.equals("b64") || name.equals("alg")) {
                throw malformed(name + " outside the protected header");
            }
        }
    }

    private static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("JWS: " + what);
    }

    /** What is known so far of a message with several signatures. */
    private static final class Verified {
        final List<VerifiedJws.Signature> signatures = new ArrayList<>();
        final List<VerificationKey> parties = new ArrayList<>();
        boolean onlyUnknownKeys = true;
        private byte @Nullable [] payload;
        private boolean encoded;

        /** Signatures by one key are one; those by several keys of one party are listed, and count as one. */
        void add(ProtectedHeader header, VerificationKey key) {
            boolean newKey = true;
            boolean newParty = true;
            for (VerifiedJws.Signature known : signatures) {
                boolean same = known.key().id().equals(key.id());
                newKey &= !same;
                newParty &= !same && !Keys.isOfSameParty(known.key(), key);
            }
            if (newKey) {
                signatures.add(new VerifiedJws.Signature(header.members, key));
            }
            if (newParty) {
                parties.add(key);
            }
        }

        /** RFC 7797, 3: all signatures agree on whether the payload is encoded. */
        byte[] payload(byte @Nullable [] detached, @Nullable String text, boolean asEncoded) {
            byte[] known = payload;
            if (known != null) {
                if (encoded != asEncoded) {
                    throw malformed("signatures that disagree on b64");
                }
                return known;
            }
            byte[] read = detached;
            if (read == null && text != null) {
                read = asEncoded ? Base64Url.decode(text) : text.getBytes(StandardCharsets.UTF_8);
            }
            if (read == null) {
                throw malformed("the payload is not base64url without padding");
            }
            payload = read;
            encoded = asEncoded;
            return read;
        }

        byte[] payload() {
            byte[] known = payload;
            if (known == null) {
                throw new IllegalStateException("no signature was verified");
            }
            return known;
        }
    }

    /** Collects what a verifier needs. */
    public static final class Builder {
        private final KeyResolver keys;
        private final Map<String, Predicate<JsonObject>> understood = new LinkedHashMap<>();
        private final Set<String> requiredHeaders = new HashSet<>();
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();
        private @Nullable String type;
        private boolean ignoreType;
        private String format = "jws";
        private int required = 1;

        private Builder(KeyResolver keys) {
            this.keys = keys;
            understood.put("b64", header -> true);
        }

        /** The only acceptable type ({@code typ}), compared as a media type. Without it any type passes, or none. */
        public Builder expectType(String typ) {
            type = ProtectedHeader.mediaType(typ);
            return this;
        }

        /** Any type, or none, which is so unless one is expected: a signature made for another purpose may be accepted too. */
        public Builder ignoreType() {
            ignoreType = true;
            return this;
        }

        /**
         * Understands a private header, also where {@code crit} names it.
         *
         * @param check whether the header's value is acceptable; it runs only if the header is present and the signature
         *     holds, and {@code false} refuses the message; if it fails, the message is refused by a {@link
         *     UnavailableException}
         */
        public Builder understand(String name, Predicate<JsonObject> check) {
            if (HeaderTemplate.REGISTERED.contains(name)) {
                throw new IllegalArgumentException(name + " is defined by the format");
            }
            understood.put(name, check);
            return this;
        }

        /** Headers that must be in every protected header. */
        public Builder requireHeaders(String... names) {
            requiredHeaders.addAll(List.of(names));
            return this;
        }

        /**
         * Signatures of how many parties must hold, where a message has several; 1 unless set. One key under two ids is one
         * party, and so are all keys with one party's name ({@link VerificationKey#withParty}), such as an old and a new
         * one; without a name, another key is another party. Signatures by unknown keys do not count, and a broken one by a
         * known key always refuses the message.
         */
        public Builder signatures(int atLeast) {
            if (atLeast < 1) {
                throw new IllegalArgumentException("at least one signature must hold");
            }
            required = atLeast;
            return this;
        }

        /** Another policy. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** Is told of each verdict. */
        public Builder listener(SecurityListener newListener) {
            listener = newListener;
            return this;
        }

        /** Another clock, for the keys' validity. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** The name of the format in events. */
        Builder format(String name) {
            format = name;
            return this;
        }

        /**
         * Makes the verifier.
         *
         * @throws IllegalStateException if a type is both expected and ignored
         */
        public JwsVerifier build() {
            if (type != null && ignoreType) {
                throw new IllegalStateException("call at most one of expectType(…) and ignoreType()");
            }
            return new JwsVerifier(this);
        }
    }
}
