// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Derived;
import dev.signet.core.internal.Keys;
import dev.signet.core.internal.Primaries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs payloads as JSON Web Signatures (RFC 7515) with one key, or the primary key of a keyset.
 *
 * <p><b>Security properties.</b> All headers are protected, so that none can be changed on the way. {@code alg} is the key's
 * and {@code kid} its id, unless told otherwise. Ed25519 is written by its own name (RFC 9864).
 *
 * <p>Compact form is text of {@code header.payload.signature} in base64url; detached form leaves the payload out (RFC 7515,
 * appendix F), and with {@link Builder#unencodedPayload} signs it as it is (RFC 7797).
 *
 * <p>Immutable and thread-safe. Signing throws {@link IllegalStateException} if the key is not active, and {@link
 * UnavailableException} if an HSM or KMS fails.
 */
public final class JwsSigner {
    private final Derived<SigningKey, Prepared> prepared;
    private final SecurityPolicy policy;
    private final boolean encodedPayload;
    private final Audit audit;
    /** Characters of the last signature, which the next is likely to have too. */
    private int signatureLength;

    /** A key, and what is written into the headers of its signatures. */
    private record Prepared(SigningKey key, HeaderTemplate header) {}

    private JwsSigner(Builder builder) {
        policy = builder.policy;
        encodedPayload = !builder.unencoded;
        prepared = Derived.of(builder.source, builder.preparation());
        audit = new Audit(builder.format, builder.listener, builder.clock);
    }

    /** Starts a signer. */
    public static Builder builder(SigningKey key) {
        return new Builder(Derived.Source.fixed(key));
    }

    /** Starts a signer with the primary key of a keyset. */
    public static Builder builder(Keyset<SigningKey> keys) {
        return builder(keys.primary());
    }

    /**
     * Starts a signer with the primary key of the keyset of the time: the supplier, such as {@code file::signingKeys}, is asked
     * for each signature, so that a rotation needs no new signer. A primary key that this signer cannot use is an {@link
     * IllegalStateException} then; a supplier that fails, an {@link UnavailableException}.
     */
    public static Builder builder(Supplier<Keyset<SigningKey>> keys) {
        return new Builder(Primaries.of(keys));
    }

    /**
     * Signs a payload into compact form.
     *
     * @throws IllegalStateException if the payload is to stay unencoded, which compact form cannot carry safely
     */
    public String sign(byte[] payload) {
        requireEncoded();
        return attached(payload);
    }

    /** Signs a payload that travels elsewhere, such as in the body of an HTTP message: {@code header..signature}. */
    public String signDetached(byte[] payload) {
        return detached(encodedPayload ? Base64Url.encodeToBytes(payload) : payload);
    }

    /**
     * Signs a detached payload that is read to its end and not closed, in constant memory. Ed25519 and remote signers need
     * the whole at once.
     *
     * @throws InvalidMessageException if the payload is longer than the policy's {@code maxBodyBytes}
     * @throws IOException if the stream cannot be read
     */
    public String signDetached(InputStream payload) throws IOException {
        Prepared now = prepared.get();
        byte[] prefix = now.header.prefix();
        InputStream capped = new CappedInputStream(payload, policy.limits().maxBodyBytes());
        InputStream input = new SequenceInputStream(
                new ByteArrayInputStream(prefix), encodedPayload ? new Base64UrlInputStream(capped) : capped);
        byte[] signature = Keys.sign(now.key, input, policy.providers());
        audit.accepted(SecurityEvent.Type.SIGNED, now.key);
        byte[] encoded = Base64Url.encodeToBytes(signature);
        return finish(Arrays.copyOf(prefix, prefix.length + 1 + encoded.length), prefix.length, encoded);
    }

    /**
     * Signs a payload into flattened JSON form (RFC 7515, 7.2.2).
     *
     * @throws IllegalArgumentException if the payload is to stay unencoded and is not UTF-8, which JSON could not carry
     */
    public String signJson(byte[] payload) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("payload", payloadText(payload));
        json.putAll(signatureMembers(payload));
        return new String(JsonText.write(json), StandardCharsets.UTF_8);
    }

    /**
     * Signs a payload by several signers into general JSON form (RFC 7515, 7.2.1).
     *
     * @throws IllegalArgumentException if the signers disagree on whether the payload is encoded (RFC 7797, 3)
     */
    public static String signJson(byte[] payload, JwsSigner first, JwsSigner... more) {
        List<Object> signatures = new ArrayList<>();
        signatures.add(first.signatureMembers(payload));
        for (JwsSigner signer : more) {
            if (signer.encodedPayload != first.encodedPayload) {
                throw new IllegalArgumentException("all signers leave the payload unencoded, or none does");
            }
            signatures.add(signer.signatureMembers(payload));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("payload", first.payloadText(payload));
        json.put("signatures", signatures);
        return new String(JsonText.write(json), StandardCharsets.UTF_8);
    }

    /**
     * Signs a payload and encrypts the result for its recipient, as one nested token.
     *
     * @return compact JWE whose content is this signer's compact JWS; {@link JwsVerifier#decryptAndVerify} opens it
     */
    public String signAndEncrypt(byte[] payload, JweEncrypter encrypter) {
        return encrypter.encryptNested(sign(payload).getBytes(StandardCharsets.US_ASCII), "JOSE");
    }

    @Override
    public String toString() {
        return "JwsSigner[" + prepared.get().key + "]";
    }

    /** One array takes everything, and becomes the text. */
    private String attached(byte[] payload) {
        Prepared now = prepared.get();
        byte[] prefix = now.header.prefix();
        int signed = prefix.length + Base64Url.encodedLength(payload.length);
        int room = signatureLength;
        byte[] out = new byte[signed + 1 + room];
        Base64Url.encodeInto(payload, out, prefix.length);
        System.arraycopy(prefix, 0, out, 0, prefix.length);
        byte[] signature = Base64Url.encodeToBytes(Keys.sign(now.key, out, 0, signed, policy.providers()));
        audit.accepted(SecurityEvent.Type.SIGNED, now.key);
        if (signature.length != room) {
            signatureLength = signature.length;
            out = Arrays.copyOf(out, signed + 1 + signature.length);
        }
        return finish(out, signed, signature);
    }

    private String detached(byte[] payload) {
        Prepared now = prepared.get();
        byte[] prefix = now.header.prefix();
        byte[] input = Arrays.copyOf(prefix, prefix.length + payload.length);
        System.arraycopy(payload, 0, input, prefix.length, payload.length);
        byte[] signature = Base64Url.encodeToBytes(Keys.sign(now.key, input, 0, input.length, policy.providers()));
        audit.accepted(SecurityEvent.Type.SIGNED, now.key);
        return finish(Arrays.copyOf(prefix, prefix.length + 1 + signature.length), prefix.length, signature);
    }

    private static String finish(byte[] out, int signed, byte[] signature) {
        out[signed] = '.';
        System.arraycopy(signature, 0, out, signed + 1, signature.length);
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    private Map<String, Object> signatureMembers(byte[] payload) {
        String compact = signDetached(payload);
        int dots = compact.indexOf("..");
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("protected", compact.substring(0, dots));
        members.put("signature", compact.substring(dots + 2));
        return members;
    }

    private String payloadText(byte[] payload) {
        if (encodedPayload) {
            return Base64Url.encode(payload);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("an unencoded payload in JSON is UTF-8 text");
        }
    }

    private void requireEncoded() {
        if (!encodedPayload) {
            throw new IllegalStateException("an unencoded payload is signed by signDetached or signJson");
        }
    }

    /** Collects what a signer needs. */
    public static final class Builder {
        private final Derived.Source<SigningKey> source;
        private final HeaderTemplate.Builder header = new HeaderTemplate.Builder();
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();
        private @Nullable String type;
        private @Nullable String contentType;
        private @Nullable String keyId;
        private boolean named = true;
        private @Nullable Function<VerificationKey, Map<String, Object>> jwk;
        private boolean unencoded;
        private String format = "jws";

        private Builder(Derived.Source<SigningKey> source) {
            this.source = source;
        }

        /** With keys from elsewhere, for this package's own signers. */
        static Builder of(Derived.Source<SigningKey> source) {
            return new Builder(source);
        }

        /** The type of the whole ({@code typ}), such as {@code JOSE} or {@code example+jws}. */
        public Builder type(String typ) {
            type = typ;
            return this;
        }

        /** The media type of the payload ({@code cty}). */
        public Builder contentType(String cty) {
            contentType = cty;
            return this;
        }

        /** Another {@code kid} than the key's id. */
        public Builder keyId(String kid) {
            keyId = kid;
            named = true;
            return this;
        }

        /** No {@code kid}, where the verifier has one key only. */
        public Builder withoutKeyId() {
            keyId = null;
            named = false;
            return this;
        }

        /**
         * A private header: strings, numbers, booleans, instants (as seconds since 1970), lists and maps of them.
         *
         * @throws IllegalArgumentException if the format defines the name, it is set already, or JSON has no such value
         */
        public Builder header(String name, Object value) {
            header.extension(name, value);
            return this;
        }

        /** A private header whose value is asked for at each signature, such as the time. */
        public Builder header(String name, Supplier<?> value) {
            header.extension(name, value);
            return this;
        }

        /** A private header that every verifier must understand ({@code crit}) or refuse the signature. */
        public Builder critical(String name, Object value) {
            header.critical(name);
            return header(name, value);
        }

        /** A critical header whose value is asked for at each signature. */
        public Builder critical(String name, Supplier<?> value) {
            header.critical(name);
            return header(name, value);
        }

        /** Signs the payload as it is, not in base64url ({@code "b64": false}, RFC 7797). */
        public Builder unencodedPayload() {
            if (!unencoded) {
                unencoded = true;
                header.critical("b64");
            }
            return this;
        }

        /** Another policy. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** Is told of each signature. */
        public Builder listener(SecurityListener newListener) {
            listener = newListener;
            return this;
        }

        /** Another clock, for the events. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** The public key itself, which only formats with their own rules for trusting it may carry. */
        Builder embeddedKey(Function<VerificationKey, Map<String, Object>> publicJwk) {
            jwk = publicJwk;
            return this;
        }

        /** The name of the format in events. */
        Builder format(String name) {
            format = name;
            return this;
        }

        /**
         * Makes the signer.
         *
         * @throws IllegalArgumentException if the policy does not accept the key's algorithm
         */
        public JwsSigner build() {
            return new JwsSigner(this);
        }

        /** What is done for each key, with the settings of now. */
        private Function<SigningKey, Prepared> preparation() {
            HeaderTemplate.Builder own = header.copy();
            SecurityPolicy accepted = policy;
            String kid = keyId;
            boolean hasKeyId = named;
            String typ = type;
            String cty = contentType;
            Function<VerificationKey, Map<String, Object>> embedded = jwk;
            Boolean b64 = unencoded ? Boolean.FALSE : null;
            return key -> {
                if (!accepted.algorithms().contains(key.algorithm())) {
                    throw new IllegalArgumentException(
                            "the policy does not accept " + key.algorithm().joseName());
                }
                boolean oldName = key.algorithm() == Algorithm.ED25519 && accepted.isEdDsaNameAllowed();
                HeaderTemplate.Builder header = own.copy();
                header.registered("alg", oldName ? "EdDSA" : key.algorithm().joseName());
                header.registered("kid", hasKeyId ? (kid == null ? key.id() : kid) : null);
                header.registered("typ", typ);
                header.registered("cty", cty);
                header.registered("jwk", embedded == null ? null : embedded.apply(key.verificationKey()));
                header.registered("b64", b64);
                return new Prepared(key, header.build());
            };
        }
    }
}
