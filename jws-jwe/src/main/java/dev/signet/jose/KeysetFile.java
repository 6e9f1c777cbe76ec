// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Ciphers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A keyset file: a JWK set (RFC 7517) as {@link Jwks} describes it, encrypted, in the clear, or with public keys only.
 *
 * <p><b>Live.</b> Every call gives the keys that are in the file now, so that {@code HttpSigner.builder(file::signingKeys)}
 * follows a rotation, be it by another process. A call costs one look at the file's key, size, times and mode; only if one of them
 * differs is the file read again, and as long as it was changed within the last seconds its bytes are compared. The keyset is the
 * same object until then. As a {@link KeyResolver} the file answers with its keys that verify.
 *
 * <p><b>Security properties.</b> A private file belongs to its owner alone, where the file system knows owners, or it is refused.
 * It is replaced as a whole: readers see the old keyset or the new one. {@link #update} loses no change of another process. No
 * earlier keyset is used when the file is gone or broken.
 *
 * <p><b>Errors.</b> {@link UnavailableException} for a file that cannot be read or written, or that others may read. The first
 * reading throws {@link InvalidMessageException} for what is no usable keyset, naming the key's position and the member, and {@link
 * DecryptionException} if it is locked with something else; once the file was read, these are {@link UnavailableException}s.
 * Thread-safe.
 */
public final class KeysetFile implements KeyResolver {
    private final Path path;
    private final Kind kind;
    private final @Nullable KeysetLock lock;
    private final SecurityPolicy policy;
    private volatile @Nullable State state;

    private KeysetFile(Path path, Kind kind, @Nullable KeysetLock lock, SecurityPolicy policy) {
        this.path = path;
        this.kind = kind;
        this.lock = lock;
        this.policy = policy;
    }

    private enum Kind {
        LOCKED,
        UNENCRYPTED,
        PUBLIC
    }

    /** What was read, and from which state of the file. */
    private record State(KeysetFiles.Stamp stamp, byte[] digest, Map<Object, Object> keysets) {}

    /** A file of private keys or secrets, encrypted under a lock. It need not be there yet. */
    public static KeysetFile open(Path file, KeysetLock lock) {
        return new KeysetFile(file, Kind.LOCKED, lock, SecurityPolicy.recommended2026());
    }

    /** A file of private keys or secrets in the clear, which only its owner can read. */
    public static KeysetFile dangerousUnencrypted(Path file) {
        return new KeysetFile(file, Kind.UNENCRYPTED, null, SecurityPolicy.recommended2026());
    }

    /** A file of public keys, for those who verify or encrypt. Private keys in it refuse it. */
    public static KeysetFile publicKeys(Path file) {
        return new KeysetFile(file, Kind.PUBLIC, null, SecurityPolicy.recommended2026());
    }

    /** The same file, read within a policy's limits. */
    public KeysetFile withPolicy(SecurityPolicy newPolicy) {
        return new KeysetFile(path, kind, lock, newPolicy);
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /**
     * The private keys that sign, or shared secrets for MACs.
     *
     * @throws IllegalStateException if this is a file of public keys
     */
    public Keyset<SigningKey> signingKeys() {
        requirePrivate();
        return keyset("sign", json -> Jwks.read(json, JwkReader::signing, policy.limits()));
    }

    /**
     * The private keys or shared secrets that decrypt.
     *
     * @throws IllegalStateException if this is a file of public keys
     */
    public Keyset<DecryptionKey> decryptionKeys() {
        requirePrivate();
        return keyset("decrypt", json -> Jwks.read(json, JwkReader::decryption, policy.limits()));
    }

    /**
     * The secrets for tokenization.
     *
     * @throws IllegalStateException if this is a file of public keys
     */
    public Keyset<TokenizationKey> tokenizationKeys() {
        requirePrivate();
        return keyset("tokenize", json -> Jwks.read(json, JwkReader::tokenization, policy.limits()));
    }

    /** The keys that verify; of a private file the verifying halves. */
    public Keyset<VerificationKey> verificationKeys() {
        return keyset(
                "verify",
                json -> kind == Kind.PUBLIC
                        ? Jwks.readPublic(json, jwk -> JwkReader.verification(jwk, null), policy.limits())
                        : Keyset.verificationKeys(Jwks.read(json, JwkReader::signing, policy.limits())));
    }

    /** The keys that encrypt; of a private file the encrypting halves. */
    public Keyset<EncryptionKey> encryptionKeys() {
        return keyset(
                "encrypt",
                json -> kind == Kind.PUBLIC
                        ? Jwks.readPublic(json, JwkReader::encryption, policy.limits())
                        : Keyset.encryptionKeys(Jwks.read(json, JwkReader::decryption, policy.limits())));
    }

    @Override
    public Optional<VerificationKey> resolve(String keyId) {
        return verificationKeys().find(keyId);
    }

    @Override
    public Optional<VerificationKey> resolveUnnamed() {
        Keyset<VerificationKey> keyset = verificationKeys();
        return keyset.keys().size() == 1 ? Optional.of(keyset.primary()) : Optional.empty();
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    /**
     * Writes a keyset to the file, which appears or changes at once: with its private keys and secrets, or to a file of public
     * keys with the public halves.
     *
     * @throws IllegalArgumentException naming the key, if one has no such half, or lives in an HSM or KMS
     */
    public void write(Keyset<?> keyset) {
        if (kind == Kind.PUBLIC) {
            KeysetFiles.write(path, Jwks.toPublicJson(keyset), false);
            return;
        }
        byte[] json = Jwks.dangerousToPrivateJson(keyset);
        try {
            KeysetFiles.write(path, sealed(json), true);
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    /**
     * Reads the file, changes the keyset, and writes it back, while nobody else changes the file in this way, by {@link #write}
     * or by the command {@code signet key rotate}: of two changes at once none is lost. The change should be quick, since the
     * others wait for it, and for at most 30 seconds; where it returns its argument, nothing is written.
     *
     * <p>Owner, group and mode of the file are kept; a file for which that cannot be, or that has a second hard link, is
     * refused. A symbolic link stays one. An empty file {@code .name.lock} stays beside the file.
     *
     * @return what is in the file now
     * @throws InvalidMessageException if it is no usable keyset
     * @throws DecryptionException if it is locked with something else, or was changed
     * @throws IllegalArgumentException naming the key, if one is public, or lives in an HSM or KMS
     * @throws IllegalStateException if the change itself changes the file, or this is a file of public keys
     */
    public Keyset<Key> update(UnaryOperator<Keyset<Key>> change) {
        requirePrivate();
        return KeysetFiles.update(path, policy.limits(), (content, writer) -> {
            byte[] json = opened(content);
            if (json != content) {
                Arrays.fill(content, (byte) 0);
            }
            Keyset<Key> keyset;
            try {
                keyset = Jwks.read(json, JwkReader::anyPrivate, policy.limits());
            } finally {
                Arrays.fill(json, (byte) 0);
            }
            Keyset<Key> changed = Objects.requireNonNull(change.apply(keyset), "the changed keyset");
            if (changed == keyset) {
                return keyset;
            }
            byte[] clear = Jwks.dangerousToPrivateJson(changed);
            try {
                writer.accept(sealed(clear));
            } finally {
                Arrays.fill(clear, (byte) 0);
            }
            return changed;
        });
    }

    @Override
    public String toString() {
        return "KeysetFile[" + path
                + switch (kind) {
                    case LOCKED -> ", " + lock;
                    case UNENCRYPTED -> ", dangerousUnencrypted";
                    case PUBLIC -> ", public";
                }
                + "]";
    }

    // ---- the file --------------------------------------------------------------------------------------------------

    private <K extends Key> Keyset<K> keyset(String use, Function<byte[], Keyset<K>> reader) {
        State known = state;
        try {
            KeysetFiles.Stamp stamp = KeysetFiles.stamp(path, kind != Kind.PUBLIC);
            Keyset<K> keyset = known == null ? null : keyset(known, use);
            if (keyset != null && known != null && stamp.equals(known.stamp) && known.stamp.isSettled()) {
                return keyset;
            }
            byte[] content = KeysetFiles.read(path, policy.limits(), kind != Kind.PUBLIC);
            byte[] digest;
            boolean isSame;
            try {
                digest = Ciphers.messageDigest(policy.providers(), "SHA-256").digest(content);
                isSame = known != null && MessageDigest.isEqual(digest, known.digest);
                if (!isSame || keyset == null) {
                    keyset = read(content, reader);
                }
            } finally {
                Arrays.fill(content, (byte) 0);
            }
            // A file that was replaced meanwhile has another stamp, and is read again next time.
            Map<Object, Object> keysets = isSame && known != null ? known.keysets : new ConcurrentHashMap<>();
            keysets.put(use, keyset);
            state = new State(stamp, digest, keysets);
            return keyset;
        } catch (InvalidMessageException | DecryptionException e) {
            if (known == null) {
                throw e;
            }
            throw new UnavailableException("the keyset file " + path + " was good, and is not now", e);
        }
    }

    private <K extends Key> Keyset<K> read(byte[] content, Function<byte[], Keyset<K>> reader) {
        byte[] json = opened(content);
        try {
            return reader.apply(json);
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    @SuppressWarnings("unchecked") // each use has one type of key
    private static <K extends Key> @Nullable Keyset<K> keyset(State state, String use) {
        return (Keyset<K>) state.keysets.get(use);
    }

    /** The JWK set, which is wiped behind its use. */
    private byte[] opened(byte[] content) {
        return lock == null ? content : lock.unlock(content);
    }

    private byte[] sealed(byte[] json) {
        return lock == null ? json : lock.lock(json);
    }

    private void requirePrivate() {
        if (kind == Kind.PUBLIC) {
            throw new IllegalStateException(
                    "a file of public keys holds no private keys and is not changed, but written");
        }
    }
}
