// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples of RFC 7515, RFC 7797 and RFC 8037, and the names of RFC 9864. */
class JwsRfcExamplesTest {
    /** RFC 7515, A.1 to A.3: the claims, with their line breaks. */
    private static final String CLAIMS =
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

    private static final String CLAIMS_PART = """
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ""";

    private static final SigningKey HS256 = key(RfcKeys.OCT + ",\"alg\":\"HS256\",\"kid\":\"A.1\"");

    /** RFC 7515, A.2.1. */
    private static final SigningKey RS256 = key("""
            "kty":"RSA","alg":"RS256","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfH\
            Qp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bS\
            f63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7\
            aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","d":"Eq5xpGnNCivDflJsRQBXHx1hd\
            R1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVR\
            UCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTC\
            Br6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuO\
            opznQ","p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5P\
            JdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc","q":"uQPEfgmVtjL0Uyyx88\
            GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbgl\
            fIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc","dp":"BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzl\
            uRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu\
            5Mbr1C1XsmvkxHQAdYo0","dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrm\
            I2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU","qi":"I\
            Yd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEd\
            fnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U\"""");

    /** RFC 7515, A.3.1. */
    private static final SigningKey ES256 = key("""
            "kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
            "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"""");

    /** RFC 7515, A.4.1. */
    private static final SigningKey ES512 = key("""
            "kty":"EC","crv":"P-521",\
            "x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",\
            "y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",\
            "d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C\"""");

    private static final SigningKey ED25519 = key(RfcKeys.ED25519_PRIVATE);

    private static final String RS256_SIGNATURE = """
            cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t\
            1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j\
            zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ\
            Ge77Rw""";

    private static final String ES256_SIGNATURE =
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static final String ES512_SIGNATURE = """
            AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZC\
            PEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn""";

    // ---- RFC 7515 --------------------------------------------------------------------------------------------------

    @Test
    void a1_hmac_isAcceptedAndMadeAgain() {
        String header = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}";
        String jws = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + CLAIMS_PART
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assertThat(Tokens.verifier(HS256).verify(jws).contentText()).isEqualTo(CLAIMS);
        assertThat(Tokens.sign(HS256, header, RfcKeys.utf8(CLAIMS))).isEqualTo(jws);
    }

    @Test
    void a2_rsa_isAcceptedAndMadeAgain() {
        String jws = "eyJhbGciOiJSUzI1NiJ9." + CLAIMS_PART + "." + RS256_SIGNATURE;
        assertThat(Tokens.verifier(RS256).verify(jws).contentText()).isEqualTo(CLAIMS);
        assertThat(JwsSigner.builder(RS256).withoutKeyId().build().sign(RfcKeys.utf8(CLAIMS)))
                .isEqualTo(jws);
    }

    @Test
    void a3_a4_ecdsa_areAccepted() {
        String p256 = "eyJhbGciOiJFUzI1NiJ9." + CLAIMS_PART + "." + ES256_SIGNATURE;
        assertThat(Tokens.verifier(ES256).verify(p256).contentText()).isEqualTo(CLAIMS);
        String p521 = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA." + ES512_SIGNATURE;
        assertThat(Tokens.verifier(ES512).verify(p521).contentText()).isEqualTo("Payload");
        // The headers are those that Signet writes; only the signatures differ each time.
        assertThat(JwsSigner.builder(ES512).withoutKeyId().build().sign(RfcKeys.utf8("Payload")))
                .startsWith("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.");
    }

    @Test
    void a5_unsecured_isRefused() {
        for (SigningKey key : new SigningKey[] {HS256, RS256, ES256, ED25519}) {
            Tokens.assertRefused(
                    Reason.ALGORITHM_MISMATCH,
                    () -> Tokens.verifier(key).verify("eyJhbGciOiJub25lIn0." + CLAIMS_PART + "."));
        }
    }

    /** RFC 7515, A.6 names its keys in unprotected headers, which are not read: each signature alone is good. */
    @Test
    void a6_general_isRefusedForItsUnprotectedKeyIds() {
        String general = "{\"payload\":\"" + CLAIMS_PART + "\",\"signatures\":["
                + "{\"protected\":\"eyJhbGciOiJSUzI1NiJ9\",\"header\":{\"kid\":\"2010-12-29\"},\"signature\":\""
                + RS256_SIGNATURE + "\"},{\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"header\":"
                + "{\"kid\":\"e9bc097a-ce51-4036-9562-d2ade882db0d\"},\"signature\":\"" + ES256_SIGNATURE + "\"}]}";
        SigningKey rsa = RS256.withId("2010-12-29");
        SigningKey ec = ES256.withId("e9bc097a-ce51-4036-9562-d2ade882db0d");
        Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> Tokens.verifier(rsa, ec).verifyJson(general));
        Tokens.assertRefused(
                Reason.ALGORITHM_MISMATCH, () -> Tokens.verifier(rsa).verifyJson(general));
        String payload = "{\"payload\":\"" + CLAIMS_PART + "\",\"signatures\":[";
        assertThat(Tokens.verifier(rsa)
                        .verifyJson(payload + general.substring(general.indexOf("[{") + 1, general.indexOf(",{\"prot"))
                                + "]}")
                        .contentText())
                .isEqualTo(CLAIMS);
    }

    @Test
    void a7_flattened_isAccepted() {
        String flattened = "{\"payload\":\"" + CLAIMS_PART + "\",\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"header\":"
                + "{\"kid\":\"e9bc097a-ce51-4036-9562-d2ade882db0d\"},\"signature\":\"" + ES256_SIGNATURE + "\"}";
        VerifiedJws verified = Tokens.verifier(ES256).verifyJson(flattened);
        assertThat(verified.contentText()).isEqualTo(CLAIMS);
        assertThat(verified.header().names()).as("protected names only").containsExactly("alg");
    }

    @Test
    void e_negativeTestOfCrit_isRefused() {
        String jws = "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFt"
                + "cGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.";
        Tokens.assertRefused(
                Reason.CRITICAL_NOT_UNDERSTOOD, () -> Tokens.verifier(HS256).verify(jws));
        // Whoever understands the header still refuses "none".
        JwsVerifier understanding = JwsVerifier.builder(Tokens.resolver(HS256))
                .understand("http://example.com/UNDEFINED", header -> true)
                .build();
        Tokens.assertRefused(Reason.ALGORITHM_MISMATCH, () -> understanding.verify(jws));
    }

    @Test
    void f_detached_isAcceptedWithItsPayloadOnly() throws Exception {
        String detached = "eyJhbGciOiJFUzI1NiJ9.." + ES256_SIGNATURE;
        JwsVerifier verifier = Tokens.verifier(ES256);
        byte[] payload = RfcKeys.utf8(CLAIMS);
        assertThat(verifier.verifyDetached(detached, payload).contentBytes()).isEqualTo(payload);
        assertThat(verifier.verifyDetached(detached, new ByteArrayInputStream(payload))
                        .key()
                        .id())
                .isEqualTo(ES256.id());
        Tokens.assertRefused(
                Reason.SIGNATURE_INVALID, () -> verifier.verifyDetached(detached, RfcKeys.utf8(CLAIMS + " ")));
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> verifier.verify(detached));
        Tokens.assertMalformed(
                "payload",
                () -> verifier.verifyDetached("eyJhbGciOiJFUzI1NiJ9." + CLAIMS_PART + "." + ES256_SIGNATURE, payload));
    }

    // ---- RFC 7797 --------------------------------------------------------------------------------------------------

    @Test
    void rfc7797_41_encoded_isMadeAgain() {
        JwsSigner signer = JwsSigner.builder(HS256).withoutKeyId().build();
        String jws = "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ";
        assertThat(signer.sign(RfcKeys.utf8("$.02"))).isEqualTo(jws);
        assertThat(Tokens.verifier(HS256).verify(jws).contentText()).isEqualTo("$.02");
    }

    @Test
    void rfc7797_42_unencoded_isMadeAgainAndRefusedWithoutCrit() {
        JwsSigner signer =
                JwsSigner.builder(HS256).withoutKeyId().unencodedPayload().build();
        String jws = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.."
                + "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
        byte[] payload = RfcKeys.utf8("$.02");
        assertThat(signer.signDetached(payload)).isEqualTo(jws);
        JwsVerifier verifier = Tokens.verifier(HS256);
        assertThat(verifier.verifyDetached(jws, payload).contentBytes()).isEqualTo(payload);
        String json = "{\"payload\":\"$.02\",\"protected\":\"" + jws.replace("..", "\",\"signature\":\"") + "\"}";
        assertThat(signer.signJson(payload)).isEqualTo(json);
        assertThat(verifier.verifyJson(json).contentBytes()).isEqualTo(payload);
        // RFC 7797, 5.2: in compact form not even a payload without full stops is taken unencoded.
        Tokens.assertMalformed("unencoded", () -> verifier.verify(jws.replace("..", ".payload.")));
        String withoutCrit = Tokens.sign(HS256, "{\"alg\":\"HS256\",\"b64\":false}", payload);
        Tokens.assertMalformed("b64", () -> verifier.verify(withoutCrit));
    }

    // ---- RFC 8037, RFC 9864, RFC 9964 ------------------------------------------------------------------------------

    /** RFC 8037, A.4 and A.5 with the old name, and RFC 9864 with the new one. */
    @Test
    void rfc8037_ed25519_isMadeAgainUnderTheOldNameIfAllowed() {
        SecurityPolicy oldName = SecurityPolicy.recommended2026().allowEdDsaName();
        String jws = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                + "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        byte[] payload = RfcKeys.utf8("Example of Ed25519 signing");
        KeyResolver keys = Tokens.resolver(ED25519);
        assertThat(JwsSigner.builder(ED25519)
                        .policy(oldName)
                        .withoutKeyId()
                        .build()
                        .sign(payload))
                .isEqualTo(jws);
        assertThat(JwsVerifier.builder(keys).policy(oldName).build().verify(jws).contentBytes())
                .isEqualTo(payload);
        Tokens.assertRefused(
                Reason.ALGORITHM_MISMATCH, () -> Tokens.verifier(ED25519).verify(jws));

        String newName = JwsSigner.builder(ED25519).withoutKeyId().build().sign(payload);
        assertThat(newName).startsWith(Tokens.part("{\"alg\":\"Ed25519\"}") + ".");
        assertThat(Tokens.verifier(ED25519).verify(newName).contentBytes()).isEqualTo(payload);
        assertThat(JwsVerifier.builder(keys)
                        .policy(oldName)
                        .build()
                        .verify(newName)
                        .contentBytes())
                .as("the new name is read beside the old one")
                .isEqualTo(payload);
    }

    /** RFC 9864, 2: the name says all, and no other name will do. */
    @Test
    void rfc9864_otherNames_areRefused() {
        for (String name : new String[] {"ed25519", "ED25519", "Ed448", "ESP256", "EdDSA", "Ed25519 "}) {
            Tokens.assertRefused(
                    Reason.ALGORITHM_MISMATCH,
                    () -> Tokens.verifier(ED25519)
                            .verify(Tokens.sign(ED25519, "{\"alg\":\"" + name + "\"}", new byte[1])));
        }
    }

    /** RFC 9964, 3: the names, and signatures of the length that FIPS 204 gives them. */
    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ML_DSA_44", "ML_DSA_65", "ML_DSA_87"})
    void rfc9964_mlDsa_hasItsNameAndLength(Algorithm algorithm) {
        SigningKey key = SigningKey.generate(algorithm);
        String jws = JwsSigner.builder(key).build().sign(RfcKeys.utf8("payload"));
        VerifiedJws verified = Tokens.verifier(key).verify(jws);
        assertThat(verified.header().string("alg"))
                .contains(algorithm.name().replace('_', '-'))
                .contains(algorithm.joseName());
        int length = algorithm == Algorithm.ML_DSA_44 ? 2420 : algorithm == Algorithm.ML_DSA_65 ? 3309 : 4627;
        assertThat(Base64Url.decode(jws.substring(jws.lastIndexOf('.') + 1))).hasSize(length);
        for (Algorithm other : new Algorithm[] {Algorithm.ML_DSA_44, Algorithm.ML_DSA_65, Algorithm.ML_DSA_87}) {
            if (other != algorithm) {
                String header = "{\"alg\":\"" + other.joseName() + "\",\"kid\":\"" + key.id() + "\"}";
                Tokens.assertRefused(
                        Reason.ALGORITHM_MISMATCH,
                        () -> Tokens.verifier(key).verify(Tokens.sign(key, header, new byte[1])));
            }
        }
    }

    /**
     * RFC 9964, appendix A: keys whose seed is all zeros, and signatures made without randomness, which a primitive gives
     * again in full; their beginnings are those of the text.
     */
    @ParameterizedTest
    @CsvSource({
        "ML_DSA_44, T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o,"
                + " knI1Q_9CIzLH5Xy94Kkc7WVKqZcAgtJ3mNf0GUj1uLA6YXAWFJfXkh-zQxUt",
        "ML_DSA_65, Suiu29qbfuaBaR4Ats-c6XQBePB_OpAxAwcTR_0KXVM,"
                + " zmO9_0bLgJAegoVNymfRo4nGPK5lVtSFGnDbzfzYAD5mUEXpaBUg4itvZ8rA"
    })
    void rfc9964_examples_areVerified(Algorithm algorithm, String keyId, String start) throws Exception {
        MLDSAParameters parameters =
                algorithm == Algorithm.ML_DSA_44 ? MLDSAParameters.ml_dsa_44 : MLDSAParameters.ml_dsa_65;
        MLDSAPrivateKeyParameters seed = new MLDSAPrivateKeyParameters(parameters, new byte[32]);
        String pub = Base64Url.encode(seed.getPublicKeyParameters().getEncoded());
        Jwks published = Jwks.parse(
                RfcKeys.set("\"kty\":\"AKP\",\"alg\":\"" + algorithm.joseName() + "\",\"pub\":\"" + pub + "\""));
        assertThat(published.keys().get(0).id()).isEqualTo(keyId);

        String payload = "It\u2019s a dangerous business, Frodo, going out your door.";
        String header = "{\"alg\":\"" + algorithm.joseName() + "\",\"kid\":\"" + keyId + "\"}";
        String input = Base64Url.encode(RfcKeys.utf8(header)) + "." + Base64Url.encode(RfcKeys.utf8(payload));
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, seed);
        signer.update(RfcKeys.utf8(input), 0, input.length());
        String signature = Base64Url.encode(signer.generateSignature());
        assertThat(signature).startsWith(start);
        assertThat(JwsVerifier.builder(published)
                        .build()
                        .verify(input + "." + signature)
                        .contentText())
                .isEqualTo(payload);
    }

    // ---- RFC 7517, RFC 7638 ----------------------------------------------------------------------------------------

    /** RFC 7517, A.1 and A.2, named as RFC 7638, 3.1 says. */
    @Test
    void rfc7517_keysOfAppendixA_signAndVerify() {
        String rsaMarks = ",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"";
        Jwks published = Jwks.parse(
                RfcKeys.set(RfcKeys.EC_PUBLIC + ",\"use\":\"sig\",\"kid\":\"1\"", RfcKeys.RSA_PUBLIC + rsaMarks));
        // A.1 marks the first key "enc", which is no key to verify by.
        assertThat(Jwks.parse(RfcKeys.set(RfcKeys.EC_PUBLIC + ",\"use\":\"enc\",\"kid\":\"1\""))
                        .keys())
                .isEmpty();
        byte[] payload = CLAIMS.getBytes(StandardCharsets.UTF_8);
        for (SigningKey key : Jwks.readPrivateSigning(
                        RfcKeys.set(RfcKeys.EC_PRIVATE + ",\"kid\":\"1\"", RfcKeys.RSA_PRIVATE + rsaMarks))
                .keys()) {
            String jws = JwsSigner.builder(key).build().sign(payload);
            assertThat(JwsVerifier.builder(published).build().verify(jws).contentBytes())
                    .isEqualTo(payload);
        }
        assertThat(Jwks.parse(RfcKeys.set(RfcKeys.RSA_PUBLIC + ",\"alg\":\"RS256\""))
                        .keys()
                        .get(0)
                        .id())
                .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    private static SigningKey key(String jwk) {
        return Jwks.readPrivateSigning(RfcKeys.set(jwk)).primary();
    }
}
