// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.nimbusds.jose.JOSEException;
import dev.signet.core.Algorithm;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.Derived;
import dev.signet.core.internal.Primaries;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts content for one recipient or several, as JWEs (RFC 7516).
 *
 * <p><b>Security properties.</b> Every message has fresh random keys and IVs. Encryption hides and protects from changes; it
 * does not sign: anybody who has the recipient's public key, or the same secret, can make such a message, and of several
 * recipients each can make new content for the others. Sign first where the sender matters. A shared secret that encrypts
 * content directly ({@code dir}), or keys by AES-GCM, is good for 2^32 messages (NIST SP 800-38D, 8.3). Nothing is
 * compressed, since lengths would tell of the content. Header and additional data are not secret.
 *
 * <p>With one recipient the whole header is protected, in the JSON form too. With several, {@code enc}, the types and the
 * caller's own members are protected, {@code alg} also if all recipients have the same; RFC 7516 has no place but the
 * recipient's own header for {@code kid} and the parameters of its {@code alg}. Changing those makes the recipient find
 * another key or a wrong one, and nothing else.
 *
 * <p>RFC 7516, sections 5.1 and 7; RFC 7518, sections 4 and 5. Immutable and thread-safe.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} when it is built wrongly; {@link IllegalStateException} for a key that is
 * not valid at the time, and for a compact form for several recipients; {@link InvalidMessageException} for content over
 * {@link dev.signet.core.Limits#maxBodyBytes()}.
 */
public final class JweEncrypter {
    private static final byte[] NONE = new byte[0];

    private final Derived<List<EncryptionKey>, Sealing> sealing;
    private final boolean hasContentType;
    private final Limits limits;
    private final long maxBytes;
    private final InstantSource clock;
    private final Audit audit;
    private final SecureRandom random = new SecureRandom();

    /** @param template its own header; not used for a single one */
    private record Recipient(EncryptionKey key, CekSealer sealer, Template template) {}

    private JweEncrypter(Builder builder) {
        sealing = Derived.of(builder.recipients, keys -> new Sealing(builder, keys));
        hasContentType = builder.extra.containsKey("cty");
        limits = builder.policy.limits();
        maxBytes = limits.maxBodyBytes();
        clock = builder.clock;
        audit = new Audit("jwe", builder.listener, builder.clock);
    }

    /** What is prepared for the recipients, once. */
    private static final class Sealing {
        final List<Recipient> recipients;
        final ContentCipher cipher;
        final boolean derives;
        final Template shared;

        Sealing(Builder builder, List<EncryptionKey> keys) {
            SecurityPolicy policy = builder.policy;
            builder.check(keys);
            Algorithm enc = builder.contentEncryption(keys);
            JweServices.requireContent(enc, policy.providers());
            cipher = new ContentCipher(enc, Ciphers.composite(policy.providers()));
            boolean single = keys.size() == 1;
            boolean oneAlgorithm =
                    keys.stream().map(EncryptionKey::algorithm).distinct().count() == 1;
            Map<String, Object> header = new LinkedHashMap<>();
            if (oneAlgorithm) {
                header.put("alg", JweKeys.algName(keys.get(0).algorithm()));
            }
            header.put("enc", enc.joseName());
            List<Recipient> all = new ArrayList<>();
            boolean derived = false;
            for (EncryptionKey key : keys) {
                CekSealer sealer = CekSealer.of(key, enc, policy, builder.apu, builder.apv);
                Map<String, Object> own = single ? header : new LinkedHashMap<>();
                if (!oneAlgorithm) {
                    own.put("alg", JweKeys.algName(key.algorithm()));
                }
                if (builder.keyId) {
                    own.put("kid", key.id());
                }
                sealer.describe(own);
                derived |= sealer.derives();
                all.add(new Recipient(key, sealer, new Template(own)));
            }
            if (derived && !single) {
                throw new IllegalArgumentException("dir and ECDH-ES are for one recipient only");
            }
            header.putAll(builder.extra);
            recipients = List.copyOf(all);
            derives = derived;
            shared = new Template(header);
        }
    }

    /** An encrypter for these recipients. */
    public static Builder builder(EncryptionKey recipient, EncryptionKey... more) {
        List<EncryptionKey> all = new ArrayList<>();
        all.add(recipient);
        all.addAll(Arrays.asList(more));
        if (all.stream().anyMatch(key -> key.status() != KeyStatus.ACTIVE)) {
            throw new IllegalArgumentException("a key is not active and does not encrypt");
        }
        return new Builder(Derived.Source.fixed(List.copyOf(all)));
    }

    /** An encrypter for one recipient, by the primary key of a keyset. */
    public static Builder builder(Keyset<EncryptionKey> recipient) {
        return builder(recipient.primary());
    }

    /**
     * An encrypter for one recipient, by the primary key of the keyset of the time: the supplier, such as {@code
     * file::encryptionKeys}, is asked for each message, so that a rotation needs no new encrypter. A primary key that this
     * encrypter cannot use is an {@link IllegalStateException} then; a supplier that fails, an {@link UnavailableException}.
     */
    public static Builder builder(Supplier<Keyset<EncryptionKey>> recipient) {
        Derived<EncryptionKey, List<EncryptionKey>> single = Derived.of(Primaries.of(recipient), List::of);
        return new Builder(Derived.Source.asked(single::get));
    }

    /**
     * Encrypts to the compact form (RFC 7516, 7.1).
     *
     * @throws IllegalStateException if there are several recipients, or the key is not valid now
     */
    public String encrypt(byte[] plaintext) {
        return compact(plaintext, "");
    }

    /** Encrypts to a JSON form: flattened for one recipient, general for several (RFC 7516, 7.2). */
    public String encryptJson(byte[] plaintext) {
        return encryptJson(plaintext, NONE);
    }

    /**
     * The same with additional data, which is authenticated and not encrypted.
     *
     * @param aad is left out if it is empty
     */
    public String encryptJson(byte[] plaintext, byte[] aad) {
        Sealing now = sealing.get();
        requireReady(now, Math.max(plaintext.length, aad.length));
        String additional = Base64Url.encode(aad);
        StringBuilder recipientsJson = new StringBuilder();
        byte[] header;
        SecretKey cek;
        if (now.recipients.size() == 1) {
            CekSealer.SealedCek sealed = seal(now.recipients.get(0), now.derives ? null : freshKey(now.cipher));
            cek = sealed.cek();
            header = now.shared.encode(sealed.members());
            if (sealed.encrypted().length > 0) {
                recipientsJson
                        .append(",\"encrypted_key\":\"")
                        .append(Base64Url.encode(sealed.encrypted()))
                        .append('"');
            }
        } else {
            cek = freshKey(now.cipher);
            header = now.shared.encode("");
            String separator = ",\"recipients\":[";
            for (Recipient recipient : now.recipients) {
                CekSealer.SealedCek sealed = seal(recipient, cek);
                recipientsJson.append(separator).append('{');
                String own = recipient.template.text(sealed.members());
                if (!own.equals("{}")) {
                    recipientsJson.append("\"header\":").append(own).append(',');
                }
                recipientsJson
                        .append("\"encrypted_key\":\"")
                        .append(Base64Url.encode(sealed.encrypted()))
                        .append("\"}");
                separator = ",";
            }
            recipientsJson.append(']');
        }
        byte[] authenticated = aad.length == 0 ? header : JweParser.withAdditional(header, additional);
        ContentCipher.Sealed content = encrypt(now.cipher, cek, plaintext, authenticated);
        StringBuilder json = new StringBuilder(plaintext.length * 4 / 3 + 512);
        json.append("{\"protected\":\"")
                .append(new String(header, StandardCharsets.ISO_8859_1))
                .append('"');
        json.append(recipientsJson);
        if (aad.length > 0) {
            json.append(",\"aad\":\"").append(additional).append('"');
        }
        json.append(",\"iv\":\"").append(Base64Url.encode(content.iv()));
        json.append("\",\"ciphertext\":\"").append(Base64Url.encode(content.ciphertext()));
        json.append("\",\"tag\":\"").append(Base64Url.encode(content.tag())).append("\"}");
        tellEncrypted(now);
        return json.toString();
    }

    /** For issuers of nested tokens: the compact form with a {@code cty} that says what is inside. */
    String encryptNested(byte[] content, String cty) {
        if (!JweMessage.isNested(cty) || !cty.matches("[A-Za-z+/]+")) {
            throw new IllegalArgumentException("not the type of a token");
        }
        if (hasContentType) {
            throw new IllegalStateException("the encrypter has another content type");
        }
        return compact(content, ",\"cty\":\"" + cty + '"');
    }

    private String compact(byte[] plaintext, String members) {
        Sealing now = sealing.get();
        if (now.recipients.size() > 1) {
            throw new IllegalStateException("the compact form has one recipient; use encryptJson");
        }
        requireReady(now, plaintext.length);
        CekSealer.SealedCek sealed = seal(now.recipients.get(0), now.derives ? null : freshKey(now.cipher));
        byte[] header = now.shared.encode(sealed.members() + members);
        ContentCipher.Sealed content = encrypt(now.cipher, sealed.cek(), plaintext, header);
        byte[][] parts = {
            header,
            Base64Url.encodeToBytes(sealed.encrypted()),
            Base64Url.encodeToBytes(content.iv()),
            Base64Url.encodeToBytes(content.ciphertext()),
            Base64Url.encodeToBytes(content.tag())
        };
        int length = parts.length - 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] out = new byte[length];
        int end = 0;
        for (byte[] part : parts) {
            if (end > 0) {
                out[end++] = '.';
            }
            System.arraycopy(part, 0, out, end, part.length);
            end += part.length;
        }
        tellEncrypted(now);
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    private void requireReady(Sealing sealing, int bytes) {
        if (bytes > maxBytes) {
            throw InvalidMessageException.tooLarge("content of more than " + maxBytes + " bytes");
        }
        Instant now = clock.instant();
        for (Recipient recipient : sealing.recipients) {
            EncryptionKey key = recipient.key;
            if (key.status() != KeyStatus.ACTIVE) {
                throw new IllegalStateException("the key " + key.id() + " is not active and does not encrypt");
            }
            if (key.notBefore().filter(now::isBefore).isPresent()
                    || key.notAfter().filter(end -> !now.isBefore(end)).isPresent()) {
                throw new IllegalStateException("the key " + key.id() + " is not valid now and does not encrypt");
            }
        }
    }

    private SecretKey freshKey(ContentCipher cipher) {
        byte[] bytes = new byte[cipher.keyBytes];
        random.nextBytes(bytes);
        try {
            return new SecretKeySpec(bytes, "AES");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private CekSealer.SealedCek seal(Recipient recipient, @Nullable SecretKey cek) {
        try {
            return recipient.sealer.seal(cek, random);
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("the provider cannot encrypt with the key " + recipient.key.id(), e);
        }
    }

    private ContentCipher.Sealed encrypt(ContentCipher cipher, SecretKey cek, byte[] plaintext, byte[] authenticated) {
        try {
            return cipher.encrypt(cek, plaintext, authenticated, random);
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("the provider cannot encrypt content", e);
        }
    }

    private void tellEncrypted(Sealing sealing) {
        for (Recipient recipient : sealing.recipients) {
            audit.accepted(SecurityEvent.Type.ENCRYPTED, recipient.key);
        }
    }

    /** A header whose constant part is written once. */
    private static final class Template {
        /** Without the closing brace. */
        private final String start;

        private final byte[] constant;

        Template(Map<String, Object> members) {
            String json = new String(JsonText.write(members), StandardCharsets.UTF_8);
            start = json.substring(0, json.length() - 1);
            constant = Base64Url.encodeToBytes(json.getBytes(StandardCharsets.UTF_8));
        }

        /** @param members more of them, starting with a comma; or empty */
        String text(String members) {
            boolean first = start.length() == 1 && !members.isEmpty();
            return start + (first ? members.substring(1) : members) + '}';
        }

        byte[] encode(String members) {
            return members.isEmpty()
                    ? constant
                    : Base64Url.encodeToBytes(text(members).getBytes(StandardCharsets.UTF_8));
        }
    }

    Limits limits() {
        return limits;
    }

    /** Makes a {@link JweEncrypter}. Not thread-safe. */
    public static final class Builder {
        private final Derived.Source<List<EncryptionKey>> recipients;
        private final Map<String, Object> extra = new LinkedHashMap<>();
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private @Nullable Algorithm encryption;
        private byte[] apu = NONE;
        private byte[] apv = NONE;
        private boolean keyId = true;
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(Derived.Source<List<EncryptionKey>> recipients) {
            this.recipients = recipients;
        }

        private Builder(Builder other) {
            recipients = other.recipients;
            extra.putAll(other.extra);
            policy = other.policy;
            encryption = other.encryption;
            apu = other.apu;
            apv = other.apv;
            keyId = other.keyId;
            listener = other.listener;
            clock = other.clock;
        }

        /** Another policy than {@link SecurityPolicy#recommended2026()}. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** The algorithm of the content; {@link Algorithm#A256GCM} without this call, or with {@code dir} the key's own. */
        public Builder contentEncryption(Algorithm enc) {
            encryption = enc;
            return this;
        }

        /** The media type of the JWE, {@code typ}. */
        public Builder type(String type) {
            extra.put("typ", type);
            return this;
        }

        /**
         * The media type of the content, {@code cty}.
         *
         * @throws IllegalArgumentException if it says that the content is a token, which its issuer encrypts itself
         */
        public Builder contentType(String type) {
            if (JweMessage.isNested(type)) {
                throw new IllegalArgumentException("tokens are signed and encrypted in one step, by their issuer");
            }
            extra.put("cty", type);
            return this;
        }

        /**
         * A protected header member.
         *
         * @param value a string, number, boolean, instant, list or map of them
         * @throws IllegalArgumentException if the name is one that RFC 7516 or RFC 7518 defines
         */
        public Builder header(String name, Object value) {
            if (HeaderTemplate.REGISTERED.contains(name)) {
                throw new IllegalArgumentException(name + " has a meaning of its own");
            }
            extra.put(name, JsonText.copyOf(name, value));
            return this;
        }

        /** Who agrees on a key with ECDH-ES: {@code apu} and {@code apv} (RFC 7518, 4.6.1), each left out if empty. */
        public Builder agreementInfo(byte[] newApu, byte[] newApv) {
            apu = newApu.clone();
            apv = newApv.clone();
            return this;
        }

        /** Leaves {@code kid} out; the recipient must then have one key only. */
        public Builder withoutKeyId() {
            keyId = false;
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
         * The encrypter.
         *
         * @throws IllegalArgumentException if the policy does not accept an algorithm, there are too many recipients or two
         *     under one id, or algorithms and options do not fit each other
         */
        public JweEncrypter build() {
            return new JweEncrypter(new Builder(this));
        }

        private void check(List<EncryptionKey> recipients) {
            if (recipients.size() > policy.limits().maxSignatures()) {
                throw new IllegalArgumentException("at most " + policy.limits().maxSignatures() + " recipients");
            }
            if (recipients.stream().map(EncryptionKey::id).distinct().count() < recipients.size()) {
                throw new IllegalArgumentException("two recipients share an id");
            }
            boolean agreed = recipients.stream()
                    .allMatch(key -> key.algorithm().joseName().startsWith("ECDH-ES"));
            if (apu.length + apv.length > 0 && !agreed) {
                throw new IllegalArgumentException("agreementInfo is for ECDH-ES");
            }
        }

        private Algorithm contentEncryption(List<EncryptionKey> recipients) {
            Algorithm direct = recipients.get(0).algorithm();
            if (direct.isContentEncryption()) {
                if (encryption != null && encryption != direct) {
                    throw new IllegalArgumentException("a key for " + direct.joseName() + " encrypts with that only");
                }
                return direct;
            }
            Algorithm chosen = encryption == null ? Algorithm.A256GCM : encryption;
            if (!chosen.isContentEncryption() || !policy.algorithms().contains(chosen)) {
                throw new IllegalArgumentException("the policy does not encrypt content with " + chosen.joseName());
            }
            return chosen;
        }
    }
}
