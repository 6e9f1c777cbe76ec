// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.XmlLimits;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Derived;
import dev.signet.core.internal.Lowered;
import dev.signet.core.internal.Primaries;
import dev.signet.core.internal.ProviderKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts a document, elements of it or their content, for one recipient or several (XML Encryption 1.1).
 *
 * <p><b>Security properties.</b> Content is encrypted by AES-GCM with a fresh random key and IV for each element, and the key
 * for each recipient by RSA-OAEP with SHA-2 alone, ECDH-ES with ConcatKDF, or AES key wrap. Encryption hides and protects
 * from changes what is encrypted; it does not sign: anybody who has the recipient's public key, or the same secret, can make
 * such an element, and what is around it is as anybody left it. Sign first what must be signed, or sign the encrypted
 * document and have it read by a {@link VerifyingXmlDecrypter}. A shared secret that encrypts content directly is good for
 * 2^32 elements (NIST SP 800-38D, 8.3). The length of what is encrypted can be seen.
 *
 * <p>Places must be in the document exactly once, or nothing is encrypted. The rest of the document stays byte for byte. What
 * is encrypted gets the namespaces that it took from around it, the absence of a default one included, so that it means the same
 * in another place. It can be put into another place: two encrypted elements, of one document or of two, can be exchanged by
 * anybody on the way, unless a signature covers the document around them.
 *
 * <p>XML Encryption 1.1, sections 3 to 5; RFC 9231. Documents are in UTF-8. Immutable and thread-safe.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} when it is built wrongly; {@link IllegalStateException} for a key that is
 * not valid at the time; {@link InvalidMessageException} for a document that is malformed, over a limit of {@link XmlLimits},
 * or does not have the places.
 */
public final class XmlEncrypter {
    private final Derived<List<EncryptionKey>, Sealing> sealing;
    private final List<EncryptionPlace> places;
    private final String lowered;
    private final XmlLimits limits;
    private final StrictReader.Factory documents;
    private final InstantSource clock;
    private final Audit audit;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param sealer null for a key that encrypts content directly
     * @param keyInfo elements that name the key, or nothing
     */
    private record Recipient(EncryptionKey key, @Nullable CekSealer sealer, String keyInfo) {}

    private XmlEncrypter(Builder builder) {
        sealing = Derived.of(builder.recipients, keys -> new Sealing(builder, keys));
        places = EncryptionPlace.checked(builder.places);
        limits = builder.policy.limits().xml();
        documents = new StrictReader.Factory(limits, builder.instructions);
        lowered = builder.lowered.toString();
        clock = builder.clock;
        audit = new Audit("xml-enc", builder.listener, builder.clock);
    }

    /** What is prepared for the recipients, once. */
    private static final class Sealing {
        final List<Recipient> recipients;
        /** Null if the content keys are fresh. */
        final @Nullable SecretKey direct;

        final ContentCipher cipher;

        Sealing(Builder builder, List<EncryptionKey> keys) {
            SecurityPolicy policy = builder.policy;
            builder.check(keys);
            Algorithm enc = builder.contentEncryption(keys);
            cipher = ContentCipher.of(enc, policy.providers())
                    .orElseThrow(() -> new IllegalArgumentException("XML Encryption has no " + enc.joseName()));
            List<Recipient> all = new ArrayList<>();
            SecretKey shared = null;
            for (EncryptionKey key : keys) {
                String keyInfo = builder.keyId ? "<ds:KeyName>" + Xenc.escape(key.id()) + "</ds:KeyName>" : "";
                if (key.algorithm().isContentEncryption()) {
                    EncryptionKeys.requireAllowed(key, policy);
                    shared = ProviderKeys.aes(key.dangerousSecret().orElseThrow());
                    all.add(new Recipient(key, null, keyInfo));
                } else {
                    all.add(new Recipient(key, CekSealer.of(key, policy), keyInfo));
                }
            }
            if (shared != null && all.size() > 1) {
                throw new IllegalArgumentException("a key that encrypts content directly is for one recipient only");
            }
            recipients = List.copyOf(all);
            direct = shared;
        }
    }

    /** An encrypter for these recipients, of whole documents unless places are named. */
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
     * file::encryptionKeys}, is asked for each document, so that a rotation needs no new encrypter. A primary key that this
     * encrypter cannot use is an {@link IllegalStateException} then; a supplier that fails, an {@link UnavailableException}.
     */
    public static Builder builder(Supplier<Keyset<EncryptionKey>> recipient) {
        Derived<EncryptionKey, List<EncryptionKey>> single = Derived.of(Primaries.of(recipient), List::of);
        return new Builder(Derived.Source.asked(single::get));
    }

    /**
     * The document with {@code EncryptedData} in place of what is encrypted.
     *
     * @throws InvalidMessageException if it is malformed, over a limit, encrypted already, or does not have each place once
     * @throws IllegalStateException if a key is not valid now
     */
    public byte[] encrypt(byte[] xml) {
        Sealing now = sealing.get();
        requireReady(now);
        byte[] encrypted;
        try {
            encrypted = encryptPlaces(now, xml.clone());
        } catch (MessageSecurityException e) {
            throw audit.refused(e, now.recipients.size() == 1 ? now.recipients.get(0).key : null);
        }
        for (Recipient recipient : now.recipients) {
            audit.accepted(SecurityEvent.Type.ENCRYPTED, recipient.key);
        }
        return encrypted;
    }

    @Override
    public String toString() {
        return "XmlEncrypter["
                + sealing.get().recipients.stream().map(r -> r.key.id()).collect(Collectors.joining(", ")) + lowered
                + "]";
    }

    private byte[] encryptPlaces(Sealing now, byte[] document) {
        List<Plaintexts.Region> regions =
                Plaintexts.find(document, places, documents.open(document, 0, document.length), limits);
        ByteArrayOutputStream out = new ByteArrayOutputStream(document.length);
        int copied = 0;
        for (Plaintexts.Region region : regions) {
            out.write(document, copied, region.start() - copied);
            if (region.name() == null) {
                out.writeBytes(sealed(now, region));
            } else {
                out.write('>');
                out.writeBytes(sealed(now, region));
                out.writeBytes(("</" + region.name() + '>').getBytes(StandardCharsets.UTF_8));
            }
            copied = region.end();
        }
        out.write(document, copied, document.length - copied);
        if (out.size() > limits.maxBytes()) {
            // The recipient's limit is likely to be the same.
            throw InvalidMessageException.tooLarge("encrypted XML of more than " + limits.maxBytes() + " bytes");
        }
        return out.toByteArray();
    }

    private void requireReady(Sealing sealing) {
        Instant now = clock.instant();
        for (Recipient recipient : sealing.recipients) {
            EncryptionKey key = recipient.key;
            if (key.notBefore().filter(now::isBefore).isPresent()
                    || key.notAfter().filter(end -> !now.isBefore(end)).isPresent()) {
                throw new IllegalStateException("the key " + key.id() + " is not valid now and does not encrypt");
            }
        }
    }

    private byte[] sealed(Sealing now, Plaintexts.Region region) {
        SecretKey cek = now.direct == null ? EncryptionKeys.random(now.cipher.keyBytes, random) : now.direct;
        StringBuilder keyInfo = new StringBuilder();
        for (Recipient recipient : now.recipients) {
            keyInfo.append(
                    recipient.sealer == null ? recipient.keyInfo : encryptedKey(recipient, recipient.sealer, cek));
        }
        byte[] ciphertext;
        try {
            ciphertext = now.cipher.encrypt(cek, region.plaintext(), random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the provider cannot encrypt content", e);
        }
        String xml = "<xenc:EncryptedData xmlns:xenc=\"" + Xenc.XENC + "\" Type=\""
                + region.place().type() + "\"><xenc:EncryptionMethod Algorithm=\"" + now.cipher.uri + "\"/>"
                + (keyInfo.isEmpty()
                        ? ""
                        : "<ds:KeyInfo xmlns:ds=\"" + XmlProfile.DSIG + "\">" + keyInfo + "</ds:KeyInfo>")
                + "<xenc:CipherData><xenc:CipherValue>" + Base64Text.encode(ciphertext)
                + "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>";
        return xml.getBytes(StandardCharsets.UTF_8);
    }

    private static String encryptedKey(Recipient recipient, CekSealer sealer, SecretKey cek) {
        CekSealer.Sealed sealed;
        try {
            sealed = sealer.seal(cek, recipient.keyInfo);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the provider cannot encrypt with the key " + recipient.key.id(), e);
        }
        return "<xenc:EncryptedKey>" + sealed.method()
                + (sealed.keyInfo().isEmpty() ? "" : "<ds:KeyInfo>" + sealed.keyInfo() + "</ds:KeyInfo>")
                + "<xenc:CipherData><xenc:CipherValue>" + Base64Text.encode(sealed.ciphertext())
                + "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>";
    }

    /** Makes an {@link XmlEncrypter}. Not thread-safe. */
    public static final class Builder {
        private final Derived.Source<List<EncryptionKey>> recipients;
        private final List<EncryptionPlace> places = new ArrayList<>();
        private final Lowered lowered;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private @Nullable Algorithm encryption;
        private boolean keyId = true;
        private boolean instructions;
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(Derived.Source<List<EncryptionKey>> recipients) {
            this.recipients = recipients;
            lowered = new Lowered();
        }

        private Builder(Builder other) {
            recipients = other.recipients;
            places.addAll(other.places);
            lowered = new Lowered(other.lowered);
            policy = other.policy;
            encryption = other.encryption;
            keyId = other.keyId;
            instructions = other.instructions;
            listener = other.listener;
            clock = other.clock;
        }

        /** An element with its tags, by its place: the names from the root down. Several places may be named. */
        public Builder element(QName... place) {
            places.add(EncryptionPlace.element(place));
            return this;
        }

        /** What is between the tags of the element at this place. */
        public Builder content(QName... place) {
            places.add(EncryptionPlace.content(place));
            return this;
        }

        /** Another policy than {@link SecurityPolicy#recommended2026()}. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** The algorithm of the content; {@link Algorithm#A256GCM} without this call, or the key's own if it is direct. */
        public Builder contentEncryption(Algorithm enc) {
            encryption = enc;
            return this;
        }

        /** Leaves {@code KeyName} out; the recipient must then have one key only. */
        public Builder withoutKeyId() {
            keyId = false;
            return this;
        }

        /** Documents may have processing instructions, which not every reader understands alike. */
        public Builder allowProcessingInstructions() {
            instructions = true;
            lowered.add("allowProcessingInstructions");
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
         * @throws IllegalArgumentException if the policy or XML Encryption does not have an algorithm, there are too many
         *     recipients or two under one id, or a place is in another
         */
        public XmlEncrypter build() {
            return new XmlEncrypter(new Builder(this));
        }

        private void check(List<EncryptionKey> recipients) {
            if (recipients.size() > policy.limits().maxSignatures()) {
                throw new IllegalArgumentException("at most " + policy.limits().maxSignatures() + " recipients");
            }
            if (recipients.stream().map(EncryptionKey::id).distinct().count() < recipients.size()) {
                throw new IllegalArgumentException("two recipients share an id");
            }
        }

        private Algorithm contentEncryption(List<EncryptionKey> recipients) {
            Algorithm first = recipients.get(0).algorithm();
            if (first.isContentEncryption()) {
                if (encryption != null && encryption != first) {
                    throw new IllegalArgumentException("a key for " + first.joseName() + " encrypts with that only");
                }
                return first;
            }
            Algorithm chosen = encryption == null ? Algorithm.A256GCM : encryption;
            if (!policy.algorithms().contains(chosen)) {
                throw new IllegalArgumentException("the policy does not encrypt content with " + chosen.joseName());
            }
            return chosen;
        }
    }
}
