// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationKey;
import dev.signet.jose.InspectedJwks;
import dev.signet.jose.Jwks;
import dev.signet.jose.KeysetLock;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a file in any of the forms that the command takes: a Signet keyset, a JWK set or a JWK of somebody else, or
 * PEM. A Signet keyset is all good or refused; of others' sets the keys that cannot be used are left out.
 */
public final class KeyFile {
    private final String name;
    private final List<Key> keys = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private @Nullable String primaryId;
    private boolean isPrivate;
    private boolean isPem;
    private @Nullable SecretBytes passphrase;

    private KeyFile(String name) {
        this.name = name;
    }

    /**
     * What is known beside the file.
     *
     * @param pemId names the key of a PEM file; null for its thumbprint
     * @param passphrase of encrypted files
     * @param ignoreMode whether others may be able to read private keys
     */
    public record Options(
            AlgorithmHints algorithms, @Nullable String pemId, PassphraseOptions passphrase, boolean ignoreMode) {
        static Options plain(PassphraseOptions passphrase, boolean ignoreMode) {
            return new Options(AlgorithmHints.none(), null, passphrase, ignoreMode);
        }
    }

    public static KeyFile read(Shell shell, String name, Options options) {
        KeyFile file = new KeyFile(Inputs.display(name));
        file.read(shell, name, options, () -> options.passphrase().existing(shell, file.name));
        return file;
    }

    /** The same file as it is now, opened by the passphrase that was given already; nobody is asked anything. */
    KeyFile again(Shell shell, String fileName, Options options) {
        KeyFile file = new KeyFile(name);
        file.read(shell, fileName, options, () -> {
            if (passphrase == null) {
                throw Failure.input(name + " was encrypted meanwhile by somebody else; try again");
            }
            return passphrase;
        });
        return file;
    }

    private void read(Shell shell, String fileName, Options options, Supplier<SecretBytes> asked) {
        byte[] bytes = Inputs.read(shell, fileName, Limits.recommended2026().maxJsonBytes());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        LockedKeyset locked = LockedKeyset.of(name, text).orElse(null);
        if (text.contains("-----BEGIN ")) {
            readPem(text, options, asked);
        } else if (locked != null) {
            if (!options.ignoreMode()) {
                Inputs.requireOwnerOnly(fileName);
            }
            SecretBytes given = asked.get();
            readJson(locked.open(given), options);
            passphrase = given;
        } else {
            readJson(bytes, options);
        }
        if (isPrivate && !options.ignoreMode()) {
            Inputs.requireOwnerOnly(fileName);
        }
    }

    /** Whether bytes are keys that anybody may see, and nothing else. */
    static boolean isPublic(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.contains("-----BEGIN ")) {
            return !text.contains("PRIVATE KEY-----");
        }
        try {
            return Jwks.inspect(bytes).isPublicSet();
        } catch (InvalidMessageException e) {
            return false;
        }
    }

    List<Key> keys() {
        return keys;
    }

    /** Keys that cannot be used, each with the reason. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** The primary key's id; empty for public keys and keys of others. */
    Optional<String> primaryId() {
        return Optional.ofNullable(primaryId);
    }

    boolean isPrivate() {
        return isPrivate;
    }

    boolean isPem() {
        return isPem;
    }

    /** A keyset as this file holds it: encrypted under the same passphrase, or in the clear. */
    byte[] seal(Keyset<Key> keyset) {
        byte[] json = Jwks.dangerousToPrivateJson(keyset);
        if (passphrase == null) {
            return json;
        }
        try {
            return KeysetLock.passphrase(passphrase).lock(json);
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    /** The keyset, of one use and with a primary key. */
    Keyset<Key> keyset() {
        String primary = primaryId != null
                ? primaryId
                : keys.stream()
                        .filter(key -> key.status() == KeyStatus.ACTIVE)
                        .map(Key::id)
                        .findFirst()
                        .orElseThrow(() -> Failure.input(name + " has no active key"));
        try {
            return Keyset.of(primary, keys);
        } catch (IllegalArgumentException e) {
            throw Failure.input(name + ": " + e.getMessage());
        }
    }

    /** The keys that verify, be they here as public or as private ones. */
    public List<VerificationKey> verificationKeys() {
        List<VerificationKey> verifying = new ArrayList<>();
        for (Key key : keys) {
            if (key instanceof VerificationKey verification) {
                verifying.add(verification);
            } else if (key instanceof SigningKey signing) {
                verifying.add(signing.verificationKey());
            }
        }
        if (verifying.isEmpty()) {
            throw Failure.input(name + " has no key that verifies" + (leftOut.isEmpty() ? "" : ": " + leftOut.get(0)));
        }
        return verifying;
    }

    /** The key that encrypts: of this file's public or private keys the primary one, or the first active one. */
    EncryptionKey encryptionKey() {
        return keys.stream()
                .filter(key -> primaryId == null
                        ? key.status() == KeyStatus.ACTIVE
                        : key.id().equals(primaryId))
                .map(key -> key instanceof DecryptionKey decryption ? decryption.encryptionKey() : key)
                .filter(EncryptionKey.class::isInstance)
                .map(EncryptionKey.class::cast)
                .findFirst()
                .orElseThrow(() -> Failure.input(
                        name + " has no key that encrypts" + (leftOut.isEmpty() ? "" : ": " + leftOut.get(0))));
    }

    /** The keys that decrypt. */
    public List<DecryptionKey> decryptionKeys() {
        List<DecryptionKey> decrypting = keys.stream()
                .filter(DecryptionKey.class::isInstance)
                .map(DecryptionKey.class::cast)
                .toList();
        if (decrypting.isEmpty()) {
            throw Failure.input(name + " has no key that decrypts" + (leftOut.isEmpty() ? "" : ": " + leftOut.get(0)));
        }
        return decrypting;
    }

    /** The keyset that makes and reads tokens of personal data. */
    public Keyset<TokenizationKey> tokenizationKeyset() {
        List<TokenizationKey> tokenizing = keys.stream()
                .filter(TokenizationKey.class::isInstance)
                .map(TokenizationKey.class::cast)
                .toList();
        if (tokenizing.isEmpty() || tokenizing.size() < keys.size()) {
            throw Failure.input(name + " holds no keys for tokenization; make some by: signet key generate --alg "
                    + Algorithm.HKDF_SHA256.joseName() + " --out FILE");
        }
        try {
            return Keyset.of(keyset().primary().id(), tokenizing);
        } catch (IllegalArgumentException e) {
            throw Failure.input(name + ": " + e.getMessage());
        }
    }

    public KeyResolver resolver() {
        try {
            return KeyResolver.of(verificationKeys().toArray(new VerificationKey[0]));
        } catch (IllegalArgumentException e) {
            throw Failure.input(name + ": " + e.getMessage());
        }
    }

    /** The key of this id, or the primary one. */
    public SigningKey signingKey(@Nullable String id) {
        if (!isPrivate) {
            throw Failure.input(name + " holds public keys, which sign nothing");
        }
        if (keys.isEmpty()) {
            throw Failure.input(name + " has no key that signs" + (leftOut.isEmpty() ? "" : ": " + leftOut.get(0)));
        }
        String wanted = id != null
                ? id
                : primaryId != null
                        ? primaryId
                        : keys.stream()
                                .filter(key -> key instanceof SigningKey && key.status() == KeyStatus.ACTIVE)
                                .map(Key::id)
                                .findFirst()
                                .orElse(keys.get(0).id());
        Key key = require(wanted);
        if (!(key instanceof SigningKey signing)) {
            throw Failure.input(
                    "the key '" + wanted + "' is for " + key.algorithm().joseName() + ", which does not sign");
        }
        if (signing.status() != KeyStatus.ACTIVE) {
            throw Failure.input("the key '" + wanted + "' is " + status(signing) + " and does not sign");
        }
        return signing;
    }

    Key require(String id) {
        return keys.stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Failure.input(name + " has no key '" + id + "'; it has "
                        + String.join(", ", keys.stream().map(Key::id).toList())));
    }

    static String status(Key key) {
        return key.status().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    // ---- JSON ------------------------------------------------------------------------------------------------------

    private void readJson(byte[] bytes, Options options) {
        InspectedJwks set;
        try {
            set = withHints(Jwks.inspect(bytes), options.algorithms());
        } catch (InvalidMessageException e) {
            throw Failure.input(name + " is neither PEM nor well-formed keys: " + e.getMessage());
        }
        isPrivate = set.entries().stream().anyMatch(InspectedJwks.Entry::isPrivate);
        if (set.primaryId().isPresent()) {
            readKeyset(set);
        } else {
            readEach(set);
        }
    }

    private InspectedJwks withHints(InspectedJwks set, AlgorithmHints hints) {
        List<String> unused = new ArrayList<>(hints.ids());
        for (InspectedJwks.Entry entry : set.entries()) {
            String id = entry.keyId().orElse("");
            unused.remove(id);
            Algorithm said = hints.exactly(id).orElse(null);
            String present = entry.algorithm().orElse(null);
            if (said != null && present != null && !said.joseName().equals(present)) {
                throw Failure.input("the key '" + id + "' is for " + present + ", not " + said.joseName());
            }
        }
        if (!unused.isEmpty()) {
            throw Failure.input("--alg names the key '" + unused.get(0) + "', which " + name + " does not have");
        }
        return set.withAlgorithms(
                entry -> hints.of(entry.keyId().orElse(""), entry.type().orElse("")));
    }

    private void readKeyset(InspectedJwks set) {
        try {
            Keyset<Key> keyset = set.keyset();
            keys.addAll(keyset.keys());
            primaryId = keyset.primary().id();
        } catch (InvalidMessageException e) {
            throw Failure.input(name + ": " + e.getMessage());
        }
    }

    private void readEach(InspectedJwks set) {
        if (set.entries().isEmpty()) {
            throw Failure.input(name + " has no keys");
        }
        for (InspectedJwks.Entry entry : set.entries()) {
            entry.key().ifPresent(keys::add);
            entry.skipped().ifPresent(skipped -> leftOut.add(sentence(skipped)));
        }
    }

    private static String sentence(Jwks.Skipped skipped) {
        return "keys[" + skipped.position() + "]"
                + skipped.keyId().map(id -> " (" + id + ")").orElse("")
                + ": " + skipped.reason()
                + (skipped.code().equals("algorithm-missing") ? " (--alg says which)" : "");
    }

    // ---- PEM -------------------------------------------------------------------------------------------------------

    private void readPem(String pem, Options options, Supplier<SecretBytes> asked) {
        isPem = true;
        isPrivate = pem.contains("PRIVATE KEY-----");
        char[] password = pem.contains("-----BEGIN ENCRYPTED ") ? password(asked.get()) : null;
        Algorithm stated = options.algorithms().single().orElse(null);
        List<Algorithm> candidates = stated != null
                ? List.of(stated)
                : List.of(
                        Algorithm.ED25519,
                        Algorithm.ES256,
                        Algorithm.ES384,
                        Algorithm.ES512,
                        Algorithm.ML_DSA_44,
                        Algorithm.ML_DSA_65,
                        Algorithm.ML_DSA_87);
        String reason = "no algorithm fits";
        for (Algorithm algorithm : candidates) {
            try {
                Key key = pemKey(algorithm, pem, password);
                keys.add(options.pemId() == null ? key : key.withId(options.pemId()));
                primaryId = keys.get(0).id();
                return;
            } catch (IllegalArgumentException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        boolean isAboutKeyType = stated == null && reason.contains(Algorithm.ML_DSA_87.joseName());
        throw Failure.input(
                isAboutKeyType
                        ? name + ": this kind of key needs --alg, as RSA keys do (PS512 or RS256, say)"
                        : name + ": " + reason);
    }

    private static char[] password(SecretBytes passphrase) {
        byte[] bytes = passphrase.dangerousToByteArray();
        CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        return Arrays.copyOf(text.array(), text.limit());
    }

    private Key pemKey(Algorithm algorithm, String pem, char @Nullable [] password) {
        if (!isPrivate) {
            return VerificationKey.fromPem(algorithm, pem);
        }
        return password == null ? SigningKey.fromPem(algorithm, pem) : SigningKey.fromPem(algorithm, pem, password);
    }
}
