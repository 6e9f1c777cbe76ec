// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static dev.signet.core.TestKeys.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Providers.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.Provider;
import java.security.ProviderException;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures and MACs of every algorithm, made and checked by every provider there is. */
class SignatureTest {
    private static final HexFormat HEX = HexFormat.of();

    static List<Algorithm> signatures() {
        return TestKeys.signatureAlgorithms();
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void verify_signatureOfEveryOtherProvider_isAccepted(Algorithm algorithm) {
        SigningKey key = TestKeys.signing(algorithm);
        List<Provider> signers = Providers.automatic().candidates(algorithm, Operation.SIGN);
        List<Provider> verifiers = Providers.automatic().candidates(algorithm, Operation.VERIFY);
        assertThat(signers).isNotEmpty();
        for (Provider signer : signers) {
            byte[] signature = key.sign(DATA, 0, DATA.length, Providers.pinned(signer));
            for (Provider verifier : verifiers) {
                Providers providers = Providers.pinned(verifier);
                VerificationKey check = key.verificationKey();
                check.verify(DATA, 0, DATA.length, signature, providers);
                assertInvalid(() -> check.verify(OTHER, 0, OTHER.length, signature, providers));
                for (byte[] bad : mutations(signature)) {
                    assertInvalid(() -> check.verify(DATA, 0, DATA.length, bad, providers));
                }
            }
        }
        System.out.printf("%s: %d signing × %d verifying providers%n", algorithm, signers.size(), verifiers.size());
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void verify_everyProvider_refusesSpecialSignatures(Algorithm algorithm) {
        VerificationKey key = TestKeys.signing(algorithm).verificationKey();
        byte[] good = TestKeys.signing(algorithm).sign(DATA);
        byte[] ones = new byte[good.length];
        Arrays.fill(ones, (byte) 0xff);
        byte[] one = new byte[good.length];
        one[one.length - 1] = 1;
        for (Provider provider : Providers.automatic().candidates(algorithm, Operation.VERIFY)) {
            for (byte[] bad : List.of(
                    new byte[good.length], ones, one, new byte[0], new byte[1], HEX.parseHex("3006020100020100"))) {
                assertInvalid(() -> key.verify(DATA, 0, DATA.length, bad, Providers.pinned(provider)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void verify_otherKeyOfTheSameAlgorithm_isRejected(Algorithm algorithm) {
        byte[] signature = TestKeys.signing(algorithm).sign(DATA);
        assertInvalid(() -> TestKeys.anotherSigning(algorithm).verificationKey().verify(DATA, signature));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void sign_partOfAnArray_coversThatPartOnly(Algorithm algorithm) {
        SigningKey key = TestKeys.signing(algorithm);
        byte[] signature = key.sign(DATA, 2, 4, Providers.automatic());
        key.verificationKey().verify(Arrays.copyOfRange(DATA, 2, 6), signature);
        key.verificationKey().verify(DATA, 2, 4, signature, Providers.automatic());
        assertInvalid(() -> key.verificationKey().verify(DATA, signature));
        assertInvalid(() -> key.verificationKey().verify(DATA, 1, 4, signature, Providers.automatic()));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void sign_emptyData_isVerified(Algorithm algorithm) {
        SigningKey key = TestKeys.signing(algorithm);
        key.verificationKey().verify(new byte[0], key.sign(new byte[0]));
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"PS256", "PS384", "PS512"})
    void verify_signatureOfAnotherRsaScheme_isRejected(Algorithm algorithm) {
        var pair = TestKeys.rsa();
        byte[] pkcs1 = SigningKey.of(Algorithm.RS256, pair.getPrivate(), pair.getPublic())
                .sign(DATA);
        assertInvalid(() -> VerificationKey.of(algorithm, pair.getPublic()).verify(DATA, pkcs1));
        byte[] pss =
                SigningKey.of(algorithm, pair.getPrivate(), pair.getPublic()).sign(DATA);
        for (Algorithm other : List.of(Algorithm.RS256, Algorithm.PS256, Algorithm.PS384, Algorithm.PS512)) {
            if (other != algorithm) {
                assertInvalid(() -> VerificationKey.of(other, pair.getPublic()).verify(DATA, pss));
            }
        }
    }

    @Test
    void verify_pssWithAnotherSaltLength_isRejected() throws Exception {
        var signature = java.security.Signature.getInstance("RSASSA-PSS");
        for (int salt : new int[] {0, 20, 31, 33, 48}) {
            signature.setParameter(new java.security.spec.PSSParameterSpec(
                    "SHA-256", "MGF1", java.security.spec.MGF1ParameterSpec.SHA256, salt, 1));
            signature.initSign(TestKeys.rsa().getPrivate());
            signature.update(DATA);
            byte[] made = signature.sign();
            VerificationKey key =
                    VerificationKey.of(Algorithm.PS256, TestKeys.rsa().getPublic());
            for (Provider provider : Providers.automatic().candidates(Algorithm.PS256, Operation.VERIFY)) {
                assertInvalid(() -> key.verify(DATA, 0, DATA.length, made, Providers.pinned(provider)));
            }
        }
    }

    // ---- Ed25519
    // -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                // RFC 8032, 7.1, tests 1 to 3: secret key, public key, message, signature
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60:"
                        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a::"
                        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb:"
                        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c:72:"
                        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7:"
                        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025:af82:"
                        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            })
    void sign_rfc8032Vectors_areMatched(String vector) throws Exception {
        String[] parts = vector.split(":", -1);
        byte[] pkcs8 = HEX.parseHex("302e020100300506032b657004220420" + parts[0]);
        var privateKey = java.security.KeyFactory.getInstance("Ed25519")
                .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(pkcs8));
        SigningKey key = SigningKey.of(Algorithm.ED25519, privateKey, TestKeys.ed25519(HEX.parseHex(parts[1])));
        byte[] message = HEX.parseHex(parts[2]);
        for (Provider provider : Providers.automatic().candidates(Algorithm.ED25519, Operation.SIGN)) {
            assertThat(HEX.formatHex(key.sign(message, 0, message.length, Providers.pinned(provider))))
                    .as(provider.getName())
                    .isEqualTo(parts[3]);
        }
        key.verificationKey().verify(message, HEX.parseHex(parts[3]));
    }

    @Test
    void verify_ed25519WithSPlusOrder_isRejected() {
        BigInteger order = new BigInteger("27742317777372353535851937790883648493").add(BigInteger.ONE.shiftLeft(252));
        byte[] good = TestKeys.signing(Algorithm.ED25519).sign(DATA);
        BigInteger s = TestKeys.fromLittleEndian(Arrays.copyOfRange(good, 32, 64));
        for (BigInteger other : List.of(s.add(order), s.add(order.shiftLeft(1)), order)) {
            byte[] bad = TestKeys.concat(Arrays.copyOf(good, 32), TestKeys.littleEndian(other, 32));
            for (Provider provider : Providers.automatic().candidates(Algorithm.ED25519, Operation.VERIFY)) {
                assertInvalid(() -> TestKeys.signing(Algorithm.ED25519)
                        .verificationKey()
                        .verify(DATA, 0, DATA.length, bad, Providers.pinned(provider)));
            }
        }
    }

    @Test
    void verify_sAtOrAboveTheOrder_neverReachesTheProvider() {
        TestProvider yes = accepting("Ed25519", 64);
        VerificationKey key = TestKeys.signing(Algorithm.ED25519).verificationKey();
        byte[] bad = new byte[64];
        bad[63] = 0x20;
        // Even a provider that accepts everything does not get to see it, or it would fail its self-test first.
        assertInvalid(() -> key.verify(DATA, 0, DATA.length, bad, Providers.pinned(yes)));
    }

    // ---- ECDSA
    // -------------------------------------------------------------------------------------------------------

    static Stream<Algorithm> ecdsa() {
        return Stream.of(Algorithm.ES256, Algorithm.ES384, Algorithm.ES512);
    }

    @ParameterizedTest
    @MethodSource("ecdsa")
    void verify_derSignature_isRejected(Algorithm algorithm) {
        SigningKey key = TestKeys.signing(algorithm);
        byte[] raw = key.sign(DATA);
        assertInvalid(() -> key.verificationKey().verify(DATA, EcdsaSignatures.toDer(raw)));
        byte[] padded = Arrays.copyOf(EcdsaSignatures.toDer(raw), algorithm.length);
        assertInvalid(() -> key.verificationKey().verify(DATA, padded));
    }

    @ParameterizedTest
    @MethodSource("ecdsa")
    void verify_rOrSOutOfRange_isRejected(Algorithm algorithm) {
        SigningKey key = TestKeys.signing(algorithm);
        int half = algorithm.length / 2;
        BigInteger n = ((ECPublicKey) key.verificationKey().publicKey().orElseThrow())
                .getParams()
                .getOrder();
        byte[] good = key.sign(DATA);
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, half));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, half, 2 * half));
        byte[] order = EcdsaSignatures.unsigned(n, half);
        for (BigInteger[] pair : new BigInteger[][] {
            {BigInteger.ZERO, BigInteger.ZERO},
            {BigInteger.ZERO, BigInteger.ONE},
            {BigInteger.ONE, BigInteger.ZERO},
            {r, BigInteger.ZERO},
            {BigInteger.ZERO, s},
            {n, s},
            {r, n},
            {n, n},
            {n.add(BigInteger.ONE), s},
            {r, n.add(BigInteger.ONE)},
            {BigInteger.ONE.shiftLeft(8 * half).subtract(BigInteger.ONE), s}
        }) {
            byte[] bad =
                    TestKeys.concat(EcdsaSignatures.unsigned(pair[0], half), EcdsaSignatures.unsigned(pair[1], half));
            assertThat(EcdsaSignatures.inRange(bad, order)).isFalse();
            assertInvalid(() -> key.verificationKey().verify(DATA, bad));
        }
        byte[] least = new byte[2 * half];
        least[half - 1] = 1;
        least[2 * half - 1] = 1;
        assertThat(EcdsaSignatures.inRange(least, order)).isTrue();
        byte[] greatest = EcdsaSignatures.unsigned(n.subtract(BigInteger.ONE), half);
        assertThat(EcdsaSignatures.inRange(TestKeys.concat(greatest, greatest), order))
                .isTrue();
    }

    // ---- status and validity
    // -----------------------------------------------------------------------------------------

    @Test
    void verify_disabledKey_isRejected() {
        SigningKey key = TestKeys.signing(Algorithm.ED25519);
        byte[] signature = key.sign(DATA);
        assertReason(
                () -> key.verificationKey().withStatus(KeyStatus.DISABLED).verify(DATA, signature),
                Reason.KEY_DISABLED);
        key.verificationKey().withStatus(KeyStatus.VERIFY_ONLY).verify(DATA, signature);
    }

    @Test
    void verify_outsideTheValidity_isRejected() {
        SigningKey key = TestKeys.signing(Algorithm.ED25519);
        byte[] signature = key.sign(DATA);
        Instant now = Instant.now();
        Duration hour = Duration.ofHours(1);
        VerificationKey check = key.verificationKey();
        assertReason(() -> check.withValidity(now.plus(hour), null).verify(DATA, signature), Reason.KEY_NOT_VALID_NOW);
        assertReason(() -> check.withValidity(null, now.minus(hour)).verify(DATA, signature), Reason.KEY_NOT_VALID_NOW);
        check.withValidity(now.minus(hour), now.plus(hour)).verify(DATA, signature);
        // The start belongs to the validity, the end does not.
        VerificationKey bounded = check.withValidity(now, now.plus(hour));
        bounded.requireUsable(now);
        assertReason(() -> bounded.requireUsable(now.minusNanos(1)), Reason.KEY_NOT_VALID_NOW);
        assertReason(() -> bounded.requireUsable(now.plus(hour)), Reason.KEY_NOT_VALID_NOW);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyStatus.class,
            names = {"VERIFY_ONLY", "DISABLED"})
    void sign_keyNotActive_isRejected(KeyStatus status) {
        for (Algorithm algorithm : List.of(Algorithm.ES256, Algorithm.HS256)) {
            SigningKey key = TestKeys.signing(algorithm).withStatus(status);
            assertThatThrownBy(() -> key.sign(DATA)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> key.signAsync(DATA, Providers.automatic()))
                    .isInstanceOf(IllegalStateException.class);
        }
        SigningKey local = TestKeys.signing(Algorithm.ES256);
        SigningKey remote =
                SigningKey.remote(local.verificationKey(), local::sign).withStatus(status);
        assertThatThrownBy(() -> remote.sign(DATA)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> remote.signAsync(DATA, Providers.automatic()))
                .isInstanceOf(IllegalStateException.class);
    }

    // ---- providers that throw
    // ----------------------------------------------------------------------------------------

    @Test
    void verify_providerThatFailsUnexpectedly_isRejectedNotPropagated() throws Exception {
        // A malformed signature is a stranger's to send; whatever a working provider throws at it is a refusal, each
        // time.
        Flaky flaky = new Flaky();
        SigningKey key = TestKeys.signing(Algorithm.ED25519);
        byte[] good = key.sign(DATA);
        byte[] malformed = good.clone();
        Arrays.fill(malformed, 0, 4, Flaky.CHOKES_ON);
        Providers providers = Providers.pinned(flaky.provider);
        VerificationKey check = key.verificationKey();
        for (int i = 0; i < 50; i++) {
            assertInvalid(() -> check.verify(DATA, 0, DATA.length, malformed, providers));
            assertInvalid(() -> check.verify(new ByteArrayInputStream(DATA), malformed, providers));
            check.verify(DATA, 0, DATA.length, good, providers);
            check.verify(new ByteArrayInputStream(DATA), good, providers);
        }
        assertThat(flaky.choked.get()).as("exceptions seen").isEqualTo(50 * 4);
        assertThat(flaky.verifications.get())
                .as("a stranger's signature is tried twice, and a known answer once")
                .isLessThan(3 + 50 * 9);
    }

    @Test
    void verify_providerThatIsDown_isUnavailableAndNoForgery() throws Exception {
        Flaky flaky = new Flaky();
        SigningKey key = TestKeys.signing(Algorithm.ED25519);
        byte[] good = key.sign(DATA);
        byte[] malformed = good.clone();
        Arrays.fill(malformed, 0, 4, Flaky.CHOKES_ON);
        Providers providers = Providers.pinned(flaky.provider);
        VerificationKey check = key.verificationKey();
        check.verify(DATA, 0, DATA.length, good, providers);
        for (String broken : List.of("init", "update", "verify")) {
            flaky.broken = broken;
            flaky.session++;
            for (int i = 0; i < 3; i++) {
                assertUnavailable(() -> check.verify(DATA, 0, DATA.length, good, providers));
                assertUnavailable(() -> check.verify(new ByteArrayInputStream(DATA), good, providers));
                assertUnavailable(() -> check.verify(DATA, 0, DATA.length, malformed, providers));
            }
            flaky.broken = "";
            check.verify(DATA, 0, DATA.length, good, providers);
            check.verify(new ByteArrayInputStream(DATA), good, providers);
        }
    }

    /** A key that has proven itself once is not trusted to go on so: what has not even the form of a signature is none. */
    @Test
    void sign_providerThatAnswersGarbage_isUnavailable() {
        String[] answer = {"right"};
        Providers providers = Providers.pinned(new TestProvider("garbling")
                .with("Signature", "Ed25519", () -> new TestProvider.Delegating("Ed25519") {
                    @Override
                    void before(String step, byte[] signature) {}

                    @Override
                    protected byte[] engineSign() throws java.security.SignatureException {
                        byte[] signature = super.engineSign();
                        return switch (answer[0]) {
                            case "null" -> null;
                            case "empty" -> new byte[0];
                            case "short" -> Arrays.copyOf(signature, 63);
                            case "long" -> Arrays.copyOf(signature, 65);
                            default -> signature;
                        };
                    }
                }));
        SigningKey key = TestKeys.signing(Algorithm.ED25519);
        key.sign(DATA, 0, DATA.length, providers);
        for (String garbage : List.of("null", "empty", "short", "long")) {
            answer[0] = garbage;
            assertUnavailable(() -> key.sign(DATA, 0, DATA.length, providers));
        }
        answer[0] = "right";
        key.sign(DATA, 0, DATA.length, providers);
    }

    @Test
    void verify_objectsWhoseSessionEnded_areMadeAnew() throws Exception {
        Flaky flaky = new Flaky();
        SigningKey key = TestKeys.signing(Algorithm.ED25519);
        byte[] good = key.sign(DATA);
        byte[] wrong = TestKeys.anotherSigning(Algorithm.ED25519).sign(DATA);
        Providers providers = Providers.pinned(flaky.provider);
        VerificationKey check = key.verificationKey();
        check.verify(DATA, 0, DATA.length, good, providers);
        flaky.session++;
        check.verify(DATA, 0, DATA.length, good, providers);
        flaky.session++;
        assertInvalid(() -> check.verify(DATA, 0, DATA.length, wrong, providers));
        flaky.session++;
        // A stream is not there twice; the next one finds everything in order.
        assertUnavailable(() -> check.verify(new ByteArrayInputStream(DATA), good, providers));
        check.verify(new ByteArrayInputStream(DATA), good, providers);
    }

    @Test
    void verify_streamThatFails_throwsWhatTheStreamThrows() {
        SigningKey key = TestKeys.signing(Algorithm.ES256);
        byte[] good = key.sign(DATA);
        for (RuntimeException failure :
                List.of(new UncheckedIOException(new IOException("reset")), InvalidMessageException.malformed("cut"))) {
            InputStream failing = new InputStream() {
                @Override
                public int read() {
                    throw failure;
                }
            };
            Providers providers = Providers.automatic();
            assertThatThrownBy(() -> key.verificationKey().verify(failing, good, providers))
                    .isSameAs(failure);
            assertThatThrownBy(() -> key.sign(failing, providers)).isSameAs(failure);
        }
    }

    @Test
    void mac_providerThatIsDown_isUnavailable() throws Exception {
        Flaky flaky = new Flaky();
        SigningKey key = TestKeys.signing(Algorithm.HS256);
        Providers providers = Providers.pinned(flaky.provider);
        VerificationKey check = key.verificationKey();
        byte[] tag = key.sign(DATA, 0, DATA.length, providers);
        check.verify(DATA, 0, DATA.length, tag, providers);
        flaky.session++;
        check.verify(DATA, 0, DATA.length, tag, providers);
        assertThat(key.sign(DATA, 0, DATA.length, providers)).isEqualTo(tag);
        for (String broken : List.of("update", "verify")) {
            flaky.broken = broken;
            assertUnavailable(() -> check.verify(DATA, 0, DATA.length, tag, providers));
            assertUnavailable(() -> check.verify(new ByteArrayInputStream(DATA), tag, providers));
            assertUnavailable(() -> key.sign(DATA, 0, DATA.length, providers));
            assertUnavailable(() -> key.sign(new ByteArrayInputStream(DATA), providers));
            flaky.broken = "";
            check.verify(DATA, 0, DATA.length, tag, providers);
            check.verify(new ByteArrayInputStream(DATA), tag, providers);
        }
    }

    static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(UnavailableException.class);
    }

    /** A working module of the platform's, until it is told to break. */
    static final class Flaky {
        /** The first four bytes of signatures at which it throws, as some providers do at what they cannot parse. */
        static final byte CHOKES_ON = (byte) 0xee;

        final AtomicInteger verifications = new AtomicInteger();
        final AtomicInteger choked = new AtomicInteger();
        volatile String broken = "";
        /** Objects of former sessions are dead. */
        volatile int session;

        final Provider provider = new TestProvider("flaky")
                .with("Signature", "Ed25519", () -> new TestProvider.Delegating("Ed25519") {
                    private final int mine = session;

                    @Override
                    void before(String step, byte[] signature) {
                        if (mine != session || broken.equals(step)) {
                            throw new ProviderException("CKR_DEVICE_REMOVED");
                        }
                        if (step.equals("verify")) {
                            verifications.incrementAndGet();
                            if (signature[0] == CHOKES_ON
                                    && signature[1] == CHOKES_ON
                                    && signature[2] == CHOKES_ON
                                    && signature[3] == CHOKES_ON) {
                                choked.incrementAndGet();
                                throw new ArrayIndexOutOfBoundsException(7);
                            }
                        }
                    }
                })
                .with("Mac", "HmacSHA256", () -> new TestProvider.DelegatingMac("HmacSHA256") {
                    private final int mine = session;

                    @Override
                    void before(String step) {
                        if (mine != session || broken.equals(step)) {
                            throw new ProviderException("CKR_DEVICE_REMOVED");
                        }
                    }
                });
    }

    static TestProvider accepting(String algorithm, int length) {
        return new TestProvider("accepting")
                .with("Signature", algorithm, () -> new TestProvider.Canned(true, new byte[length], null));
    }

    private static List<byte[]> mutations(byte[] signature) {
        byte[] first = signature.clone();
        first[0] ^= 1;
        byte[] middle = signature.clone();
        middle[signature.length / 2] ^= 0x40;
        byte[] last = signature.clone();
        last[signature.length - 1] ^= 1;
        byte[] prefixed = TestKeys.concat(new byte[1], signature);
        return List.of(
                first,
                middle,
                last,
                prefixed,
                Arrays.copyOf(signature, signature.length - 1),
                Arrays.copyOf(signature, signature.length / 2),
                Arrays.copyOf(signature, signature.length + 1),
                TestKeys.concat(signature, signature),
                Arrays.copyOfRange(signature, 1, signature.length));
    }

    static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertReason(call, Reason.SIGNATURE_INVALID);
    }

    static void assertReason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
