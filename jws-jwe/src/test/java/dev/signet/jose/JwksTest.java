// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static dev.signet.jose.RfcKeys.set;
import static dev.signet.jose.RfcKeys.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwksTest {
    private static final byte[] DATA = utf8("some data");

    // ---- other parties' sets
    // -----------------------------------------------------------------------------------------

    @Test
    void parse_rfc7517AppendixA1_keepsTheKeyForVerifying() {
        Jwks jwks = Jwks.parse(set(
                RfcKeys.EC_PUBLIC + ",\"use\":\"enc\",\"kid\":\"1\"",
                RfcKeys.RSA_PUBLIC + ",\"alg\":\"RS256\",\"kid\":\"2011-04-29\""));
        assertThat(jwks.keys()).extracting(VerificationKey::id).containsExactly("2011-04-29");
        assertThat(jwks.resolve("2011-04-29"))
                .get()
                .extracting(VerificationKey::algorithm)
                .isEqualTo(Algorithm.RS256);
        assertThat(jwks.resolve("1")).isEmpty();
        assertThat(jwks.resolveUnnamed()).isPresent();
        assertThat(jwks.skipped()).singleElement().satisfies(skipped -> {
            assertThat(skipped.position()).isZero();
            assertThat(skipped.keyId()).contains("1");
            assertThat(skipped.reason()).startsWith("use ");
        });
    }

    @Test
    void parse_noKid_isNamedByItsThumbprint() {
        // RFC 7638, 3.1 and RFC 8037, A.3
        assertThat(Jwks.parse(set(RfcKeys.RSA_PUBLIC + ",\"alg\":\"RS256\""))
                        .keys()
                        .get(0)
                        .id())
                .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assertThat(Jwks.parse(set(RfcKeys.ED25519_PUBLIC)).keys().get(0).id())
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @Test
    void parse_rsaWithoutAlg_needsAnAgreedAlgorithm() {
        byte[] set = set(RfcKeys.RSA_PUBLIC + ",\"kid\":\"a\"");
        assertThat(Jwks.parse(set).keys()).isEmpty();
        assertThat(Jwks.parse(set).skipped().get(0).reason()).startsWith("no alg");
        assertThat(Jwks.parse(set).skipped().get(0).code()).isEqualTo("algorithm-missing");
        assertThat(Jwks.parse(set, Algorithm.PS512).keys().get(0).algorithm()).isEqualTo(Algorithm.PS512);
    }

    @Test
    void parse_alg_winsOverTheAgreedAlgorithm() {
        Jwks jwks = Jwks.parse(set(RfcKeys.RSA_PUBLIC + ",\"alg\":\"RS384\""), Algorithm.PS256);
        assertThat(jwks.keys().get(0).algorithm()).isEqualTo(Algorithm.RS384);
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"},
            mode = EnumSource.Mode.EXCLUDE)
    void parse_agreedAlgorithmNotRsaSignature_isRejected(Algorithm algorithm) {
        assertThatThrownBy(() -> Jwks.parse(set(), algorithm)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parse_oldNameOfEd25519_isUnderstood() {
        assertThat(Jwks.parse(set(RfcKeys.ED25519_PUBLIC + ",\"alg\":\"EdDSA\""))
                        .keys())
                .singleElement()
                .extracting(VerificationKey::algorithm)
                .isEqualTo(Algorithm.ED25519);
    }

    @Test
    void parse_emptySet_knowsNoKey() {
        Jwks jwks = Jwks.parse(set());
        assertThat(jwks.keys()).isEmpty();
        assertThat(jwks.resolve("a")).isEmpty();
        assertThat(jwks.resolveUnnamed()).isEmpty();
    }

    @Test
    void parse_twoKeys_neitherServesUnnamedMessages() {
        Jwks jwks = Jwks.parse(set(RfcKeys.ED25519_PUBLIC, RfcKeys.EC_PUBLIC));
        assertThat(jwks.keys()).hasSize(2);
        assertThat(jwks.resolveUnnamed()).isEmpty();
    }

    @Test
    void parse_membersNotUnderstood_areIgnored() {
        byte[] json = utf8("{\"x\":null,\"keys\":[{" + RfcKeys.ED25519_PUBLIC
                + ",\"x5u\":\"http://127.0.0.1:1/\",\"jku\":1,\"x5c\":[\"!\"],\"ext\":true}]}");
        assertThat(Jwks.parse(json).keys()).hasSize(1);
    }

    static Stream<String> unusable() {
        String ec = RfcKeys.EC_PUBLIC;
        String ed = RfcKeys.ED25519_PUBLIC;
        String rsa = RfcKeys.RSA_PUBLIC + ",\"alg\":\"RS256\"";
        return Stream.of(
                "\"kid\":\"a\"",
                "\"kty\":1",
                "\"kty\":null",
                "\"kty\":\"ec\"",
                "\"kty\":\"EC\"",
                "\"kty\":\"RSA\",\"alg\":\"RS256\"",
                "\"kty\":\"unheard-of\"",
                ec + ",\"use\":\"enc\"",
                ec + ",\"use\":\"SIG\"",
                ec + ",\"use\":\"\"",
                ec + ",\"use\":null",
                ec + ",\"use\":[\"sig\"]",
                ec + ",\"key_ops\":[\"sign\"]",
                ec + ",\"key_ops\":[]",
                ec + ",\"key_ops\":[\"encrypt\",\"deriveKey\"]",
                ec + ",\"key_ops\":[\"verify\",\"verify\"]",
                ec + ",\"key_ops\":[\"verify\",1]",
                ec + ",\"key_ops\":\"verify\"",
                ec + ",\"key_ops\":null",
                ec + ",\"use\":\"enc\",\"key_ops\":[\"verify\"]",
                ec + ",\"alg\":\"ES384\"",
                ec + ",\"alg\":\"ECDH-ES+A256KW\"",
                ec + ",\"alg\":\"ES256K\"",
                ec + ",\"alg\":\"es256\"",
                ec + ",\"alg\":\"none\"",
                ec + ",\"alg\":\"HS256\"",
                ec + ",\"alg\":\"RS256\"",
                ec + ",\"alg\":\"EdDSA\"",
                ec + ",\"alg\":null",
                ec + ",\"kid\":\"\"",
                ec + ",\"kid\":\"" + "x".repeat(257) + "\"",
                ec + ",\"kid\":\"a\\nb\"",
                ec + ",\"kid\":\"\u00e4\"",
                ec + ",\"kid\":1",
                ec + ",\"kid\":null",
                ec + ",\"exp\":\"2030\"",
                ec + ",\"exp\":1.5",
                ec + ",\"exp\":-1",
                ec + ",\"exp\":9223372036854775807",
                ec + ",\"exp\":92233720368547758070",
                ec + ",\"nbf\":null",
                ec + ",\"nbf\":20,\"exp\":20",
                ec + ",\"nbf\":21,\"exp\":20",
                ec + ",\"signet:status\":\"ACTIVE\"",
                ec + ",\"signet:status\":\"revoked\"",
                ec + ",\"signet:status\":true",
                ec + ",\"x5t\":\"AQ==\"",
                ec + ",\"x5t#S256\":\"A Q\"",
                ec.replace("P-256", "P-384"),
                ec.replace("P-256", "secp256k1"),
                ec.replace("P-256", "p-256"),
                ec.replace("IFyM\"", "IFyM=\""),
                ec.replace("IFyM\"", "IFyN\""),
                ec.replace("IFyM\"", "IFyI\""),
                ec.replace("IFyM\"", "IFyM\\n\""),
                ec.replace("\"x\":\"", "\"x\":\" "),
                ec.replace("\"x\":\"", "\"x\":\"AA"),
                ec.replace("\"x\":\"", "\"x\":\"AAAA"),
                ec.replace("\"y\":\"", "\"y\":\"AAAA"),
                ed.replace("\"x\":\"", "\"x\":\"AAAA"),
                ec.replace("MKBC", "MKB!"),
                ec.replace("MKBC", "MKBD"),
                ec.replace("\"y\":", "\"Y\":"),
                ed.replace("Ed25519", "Ed448"),
                ed.replace("Ed25519", "X25519"),
                ed.replace("HURo\"", "HURo=\""),
                ed.replace("HURo\"", "HURp\""),
                ed.replace("HURo\"", "\""),
                ed.replaceAll("\"x\":\"[^\"]*\"", "\"x\":\"" + "A".repeat(43) + "\""),
                ed + ",\"alg\":\"ES256\"",
                ed + ",\"alg\":\"Ed448\"",
                rsa.replace("\"AQAB\"", "\"AQ\""),
                rsa.replace("\"AQAB\"", "\"AA\""),
                rsa.replace("\"AQAB\"", "\"AAEAAQ\""),
                rsa.replace("\"AQAB\"", "\"AQAA\""),
                rsa.replace("\"AQAB\"", "\"\""),
                rsa.replace("\"AQAB\"", "\"AQAB==\""),
                rsa.replace("\"AQAB\"", "65537"),
                rsa.replace("0vx7", "0v+7"),
                rsa.replace("\"n\":\"", "\"n\":\"AAAA"),
                rsa.replace("\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z", "\"n\":\"0vx7"),
                RfcKeys.RSA_PUBLIC + ",\"alg\":\"RSA-OAEP-256\"",
                RfcKeys.RSA_PUBLIC + ",\"alg\":\"RSA1_5\"",
                RfcKeys.RSA_PUBLIC + ",\"alg\":\"ES256\"",
                "\"kty\":\"AKP\",\"pub\":\"AAAA\"",
                "\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AAAA\"",
                "\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\"");
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void parse_unusableKey_isSkippedWithAReasonAndWithoutItsValues(String jwk) {
        String usable = RfcKeys.RSA_PUBLIC + ",\"alg\":\"PS256\",\"kid\":\"usable\"";
        Jwks jwks = Jwks.parse(set(usable, jwk));
        assertThat(jwks.keys()).extracting(VerificationKey::id).containsExactly("usable");
        assertThat(jwks.skipped()).singleElement().satisfies(skipped -> {
            assertThat(skipped.position()).isEqualTo(1);
            assertThat(skipped.reason()).isNotBlank().doesNotContain("null", "MKBC", "0vx7", "4Etl");
        });
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void readPublicVerification_unusableKey_isRejected(String jwk) {
        assertRejected(() -> Jwks.readPublicVerification(set(jwk)));
    }

    static Stream<String> privateKeys() {
        return Stream.of(
                RfcKeys.EC_PRIVATE,
                RfcKeys.RSA_PRIVATE + ",\"alg\":\"RS256\"",
                RfcKeys.ED25519_PRIVATE,
                RfcKeys.OCT + ",\"alg\":\"HS256\",\"kid\":\"a\"",
                "\"kty\":\"oct\"",
                RfcKeys.EC_PUBLIC + ",\"d\":null",
                RfcKeys.EC_PUBLIC + ",\"use\":\"enc\",\"d\":\"\"",
                RfcKeys.RSA_PUBLIC + ",\"alg\":\"RSA1_5\",\"qi\":1",
                RfcKeys.RSA_PUBLIC + ",\"oth\":[]",
                "\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"priv\":\"AA\"");
    }

    @ParameterizedTest
    @MethodSource("privateKeys")
    void parse_privateKeyInPublicSet_isRejected(String jwk) {
        for (byte[] set : List.of(set(jwk), set(RfcKeys.ED25519_PUBLIC + ",\"kid\":\"b\"", jwk))) {
            assertRejected(() -> Jwks.parse(set)).hasMessageContaining("private key or shared secret");
            assertRejected(() -> Jwks.readPublicVerification(set)).hasMessageContaining("private key or shared secret");
            assertRejected(() -> Jwks.readPublicEncryption(set)).hasMessageContaining("private key or shared secret");
        }
    }

    @Test
    void parse_duplicateKid_isRejected() {
        String ec = RfcKeys.EC_PUBLIC + ",\"kid\":\"a\"";
        assertRejected(() -> Jwks.parse(set(ec, RfcKeys.ED25519_PUBLIC + ",\"kid\":\"a\"")))
                .hasMessageContaining("keys[1]");
        assertRejected(() -> Jwks.parse(set(ec, "\"kty\":\"unheard-of\",\"kid\":\"a\"")));
        assertRejected(() -> Jwks.parse(set(RfcKeys.EC_PUBLIC, RfcKeys.EC_PUBLIC)));
        assertRejected(() -> Jwks.parse(set(
                RfcKeys.ED25519_PUBLIC,
                RfcKeys.EC_PUBLIC + ",\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":null}",
                "{\"keys\":[1]}",
                "{\"keys\":[null]}",
                "{\"keys\":[[]]}",
                "[]",
                "{\"keys\":[],\"keys\":[]}",
                "{\"KEYS\":[]}",
                "{\"keys\":[]} {}",
                "{\"kty\":\"oct\",\"k\":\"AA\"}"
            })
    void parse_notASet_isRejected(String json) {
        assertRejected(() -> Jwks.parse(utf8(json)));
        assertRejected(() -> Jwks.readPrivateSigning(utf8(json)));
    }

    @Test
    void parse_duplicateMemberOfAKey_isRejected() {
        assertRejected(() -> Jwks.parse(set(RfcKeys.ED25519_PUBLIC + ",\"\\u0078\":\"AA\"")))
                .hasMessageContaining("duplicate");
    }

    @Test
    void parse_disabledOrExpiredKey_isResolvedWithItsState() {
        Jwks jwks = Jwks.parse(set(
                RfcKeys.ED25519_PUBLIC + ",\"kid\":\"a\",\"signet:status\":\"disabled\"",
                RfcKeys.EC_PUBLIC + ",\"kid\":\"b\",\"nbf\":1000,\"exp\":2000"));
        assertThat(jwks.resolve("a")).get().extracting(Key::status).isEqualTo(KeyStatus.DISABLED);
        assertThat(jwks.resolve("b").orElseThrow().notBefore()).contains(Instant.ofEpochSecond(1000));
        assertThat(jwks.resolve("b").orElseThrow().notAfter()).contains(Instant.ofEpochSecond(2000));
    }

    // ---- private keysets
    // ---------------------------------------------------------------------------------------------

    @Test
    void readPrivate_rfc7517AppendixA2_readsEachKeyForItsUse() {
        String ec = RfcKeys.EC_PRIVATE + ",\"use\":\"enc\",\"kid\":\"1\"";
        String rsa = RfcKeys.RSA_PRIVATE + ",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"";
        assertThat(Jwks.readPrivateDecryption(set(ec)).primary().algorithm()).isEqualTo(Algorithm.ECDH_ES_A256KW);
        SigningKey signing = Jwks.readPrivateSigning(set(rsa)).primary();
        signing.verificationKey().verify(DATA, signing.sign(DATA));
        assertRejected(() -> Jwks.readPrivateSigning(set(ec, rsa)));
    }

    @Test
    void readPrivate_rfc7517AppendixA3_readsTheMacKeyAndRefusesTheOther() {
        String mac = RfcKeys.OCT + ",\"alg\":\"HS256\",\"kid\":\"HMAC key used in JWS spec, Appendix A.1 example\"";
        String a128kw = "\"kty\":\"oct\",\"alg\":\"A128KW\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"";
        assertThat(Jwks.readPrivateSigning(set(mac)).primary().id()).startsWith("HMAC key used");
        assertRejected(() -> Jwks.readPrivateSigning(set(a128kw, mac))).hasMessageContaining("keys[0]: alg");
        assertRejected(() -> Jwks.readPrivateDecryption(set(a128kw)));
    }

    static Stream<String> unusablePrivate() {
        String ec = RfcKeys.EC_PRIVATE;
        String ed = RfcKeys.ED25519_PRIVATE;
        String rsa = RfcKeys.RSA_PRIVATE + ",\"alg\":\"RS256\"";
        String oct = RfcKeys.OCT + ",\"kid\":\"a\"";
        return Stream.of(
                RfcKeys.EC_PUBLIC,
                RfcKeys.ED25519_PUBLIC,
                RfcKeys.RSA_PUBLIC + ",\"alg\":\"RS256\"",
                ec + ",\"use\":\"enc\"",
                ec + ",\"key_ops\":[\"verify\"]",
                ec.replaceAll("\"d\":\"[^\"]*\"", "\"d\":\"970MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\""),
                ec.replaceAll("\"d\":\"[^\"]*\"", "\"d\":\"" + "A".repeat(43) + "\""),
                ec.replaceAll("\"d\":\"[^\"]*\"", "\"d\":\"" + "_".repeat(42) + "8\""),
                // The true scalar plus the group's order, which has the same public key.
                ec.replaceAll("\"d\":\"[^\"]*\"", "\"d\":\"AfPNCwepH7kyeB7VJ1L2DMiaa-XlGTT-AZON21XY93gB\""),
                ec.replace("3eAE\"", "3eAE=\""),
                ec.replace("\"d\":\"", "\"d\":\"AAAA"),
                ec.replace("3eAE\"", "3eAF\""),
                ed.replace("yuf2A\"", "yuf2B\""),
                ed.replace("nWGx", "nWGy"),
                ed.replace("yuf2A\"", "\""),
                rsa.replace(",\"d\":\"" + RfcKeys.RSA_D + "\"", ""),
                rsa.replace("X4cT", "X4cU"),
                rsa.replace("0KWNG", "0KWNH"),
                rsa.replace("\"83i-", "\"83i_"),
                rsa.replace("\"G4sP", "\"G4sQ"),
                rsa.replace("\"s9lA", "\"s9lB"),
                rsa.replace("\"p\":", "\"P\":"),
                rsa.replace("\"qi\":", "\"iq\":"),
                rsa.replaceAll("\"dp\":\"[^\"]*\",", ""),
                rsa.replace(RfcKeys.RSA_CRT, ""),
                rsa.replace("\"G4sP", "\"AG4sP"),
                rsa + ",\"oth\":[]",
                RfcKeys.RSA_PRIVATE,
                oct,
                RfcKeys.OCT + ",\"alg\":\"HS256\"",
                oct + ",\"alg\":\"HS256\",\"use\":\"enc\"",
                oct + ",\"alg\":\"HS256\",\"key_ops\":[\"verify\"]",
                oct + ",\"alg\":\"A256KW\"",
                oct + ",\"alg\":\"HKDF-SHA256\"",
                oct + ",\"alg\":\"dir\"",
                oct + ",\"alg\":\"ES256\"",
                oct.replace("CAow\"", "CAow==\"") + ",\"alg\":\"HS256\"",
                oct.replace("CAow\"", "CAox\"") + ",\"alg\":\"HS256\"",
                oct.replaceAll("\"k\":\"[^\"]*\"", "\"k\":\"\"") + ",\"alg\":\"HS256\"",
                oct.replaceAll("\"k\":\"[^\"]*\"", "\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T\"")
                        + ",\"alg\":\"HS512\"",
                "\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"priv\":\"AA\",\"pub\":\"AA\"",
                "\"kty\":\"unheard-of\",\"d\":\"AA\"");
    }

    @ParameterizedTest
    @MethodSource("unusablePrivate")
    void readPrivateSigning_unusableKey_isRejected(String jwk) {
        assertRejected(() -> Jwks.readPrivateSigning(set(jwk))).hasMessageContaining("keys[0]");
    }

    @Test
    void readPrivateSigning_mlDsaSeedOfAnotherKey_isRejected() {
        String one = json(Jwks.dangerousToPrivateJson(Keyset.of(SigningKey.generate(Algorithm.ML_DSA_44))));
        String other = json(Jwks.dangerousToPrivateJson(Keyset.of(SigningKey.generate(Algorithm.ML_DSA_44))));
        String seed = one.replaceAll("(?s).*(\"priv\": \"[^\"]*\").*", "$1");
        byte[] mixed = utf8(other.replaceAll("\"priv\": \"[^\"]*\"", seed));
        assertRejected(() -> Jwks.readPrivateSigning(mixed)).hasMessageContaining("do not belong together");
    }

    @Test
    void readPrivateSigning_error_quotesNoSecret() {
        String wrong = RfcKeys.RSA_PRIVATE.replace("X4cT", "X4cU") + ",\"alg\":\"RS256\"";
        for (String jwk :
                List.of(wrong, RfcKeys.EC_PRIVATE.replace("870M", "970M"), RfcKeys.OCT + ",\"alg\":\"HS256\"")) {
            assertRejected(() -> Jwks.readPrivateSigning(set(jwk))).satisfies(e -> {
                for (Throwable t = e; t != null; t = t.getCause()) {
                    assertThat(t.toString()).doesNotContain("4cU", "70MB6", "AyM1", "GyM_", "0vx7");
                }
            });
        }
    }

    // ---- primary and status
    // ------------------------------------------------------------------------------------------

    @Test
    void read_noPrimaryNamed_takesTheFirstActiveKey() {
        Keyset<VerificationKey> keyset = Jwks.readPublicVerification(set(
                RfcKeys.ED25519_PUBLIC + ",\"kid\":\"a\",\"signet:status\":\"verify-only\"",
                RfcKeys.EC_PUBLIC + ",\"kid\":\"b\""));
        assertThat(keyset.primary().id()).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"c\"", "\"b\"", "\"\"", "1", "null", "[\"a\"]"})
    void read_primaryAbsentOrNotActive_isRejected(String primary) {
        byte[] json = utf8("{\"signet:primary\":" + primary + ",\"keys\":[{" + RfcKeys.ED25519_PUBLIC
                + ",\"kid\":\"a\"},{" + RfcKeys.EC_PUBLIC + ",\"kid\":\"b\",\"signet:status\":\"disabled\"}]}");
        assertRejected(() -> Jwks.readPublicVerification(json));
    }

    @Test
    void read_noActiveKey_isRejected() {
        assertRejected(() -> Jwks.readPublicVerification(set()));
        assertRejected(() -> Jwks.readPublicVerification(set(RfcKeys.EC_PUBLIC + ",\"signet:status\":\"disabled\"")));
    }

    @Test
    void readPrivateSigning_signatureAndMacKeysTogether_areRejected() {
        assertRejected(() -> Jwks.readPrivateSigning(
                        set(RfcKeys.ED25519_PRIVATE, RfcKeys.OCT + ",\"alg\":\"HS256\",\"kid\":\"a\"")))
                .hasMessageContaining("one use");
    }

    // ---- writing
    // -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "PBES2.*")
    void write_everyAlgorithm_isReadAsTheSameKeyset(Algorithm algorithm) {
        switch (algorithm.use()) {
            case SIGN -> {
                Keyset<SigningKey> keyset = rotated(SigningKey.generate(algorithm), SigningKey.generate(algorithm));
                Keyset<SigningKey> read = Jwks.readPrivateSigning(Jwks.dangerousToPrivateJson(keyset));
                assertSame(read, keyset);
                keyset.primary().verificationKey().verify(DATA, read.primary().sign(DATA));
                Keyset<VerificationKey> published = Jwks.readPublicVerification(Jwks.toPublicJson(keyset));
                assertSame(published, keyset);
                published.primary().verify(DATA, keyset.primary().sign(DATA));
                assertThat(Jwks.toPublicJson(published)).isEqualTo(Jwks.toPublicJson(keyset));
                assertThat(json(Jwks.toPublicJson(keyset))).doesNotContain("\"d\"", "\"priv\"", "\"p\"", "\"q\"");
                assertThat(Jwks.parse(Jwks.toPublicJson(keyset)).keys()).hasSize(2);
            }
            case MAC -> {
                Keyset<SigningKey> keyset = rotated(SigningKey.generate(algorithm), SigningKey.generate(algorithm));
                Keyset<SigningKey> read = Jwks.readPrivateSigning(Jwks.dangerousToPrivateJson(keyset));
                assertSame(read, keyset);
                assertThat(read.primary().dangerousSecret())
                        .isEqualTo(keyset.primary().dangerousSecret());
            }
            case ENCRYPT -> {
                Keyset<DecryptionKey> keyset =
                        rotated(DecryptionKey.generate(algorithm), DecryptionKey.generate(algorithm));
                Keyset<DecryptionKey> read = Jwks.readPrivateDecryption(Jwks.dangerousToPrivateJson(keyset));
                assertSame(read, keyset);
                assertThat(read.primary().dangerousSecret())
                        .isEqualTo(keyset.primary().dangerousSecret());
                if (!algorithm.isSymmetric()) {
                    assertSame(Jwks.readPublicEncryption(Jwks.toPublicJson(keyset)), keyset);
                    assertThat(Jwks.parse(Jwks.toPublicJson(keyset)).skipped()).hasSize(2);
                }
            }
            case TOKENIZE -> {
                Keyset<TokenizationKey> keyset = rotated(TokenizationKey.generate(), TokenizationKey.generate());
                Keyset<TokenizationKey> read = Jwks.readPrivateTokenization(Jwks.dangerousToPrivateJson(keyset));
                assertSame(read, keyset);
                assertThat(read.primary().dangerousSecret())
                        .isEqualTo(keyset.primary().dangerousSecret());
            }
        }
    }

    @Test
    void write_validityOfFractionsOfASecond_shrinks() {
        SigningKey key = SigningKey.generate(Algorithm.ED25519)
                .withValidity(Instant.parse("2026-01-01T00:00:00.1Z"), Instant.parse("2027-01-01T00:00:00.9Z"));
        SigningKey read = Jwks.readPrivateSigning(Jwks.dangerousToPrivateJson(Keyset.of(key)))
                .primary();
        assertThat(read.notBefore()).contains(Instant.parse("2026-01-01T00:00:01Z"));
        assertThat(read.notAfter()).contains(Instant.parse("2027-01-01T00:00:00Z"));
    }

    @Test
    void toPublicJson_sharedSecret_isRejectedNamingTheKey() {
        for (Keyset<?> keyset : List.of(
                Keyset.of(SigningKey.generate(Algorithm.HS256).withId("the-id")),
                Keyset.of(SigningKey.generate(Algorithm.HS256).withId("the-id").verificationKey()),
                Keyset.of(DecryptionKey.generate(Algorithm.A256KW).withId("the-id")),
                Keyset.of(TokenizationKey.generate().withId("the-id")))) {
            assertThatThrownBy(() -> Jwks.toPublicJson(keyset))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the-id");
        }
    }

    @Test
    void dangerousToPrivateJson_publicOrRemoteKey_isRejectedNamingTheKey() {
        SigningKey key = SigningKey.generate(Algorithm.ES256).withId("the-id");
        for (Keyset<?> keyset : List.of(
                Keyset.of(key.verificationKey()),
                Keyset.of(DecryptionKey.generate(Algorithm.ECDH_ES_A256KW)
                        .withId("the-id")
                        .encryptionKey()),
                Keyset.of(SigningKey.remote(key.verificationKey(), key::sign)))) {
            assertThatThrownBy(() -> Jwks.dangerousToPrivateJson(keyset))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the-id");
        }
        assertThatCode(() -> Jwks.toPublicJson(Keyset.of(SigningKey.remote(key.verificationKey(), key::sign))))
                .doesNotThrowAnyException();
    }

    @Test
    void toPublicJson_mlDsa_hasTheMembersOfRfc9964() {
        String json = json(Jwks.toPublicJson(Keyset.of(SigningKey.generate(Algorithm.ML_DSA_65))));
        assertThat(json)
                .contains("\"kty\": \"AKP\"", "\"alg\": \"ML-DSA-65\"", "\"pub\": \"")
                .doesNotContain("\"crv\"");
    }

    @Test
    void toString_showsNoKeyMaterial() {
        SigningKey key = SigningKey.hmac(Algorithm.HS256, SecretBytes.copyOf(utf8("0123456789abcdef0123456789abcdef")));
        assertThat(Keyset.of(key).toString()).doesNotContain("012345", "MDEyMzQ1", "30313233");
        assertThat(Jwks.parse(set(RfcKeys.ED25519_PUBLIC)).toString()).doesNotContain("11qYAY");
    }

    @SuppressWarnings("unchecked")
    private static <K extends Key> Keyset<K> rotated(K first, K second) {
        K dated = (K)
                first.withId("first/key \"1\"").withValidity(Instant.ofEpochSecond(1), Instant.ofEpochSecond(1L << 33));
        return Keyset.of(dated).add(second).promote(second.id()).disable("first/key \"1\"");
    }

    private static void assertSame(Keyset<? extends Key> actual, Keyset<? extends Key> expected) {
        assertThat(actual.primary().id()).isEqualTo(expected.primary().id());
        assertThat(actual.keys().stream().map(JwksTest::describe))
                .isEqualTo(expected.keys().stream().map(JwksTest::describe).toList());
    }

    private static List<Object> describe(Key key) {
        return Arrays.asList(key.id(), key.algorithm(), key.status(), key.notBefore(), key.notAfter());
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRejected(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(InvalidMessageException.class)
                .hasNoCause();
    }

    private static String json(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
