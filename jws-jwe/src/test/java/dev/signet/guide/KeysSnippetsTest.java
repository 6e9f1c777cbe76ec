// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.RemoteSigner;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationKey;
import dev.signet.jose.Jwks;
import dev.signet.jose.KeysetFile;
import dev.signet.jose.KeysetLock;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/keys.md. */
class KeysSnippetsTest {
    @TempDir
    Path directory;

    @Test
    void files() {
        Path privateFile = directory.resolve("signing.jwks");
        Path publicFile = directory.resolve("public.jwks");
        // tag::files[]
        SigningKey key = SigningKey.generate(Algorithm.ED25519);
        Keyset<SigningKey> keyset = Keyset.of(key);
        KeysetFile.dangerousUnencrypted(privateFile).write(keyset); // readable by its owner only
        KeysetFile.publicKeys(publicFile).write(keyset);

        Keyset<SigningKey> own = KeysetFile.dangerousUnencrypted(privateFile).signingKeys();
        Keyset<VerificationKey> others = KeysetFile.publicKeys(publicFile).verificationKeys();
        KeyResolver trusted = KeyResolver.of(others);
        // end::files[]
        byte[] data = new byte[10];
        trusted.resolve(key.id()).orElseThrow().verify(data, own.primary().sign(data));
    }

    @Test
    void rotate() {
        Keyset<SigningKey> keyset = Keyset.of(SigningKey.generate(Algorithm.ED25519));
        String oldId = keyset.primary().id();
        // tag::rotate[]
        SigningKey next = SigningKey.generate(Algorithm.ED25519);
        Keyset<SigningKey> announced = keyset.add(next); // verifies only; publish this one
        Keyset<SigningKey> switched = announced.promote(next.id()); // once every verifier has it
        Keyset<SigningKey> done = switched.drop(oldId); // once the last old message has expired
        // end::rotate[]
        assertThat(announced.primary().id()).isEqualTo(oldId);
        assertThat(done.primary().id()).isEqualTo(next.id());
        assertThat(done.keys()).hasSize(1);
    }

    @Test
    void tokens() {
        Path file = directory.resolve("tokens.jwks");
        SecretBytes passphrase = SecretBytes.copyOf("correct horse battery staple".getBytes(StandardCharsets.UTF_8));
        // tag::tokens[]
        Keyset<TokenizationKey> keyset = Keyset.of(TokenizationKey.generate().withId("2026a"));
        KeysetLock lock = KeysetLock.passphrase(passphrase);
        KeysetFile.open(file, lock).write(keyset);

        Keyset<TokenizationKey> own = KeysetFile.open(file, lock).tokenizationKeys();
        // end::tokens[]
        assertThat(own.primary().id()).isEqualTo("2026a");
        assertThat(own.primary().derive(new byte[1], 32))
                .isEqualTo(keyset.primary().derive(new byte[1], 32));
    }

    @Test
    void parse() {
        byte[] json = Jwks.toPublicJson(Keyset.of(SigningKey.generate(Algorithm.ES256)));
        // tag::parse[]
        Jwks partner = Jwks.parse(json); // a KeyResolver
        partner.skipped().forEach(skipped -> System.out.println(skipped.position() + ": " + skipped.reason()));
        // end::parse[]
        assertThat(partner.keys()).hasSize(1);
    }

    @Test
    void pem() {
        String privatePem = SigningKey.generate(Algorithm.ES256).dangerousToPem();
        // tag::pem[]
        SigningKey key = SigningKey.fromPem(Algorithm.ES256, privatePem).withId("client-7");
        String publicPem = key.verificationKey().toPem();
        VerificationKey trusted =
                VerificationKey.fromPem(Algorithm.ES256, publicPem).withId("client-7");
        // end::pem[]
        trusted.verify(new byte[1], key.sign(new byte[1]));
    }

    @Test
    void keyStore() throws Exception {
        char[] password = "correct horse".toCharArray();
        Path file = keyStoreFile(password);
        // tag::keystore[]
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        SigningKey key = SigningKey.fromKeyStore(Algorithm.ES256, store, "client", password);
        // end::keystore[]
        assertThat(key.notAfter()).isPresent();
        key.verificationKey().verify(new byte[1], key.sign(new byte[1]));
    }

    @Test
    void hsm() {
        SigningKey local = SigningKey.generate(Algorithm.ES256);
        Hsm hsm = new Hsm(local.dangerousPrivateKey().orElseThrow());
        PublicKey publicKey = local.verificationKey().publicKey().orElseThrow();
        // tag::hsm[]
        SigningKey key = SigningKey.handle(Algorithm.ES256, () -> hsm.loginAndFetch("client"), publicKey);
        // end::hsm[]
        local.verificationKey().verify(new byte[1], key.sign(new byte[1]));
    }

    private record Hsm(PrivateKey key) {
        PrivateKey loginAndFetch(String alias) {
            return key;
        }
    }

    @Test
    void kms() throws Exception {
        SigningKey local = SigningKey.generate(Algorithm.ES256);
        Kms kms = new Kms(local);
        VerificationKey publicKey = local.verificationKey();
        // tag::kms[]
        RemoteSigner client = data -> kms.sign("alias/payments", data); // DER, as most KMS give it
        SigningKey key = SigningKey.remote(publicKey, RemoteSigner.fromDer(Algorithm.ES256, client));
        // end::kms[]
        publicKey.verify(new byte[1], key.sign(new byte[1]));
    }

    private record Kms(SigningKey key) {
        byte[] sign(String alias, byte[] data) {
            assertThat(alias).startsWith("alias/");
            try {
                Signature signature = Signature.getInstance("SHA256withECDSA");
                signature.initSign(key.dangerousPrivateKey().orElseThrow());
                signature.update(data);
                return signature.sign();
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Path keyStoreFile(char[] password) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Principal name = new X500Principal("CN=client");
        Instant now = Instant.now();
        Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minus(1, ChronoUnit.DAYS)),
                                Date.from(now.plus(1, ChronoUnit.DAYS)),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", pair.getPrivate(), password, new Certificate[] {certificate});
        Path file = directory.resolve("client.p12");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        return file;
    }
}
