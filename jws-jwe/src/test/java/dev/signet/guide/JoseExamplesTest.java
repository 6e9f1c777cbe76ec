// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.jose.DpopProver;
import dev.signet.jose.DpopVerifier;
import dev.signet.jose.FieldDecrypter;
import dev.signet.jose.FieldEncrypter;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JweEncrypter;
import dev.signet.jose.JwsSigner;
import dev.signet.jose.JwsVerifier;
import dev.signet.jose.JwtIssuer;
import dev.signet.jose.JwtVerifier;
import dev.signet.jose.KeysetFile;
import dev.signet.jose.KeysetLock;
import dev.signet.jose.ProofOfPossession;
import dev.signet.jose.UnverifiedToken;
import dev.signet.jose.VerifiedDpop;
import dev.signet.jose.VerifiedJwt;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the Javadoc of dev.signet.jose, and of keys in dev.signet.core, that no guide shows. */
class JoseExamplesTest {
    private static final URI ACCOUNTS = URI.create("https://api.example.com/accounts");

    private final SigningKey key = SigningKey.generate(Algorithm.ES256);
    private final SigningKey clientKey = SigningKey.generate(Algorithm.ED25519);
    private final KeyResolver keys = KeyResolver.of(key.verificationKey());
    private final byte[] order = "{\"amount\":\"17.50\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @Test
    void encryptionKey() {
        DecryptionKey partnersOwn =
                DecryptionKey.generate(Algorithm.RSA_OAEP_256).withId("partner-1");
        PublicKey publicKey = partnersOwn.encryptionKey().publicKey().orElseThrow();
        // tag::EncryptionKey[]
        EncryptionKey partner =
                EncryptionKey.of(Algorithm.RSA_OAEP_256, publicKey).withId("partner-1");
        JweEncrypter encrypter = JweEncrypter.builder(partner).build();
        // end::EncryptionKey[]
        JweDecrypter decrypter = JweDecrypter.builder(partnersOwn).build();
        assertThat(decrypter.decrypt(encrypter.encrypt(order)).contentBytes()).isEqualTo(order);
    }

    @Test
    void jws() {
        // tag::JwsSigner[]
        JwsSigner signer = JwsSigner.builder(key).type("order+jws").build(); // once, for all payloads
        String jws = signer.sign(order);
        // end::JwsSigner[]
        // tag::JwsVerifier[]
        JwsVerifier verifier = JwsVerifier.builder(keys).expectType("order+jws").build();
        byte[] received = verifier.verify(jws).contentBytes();
        // end::JwsVerifier[]
        assertThat(received).isEqualTo(order);
    }

    @Test
    void dpop() {
        JwtIssuer issuer = JwtIssuer.accessTokens(key, "https://issuer.example.com", Duration.ofMinutes(5))
                .build();
        String accessToken = issuer.token("https://api.example.com")
                .subject("alice")
                .clientId("app")
                .boundTo(clientKey.verificationKey())
                .issue();
        JwtVerifier verifier = JwtVerifier.accessTokens(keys, "https://issuer.example.com", "https://api.example.com")
                .build();
        URI target = ACCOUNTS;
        // tag::DpopProver[]
        DpopProver prover = DpopProver.of(clientKey); // the key to which the token is bound
        String proof = prover.prove("GET", target, accessToken); // the field DPoP of this one request
        // end::DpopProver[]
        List<String> dpopFields = List.of(proof);
        // tag::ProofOfPossession[]
        DpopVerifier proofs = DpopVerifier.builder().build(); // once: it remembers the proofs
        VerifiedJwt jwt = verifier.verify(accessToken, ProofOfPossession.dpop(proofs, dpopFields, "GET", target));
        // end::ProofOfPossession[]
        assertThat(jwt.subject()).contains("alice");
        assertThatThrownBy(
                        () -> verifier.verify(accessToken, ProofOfPossession.dpop(proofs, dpopFields, "GET", target)))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REPLAYED));
    }

    @Test
    void dpopWithoutToken() {
        URI target = URI.create("https://issuer.example.com/token");
        List<String> dpopFields = List.of(DpopProver.of(clientKey).prove("POST", target));
        // tag::DpopVerifier[]
        DpopVerifier verifier = DpopVerifier.builder().build(); // once: it remembers the proofs
        VerifiedDpop proof = verifier.verify(dpopFields, "POST", target);
        String holder = proof.key().id(); // of the key to which a token can be bound
        // end::DpopVerifier[]
        assertThat(holder).isEqualTo(clientKey.verificationKey().id());
    }

    @Test
    void fields() {
        DecryptionKey own = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
        JweEncrypter encrypter = JweEncrypter.builder(own.encryptionKey()).build();
        JweDecrypter decrypter = JweDecrypter.builder(own).build();
        byte[] document = "{\"id\":7,\"card\":{\"number\":\"4111\"}}".getBytes(StandardCharsets.UTF_8);
        // tag::FieldEncrypter[]
        FieldEncrypter fields = FieldEncrypter.builder(encrypter, "encryptedValue")
                .field("/card/number")
                .build();
        byte[] sent = fields.encrypt(document); // {"id":7,"card":{"number":{"encryptedValue":"eyJ…"}}}
        // end::FieldEncrypter[]
        byte[] received = sent;
        // tag::FieldDecrypter[]
        FieldDecrypter back = FieldDecrypter.builder(decrypter, "encryptedValue")
                .field("/card/number")
                .build();
        byte[] plain = back.decrypt(received);
        // end::FieldDecrypter[]
        assertThat(plain).isEqualTo(document);
    }

    @Test
    void keysetFile() {
        Path path = directory.resolve("signing.jwe");
        SecretBytes passphrase = SecretBytes.copyOf("correct horse battery staple".getBytes(StandardCharsets.UTF_8));
        KeysetLock lock = KeysetLock.passphrase(passphrase);
        // tag::KeysetFile[]
        KeysetFile file = KeysetFile.open(path, lock);
        file.write(Keyset.of(SigningKey.generate(Algorithm.ED25519)));
        JwsSigner signer = JwsSigner.builder(file::signingKeys).build(); // follows the file

        SigningKey next = SigningKey.generate(Algorithm.ED25519);
        file.update(current -> current.add(next)); // by this process or another
        // end::KeysetFile[]
        String before = signer.sign(order);
        file.update(current -> current.promote(next.id()));
        JwsVerifier ofNext =
                JwsVerifier.builder(KeyResolver.of(next.verificationKey())).build();
        assertThatThrownBy(() -> ofNext.verify(before)).isInstanceOf(VerificationException.class);
        assertThat(ofNext.verify(signer.sign(order)).contentBytes()).isEqualTo(order);
    }

    @Test
    void unverifiedToken() {
        String token = JwsSigner.builder(key).type("order+jws").build().sign(order);
        // tag::UnverifiedToken[]
        UnverifiedToken claimed = UnverifiedToken.peek(token);
        System.out.println(claimed.kind() + " " + claimed.unverifiedHeader()); // to look at, not to decide on
        // end::UnverifiedToken[]
        assertThat(claimed.kind()).isEqualTo(UnverifiedToken.Kind.JWS);
    }
}
