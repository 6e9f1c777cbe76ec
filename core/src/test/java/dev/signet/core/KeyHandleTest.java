// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys without an encoding, and key stores. */
class KeyHandleTest {
    private static final char[] PASSWORD = "correct horse".toCharArray();

    @ParameterizedTest
    @CsvSource({
        "ES256, SHA256withECDSAinP1363Format",
        "ES256, SHA256withECDSA",
        "ES384, SHA384withECDSA",
        "RS256, SHA256withRSA",
        "PS512, RSASSA-PSS",
        "ED25519, Ed25519"
    })
    void sign_handle_isUsedByItsProvider(Algorithm algorithm, String service) {
        SigningKey local = TestKeys.signing(algorithm);
        SigningKey handle = handle(algorithm, local, local);
        Providers providers = Providers.pinned(module(service));
        byte[] signature = handle.sign(DATA, 0, DATA.length, providers);
        local.verificationKey().verify(DATA, signature);
        local.verificationKey().verify(DATA, handle.sign(DATA, 0, DATA.length, providers));
        assertThat(handle.isExportable()).isFalse();
        assertThat(handle.id()).isEqualTo(local.id());
        assertThatThrownBy(handle::dangerousToPem).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sign_handleOfAnotherKey_isFoundAtTheFirstSignature() {
        SigningKey public1 = TestKeys.signing(Algorithm.ES256);
        SigningKey private2 = TestKeys.anotherSigning(Algorithm.ES256);
        SigningKey mixed = handle(Algorithm.ES256, private2, public1);
        Providers providers = Providers.pinned(module("SHA256withECDSA"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> mixed.sign(DATA, 0, DATA.length, providers))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("does not match the public key");
        }
        // A copy with another id does not inherit trust.
        assertThatThrownBy(() -> mixed.withId("other").sign(DATA, 0, DATA.length, providers))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void sign_moduleThatFails_isUnavailable() {
        SigningKey local = TestKeys.signing(Algorithm.ES256);
        AtomicInteger calls = new AtomicInteger();
        Provider failing = new TestProvider("failing")
                .with("Signature", "SHA256withECDSA", () -> new TestProvider.HandleSignature("SHA256withECDSA") {
                    @Override
                    protected byte[] engineSign() {
                        calls.incrementAndGet();
                        throw new ProviderException("token removed");
                    }
                });
        SigningKey handle = handle(Algorithm.ES256, local, local);
        Providers providers = Providers.pinned(failing);
        assertThatThrownBy(() -> handle.sign(DATA, 0, DATA.length, providers))
                .isInstanceOf(UnavailableException.class)
                .hasCauseInstanceOf(ProviderException.class);
        // Tried once more with a fresh object.
        assertThat(calls).hasValue(2);
    }

    /** A module whose handles die with their session. */
    private static final class Module {
        final SigningKey inside = TestKeys.signing(Algorithm.ES256);
        final AtomicInteger fetched = new AtomicInteger();
        volatile int session;
        volatile boolean down;
        final Provider provider = new TestProvider("module")
                .with("Signature", "SHA256withECDSA", () -> new TestProvider.HandleSignature("SHA256withECDSA") {
                    private SessionHandle used;

                    @Override
                    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
                        used = (SessionHandle) key;
                        requireSession();
                        super.engineInitSign(new TestProvider.Handle(used.inside));
                    }

                    @Override
                    protected byte[] engineSign() throws SignatureException {
                        requireSession();
                        return super.engineSign();
                    }

                    private void requireSession() {
                        if (down || used.session != session) {
                            throw new ProviderException("CKR_USER_NOT_LOGGED_IN");
                        }
                    }
                });

        SigningKey key() {
            return SigningKey.handle(
                    Algorithm.ES256,
                    this::fetch,
                    inside.verificationKey().publicKey().orElseThrow());
        }

        private PrivateKey fetch() {
            fetched.incrementAndGet();
            if (down) {
                throw new ProviderException("CKR_TOKEN_NOT_PRESENT");
            }
            return new SessionHandle(inside.dangerousPrivateKey().orElseThrow(), session);
        }
    }

    private static final class SessionHandle implements PrivateKey {
        private static final long serialVersionUID = 1L;

        final transient PrivateKey inside;
        final int session;

        SessionHandle(PrivateKey inside, int session) {
            this.inside = inside;
            this.session = session;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    @Test
    void sign_handleWhoseSessionEnded_isFetchedAnew() throws Exception {
        Module module = new Module();
        SigningKey key = module.key();
        SigningKey copy = key.withId("copy");
        Providers providers = Providers.pinned(module.provider);
        VerificationKey check = key.verificationKey();
        check.verify(DATA, key.sign(DATA, 0, DATA.length, providers));
        check.verify(DATA, copy.sign(DATA, 0, DATA.length, providers));
        assertThat(module.fetched).hasValue(1);
        module.session++;
        check.verify(DATA, key.sign(DATA, 0, DATA.length, providers));
        check.verify(DATA, copy.sign(DATA, 0, DATA.length, providers));
        assertThat(module.fetched).as("one fetch for the key and its copies").hasValue(2);
        module.session++;
        // A stream is not there twice; the next one finds a new handle.
        assertThatThrownBy(() -> key.sign(new ByteArrayInputStream(DATA), providers))
                .isInstanceOf(UnavailableException.class);
        check.verify(DATA, key.sign(new ByteArrayInputStream(DATA), providers));
        assertThat(module.fetched).hasValue(3);
    }

    @Test
    void sign_moduleThatIsDown_isAskedForAHandleNowAndThen() throws Exception {
        Module module = new Module();
        SigningKey key = module.key();
        Providers providers = Providers.pinned(module.provider);
        key.sign(DATA, 0, DATA.length, providers);
        module.down = true;
        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(() -> key.sign(DATA, 0, DATA.length, providers))
                    .isInstanceOf(UnavailableException.class);
        }
        assertThat(module.fetched.get()).as("with back-off").isLessThan(12);
        module.session++;
        module.down = false;
        // Within the longest wait.
        for (int i = 0; i < 120; i++) {
            try {
                key.verificationKey().verify(DATA, key.sign(DATA, 0, DATA.length, providers));
                return;
            } catch (UnavailableException e) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("the key never came back");
    }

    @Test
    void sign_handleOfAnotherKeyAfterASession_isFoundAtOnce() {
        Module module = new Module();
        Module other = new Module();
        PrivateKey foreign =
                TestKeys.anotherSigning(Algorithm.ES256).dangerousPrivateKey().orElseThrow();
        AtomicInteger calls = new AtomicInteger();
        SigningKey key = SigningKey.handle(
                Algorithm.ES256,
                () -> calls.getAndIncrement() == 0 ? module.fetch() : new SessionHandle(foreign, module.session),
                other.inside.verificationKey().publicKey().orElseThrow());
        Providers providers = Providers.pinned(module.provider);
        key.sign(DATA, 0, DATA.length, providers);
        module.session++;
        assertThatThrownBy(() -> key.sign(DATA, 0, DATA.length, providers))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("does not match the public key");
    }

    @Test
    void handle_sourceThatFails_isUnavailable() {
        var publicKey =
                TestKeys.signing(Algorithm.ES256).verificationKey().publicKey().orElseThrow();
        assertThatThrownBy(() -> SigningKey.handle(Algorithm.ES256, () -> null, publicKey))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> SigningKey.handle(
                        Algorithm.ES256,
                        () -> {
                            throw new ProviderException("CKR_TOKEN_NOT_PRESENT");
                        },
                        publicKey))
                .isInstanceOf(UnavailableException.class)
                .hasCauseInstanceOf(ProviderException.class);
    }

    @Test
    void sign_handleWithoutItsProvider_isRejected() {
        SigningKey local = TestKeys.signing(Algorithm.ES256);
        SigningKey handle = handle(Algorithm.ES256, local, local);
        assertThatThrownBy(() -> handle.sign(DATA)).isInstanceOf(UnavailableException.class);
        Providers others = Providers.pinned(Providers.bouncyCastle(), new TestProvider("empty"));
        assertThatThrownBy(() -> handle.sign(DATA, 0, DATA.length, others)).isInstanceOf(UnavailableException.class);
    }

    // ---- key stores
    // --------------------------------------------------------------------------------------------------

    @Test
    void fromKeyStore_pkcs12_givesKeyAndValidity() throws Exception {
        KeyPair pair = TestKeys.ec("secp256r1");
        KeyStore store = store(pair);
        SigningKey key = SigningKey.fromKeyStore(Algorithm.ES256, store, "key", PASSWORD);
        VerificationKey.of(Algorithm.ES256, pair.getPublic()).verify(DATA, key.sign(DATA));
        assertThat(key.notBefore()).contains(TestCertificates.NOT_BEFORE);
        assertThat(key.notAfter()).contains(TestCertificates.NOT_AFTER);
        assertThat(key.isExportable()).isTrue();
    }

    @Test
    void fromKeyStore_unusableEntry_isRejected() throws Exception {
        KeyStore store = store(TestKeys.ec("secp256r1"));
        store.setEntry(
                "secret",
                new KeyStore.SecretKeyEntry(new javax.crypto.spec.SecretKeySpec(new byte[32], "AES")),
                new KeyStore.PasswordProtection(PASSWORD));
        store.setCertificateEntry("certificate", store.getCertificate("key"));
        for (String alias : List.of("absent", "secret", "certificate", "")) {
            assertThatThrownBy(() -> SigningKey.fromKeyStore(Algorithm.ES256, store, alias, PASSWORD))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SigningKey.fromKeyStore(Algorithm.ES256, store, "key", "wrong".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("wrong");
        for (Algorithm other : List.of(Algorithm.ES384, Algorithm.RS256, Algorithm.HS256, Algorithm.ECDH_ES_A256KW)) {
            assertThatThrownBy(() -> SigningKey.fromKeyStore(other, store, "key", PASSWORD))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void fromKeyStore_certificateOfAnotherKey_isRejected() throws Exception {
        KeyStore store = store(TestKeys.ec("secp256r1"));
        KeyPair other = TestKeys.generate("EC", new java.security.spec.ECGenParameterSpec("secp256r1"));
        store.setKeyEntry("mixed", other.getPrivate(), PASSWORD, new Certificate[] {store.getCertificate("key")});
        assertThatThrownBy(() -> SigningKey.fromKeyStore(Algorithm.ES256, store, "mixed", PASSWORD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not belong together");
    }

    private static KeyStore store(KeyPair pair) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Certificate certificate = TestCertificates.selfSigned(pair, "SHA256withECDSA");
        store.setKeyEntry("key", pair.getPrivate(), PASSWORD, new Certificate[] {certificate});
        return store;
    }

    private static SigningKey handle(Algorithm algorithm, SigningKey inside, SigningKey shown) {
        return SigningKey.of(
                algorithm,
                new TestProvider.Handle(inside.dangerousPrivateKey().orElseThrow()),
                shown.verificationKey().publicKey().orElseThrow());
    }

    /** A module that signs by one service, and verifies nothing. */
    private static Provider module(String service) {
        return new TestProvider("module").with("Signature", service, () -> new TestProvider.HandleSignature(service));
    }
}
