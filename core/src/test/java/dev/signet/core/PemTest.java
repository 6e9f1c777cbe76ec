// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static dev.signet.core.TestKeys.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private static final char[] PASSWORD = "correct horse".toCharArray();

    static Stream<Algorithm> asymmetric() {
        return TestKeys.signatureAlgorithms().stream().filter(a -> !a.isSymmetric());
    }

    @ParameterizedTest
    @MethodSource("asymmetric")
    void fromPem_ownText_isTheSameKey(Algorithm algorithm) {
        SigningKey key = TestKeys.signing(algorithm);
        SigningKey read = SigningKey.fromPem(algorithm, key.dangerousToPem());
        VerificationKey published =
                VerificationKey.fromPem(algorithm, key.verificationKey().toPem());
        assertThat(read.id()).isEqualTo(key.id()).isEqualTo(published.id());
        published.verify(DATA, read.sign(DATA));
    }

    @Test
    void fromPem_traditionalForms_areRead() throws Exception {
        KeyPair rsa = TestKeys.rsa();
        KeyPair ec = TestKeys.ec("secp256r1");
        assertThat(text(rsa.getPrivate())).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertSigns(SigningKey.fromPem(Algorithm.PS256, text(rsa.getPrivate())), rsa);
        assertSigns(SigningKey.fromPem(Algorithm.ES256, sec1(ec)), ec);
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        assertSigns(SigningKey.fromPem(Algorithm.ES256, parameters + sec1(ec)), ec);
        String bare = Pem.encode(
                "RSA PUBLIC KEY",
                SubjectPublicKeyInfo.getInstance(rsa.getPublic().getEncoded())
                        .parsePublicKey()
                        .toASN1Primitive()
                        .getEncoded());
        assertThat(VerificationKey.fromPem(Algorithm.PS256, bare).publicKey()).contains(rsa.getPublic());
    }

    /** As OpenSSL writes it, with the curve and the public key inside (RFC 5915). */
    private static String sec1(KeyPair pair) throws Exception {
        var scalar = ((java.security.interfaces.ECPrivateKey) pair.getPrivate()).getS();
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        var key = new org.bouncycastle.asn1.sec.ECPrivateKey(
                256, scalar, info.getPublicKeyData(), info.getAlgorithm().getParameters());
        return Pem.encode("EC PRIVATE KEY", key.getEncoded());
    }

    @Test
    void fromPem_encryptedPkcs8_needsItsPassword() throws Exception {
        for (var oid : List.of(PKCS8Generator.AES_256_CBC, PKCS8Generator.AES_128_CBC)) {
            KeyPair pair = TestKeys.ec("secp384r1");
            String pem = text(new JcaPKCS8Generator(
                    pair.getPrivate(),
                    new JceOpenSSLPKCS8EncryptorBuilder(oid)
                            .setProvider(Providers.bouncyCastle())
                            .setPassword(PASSWORD)
                            .build()));
            assertThat(pem).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
            assertSigns(SigningKey.fromPem(Algorithm.ES384, pem, PASSWORD), pair);
            assertRefused(() -> SigningKey.fromPem(Algorithm.ES384, pem)).hasMessageContaining("password");
            assertRefused(() -> SigningKey.fromPem(Algorithm.ES384, pem, "incorrect".toCharArray()))
                    .hasMessageContaining("password");
            assertRefused(() -> SigningKey.fromPem(Algorithm.ES384, pem, new char[0]));
        }
    }

    @Test
    void fromPem_legacyEncryption_isRejectedWithTheRemedy() throws Exception {
        StringWriter out = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(out)) {
            writer.writeObject(
                    TestKeys.rsa().getPrivate(),
                    new JcePEMEncryptorBuilder("AES-128-CBC")
                            .setProvider(Providers.bouncyCastle())
                            .build(PASSWORD));
        }
        assertRefused(() -> SigningKey.fromPem(Algorithm.RS256, out.toString(), PASSWORD))
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void fromPem_certificate_givesKeyAndValidity() {
        KeyPair pair = TestKeys.ec("secp256r1");
        var certificate = TestCertificates.selfSigned(pair, "SHA256withECDSA");
        for (VerificationKey key : List.of(
                VerificationKey.fromPem(Algorithm.ES256, text(certificate)),
                VerificationKey.fromCertificate(Algorithm.ES256, certificate))) {
            assertThat(key.publicKey()).contains(pair.getPublic());
            assertThat(key.notBefore()).contains(TestCertificates.NOT_BEFORE);
            assertThat(key.notAfter()).contains(TestCertificates.NOT_AFTER);
        }
        assertRefused(() -> VerificationKey.fromPem(Algorithm.ES384, text(certificate)));
        assertRefused(() -> VerificationKey.fromPem(Algorithm.RS256, text(certificate)));
        assertRefused(() -> SigningKey.fromPem(Algorithm.ES256, text(certificate)));
    }

    // ---- id-RSASSA-PSS
    // -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"PS256", "PS384", "PS512"})
    void fromPem_rsassaPssKey_servesItsDigestOnly(Algorithm algorithm) throws Exception {
        var oid = switch (algorithm) {
            case PS256 -> NISTObjectIdentifiers.id_sha256;
            case PS384 -> NISTObjectIdentifiers.id_sha384;
            default -> NISTObjectIdentifiers.id_sha512;
        };
        AlgorithmIdentifier digest = new AlgorithmIdentifier(oid, DERNull.INSTANCE);
        RSASSAPSSparams restricted = new RSASSAPSSparams(
                digest,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, digest),
                new ASN1Integer(32),
                new ASN1Integer(1));
        for (ASN1Encodable parameters : new ASN1Encodable[] {null, restricted}) {
            assertSigns(SigningKey.fromPem(algorithm, pssPrivate(parameters)), TestKeys.rsa());
            assertThat(VerificationKey.fromPem(algorithm, pssPublic(parameters)).publicKey())
                    .contains(TestKeys.rsa().getPublic());
            for (Algorithm other : List.of(Algorithm.RS256, Algorithm.RS512, Algorithm.ES256, Algorithm.ED25519)) {
                assertRefused(() -> SigningKey.fromPem(other, pssPrivate(parameters)));
                assertRefused(() -> VerificationKey.fromPem(other, pssPublic(parameters)));
            }
        }
        for (Algorithm other : List.of(Algorithm.PS256, Algorithm.PS384, Algorithm.PS512)) {
            if (other != algorithm) {
                assertRefused(() -> SigningKey.fromPem(other, pssPrivate(restricted)))
                        .hasMessageContaining("another digest");
                assertRefused(() -> VerificationKey.fromPem(other, pssPublic(restricted)));
            }
        }
    }

    private static String pssPrivate(ASN1Encodable parameters) throws Exception {
        PrivateKeyInfo plain =
                PrivateKeyInfo.getInstance(TestKeys.rsa().getPrivate().getEncoded());
        return Pem.encode("PRIVATE KEY", new PrivateKeyInfo(pss(parameters), plain.parsePrivateKey()).getEncoded());
    }

    private static String pssPublic(ASN1Encodable parameters) throws Exception {
        SubjectPublicKeyInfo plain =
                SubjectPublicKeyInfo.getInstance(TestKeys.rsa().getPublic().getEncoded());
        return Pem.encode("PUBLIC KEY", new SubjectPublicKeyInfo(pss(parameters), plain.parsePublicKey()).getEncoded());
    }

    private static AlgorithmIdentifier pss(ASN1Encodable parameters) {
        return parameters == null
                ? new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS)
                : new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS, parameters);
    }

    // ---- refusals
    // ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no PEM at all",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\naHVudGVyMg==\n-----END EC PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN PUBLIC KEY-----\naHVudGVyMg==\n-----END PUBLIC KEY-----\n",
                "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
                "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----\n",
                "-----BEGIN HUNTER2-----\nMAA=\n-----END HUNTER2-----\n",
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
                "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PUBLIC KEY-----\n"
            })
    void fromPem_brokenText_isRejectedWithoutItsContent(String pem) {
        for (Algorithm algorithm :
                List.of(Algorithm.RS256, Algorithm.PS256, Algorithm.ES256, Algorithm.ED25519, Algorithm.ML_DSA_44)) {
            assertRefused(() -> SigningKey.fromPem(algorithm, pem))
                    .hasMessageNotContainingAny("aHVu", "hunter2", "!!!!");
            assertRefused(() -> SigningKey.fromPem(algorithm, pem, PASSWORD));
            assertRefused(() -> VerificationKey.fromPem(algorithm, pem))
                    .hasMessageNotContainingAny("aHVu", "hunter2", "!!!!");
        }
    }

    @Test
    void fromPem_keyOfAnotherAlgorithm_isRejected() {
        for (Algorithm made : asymmetric().toList()) {
            for (Algorithm wanted : asymmetric().toList()) {
                if (made.family.isRsa() ? !wanted.family.isRsa() : made != wanted) {
                    assertRefused(() ->
                            SigningKey.fromPem(wanted, TestKeys.signing(made).dangerousToPem()));
                    assertRefused(() -> VerificationKey.fromPem(
                            wanted, TestKeys.signing(made).verificationKey().toPem()));
                }
            }
        }
    }

    @Test
    void fromPem_otherHalf_isRejected() {
        SigningKey key = TestKeys.signing(Algorithm.ES256);
        assertRefused(
                () -> SigningKey.fromPem(Algorithm.ES256, key.verificationKey().toPem()));
        assertRefused(() -> VerificationKey.fromPem(Algorithm.ES256, key.dangerousToPem()));
    }

    @Test
    void fromPem_symmetricOrEncryptionAlgorithm_isRejected() {
        String pem = TestKeys.signing(Algorithm.RS256).dangerousToPem();
        for (Algorithm algorithm :
                List.of(Algorithm.HS256, Algorithm.RSA_OAEP_256, Algorithm.A256KW, Algorithm.HKDF_SHA256)) {
            assertRefused(() -> SigningKey.fromPem(algorithm, pem));
            assertRefused(() -> VerificationKey.fromPem(algorithm, pem));
        }
    }

    @Test
    void toPem_sharedSecret_isRejected() {
        SigningKey key = TestKeys.signing(Algorithm.HS256);
        assertThatThrownBy(key::dangerousToPem).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> key.verificationKey().toPem()).isInstanceOf(IllegalStateException.class);
    }

    /** A private key of a later JDK is no Bouncy Castle class, and holds what RFC 9881 allows. */
    @Test
    void of_mlDsaKeyOfAnotherProvider_isAccepted() {
        SigningKey key = TestKeys.signing(Algorithm.ML_DSA_44);
        PrivateKey bouncyCastle = key.dangerousPrivateKey().orElseThrow();
        PrivateKey foreign = new PrivateKey() {
            @Override
            public String getAlgorithm() {
                return "ML-DSA";
            }

            @Override
            public String getFormat() {
                return "PKCS#8";
            }

            @Override
            public byte[] getEncoded() {
                return bouncyCastle.getEncoded();
            }
        };
        SigningKey same = SigningKey.of(
                Algorithm.ML_DSA_44, foreign, key.verificationKey().publicKey().orElseThrow());
        key.verificationKey().verify(DATA, same.sign(DATA));
        var other = TestKeys.anotherSigning(Algorithm.ML_DSA_44)
                .verificationKey()
                .publicKey()
                .orElseThrow();
        assertRefused(() -> SigningKey.of(Algorithm.ML_DSA_44, foreign, other));
    }

    @Test
    void thumbprint_mlDsaKeyOfRfc9964_isItsKid() throws Exception {
        byte[] seed = new byte[32];
        byte[] pkcs8 = new PrivateKeyInfo(
                        new AlgorithmIdentifier(NISTObjectIdentifiers.id_ml_dsa_44),
                        new org.bouncycastle.asn1.DERTaggedObject(
                                false, 0, new org.bouncycastle.asn1.DEROctetString(seed)))
                .getEncoded();
        SigningKey key = SigningKey.fromPem(Algorithm.ML_DSA_44, Pem.encode("PRIVATE KEY", pkcs8));
        byte[] spki = key.verificationKey().publicKey().orElseThrow().getEncoded();
        String pub = Base64.getUrlEncoder()
                .encodeToString(SubjectPublicKeyInfo.getInstance(spki)
                        .getPublicKeyData()
                        .getBytes());
        assertThat(pub)
                .startsWith("unH59k4RuutY-pxvu24U5h8YZD2rSVtHU5qRZsoBmBMcRPgmu9VuNOVdteXi1zNIXjnqJg_GAAxepLqA00Vc3l");
        assertThat(key.id()).isEqualTo("T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o");
    }

    private static void assertSigns(SigningKey key, KeyPair pair) {
        VerificationKey.of(key.algorithm(), pair.getPublic()).verify(DATA, key.sign(DATA));
    }

    private static String text(Object object) {
        StringWriter out = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(out)) {
            writer.writeObject(object);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toString();
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }
}
