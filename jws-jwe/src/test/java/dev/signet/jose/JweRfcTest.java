// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.internal.Ciphers;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Examples printed in RFC 7516, RFC 7517 and RFC 7518. */
class JweRfcTest {
    private static final String KEY_A3 = "GawgguFyGrWKav7AX4VKUg";
    private static final String ENCRYPTED_KEY_A3 = "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ";
    private static final String CONTENT_A3 = "AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY";

    private final DecryptionKey wrap = DecryptionKey.secret(
                    Algorithm.A128KW, SecretBytes.copyOf(Base64Url.decode(KEY_A3)))
            .withId("7");

    @Test
    void rfc7516_a3_isDecrypted() {
        String message = "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0." + ENCRYPTED_KEY_A3 + "." + CONTENT_A3
                + ".U0m_YmjN04DJvceFICbCVQ";
        assertThat(JweDecrypter.builder(wrap).build().decrypt(message).contentBytes())
                .isEqualTo(RfcKeys.utf8("Live long and prosper."));
    }

    /** For two recipients, of whom the first has RSA1_5; its encrypted key is cut short here. */
    @Test
    void rfc7516_a4_isDecryptedByTheSecondRecipient() {
        String[] content = CONTENT_A3.split("\\.");
        String json = "{\"protected\":\"eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0\","
                + "\"unprotected\":{\"jku\":\"https://server.example.com/keys.jwks\"},\"recipients\":["
                + "{\"header\":{\"alg\":\"RSA1_5\",\"kid\":\"2011-04-29\"},\"encrypted_key\":\"UGhIOguC\"},"
                + "{\"header\":{\"alg\":\"A128KW\",\"kid\":\"7\"},\"encrypted_key\":\"" + ENCRYPTED_KEY_A3 + "\"}],"
                + "\"iv\":\"" + content[0] + "\",\"ciphertext\":\"" + content[1]
                + "\",\"tag\":\"Mz-VPPyU4RlcuYv1IwIvzw\"}";
        DecryptedJwe decrypted = JweDecrypter.builder(wrap).build().decryptJson(json);
        assertThat(decrypted.contentBytes()).isEqualTo(RfcKeys.utf8("Live long and prosper."));
        assertThat(decrypted.header().names()).containsExactly("enc");
    }

    /** A.1 has RSA-OAEP with SHA-1, A.2 has RSA1_5. */
    @Test
    void rfc7516_a1AndA2_haveAlgorithmsThatNoKeyHas() {
        assertThat(Algorithm.ofJoseName("RSA-OAEP")).isEmpty();
        assertThat(Algorithm.ofJoseName("RSA1_5")).isEmpty();
        DecryptionKey rsa = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
        for (String header : new String[] {
            "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ", "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0"
        }) {
            assertThatThrownBy(() -> JweDecrypter.builder(rsa)
                            .build()
                            .decrypt(header + ".AAAA.48V1_ALb6US04U3b.AAAA.XFBoMYUZodetZdvTiFvSkQ"))
                    .isInstanceOf(DecryptionException.class);
        }
    }

    /** 4096 iterations. */
    @Test
    void rfc7517_c_asksForTooFewIterations() {
        DecryptionKey key = DecryptionKey.secret(
                Algorithm.PBES2_HS256_A128KW, JweTest.password("Thus from my lips, by yours, my sin is purged."));
        String header = Base64Url.encode(RfcKeys.utf8("{\"alg\":\"PBES2-HS256+A128KW\","
                + "\"p2s\":\"2WCTcJZ1Rvd_CJuJripQ1w\",\"p2c\":4096,\"enc\":\"A128CBC-HS256\",\"cty\":\"jwk+json\"}"));
        String message = header + "." + Base64Url.encode(new byte[40]) + "." + Base64Url.encode(new byte[16]) + ".."
                + Base64Url.encode(new byte[16]);
        assertThatThrownBy(() -> JweDecrypter.builder(key)
                        .policy(SecurityPolicy.recommended2026().allowPasswords(600_000))
                        .build()
                        .decrypt(message))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("p2c");
    }

    @ParameterizedTest
    @CsvSource({
        "A128CBC_HS256,652c3fa36b0a7c5b3219fab3a30bc1c4",
        "A192CBC_HS384,8490ac0e58949bfe51875d733f93ac2075168039ccc733d7",
        "A256CBC_HS512,4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5"
    })
    void rfc7518_b_tagIsAccepted(Algorithm enc, String tag) throws Exception {
        ContentCipher cipher = new ContentCipher(enc, Ciphers.composite(Providers.automatic()));
        byte[] key = new byte[cipher.keyBytes];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        byte[] iv = HexFormat.of().parseHex("1af38c2dc2b96ffdd86694092341bc04");
        byte[] plaintext = RfcKeys.utf8("A cipher system must not be required to be secret, and it must be able to fall"
                + " into the hands of the enemy without inconvenience");
        byte[] aad = RfcKeys.utf8("The second principle of Auguste Kerckhoffs");
        Cipher cbc = Cipher.getInstance("AES/CBC/PKCS5Padding");
        byte[] half = Arrays.copyOfRange(key, key.length / 2, key.length);
        cbc.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(half, "AES"), new IvParameterSpec(iv));
        byte[] ciphertext = cbc.doFinal(plaintext);
        SecretKeySpec whole = new SecretKeySpec(key, "AES");
        byte[] expected = HexFormat.of().parseHex(tag);
        assertThat(expected).hasSize(cipher.tagBytes);
        assertThat(cipher.decrypt(whole, iv, ciphertext, expected, aad)).isEqualTo(plaintext);
        expected[0] ^= 1;
        assertThatThrownBy(() -> cipher.decrypt(whole, iv, ciphertext, expected, aad))
                .isInstanceOf(com.nimbusds.jose.JOSEException.class);
    }

    @Test
    void rfc7518_c_agreesOnTheSameKey() throws Exception {
        String bob = "{\"keys\":[{\"kty\":\"EC\",\"alg\":\"ECDH-ES\",\"crv\":\"P-256\","
                + "\"x\":\"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ\","
                + "\"y\":\"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck\","
                + "\"d\":\"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw\"}]}";
        DecryptionKey key = Jwks.readPrivateDecryption(RfcKeys.utf8(bob)).primary();
        Map<String, Object> header = Map.of(
                "apu",
                "QWxpY2U",
                "apv",
                "Qm9i",
                "epk",
                Map.of(
                        "kty", "EC",
                        "crv", "P-256",
                        "x", "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
                        "y", "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"));
        byte[] cek = CekOpener.of(key, SecurityPolicy.recommended2026())
                .open(header, new byte[0], Algorithm.A128GCM, 16)
                .getEncoded();
        assertThat(Base64Url.encode(cek)).isEqualTo("VqqN6vgjbSBcIijNcacQGg");
    }
}
