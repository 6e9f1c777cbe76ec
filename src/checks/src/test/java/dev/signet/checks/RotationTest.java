// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.Key;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JweEncrypter;
import dev.signet.jose.JwsSigner;
import dev.signet.jose.JwsVerifier;
import dev.signet.jose.JwtIssuer;
import dev.signet.jose.JwtVerifier;
import dev.signet.testkit.TestRequest;
import dev.signet.xml.XmlDecrypter;
import dev.signet.xml.XmlEncrypter;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlSigner;
import dev.signet.xml.XmlVerifier;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;

/** Whoever signs or encrypts with a keyset needs nothing new when the primary key changes. */
class RotationTest {
    private static final XmlProfile PROFILE = XmlProfile.enveloped(new QName("urn:example", "Order"));
    private static final byte[] DOCUMENT = "<Order xmlns='urn:example'><Id>42</Id></Order>".getBytes(UTF_8);
    private static final byte[] CONTENT = "content".getBytes(UTF_8);
    private static final String ISSUER = "https://issuer.example";

    private static final SigningKey OLD = SigningKey.generate(Algorithm.ES256).withId("old");
    private static final SigningKey NEW = SigningKey.generate(Algorithm.ED25519).withId("new");
    private static final DecryptionKey OLD_OWN =
            DecryptionKey.generate(Algorithm.A256KW).withId("old");
    private static final DecryptionKey NEW_OWN =
            DecryptionKey.generate(Algorithm.A128KW).withId("new");

    /** Each makes a message by the keyset of the time, and gives the id of the key that it verifies with. */
    private static Map<String, Supplier<String>> signers(Supplier<Keyset<SigningKey>> keys) {
        KeyResolver known = KeyResolver.of(OLD.verificationKey(), NEW.verificationKey());
        Map<String, Supplier<String>> signers = new LinkedHashMap<>();
        HttpSigner http = HttpSigner.builder(keys).build();
        HttpVerifier httpVerifier = HttpVerifier.builder(known).build();
        TestRequest request = TestRequest.of("GET", URI.create("https://api.example/orders"), new byte[0]);
        signers.put(
                "http",
                () -> httpVerifier
                        .verify(request.signedBy(http).message())
                        .key()
                        .id());
        JwsSigner jws = JwsSigner.builder(keys).build();
        JwsVerifier jwsVerifier = JwsVerifier.builder(known).build();
        signers.put("jws", () -> jwsVerifier.verify(jws.sign(CONTENT)).key().id());
        JwtIssuer jwt = JwtIssuer.builder(keys, ISSUER, Duration.ofMinutes(5)).build();
        JwtVerifier jwtVerifier = JwtVerifier.builder(known)
                .expectIssuer(ISSUER)
                .expectAudience("us")
                .expectType("JWT")
                .build();
        signers.put(
                "jwt", () -> jwtVerifier.verify(jwt.token("us").issue()).key().id());
        JwtIssuer access =
                JwtIssuer.accessTokens(keys, ISSUER, Duration.ofMinutes(5)).build();
        JwtVerifier accessVerifier =
                JwtVerifier.accessTokens(known, ISSUER, "us").build();
        signers.put(
                "access tokens",
                () -> accessVerifier
                        .verify(access.token("us")
                                .subject("alice")
                                .clientId("app")
                                .issue())
                        .key()
                        .id());
        XmlSigner xml = XmlSigner.builder(keys, PROFILE).build();
        XmlVerifier xmlVerifier = XmlVerifier.builder(known, PROFILE).build();
        signers.put("xml", () -> xmlVerifier.verify(xml.sign(DOCUMENT)).key().id());
        return signers;
    }

    private static Map<String, Supplier<String>> encrypters(Supplier<Keyset<EncryptionKey>> keys) {
        Map<String, Supplier<String>> encrypters = new LinkedHashMap<>();
        JweEncrypter jwe = JweEncrypter.builder(keys).build();
        JweDecrypter jweDecrypter = JweDecrypter.builder(OLD_OWN, NEW_OWN).build();
        encrypters.put(
                "jwe", () -> jweDecrypter.decrypt(jwe.encrypt(CONTENT)).key().id());
        encrypters.put(
                "jwe json",
                () -> jweDecrypter.decryptJson(jwe.encryptJson(CONTENT)).key().id());
        XmlEncrypter xml = XmlEncrypter.builder(keys).build();
        XmlDecrypter xmlDecrypter = XmlDecrypter.builder(OLD_OWN, NEW_OWN).build();
        encrypters.put(
                "xml", () -> xmlDecrypter.decrypt(xml.encrypt(DOCUMENT)).key().id());
        return encrypters;
    }

    private static final Keyset<SigningKey> BEFORE = Keyset.of(OLD).add(NEW);
    private static final Keyset<EncryptionKey> RECIPIENT =
            Keyset.encryptionKeys(Keyset.of(OLD_OWN).add(NEW_OWN));

    @Test
    void sign_primaryThatChanges_signsFromThenOn() {
        rotate(BEFORE, RotationTest::signers);
        rotate(RECIPIENT, RotationTest::encrypters);
    }

    private static <K extends Key> void rotate(
            Keyset<K> before, Function<Supplier<Keyset<K>>, Map<String, Supplier<String>>> makers) {
        AtomicReference<Keyset<K>> current = new AtomicReference<>(before);
        makers.apply(current::get).forEach((name, signer) -> {
            current.set(before);
            assertThat(signer.get()).as(name).isEqualTo("old");
            current.set(before.promote("new"));
            assertThat(signer.get()).as(name).isEqualTo("new");
            current.set(before);
            assertThat(signer.get()).as(name).isEqualTo("old");
        });
    }

    @Test
    void sign_fixedKeyset_signsWithItsPrimary() {
        Keyset<SigningKey> promoted = BEFORE.promote("new");
        assertThat(signers(() -> promoted).values()).extracting(Supplier::get).containsOnly("new");
        JwsVerifier verifier =
                JwsVerifier.builder(KeyResolver.of(NEW.verificationKey())).build();
        assertThat(verifier.verify(JwsSigner.builder(promoted).build().sign(CONTENT))
                        .key()
                        .id())
                .isEqualTo("new");
        assertThat(HttpSigner.builder(promoted).build().toString()).contains("new");
        assertThat(XmlSigner.builder(promoted, PROFILE).build().toString()).contains("new");
        assertThat(JwtIssuer.builder(promoted, ISSUER, Duration.ofMinutes(1))
                        .build()
                        .toString())
                .contains("new");
        assertThat(XmlEncrypter.builder(RECIPIENT.promote("new")).build().toString())
                .contains("new");
        assertThat(JweDecrypter.builder(NEW_OWN)
                        .build()
                        .decrypt(JweEncrypter.builder(RECIPIENT.promote("new"))
                                .build()
                                .encrypt(CONTENT))
                        .contentText())
                .isEqualTo("content");
    }

    @Test
    void sign_eightThreadsDuringRotations_makeWhatVerifies() throws Exception {
        AtomicReference<Keyset<SigningKey>> current = new AtomicReference<>(BEFORE);
        AtomicReference<Keyset<EncryptionKey>> recipient = new AtomicReference<>(RECIPIENT);
        Map<String, Supplier<String>> all = signers(current::get);
        encrypters(recipient::get).forEach((name, encrypter) -> all.put("to " + name, encrypter));
        Map<String, ConcurrentHashMap<String, Boolean>> seen = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(threads.submit(() -> {
                    while (!done.get()) {
                        // What does not verify throws: a header of one key with the signature of the other, say.
                        all.forEach((name, signer) -> seen.computeIfAbsent(name, n -> new ConcurrentHashMap<>())
                                .put(signer.get(), true));
                    }
                }));
            }
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (System.nanoTime() < end) {
                current.set(current.get().promote(current.get().primary().id().equals("old") ? "new" : "old"));
                recipient.set(
                        recipient.get().promote(recipient.get().primary().id().equals("old") ? "new" : "old"));
                Thread.sleep(1);
            }
            done.set(true);
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(seen).hasSameSizeAs(all);
        seen.forEach((name, ids) -> assertThat(ids.keySet()).as(name).containsExactlyInAnyOrder("old", "new"));
    }

    @Test
    void sign_sourceThatFails_isUnavailable() {
        AtomicBoolean down = new AtomicBoolean();
        Map<String, Supplier<String>> signers = signers(() -> {
            if (down.get()) {
                throw new IllegalStateException("the disk is gone");
            }
            return BEFORE;
        });
        assertThat(signers.values()).extracting(Supplier::get).containsOnly("old");
        down.set(true);
        signers.forEach(
                (name, signer) -> assertThatThrownBy(signer::get).as(name).isInstanceOf(UnavailableException.class));
        down.set(false);
        assertThat(signers.values()).extracting(Supplier::get).containsOnly("old");
    }

    @Test
    void sign_newPrimaryThatFitsNothing_isRefusedUntilAnotherComes() {
        SigningKey mlDsa = SigningKey.generate(Algorithm.ML_DSA_44).withId("xml has no name for it");
        AtomicReference<Keyset<SigningKey>> current = new AtomicReference<>(BEFORE);
        XmlSigner signer = XmlSigner.builder(current::get, PROFILE).build();
        current.set(Keyset.of(mlDsa));
        assertThatThrownBy(() -> signer.sign(DOCUMENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no name in XML Signature");
        current.set(BEFORE.promote("new"));
        signer.sign(DOCUMENT);
        assertThatThrownBy(() -> XmlSigner.builder(Keyset.of(mlDsa), PROFILE).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sign_primaryThatIsNotValidNow_isRefused() {
        Keyset<SigningKey> future = Keyset.of(OLD.withValidity(Instant.now().plusSeconds(3600), null));
        signers(() -> future)
                .forEach((name, signer) ->
                        assertThatThrownBy(signer::get).as(name).isInstanceOf(UnavailableException.class));
    }
}
