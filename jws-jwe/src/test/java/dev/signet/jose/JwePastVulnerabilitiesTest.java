// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.internal.Agreement;
import dev.signet.core.internal.Ciphers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks that other JWE libraries fell for. */
class JwePastVulnerabilitiesTest {
    private static final JweDecrypter DECRYPTER =
            JweDecrypter.builder(JweForge.KEY).build();
    private static final SecurityPolicy COMPRESSION =
            SecurityPolicy.recommended2026().allowCompression();
    private static final String DEFLATED = "{" + JweForge.HEADER + ",\"zip\":\"DEF\"}";

    /** CVE-2024-28176, CVE-2024-28180, CVE-2025-63811: a few kilobytes that become gigabytes. */
    @Test
    void decrypt_compressed_isRefusedByDefault() throws IOException {
        String message = JweForge.compact(DEFLATED, deflate(new byte[10]));
        assertInvalid(() -> DECRYPTER.decrypt(message));
        assertThat(JweDecrypter.builder(JweForge.KEY)
                        .policy(COMPRESSION)
                        .build()
                        .decrypt(message)
                        .contentBytes())
                .isEqualTo(new byte[10]);
    }

    @Test
    void decrypt_zipBomb_stopsEarly() throws IOException {
        JweDecrypter decrypter =
                JweDecrypter.builder(JweForge.KEY).policy(COMPRESSION).build();
        // More than the bytes allowed, and more than the ratio allowed.
        byte[] noise = new byte[260_000];
        new java.util.Random(1).nextBytes(noise);
        for (byte[] bomb : List.of(deflate(noise), deflate(new byte[249_000]))) {
            assertThatThrownBy(() -> decrypter.decrypt(JweForge.compact(DEFLATED, bomb)))
                    .isExactlyInstanceOf(DecryptionException.class);
        }
        byte[] huge = deflate(new byte[256 << 20]);
        long before = allocated();
        assertThatThrownBy(() -> Inflation.inflate(huge, COMPRESSION.limits()))
                .isInstanceOf(java.util.zip.DataFormatException.class);
        assertThat(allocated() - before).isLessThan(4 << 20);
    }

    @Test
    void decrypt_malformedCompression_isTheSameFailure() throws IOException {
        JweDecrypter decrypter =
                JweDecrypter.builder(JweForge.KEY).policy(COMPRESSION).build();
        byte[] good = deflate(RfcKeys.utf8("some content"));
        for (byte[] bad : List.of(
                new byte[0], Arrays.copyOf(good, good.length - 1), Arrays.copyOf(good, good.length + 1), new byte[] {7
                })) {
            assertThatThrownBy(() -> decrypter.decrypt(JweForge.compact(DEFLATED, bad)))
                    .isExactlyInstanceOf(DecryptionException.class);
        }
        for (String zip : List.of("\"GZ\"", "\"def\"", "1", "null", "true")) {
            assertInvalid(() -> decrypter.decrypt(JweForge.compact(JweForge.HEADER + ",\"zip\":" + zip)));
        }
    }

    /** CVE-2023-52428, CVE-2023-51775 (too many), CVE-2023-31582 (too few): refused before PBKDF2 runs. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1", "1000", "9999", "10001", "2147483647", "4294977296", "1e4", "\"10000\"", "null"})
    void decrypt_iterationsOutsideTheBounds_areRefusedBeforeTheWork(String count) {
        SecurityPolicy policy = SecurityPolicy.recommended2026().allowPasswords(10_000);
        DecryptionKey key = DecryptionKey.secret(Algorithm.PBES2_HS512_A256KW, JweTest.password("correct horse"))
                .withId("k");
        String message = header("\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A256GCM\",\"kid\":\"k\",\"p2c\":" + count
                        + ",\"p2s\":\"AAAAAAAAAAAAAAAAAAAAAA\"")
                + encoded(40)
                + encoded(12)
                + encoded(1)
                + Base64Url.encode(new byte[16]);
        JweDecrypter decrypter = JweDecrypter.builder(key).policy(policy).build();
        assertThatThrownBy(() -> decrypter.decrypt(message))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("p2c");
    }

    @Test
    void builder_passwordsWithoutAPolicyForThem_areRefused() {
        DecryptionKey key = DecryptionKey.secret(Algorithm.PBES2_HS256_A128KW, JweTest.password("correct horse"));
        assertThatThrownBy(() -> JweDecrypter.builder(key).build()).isInstanceOf(IllegalArgumentException.class);
    }

    /** Tags cut short are quickly guessed; IVs of other lengths take GCM another way. */
    @Test
    void decrypt_tagOrIvOfAnotherLength_isRefused() throws Exception {
        for (Algorithm enc : Algorithm.values()) {
            if (!enc.isContentEncryption()) {
                continue;
            }
            DecryptionKey key = DecryptionKey.generate(enc);
            String[] parts = JweEncrypter.builder(key.encryptionKey())
                    .build()
                    .encrypt(RfcKeys.utf8("content"))
                    .split("\\.", -1);
            JweDecrypter decrypter = JweDecrypter.builder(key).build();
            for (int part : new int[] {2, 4}) {
                byte[] bytes = Base64Url.decode(parts[part]);
                for (int length : new int[] {0, 1, 4, 8, bytes.length - 1, bytes.length + 1}) {
                    String[] changed = parts.clone();
                    changed[part] = Base64Url.encode(Arrays.copyOf(bytes, length));
                    assertInvalid(() -> decrypter.decrypt(String.join(".", changed)));
                }
            }
        }
        String encoded = Base64Url.encode(RfcKeys.utf8("{" + JweForge.HEADER + "}"));
        assertInvalid(() -> DECRYPTER.decrypt(JweForge.encodedHeader(encoded, new byte[3], 16)));
        assertThat(DECRYPTER
                        .decrypt(JweForge.encodedHeader(encoded, new byte[3], 12))
                        .contentBytes())
                .hasSize(3);
    }

    /** CVE-2017-16007: points on weak curves give the private key away bit by bit. */
    @Test
    void decrypt_ephemeralPointOffTheCurve_isRefused() throws Exception {
        for (Algorithm algorithm : List.of(Algorithm.ECDH_ES, Algorithm.ECDH_ES_A128KW)) {
            DecryptionKey key = JweTest.agreementKey(algorithm, "secp256r1").withId("k");
            JweDecrypter decrypter = JweDecrypter.builder(key).build();
            String x = "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ";
            for (String epk : List.of(
                    epk("EC", "P-256", x, x),
                    epk("EC", "P-256", "A".repeat(43), "A".repeat(43)),
                    epk("EC", "P-256", "_".repeat(42) + "8", x))) {
                assertFails(decrypter, ecdh(algorithm, epk));
            }
        }
    }

    @Test
    void decrypt_ephemeralKeyOfAnotherKind_isRefused() throws Exception {
        JweDecrypter decrypter = JweDecrypter.builder(
                        JweTest.agreementKey(Algorithm.ECDH_ES, "secp256r1").withId("k"))
                .build();
        String c = "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ";
        for (String epk : List.of(
                "null",
                "1",
                "{}",
                epk("EC", "P-384", c, c),
                epk("EC", "secp256k1", c, c),
                epk("OKP", "X25519", c, c),
                epk("OKP", "P-256", c, c),
                epk("RSA", "P-256", c, c),
                epk("EC", "P-256", c, "AA"),
                epk("EC", "P-256", "AA" + c, c),
                epk("EC", "P-256", c + "=", c),
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + c + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + c + "\",\"y\":\"" + c + "\",\"d\":\"" + c + "\"}")) {
            assertInvalid(() -> decrypter.decrypt(ecdh(Algorithm.ECDH_ES, epk)));
        }
        assertInvalid(() -> decrypter.decrypt(ecdh(Algorithm.ECDH_ES, "1").replace("epk", "epq")));
    }

    /** RFC 7748, 6.1: these points give a shared secret of zero with any private key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void decrypt_x25519PointOfSmallOrder_isRefused(String point) throws Exception {
        String x = Base64Url.encode(java.util.HexFormat.of().parseHex(point));
        DecryptionKey key = JweTest.agreementKey(Algorithm.ECDH_ES, "X25519").withId("k");
        String header =
                "{\"alg\":\"ECDH-ES\",\"enc\":\"A256GCM\",\"kid\":\"k\",\"epk\":{\"kty\":\"OKP\",\"crv\":\"X25519\","
                        + "\"x\":\"" + x + "\"}}";
        // What the attacker, who knows that the secret is zero, would send.
        com.nimbusds.jose.crypto.impl.ConcatKDF kdf = new com.nimbusds.jose.crypto.impl.ConcatKDF("SHA-256");
        javax.crypto.SecretKey cek = kdf.deriveKey(
                new javax.crypto.spec.SecretKeySpec(new byte[32], "Z"),
                256,
                com.nimbusds.jose.crypto.impl.ConcatKDF.encodeStringData("A256GCM"),
                new byte[4],
                new byte[4],
                com.nimbusds.jose.crypto.impl.ConcatKDF.encodeIntData(256),
                new byte[0]);
        byte[] aad = Base64Url.encodeToBytes(RfcKeys.utf8(header));
        ContentCipher.Sealed sealed = ContentCipher.sealGcm(
                cek, new byte[12], RfcKeys.utf8("x"), aad, Ciphers.composite(COMPRESSION.providers()));
        String message = new String(aad, StandardCharsets.US_ASCII) + ".." + Base64Url.encode(sealed.iv()) + '.'
                + Base64Url.encode(sealed.ciphertext()) + '.' + Base64Url.encode(sealed.tag());
        assertFails(JweDecrypter.builder(key).build(), message);
    }

    /** jwx#2234, jjwt PR #1073: two readers see two headers. */
    @Test
    void decrypt_duplicateMember_isRefused() {
        for (String header : List.of(
                JweForge.HEADER + ",\"alg\":\"dir\"",
                JweForge.HEADER + ",\"\\u006bid\":\"k\"",
                JweForge.HEADER + ",\"x\":{\"y\":1,\"y\":1}")) {
            assertInvalid(() -> DECRYPTER.decrypt(JweForge.compact(header)));
        }
        assertInvalid(() -> DECRYPTER.decryptJson(JweForge.json(JweForge.HEADER, ",\"tag\":\"AAAA\"")));
        assertInvalid(() -> DECRYPTER.decryptJson(JweForge.json(JweForge.HEADER, ",\"header\":{\"kid\":\"k\"}")));
    }

    /** panva/jose #879, and others: many spellings of one message. */
    @Test
    void decrypt_anotherSpellingOfBase64url_isRefused() {
        String message = JweForge.compact("{" + JweForge.HEADER + "}", new byte[8]);
        String[] parts = message.split("\\.", -1);
        for (int i = 0; i < parts.length; i++) {
            for (String suffix : List.of("=", "==", " ", "\n", "!", "\u0100", "\u00e9")) {
                String[] changed = parts.clone();
                changed[i] += suffix;
                assertThatThrownBy(() -> DECRYPTER.decrypt(String.join(".", changed)))
                        .isInstanceOf(InvalidMessageException.class);
            }
        }
        // 16 bytes leave four bits of the last character unused.
        String tag = parts[4];
        char last = tag.charAt(tag.length() - 1);
        String other = tag.substring(0, tag.length() - 1) + (char) (last + 1);
        assertInvalid(() -> DECRYPTER.decrypt(message.replace(tag, other)));
    }

    /** The message never chooses the algorithm: not even to one that the same key material would serve. */
    @Test
    void decrypt_anotherAlgorithmThanTheKeys_isRefused() {
        DecryptionKey wrap = DecryptionKey.secret(
                        Algorithm.A256KW, JweForge.KEY.dangerousSecret().orElseThrow())
                .withId("k");
        JweDecrypter decrypter = JweDecrypter.builder(wrap).build();
        assertFails(decrypter, JweForge.compact(JweForge.HEADER));
        for (String alg : List.of("none", "RSA1_5", "RSA-OAEP", "DIR", "A256KW", "A256GCMKW", "")) {
            assertFails(DECRYPTER, JweForge.compact("\"alg\":\"" + alg + "\",\"enc\":\"A256GCM\",\"kid\":\"k\""));
        }
        for (String enc : List.of("A128GCM", "a256gcm", "A256KW", "none", "A256CBC", "XC20P", "A256CBC-HS512")) {
            assertThatThrownBy(() -> DECRYPTER.decrypt(
                            JweForge.compact("\"alg\":\"dir\",\"enc\":\"" + enc + "\",\"kid\":\"k\"")))
                    .isInstanceOf(MessageSecurityException.class);
        }
    }

    @Test
    void decrypt_criticalExtension_isRefused() {
        assertInvalid(() -> DECRYPTER.decrypt(JweForge.compact(JweForge.HEADER + ",\"crit\":[\"b64\"],\"b64\":false")));
        assertInvalid(() -> DECRYPTER.decrypt(JweForge.compact(JweForge.HEADER + ",\"crit\":[]")));
    }

    @Test
    void decrypt_unknownKeyId_isRefusedWithoutTryingOthers() {
        for (String kid : List.of("K", "k2", "../k", "", "k ", "' OR 1=1 --")) {
            assertFails(DECRYPTER, JweForge.compact("\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + kid + "\""));
        }
    }

    /** CVE-2018-0114 and its kin: a key that the message brings is nobody's. */
    @Test
    void decrypt_keyOrAddressInTheHeader_isNotUsed() {
        String own =
                "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"},\"jku\":\"http://127.0.0.1:9/\",\"x5u\":\"http://127.0.0.1:9/\"";
        assertFails(DECRYPTER, JweForge.compact("\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"x\"," + own));
        assertThat(DECRYPTER
                        .decrypt(JweForge.compact(JweForge.HEADER + "," + own))
                        .contentBytes())
                .isNotEmpty();
    }

    /** CVE-2025-27144: megabytes of dots. */
    @Test
    void decrypt_anyOtherNumberOfDots_isRefused() {
        String message = JweForge.compact(JweForge.HEADER);
        for (String other : List.of(
                "",
                ".",
                "...",
                "....",
                ".....",
                message + ".",
                "." + message,
                message.replaceFirst("\\.", ""),
                message.substring(0, message.lastIndexOf('.')),
                ".".repeat(10 << 20),
                "a.b.c")) {
            assertInvalid(() -> DECRYPTER.decrypt(other));
        }
    }

    @Test
    void decryptJson_floodOfRecipients_isRefused() {
        String nine = ",\"recipients\":[{}" + ",{}".repeat(8) + "]";
        assertThatThrownBy(() -> DECRYPTER.decryptJson(JweForge.json("\"enc\":\"A256GCM\"", nine)))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    /** One text is never two kinds of message. */
    @Test
    void decrypt_otherForm_isRefused() {
        String compact = JweForge.compact(JweForge.HEADER);
        String json = JweForge.json(JweForge.HEADER, "");
        assertInvalid(() -> DECRYPTER.decrypt(json));
        assertInvalid(() -> DECRYPTER.decryptJson(compact));
        assertInvalid(
                () -> DECRYPTER.decryptJson(JweForge.json(JweForge.HEADER, ",\"recipients\":[{}],\"header\":{}")));
        assertInvalid(() -> DECRYPTER.decryptJson(JweForge.json(JweForge.HEADER, ",\"payload\":\"\"")));
    }

    /** CVE-2026-29000 (pac4j-jwt): encryption taken for a signature. */
    @Test
    void decrypt_nestedToken_isRefused() {
        assertThatThrownBy(() -> DECRYPTER.decrypt(JweForge.compact(JweForge.HEADER + ",\"cty\":\"jWt\"")))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("JwtVerifier");
        assertInvalid(() -> DECRYPTER.decryptJson(JweForge.json(JweForge.HEADER, ",\"header\":{\"cty\":\"JWT\"}")));
    }

    /** Bleichenbacher, Manger, padding oracles: whatever is wrong inside, the answer is the same. */
    @Test
    void decrypt_whateverIsWrongInside_isOneAndTheSameFailure() throws Exception {
        DecryptionKey key = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
        DecryptionKey stranger = DecryptionKey.generate(Algorithm.RSA_OAEP_256).withId(key.id());
        JweDecrypter decrypter = JweDecrypter.builder(key).build();
        List<String> messages = new ArrayList<>();
        for (Algorithm enc : List.of(Algorithm.A256GCM, Algorithm.A256CBC_HS512)) {
            // Wrong padding inside RSA.
            messages.add(JweEncrypter.builder(stranger.encryptionKey())
                    .contentEncryption(enc)
                    .build()
                    .encrypt(new byte[20]));
            String[] parts = JweEncrypter.builder(key.encryptionKey())
                    .contentEncryption(enc)
                    .build()
                    .encrypt(new byte[20])
                    .split("\\.", -1);
            // Right padding around a key of another length.
            String[] shorter = parts.clone();
            shorter[1] = JweEncrypter.builder(key.encryptionKey())
                    .contentEncryption(Algorithm.A128GCM)
                    .build()
                    .encrypt(new byte[20])
                    .split("\\.", -1)[1];
            messages.add(String.join(".", shorter));
            // The last block, where padding would be.
            byte[] ciphertext = Base64Url.decode(parts[3]);
            ciphertext[ciphertext.length - 1] ^= 1;
            String[] padding = parts.clone();
            padding[3] = Base64Url.encode(ciphertext);
            messages.add(String.join(".", padding));
            String[] empty = parts.clone();
            empty[3] = "";
            messages.add(String.join(".", empty));
            // A number above the modulus.
            String[] large = parts.clone();
            byte[] ones = new byte[Base64Url.decode(parts[1]).length];
            Arrays.fill(ones, (byte) 0xff);
            large[1] = Base64Url.encode(ones);
            messages.add(String.join(".", large));
        }
        for (String message : messages) {
            assertFails(decrypter, message);
        }
    }

    /** Providers look too; this is our own look, before any of them. */
    @Test
    void fromJson_pointOffTheCurve_isRefusedBeforeTheProvider() {
        Agreement agreement = Agreement.of(
                DecryptionKey.generate(Algorithm.ECDH_ES_A256KW)
                        .encryptionKey()
                        .publicKey()
                        .orElseThrow(),
                Ciphers.composite(Providers.automatic()));
        byte[] one = new byte[32];
        one[31] = 1;
        Map<String, Object> epk =
                Map.of("kty", "EC", "crv", "P-256", "x", Base64Url.encode(one), "y", Base64Url.encode(one));
        assertThatThrownBy(() -> new EphemeralKeys(agreement).fromJson(epk)).isInstanceOf(DecryptionException.class);
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private static void assertFails(JweDecrypter decrypter, String message) {
        assertThatThrownBy(() -> decrypter.decrypt(message))
                .isExactlyInstanceOf(DecryptionException.class)
                .hasMessage("the message could not be decrypted")
                .hasNoCause()
                .hasNoSuppressedExceptions();
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(InvalidMessageException.class);
    }

    private static String epk(String type, String curve, String x, String y) {
        return "{\"kty\":\"" + type + "\",\"crv\":\"" + curve + "\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
    }

    private static String ecdh(Algorithm algorithm, String epk) {
        String encryptedKey = algorithm == Algorithm.ECDH_ES ? "" : Base64Url.encode(new byte[40]);
        return Base64Url.encode(RfcKeys.utf8("{\"alg\":\"" + algorithm.joseName()
                        + "\",\"enc\":\"A256GCM\",\"kid\":\"k\",\"epk\":" + epk + "}"))
                + "." + encryptedKey + "." + Base64Url.encode(new byte[12]) + ".AA." + Base64Url.encode(new byte[16]);
    }

    private static String header(String members) {
        return Base64Url.encode(RfcKeys.utf8("{" + members + "}")) + ".";
    }

    private static String encoded(int bytes) {
        return Base64Url.encode(new byte[bytes]) + ".";
    }

    private static byte[] deflate(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
            stream.write(content);
        }
        return out.toByteArray();
    }

    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
