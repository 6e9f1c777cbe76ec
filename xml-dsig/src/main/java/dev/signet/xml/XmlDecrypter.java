// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Providers;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.XmlLimits;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Lowered;
import dev.signet.core.internal.ProviderKeys;
import dev.signet.xml.EncryptedPart.EncryptedKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts what {@link XmlEncrypter} and others encrypted by XML Encryption 1.1, with keys that it was given and nothing else.
 *
 * <p><b>Security properties.</b> What is encrypted must stand at the places that the decrypter names, and nowhere else. The
 * document is read within {@link XmlLimits}, and its structure checked, before any cryptography. A key has one algorithm:
 * that of an {@code EncryptedKey} is compared with it, and that of the content with a set. Authenticated ciphers only, unless
 * {@link Builder#allowUnauthenticatedCbc()}; RSA-OAEP with SHA-2 for its MGF1 too; RSA PKCS#1 v1.5 never. The recipient's name
 * selects the key, and no other is tried; an {@code EncryptedKey} without a name is for a decrypter of one key. Nothing is
 * dereferenced: {@code CipherReference}, {@code RetrievalMethod} and {@code KeyInfoReference} refuse the document, and
 * certificates and keys in it are not looked at. Base64 has one spelling, and lengths are exact.
 *
 * <p>An encrypted key that cannot be opened is replaced by a random one, which takes the same way to the same failure. The
 * document with the plaintexts in it is parsed again under the same limits; {@code EncryptedData} inside of what was
 * encrypted, a document type declaration, and a plaintext that does not begin and end with its element refuse it.
 *
 * <p>All parts of a document are encrypted by one algorithm and for one key of the decrypter.
 *
 * <p>XML Encryption 1.1, sections 3 to 6. Documents are in UTF-8. Immutable and thread-safe.
 *
 * <p><b>Errors.</b> {@link InvalidMessageException} for what is no such document, over a limit, or encrypted by an algorithm
 * that is not accepted; it depends on public parts of the document only. {@link DecryptionException}, always the same one, for
 * anything after that: unknown key, wrong key, changed bytes, plaintext that is no XML.
 */
public final class XmlDecrypter {
    private final Map<String, Entry> keys;
    private final @Nullable Entry only;
    private final Map<String, ContentCipher> ciphers;
    private final List<EncryptionPlace> places;
    private final Limits limits;
    private final StrictReader.Factory ciphertexts;
    private final StrictReader.Factory documents;
    private final String lowered;
    private final InstantSource clock;
    private final Audit audit;
    private final SecureRandom random = new SecureRandom();

    /** One of both is there: a key that opens others, or one that encrypted the content. */
    private record Entry(
            DecryptionKey key,
            @Nullable CekOpener opener,
            @Nullable SecretKey direct) {
        static Entry of(DecryptionKey key, SecurityPolicy policy) {
            if (!key.algorithm().isContentEncryption()) {
                return new Entry(key, CekOpener.of(key, policy), null);
            }
            EncryptionKeys.requireAllowed(key, policy);
            return new Entry(key, null, ProviderKeys.aes(key.dangerousSecret().orElseThrow()));
        }

        boolean isUsableAt(Instant now) {
            return key.status() != KeyStatus.DISABLED
                    && key.notBefore().filter(now::isBefore).isEmpty()
                    && key.notAfter().filter(end -> !now.isBefore(end)).isEmpty();
        }
    }

    /** @param encrypted null where the key encrypted the content itself */
    private record Selected(Entry entry, @Nullable EncryptedKey encrypted) {}

    private XmlDecrypter(Builder builder) {
        SecurityPolicy policy = builder.policy;
        keys = new HashMap<>();
        for (DecryptionKey key : builder.keys) {
            if (keys.put(key.id(), Entry.of(key, policy)) != null) {
                throw new IllegalArgumentException("two keys share an id");
            }
        }
        only = keys.size() == 1 ? keys.values().iterator().next() : null;
        ciphers = builder.ciphers();
        places = EncryptionPlace.checked(builder.places);
        limits = policy.limits();
        XmlLimits xml = limits.xml();
        // Ciphertext is one long text. What else is as long is refused after it.
        ciphertexts = new StrictReader.Factory(
                xml.withMaxTextLength((int) Math.min(xml.maxBytes(), Integer.MAX_VALUE)), builder.instructions);
        documents = new StrictReader.Factory(xml, builder.instructions);
        clock = builder.clock;
        lowered = builder.lowered.toString();
        audit = new Audit("xml-enc", builder.listener, builder.clock);
    }

    @Override
    public String toString() {
        return "XmlDecrypter" + keys.keySet() + lowered;
    }

    /** A decrypter with the keys of a keyset; those that are disabled or not valid at the time decrypt nothing. */
    public static Builder builder(Keyset<DecryptionKey> keys) {
        return new Builder(keys.keys());
    }

    /** A decrypter with these keys, of whole documents unless places are named. */
    public static Builder builder(DecryptionKey key, DecryptionKey... more) {
        List<DecryptionKey> all = new ArrayList<>();
        all.add(key);
        all.addAll(Arrays.asList(more));
        return new Builder(all);
    }

    /**
     * The document with the plaintext where it was encrypted.
     *
     * @throws InvalidMessageException if it is malformed, over a limit, or not encrypted where and as it should be
     * @throws DecryptionException if it cannot be decrypted
     */
    public DecryptedXml decrypt(byte[] xml) {
        DecryptionKey key = null;
        try {
            byte[] document = xml.clone();
            List<EncryptedDocument.Region> regions =
                    EncryptedDocument.read(document, places, ciphertexts.open(document, 0, document.length), limits);
            ContentCipher cipher = cipher(regions);
            List<Selected> selected = select(regions, cipher);
            key = selected.get(0).entry.key;
            DecryptedXml decrypted = decrypt(document, regions, selected, cipher);
            audit.accepted(SecurityEvent.Type.DECRYPTED, key);
            return decrypted;
        } catch (MessageSecurityException e) {
            throw audit.refused(e, key);
        }
    }

    private ContentCipher cipher(List<EncryptedDocument.Region> regions) {
        ContentCipher cipher = ciphers.get(regions.get(0).part().algorithm());
        for (EncryptedDocument.Region region : regions) {
            EncryptedPart part = region.part();
            if (cipher == null || !cipher.uri.equals(part.algorithm())) {
                throw Xenc.malformed("the algorithm of the content is not accepted");
            }
            if (!cipher.hasLength(part.ciphertext())) {
                throw Xenc.malformed("the ciphertext does not have the length of its algorithm");
            }
        }
        if (cipher == null) {
            throw new IllegalStateException("there is at least one region");
        }
        return cipher;
    }

    private List<Selected> select(List<EncryptedDocument.Region> regions, ContentCipher cipher) {
        List<Selected> all = new ArrayList<>();
        for (EncryptedDocument.Region region : regions) {
            EncryptedPart part = region.part();
            Selected selected = part.keys().isEmpty() ? direct(part, cipher) : select(part.keys());
            if (selected.encrypted != null && selected.entry.opener != null) {
                selected.entry.opener.check(selected.encrypted, cipher.keyBytes);
            }
            all.add(selected);
        }
        Entry first = all.get(0).entry;
        if (all.stream().anyMatch(s -> s.entry != first) || !first.isUsableAt(clock.instant())) {
            throw new DecryptionException();
        }
        return all;
    }

    private Selected direct(EncryptedPart part, ContentCipher cipher) {
        Entry entry = part.keyName() == null ? only : keys.get(part.keyName());
        if (entry == null || entry.direct == null || entry.key.algorithm() != cipher.algorithm) {
            throw new DecryptionException();
        }
        return new Selected(entry, null);
    }

    /** The one recipient that names a key of ours, or the one that names none where we have one key only. */
    private Selected select(List<EncryptedKey> recipients) {
        Selected unnamed = null;
        int count = 0;
        boolean known = false;
        for (EncryptedKey recipient : recipients) {
            Entry entry = recipient.name() == null ? only : keys.get(recipient.name());
            known |= entry != null;
            // The algorithm is compared, and never chosen by the message.
            if (entry == null || entry.opener == null || !entry.opener.fits(recipient)) {
                continue;
            }
            if (recipient.name() != null) {
                return new Selected(entry, recipient);
            }
            unnamed = new Selected(entry, recipient);
            count++;
        }
        if (known && count == 0) {
            throw Xenc.malformed("the algorithm of an EncryptedKey is not that of its recipient's key");
        }
        // Which of several nameless recipients is meant could only be tried.
        if (unnamed == null || count != 1) {
            throw new DecryptionException();
        }
        return unnamed;
    }

    private DecryptedXml decrypt(
            byte[] document, List<EncryptedDocument.Region> regions, List<Selected> selected, ContentCipher cipher) {
        boolean failed = false;
        List<byte[]> plaintexts = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            byte[] ciphertext = regions.get(i).part().ciphertext();
            byte[] plaintext = cipher.decrypt(contentKey(selected.get(i), cipher), ciphertext);
            failed |= plaintext == null;
            plaintexts.add(plaintext == null ? substitute(cipher.plaintextBytes(ciphertext)) : plaintext);
        }
        DecryptedDocument decrypted = DecryptedDocument.of(document, places, regions, plaintexts);
        try {
            failed |= !decrypted.fits(documents);
        } catch (InvalidMessageException e) {
            failed = true;
        }
        if (failed) {
            throw new DecryptionException();
        }
        return new DecryptedXml(decrypted.xml, selected.get(0).entry.key, cipher.algorithm, documents);
    }

    /** After a failure a random key takes the same way as the right one, to the same end. */
    private SecretKey contentKey(Selected selected, ContentCipher cipher) {
        if (selected.entry.direct != null) {
            return selected.entry.direct;
        }
        SecretKey substitute = EncryptionKeys.random(cipher.keyBytes, random);
        if (selected.entry.opener == null || selected.encrypted == null) {
            return substitute;
        }
        try {
            SecretKey cek = selected.entry.opener.open(selected.encrypted);
            return cek != null && length(cek) == cipher.keyBytes ? cek : substitute;
        } catch (UnavailableException e) {
            // Says nothing of what was encrypted: a handle is asked before that.
            throw e;
        } catch (GeneralSecurityException | RuntimeException e) {
            // Providers fail in many ways, and each of them would tell an attacker something.
            return substitute;
        }
    }

    private static int length(SecretKey key) {
        byte[] bytes = key.getEncoded();
        Arrays.fill(bytes, (byte) 0);
        return bytes.length;
    }

    /** What is parsed, to the end, where there is no plaintext: as long as that, and refused there. */
    private static byte[] substitute(int length) {
        byte[] text = new byte[length + 1];
        Arrays.fill(text, (byte) ' ');
        text[length] = '<';
        return text;
    }

    /** Makes an {@link XmlDecrypter}. Not thread-safe. */
    public static final class Builder {
        private static final int[] AES_BITS = {128, 192, 256};

        private final List<DecryptionKey> keys;
        private final List<EncryptionPlace> places = new ArrayList<>();
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private @Nullable Set<Algorithm> encryption;
        private final Lowered lowered = new Lowered();
        private boolean cbc;
        private boolean instructions;
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(List<DecryptionKey> keys) {
            this.keys = List.copyOf(keys);
        }

        /**
         * An element that must be encrypted with its tags, by its place: the names from the root down. Several places may be
         * named, and each is to be encrypted.
         */
        public Builder element(QName... place) {
            places.add(EncryptionPlace.element(place));
            return this;
        }

        /** An element that must be there, and whose whole content must be encrypted. */
        public Builder content(QName... place) {
            places.add(EncryptionPlace.content(place));
            return this;
        }

        /** Another policy than {@link SecurityPolicy#recommended2026()}. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** The only algorithms of content to accept; without this call, all that the policy has. */
        public Builder contentEncryption(Algorithm first, Algorithm... more) {
            Set<Algorithm> all = new HashSet<>(Arrays.asList(more));
            all.add(first);
            encryption = all;
            return this;
        }

        /**
         * Content encrypted by AES-CBC too, from parties that have nothing better. It is protected from nothing: whoever can
         * send changed messages and see whether they are accepted may read it, byte for byte (Jager and Somorovsky, 2011).
         * Accept it only inside a signature that is verified first, by a {@link VerifyingXmlDecrypter}.
         */
        public Builder allowUnauthenticatedCbc() {
            cbc = true;
            lowered.add("allowUnauthenticatedCbc");
            return this;
        }

        /** Documents and plaintexts may have processing instructions, which not every reader understands alike. */
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
         * The decrypter.
         *
         * @throws IllegalArgumentException if the policy or XML Encryption does not have an algorithm, two keys share an id, or
         *     a place is in another
         */
        public XmlDecrypter build() {
            return new XmlDecrypter(this);
        }

        private Map<String, ContentCipher> ciphers() {
            Providers providers = policy.providers();
            Map<String, ContentCipher> ciphers = new HashMap<>();
            for (Algorithm algorithm : encryption == null ? policy.algorithms() : encryption) {
                ContentCipher cipher = ContentCipher.of(algorithm, providers).orElse(null);
                if (cipher != null) {
                    ciphers.put(cipher.uri, cipher);
                } else if (encryption != null) {
                    throw new IllegalArgumentException("XML Encryption has no " + algorithm.joseName());
                }
                if (!policy.algorithms().contains(algorithm)) {
                    throw new IllegalArgumentException("the policy does not accept " + algorithm.joseName());
                }
            }
            for (int bits : cbc ? AES_BITS : new int[0]) {
                ContentCipher cipher = ContentCipher.cbc(bits, providers);
                ciphers.put(cipher.uri, cipher);
            }
            return Map.copyOf(ciphers);
        }
    }
}
