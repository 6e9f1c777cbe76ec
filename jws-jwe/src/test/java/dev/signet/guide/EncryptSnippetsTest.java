// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.jose.DecryptedJwe;
import dev.signet.jose.FieldDecrypter;
import dev.signet.jose.FieldEncrypter;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JweEncrypter;
import dev.signet.jose.JwsSigner;
import dev.signet.jose.JwsVerifier;
import dev.signet.jose.KeysetFile;
import dev.signet.jose.KeysetLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/encrypt-a-payload.md. */
class EncryptSnippetsTest {
    @TempDir
    Path directory;

    @Test
    void encrypt() {
        byte[] order = "{\"amount\":\"17.50\"}".getBytes(StandardCharsets.UTF_8);
        // tag::encrypt[]
        DecryptionKey own = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        EncryptionKey published = own.encryptionKey();

        JweEncrypter encrypter = JweEncrypter.builder(published).build(); // once, for all messages
        String jwe = encrypter.encrypt(order);

        JweDecrypter decrypter = JweDecrypter.builder(own).build(); // once, too
        byte[] received = decrypter.decrypt(jwe).contentBytes();
        // end::encrypt[]
        assertThat(received).isEqualTo(order);
    }

    @Test
    void recipients() {
        byte[] order = new byte[20];
        DecryptionKey shop = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        DecryptionKey bank = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
        byte[] route = "route-7".getBytes(StandardCharsets.UTF_8);
        // tag::recipients[]
        String json = JweEncrypter.builder(shop.encryptionKey(), bank.encryptionKey())
                .build()
                .encryptJson(order, route); // the route can be read, and not changed

        DecryptedJwe decrypted = JweDecrypter.builder(bank).build().decryptJson(json);
        // end::recipients[]
        assertThat(decrypted.contentBytes()).isEqualTo(order);
        assertThat(decrypted.additionalData()).contains(route);
    }

    @Test
    void files() {
        Path file = directory.resolve("signing.jwe");
        SecretBytes passphrase = SecretBytes.copyOf("correct horse battery staple".getBytes(StandardCharsets.UTF_8));
        Keyset<SigningKey> keyset = Keyset.of(SigningKey.generate(Algorithm.ED25519));
        // tag::files[]
        KeysetLock lock = KeysetLock.passphrase(passphrase); // or KeysetLock.key(…)
        KeysetFile.open(file, lock).write(keyset);
        Keyset<SigningKey> own = KeysetFile.open(file, lock).signingKeys();
        // end::files[]
        assertThat(own.primary().id()).isEqualTo(keyset.primary().id());
    }

    @Test
    void nested() {
        SigningKey sender = SigningKey.generate(Algorithm.ES256);
        DecryptionKey own = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        JweEncrypter encrypter = JweEncrypter.builder(own.encryptionKey()).build();
        JweDecrypter decrypter = JweDecrypter.builder(own).build();
        byte[] order = "{\"amount\":10}".getBytes(StandardCharsets.UTF_8);
        // tag::nested[]
        String nested = JwsSigner.builder(sender).build().signAndEncrypt(order, encrypter);

        JwsVerifier verifier =
                JwsVerifier.builder(KeyResolver.of(sender.verificationKey())).build();
        byte[] received = verifier.decryptAndVerify(nested, decrypter).contentBytes();
        // end::nested[]
        assertThat(received).isEqualTo(order);
    }

    @Test
    void fields() {
        DecryptionKey own = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
        JweEncrypter encrypter = JweEncrypter.builder(own.encryptionKey()).build();
        JweDecrypter decrypter = JweDecrypter.builder(own).build();
        byte[] document = "{\"id\":7,\"card\":{\"number\":\"4111\"},\"items\":[{\"name\":\"a\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        // tag::fields[]
        FieldEncrypter fields = FieldEncrypter.builder(encrypter, "encryptedValue")
                .field("/card/number")
                .field("/items/*/name")
                .build();
        byte[] sent = fields.encrypt(document); // {"id":7,"card":{"number":{"encryptedValue":"eyJ…"}},…}

        byte[] back = FieldDecrypter.builder(decrypter, "encryptedValue")
                .field("/card/number")
                .field("/items/*/name")
                .build()
                .decrypt(sent);
        // end::fields[]
        assertThat(back).isEqualTo(document);
    }
}
