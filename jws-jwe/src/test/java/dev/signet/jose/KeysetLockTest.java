// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeysetLockTest {
    private static final KeysetLock KEY = KeysetLock.key(DecryptionKey.generate(Algorithm.A256KW));

    @TempDir
    Path directory;

    @Test
    void readPrivate_rightPassphrase_givesTheKeyset() throws IOException {
        Keyset<SigningKey> keyset = Keyset.of(SigningKey.generate(Algorithm.ED25519));
        Path file = directory.resolve("keys.jwe");
        KeysetFile.open(file, lock("correct horse battery")).write(keyset);
        SigningKey read = KeysetFile.open(file, lock("correct horse battery"))
                .signingKeys()
                .primary();
        keyset.primary().verificationKey().verify(new byte[1], read.sign(new byte[1]));
        String text = Files.readString(file);
        Map<String, Object> header =
                StrictJson.readObject(Base64Url.decode(text.substring(0, text.indexOf('.'))), Limits.recommended2026());
        assertThat(header)
                .containsEntry("alg", "PBES2-HS512+A256KW")
                .containsEntry("enc", "A256GCM")
                .containsEntry("cty", "jwk-set+json")
                .containsEntry("p2c", 210_000L)
                .doesNotContainKey("kid");
    }

    @Test
    void readPrivate_wrongPassphraseKeyOrFile_isOneFailure() throws IOException {
        Keyset<SigningKey> keyset = Keyset.of(SigningKey.generate(Algorithm.ED25519));
        Path file = directory.resolve("keys.jwe");
        KeysetFile.open(file, lock("correct horse battery")).write(keyset);
        assertFails(file, lock("correct horse batterz"));
        assertFails(file, KEY);
        KeysetFile.open(file, KEY).write(keyset);
        assertFails(file, KeysetLock.key(DecryptionKey.generate(Algorithm.A256KW)));
        assertFails(file, lock("correct horse battery"));
        String text = Files.readString(file);
        int at = text.lastIndexOf('.') - 9;
        Files.writeString(file, text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1));
        assertFails(file, KEY);
    }

    @Test
    void readPrivate_everyUse_underAKey() {
        Path file = directory.resolve("keys.jwe");
        Keyset<DecryptionKey> decryption = Keyset.of(DecryptionKey.generate(Algorithm.RSA_OAEP_256));
        KeysetFile.open(file, KEY).write(decryption);
        assertThat(KeysetFile.open(file, KEY).decryptionKeys().primary().id())
                .isEqualTo(decryption.primary().id());
        assertThatThrownBy(() -> KeysetFile.open(file, KEY).signingKeys()).isInstanceOf(InvalidMessageException.class);
        Keyset<TokenizationKey> tokenization = Keyset.of(TokenizationKey.generate());
        KeysetFile.open(file, KEY).write(tokenization);
        assertThat(KeysetFile.open(file, KEY).tokenizationKeys().primary().id())
                .isEqualTo(tokenization.primary().id());
    }

    @Test
    void readPrivate_noEncryptedKeyset_isInvalid() throws IOException {
        Path file = directory.resolve("keys.jwe");
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW);
        KeysetFile.dangerousUnencrypted(file).write(Keyset.of(SigningKey.generate(Algorithm.ED25519)));
        assertThatThrownBy(() -> KeysetFile.open(file, KeysetLock.key(key)).signingKeys())
                .isInstanceOf(InvalidMessageException.class);
        // A ciphertext that was made for another purpose under the same key.
        byte[] set = Jwks.dangerousToPrivateJson(Keyset.of(SigningKey.generate(Algorithm.ED25519)));
        for (JweEncrypter other : new JweEncrypter[] {
            JweEncrypter.builder(key.encryptionKey()).build(),
            JweEncrypter.builder(key.encryptionKey()).contentType("jwk+json").build()
        }) {
            Files.writeString(file, other.encrypt(set));
            assertThatThrownBy(() -> KeysetFile.open(file, KeysetLock.key(key)).signingKeys())
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("cty");
        }
    }

    @Test
    void passphraseOrKey_thatCannotLock_isRefused() {
        assertThatThrownBy(() -> lock("short")).isInstanceOf(IllegalArgumentException.class);
        DecryptionKey retired = DecryptionKey.generate(Algorithm.A256KW).withStatus(KeyStatus.DISABLED);
        assertThatThrownBy(() -> KeysetLock.key(retired)).isInstanceOf(IllegalArgumentException.class);
        DecryptionKey password = DecryptionKey.secret(Algorithm.PBES2_HS512_A256KW, JweTest.password("correct horse"));
        assertThatThrownBy(() -> KeysetLock.key(password)).isInstanceOf(IllegalArgumentException.class);
        assertThat(lock("correct horse")).hasToString("KeysetLock[PBES2-HS512+A256KW]");
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_OAEP_256", "RSA_OAEP_512", "ECDH_ES", "ECDH_ES_A128KW", "ECDH_ES_A256KW"})
    void key_whosePublicHalfAnybodyMayHave_locksNothing(Algorithm algorithm) {
        DecryptionKey key = DecryptionKey.generate(algorithm);
        assertThatThrownBy(() -> KeysetLock.key(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(algorithm.joseName())
                .hasMessageContaining("forged")
                .hasMessageContaining("A256KW");
    }

    @ParameterizedTest
    @EnumSource(names = {"A128KW", "A256KW", "A256GCMKW", "A256GCM"})
    void key_thatIsSecret_locks(Algorithm algorithm) {
        KeysetLock lock = KeysetLock.key(DecryptionKey.generate(algorithm));
        Path file = directory.resolve("keys.jwe");
        KeysetFile.open(file, lock)
                .write(Keyset.of(SigningKey.generate(Algorithm.ED25519).withId("k")));
        assertThat(KeysetFile.open(file, lock).signingKeys().primary().id()).isEqualTo("k");
    }

    private static void assertFails(Path file, KeysetLock lock) {
        assertThatThrownBy(() -> KeysetFile.open(file, lock).signingKeys())
                .isExactlyInstanceOf(DecryptionException.class);
    }

    private static KeysetLock lock(String passphrase) {
        return KeysetLock.passphrase(SecretBytes.copyOf(RfcKeys.utf8(passphrase)));
    }
}
