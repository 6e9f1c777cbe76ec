// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Providers.Operation;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProvidersTest {
    static List<Algorithm> signatures() {
        return TestKeys.signatureAlgorithms();
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void automatic_everySignatureAlgorithm_hasAProviderThatPasses(Algorithm algorithm) {
        for (Operation operation : Operation.values()) {
            Providers.Choice choice = Providers.automatic().choice(algorithm, operation);
            assertThat(choice.provider()).isPresent();
            assertThat(choice.failed()).isEmpty();
            for (Provider candidate : Providers.automatic().candidates(algorithm, operation)) {
                assertThat(Providers.pinned(candidate)
                                .choice(algorithm, operation)
                                .provider())
                        .contains(candidate.getName());
            }
        }
    }

    @Test
    void automatic_nativeProviderPresent_isPreferred() {
        assertThat(Providers.automatic()
                        .choice(Algorithm.ES256, Operation.VERIFY)
                        .provider())
                .contains("AmazonCorrettoCryptoProvider");
    }

    @Test
    void automatic_use_registersNothing() {
        TestKeys.signing(Algorithm.ES256).sign(DATA);
        TestKeys.signing(Algorithm.ML_DSA_44).sign(DATA);
        assertThat(Security.getProviders())
                .extracting(Provider::getName)
                .doesNotContain("BC", "AmazonCorrettoCryptoProvider");
    }

    @Test
    void pinned_providerThatAcceptsEverything_isNotChosen() {
        for (Algorithm algorithm : List.of(Algorithm.ED25519, Algorithm.ES256, Algorithm.RS256, Algorithm.PS256)) {
            Provider accepting = signature(algorithm, true, new byte[algorithm.length]);
            Providers.Choice choice =
                    Providers.pinned(accepting, Providers.bouncyCastle()).choice(algorithm, Operation.VERIFY);
            assertThat(choice.provider()).contains("BC");
            assertThat(choice.failed()).containsExactly("broken");
        }
    }

    @Test
    void pinned_providerThatRefusesEverything_isNotChosen() {
        Provider refusing = signature(Algorithm.ED25519, false, new byte[64]);
        assertThat(Providers.pinned(refusing)
                        .choice(Algorithm.ED25519, Operation.VERIFY)
                        .provider())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ED25519", "ES256", "RS256", "PS256"})
    void pinned_providerThatSignsGarbage_isNotChosen(Algorithm algorithm) {
        for (boolean verdict : new boolean[] {true, false}) {
            Provider garbage = signature(algorithm, verdict, new byte[256]);
            Providers providers = Providers.pinned(garbage);
            Providers.Choice choice = providers.choice(algorithm, Operation.SIGN);
            assertThat(choice.provider()).isEmpty();
            assertThat(choice.failed()).containsExactly("broken");
            assertThatThrownBy(() -> TestKeys.signing(algorithm).sign(DATA, 0, DATA.length, providers))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("the pinned providers (broken)")
                    .hasMessageContaining("failed: broken");
            byte[] signature = TestKeys.signing(algorithm).sign(DATA);
            assertThatThrownBy(() -> TestKeys.signing(algorithm)
                            .verificationKey()
                            .verify(DATA, 0, DATA.length, signature, providers))
                    .isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void pinned_providerThatThrows_isNotChosen() {
        Provider throwing = new TestProvider("broken").with("Signature", "Ed25519", () -> {
            throw new UnsatisfiedLinkError("no native library");
        });
        assertThat(Providers.pinned(throwing, Providers.bouncyCastle()).choice(Algorithm.ED25519, Operation.SIGN))
                .satisfies(choice -> {
                    assertThat(choice.provider()).contains("BC");
                    assertThat(choice.failed()).containsExactly("broken");
                });
    }

    @Test
    void pinned_macOfZeros_isNotChosen() {
        Provider zeros = new TestProvider("broken").with("Mac", "HmacSHA256", () -> new TestProvider.ZeroMac(32));
        Providers providers = Providers.pinned(zeros, Providers.bouncyCastle());
        for (Operation operation : Operation.values()) {
            assertThat(providers.choice(Algorithm.HS256, operation).failed()).containsExactly("broken");
            assertThat(providers.choice(Algorithm.HS256, operation).provider()).contains("BC");
        }
    }

    @Test
    void pinned_providerWithoutTheAlgorithm_isNoCandidate() {
        Providers providers = Providers.pinned(new TestProvider("empty"));
        for (Algorithm algorithm : signatures()) {
            assertThat(providers.candidates(algorithm, Operation.SIGN)).isEmpty();
            assertThat(providers.choice(algorithm, Operation.SIGN).failed()).isEmpty();
        }
        assertThatThrownBy(() -> providers.messageDigest("SHA-256")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void pinned_noneHasTheAlgorithm_saysSoAndNamesThem() {
        Providers providers = Providers.pinned(new TestProvider("fips"), new TestProvider("other"));
        SigningKey key = TestKeys.signing(Algorithm.ES256);
        assertThatThrownBy(() -> key.sign(DATA, 0, DATA.length, providers))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the pinned providers (fips, other) do not have ES256");
        assertThatThrownBy(() -> providers.messageDigest("SHA-256")).hasMessageContaining("(fips, other)");
        assertThatThrownBy(() -> providers.cipher("AES/ECB/NoPadding")).hasMessageContaining("(fips, other)");
    }

    @Test
    void pinned_providerThatWasDownAtFirst_isTestedAgain() throws Exception {
        SignatureTest.Flaky flaky = new SignatureTest.Flaky();
        flaky.broken = "init";
        Providers providers = Providers.pinned(flaky.provider);
        SigningKey key = TestKeys.signing(Algorithm.ED25519);
        assertThatThrownBy(() -> key.sign(DATA, 0, DATA.length, providers)).isInstanceOf(UnavailableException.class);
        flaky.broken = "";
        Thread.sleep(1_100);
        key.verificationKey().verify(DATA, key.sign(DATA, 0, DATA.length, providers));
    }

    @Test
    void generate_pinnedProviders_areTheOnesAsked() {
        Providers bouncyCastle = Providers.pinned(Providers.bouncyCastle());
        for (Algorithm algorithm : List.of(Algorithm.ED25519, Algorithm.ES384, Algorithm.RS256, Algorithm.ML_DSA_44)) {
            SigningKey key = SigningKey.generate(algorithm, bouncyCastle);
            assertThat(key.dangerousPrivateKey().orElseThrow().getClass().getName())
                    .startsWith("org.bouncycastle");
            key.verificationKey().verify(DATA, key.sign(DATA));
        }
        Providers empty = Providers.pinned(new TestProvider("empty"));
        assertThatThrownBy(() -> SigningKey.generate(Algorithm.ES256, empty))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the pinned providers (empty) cannot generate ES256 keys");
    }

    @Test
    void pinned_order_isTheCallers() {
        Provider sunEc = Security.getProvider("SunEC");
        assertThat(Providers.pinned(sunEc, Providers.bouncyCastle())
                        .choice(Algorithm.ES256, Operation.SIGN)
                        .provider())
                .contains("SunEC");
        assertThat(Providers.pinned(Providers.bouncyCastle(), sunEc)
                        .choice(Algorithm.ES256, Operation.SIGN)
                        .provider())
                .contains("BC");
    }

    @Test
    void choice_algorithmThatDoesNotSign_isRejected() {
        for (Algorithm algorithm :
                List.of(Algorithm.A256KW, Algorithm.RSA_OAEP_256, Algorithm.ECDH_ES_A256KW, Algorithm.HKDF_SHA256)) {
            assertThatThrownBy(() -> Providers.automatic().choice(algorithm, Operation.SIGN))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Providers.automatic().candidates(algorithm, Operation.SIGN))
                    .isEmpty();
        }
    }

    @Test
    void composite_everyService_isThatOfARealProvider() throws Exception {
        Provider composite = Providers.automatic().composite();
        for (String name : List.of("AES/GCM/NoPadding", "AESWrap", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding")) {
            assertThat(Cipher.getInstance(name, composite)).isNotNull();
        }
        assertThat(KeyAgreement.getInstance("ECDH", composite)).isNotNull();
        assertThat(composite.getService("KeyAgreement", "X25519").getProvider().getName())
                .isEqualTo("BC");
        assertThat(composite.getService("Cipher", "Rot13")).isNull();
        assertThat(Security.getProvider(composite.getName())).isNull();
    }

    @Test
    void composite_ofPinnedProviders_hasNothingElse() {
        Provider composite = Providers.pinned(new TestProvider("empty")).composite();
        assertThat(composite.getService("Cipher", "AES")).isNull();
        assertThat(composite.getService("MessageDigest", "SHA-256")).isNull();
    }

    @Test
    void messageDigest_everyCall_isANewOne() {
        Providers providers = Providers.automatic();
        assertThat(providers.messageDigest("SHA-512")).isNotSameAs(providers.messageDigest("SHA-512"));
        assertThatThrownBy(() -> providers.messageDigest("SHA-1000")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cipher_modeThatTheFastestProviderLacks_isThatOfTheNextOne() {
        Providers providers = Providers.automatic();
        // ACCP, which is present here, has a service named AES that does GCM only.
        assertThat(providers.cipher("AES/ECB/NoPadding").getProvider().getName())
                .isEqualTo("SunJCE");
        assertThat(providers.cipher("AES/ECB/NoPadding")).isNotSameAs(providers.cipher("AES/ECB/NoPadding"));
        assertThatThrownBy(() -> providers.cipher("AES/ROT13/NoPadding")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cipher_ofPinnedProviders_isTheirs() {
        Providers bouncyCastle = Providers.pinned(Providers.bouncyCastle());
        assertThat(bouncyCastle.cipher("AES/ECB/NoPadding").getProvider()).isEqualTo(Providers.bouncyCastle());
        Providers empty = Providers.pinned(new TestProvider("empty"));
        assertThatThrownBy(() -> empty.cipher("AES/ECB/NoPadding")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void verify_sameKeyWithTwoProviders_usesEachAsAsked() {
        SigningKey key = TestKeys.signing(Algorithm.ES256);
        byte[] signature = key.sign(DATA);
        Providers good = Providers.pinned(Providers.bouncyCastle());
        Providers broken = Providers.pinned(signature(Algorithm.ES256, true, new byte[64]));
        VerificationKey check = key.verificationKey();
        check.verify(DATA, 0, DATA.length, signature, good);
        // An engine that was bound before must not be used for other providers.
        assertThatThrownBy(() -> check.verify(DATA, 0, DATA.length, signature, broken))
                .isInstanceOf(UnavailableException.class);
        check.verify(DATA, 0, DATA.length, signature, good);
    }

    @Test
    void sign_keyOfAnyProvidersClass_isTranslated() throws Exception {
        for (Algorithm algorithm : List.of(Algorithm.ED25519, Algorithm.ES256, Algorithm.RS256)) {
            var generator = java.security.KeyPairGenerator.getInstance(
                    Engine.keyAlgorithm(algorithm), Providers.bouncyCastle());
            if (algorithm == Algorithm.ES256) {
                generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
            }
            var pair = generator.generateKeyPair();
            SigningKey key = SigningKey.of(algorithm, pair.getPrivate(), pair.getPublic());
            for (Provider provider : Providers.automatic().candidates(algorithm, Operation.SIGN)) {
                Providers pinned = Providers.pinned(provider);
                byte[] signature = key.sign(DATA, 0, DATA.length, pinned);
                key.verificationKey().verify(DATA, 0, DATA.length, signature, pinned);
            }
        }
    }

    @Test
    void sign_manyThreads_shareAKey() throws Exception {
        for (Algorithm algorithm : List.of(Algorithm.ED25519, Algorithm.HS256, Algorithm.ES256)) {
            SigningKey key = SigningKey.generate(algorithm);
            Thread[] threads = new Thread[8];
            boolean[] done = new boolean[threads.length];
            for (int t = 0; t < threads.length; t++) {
                int id = t;
                threads[t] = new Thread(() -> {
                    for (int i = 0; i < 100; i++) {
                        byte[] data = {(byte) id, (byte) i};
                        key.verificationKey().verify(data, key.sign(data));
                    }
                    done[id] = true;
                });
                threads[t].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            boolean[] all = new boolean[threads.length];
            Arrays.fill(all, true);
            assertThat(done).isEqualTo(all);
        }
    }

    private static Provider signature(Algorithm algorithm, boolean verdict, byte[] made) {
        String name = switch (algorithm) {
            case ED25519 -> "Ed25519";
            case ES256 -> "SHA256withECDSAinP1363Format";
            case RS256 -> "SHA256withRSA";
            default -> "RSASSA-PSS";
        };
        return new TestProvider("broken").with("Signature", name, () -> new TestProvider.Canned(verdict, made, null));
    }
}
