// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EncryptionFixtures.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a failure takes does not tell which one it is. */
@Tag("slow")
class XmlDecryptionTimingTest {
    private static final int TRIES = 10_000;
    private static final int WARM_UP = 500;
    /** Of medians, on a machine that has other things to do. */
    private static final double MOST = 1.25;

    private static final QName R = new QName("r");
    private static final QName A = new QName("a");
    private static final String TEXT = "<x>some text of a payment order</x>".repeat(40);
    private static final String XML = "<r><a>" + TEXT + "</a></r>";
    private static final SecureRandom RANDOM = new SecureRandom();

    @ParameterizedTest
    @EnumSource(names = {"A256KW", "RSA_OAEP_256", "ECDH_ES_A256KW"})
    void decrypt_failuresOfAuthenticatedCiphers_takeTheSameTime(Algorithm algorithm) throws Exception {
        DecryptionKey key = DecryptionKey.generate(algorithm).withId("k");
        Map<String, byte[]> kinds = new LinkedHashMap<>();
        byte[] good =
                XmlEncrypter.builder(key.encryptionKey()).element(R, A).build().encrypt(utf8(XML));
        kinds.put("bad tag", withValue(good, 1, flipped(value(good, 1), -1)));
        kinds.put("bad ciphertext", withValue(good, 1, flipped(value(good, 1), 40)));
        kinds.put("bad encrypted key", withValue(good, 0, flipped(value(good, 0), 30)));
        DecryptionKey other = DecryptionKey.generate(algorithm).withId("k");
        kinds.put(
                "bad key",
                XmlEncrypter.builder(other.encryptionKey())
                        .element(R, A)
                        .build()
                        .encrypt(utf8(XML)));
        kinds.put("bad XML", gcm(key, good, "<a>" + TEXT + "</b>"));
        kinds.put("other element", gcm(key, good, "<b>" + TEXT + "</b>"));
        compare(XmlDecrypter.builder(key).element(R, A).build(), kinds);
    }

    @ParameterizedTest
    @EnumSource(names = {"A256KW", "RSA_OAEP_256"})
    void decrypt_failuresOfCbc_takeTheSameTime(Algorithm algorithm) throws Exception {
        DecryptionKey key = DecryptionKey.generate(algorithm).withId("k");
        byte[] good =
                XmlEncryptionInteropTest.santuarioEncrypt(utf8(XML), key, Xenc.XENC + "aes128-cbc", A, false, true);
        Map<String, byte[]> kinds = new LinkedHashMap<>();
        for (int padding : new int[] {0, 17, 255}) {
            kinds.put("bad padding " + padding, cbc(key, good, "<a>" + TEXT + "</b>", padding));
        }
        kinds.put("bad XML", cbc(key, good, "<a>" + TEXT + "</b>", 1));
        compare(
                XmlDecrypter.builder(key)
                        .element(R, A)
                        .allowUnauthenticatedCbc()
                        .build(),
                kinds);
    }

    private static void compare(XmlDecrypter decrypter, Map<String, byte[]> kinds) {
        Map<Double, String> medians = Map.of();
        // A machine that is busy may spoil one round, but not the best of three.
        for (int round = 0; round < 3; round++) {
            medians = measure(decrypter, kinds);
            List<Double> times = List.copyOf(medians.keySet());
            if (times.get(times.size() - 1) / times.get(0) < MOST) {
                return;
            }
        }
        throw new AssertionError("medians in microseconds: " + medians);
    }

    /** Medians in microseconds; kinds take turns in random order, so that whatever else happens hits all alike. */
    private static Map<Double, String> measure(XmlDecrypter decrypter, Map<String, byte[]> kinds) {
        List<String> names = List.copyOf(kinds.keySet());
        long[][] times = new long[names.size()][TRIES / names.size()];
        Random order = new Random(42);
        for (int i = -WARM_UP; i < times[0].length; i++) {
            int first = order.nextInt(names.size());
            for (int j = 0; j < names.size(); j++) {
                int kind = (first + j) % names.size();
                byte[] message = kinds.get(names.get(kind));
                long start = System.nanoTime();
                fail(decrypter, message);
                if (i >= 0) {
                    times[kind][i] = System.nanoTime() - start;
                }
            }
        }
        Map<Double, String> medians = new TreeMap<>();
        for (int kind = 0; kind < times.length; kind++) {
            Arrays.sort(times[kind]);
            medians.merge(times[kind][times[kind].length / 2] / 1000.0, names.get(kind), (a, b) -> a + ", " + b);
        }
        return medians;
    }

    private static void fail(XmlDecrypter decrypter, byte[] message) {
        try {
            decrypter.decrypt(message);
        } catch (DecryptionException e) {
            return;
        }
        throw new AssertionError("decrypted");
    }

    // ---- messages --------------------------------------------------------------------------------------------------

    private static byte[] gcm(DecryptionKey key, byte[] good, String plaintext) throws GeneralSecurityException {
        SecretKey cek = EncryptionKeys.random(32, RANDOM);
        byte[] sealed = ContentCipher.of(Algorithm.A256GCM, Providers.automatic())
                .orElseThrow()
                .encrypt(cek, utf8(plaintext), RANDOM);
        return withKey(key, withValue(good, 1, sealed), cek);
    }

    private static byte[] cbc(DecryptionKey key, byte[] good, String plaintext, int padding)
            throws GeneralSecurityException {
        SecretKey cek = EncryptionKeys.random(16, RANDOM);
        byte[] text = utf8(plaintext);
        byte[] padded = Arrays.copyOf(text, (text.length / 16 + 1) * 16);
        int right = padded.length - text.length;
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        padded[padded.length - 1] = (byte) (padding == 1 ? right : padding);
        byte[] iv = new byte[16];
        RANDOM.nextBytes(iv);
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, cek, new IvParameterSpec(iv));
        byte[] out = Arrays.copyOf(iv, 16 + padded.length);
        cipher.doFinal(padded, 0, padded.length, out, 16);
        return withKey(key, withValue(good, 1, out), cek);
    }

    /** Hides another content key in a message; what ECDH agreed on comes with it. */
    private static byte[] withKey(DecryptionKey key, byte[] xml, SecretKey cek) throws GeneralSecurityException {
        CekSealer.Sealed sealed = CekSealer.of(key.encryptionKey(), SecurityPolicy.recommended2026())
                .seal(cek, "<ds:KeyName>" + key.id() + "</ds:KeyName>");
        String text = new String(withValue(xml, 0, sealed.ciphertext()), UTF_8);
        if (sealed.keyInfo().contains("AgreementMethod")) {
            text = text.replaceAll("<xenc:AgreementMethod.*</xenc:AgreementMethod>", sealed.keyInfo());
        }
        return utf8(text);
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at < 0 ? changed.length + at : at] ^= 1;
        return changed;
    }

    private static final String OPEN = "<xenc:CipherValue>";

    private static byte[] value(byte[] xml, int index) {
        String text = new String(xml, UTF_8);
        int start = text.indexOf(OPEN) + OPEN.length();
        for (int i = 0; i < index; i++) {
            start = text.indexOf(OPEN, start) + OPEN.length();
        }
        return Base64Text.decode(text.substring(start, text.indexOf("</", start)), "test");
    }

    private static byte[] withValue(byte[] xml, int index, byte[] value) {
        String text = new String(xml, UTF_8);
        int start = text.indexOf(OPEN) + OPEN.length();
        for (int i = 0; i < index; i++) {
            start = text.indexOf(OPEN, start) + OPEN.length();
        }
        return utf8(text.substring(0, start) + Base64Text.encode(value) + text.substring(text.indexOf("</", start)));
    }
}
