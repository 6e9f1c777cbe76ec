// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Wycheproof's FF1 vectors, every file {@code aes_ff1_*_test.json} in the folder {@code wycheproof} of the one that the
 * property {@code signet.vectors} or the variable SIGNET_VECTORS names.
 */
class Ff1VectorsTest {
    private static final BigInteger SMALLEST_DOMAIN = BigInteger.valueOf(1_000_000);

    private int valid;
    private int small;
    private int refused;

    @Test
    void crypt_everyWycheproofVector_isAsExpected() throws IOException {
        int files = 0;
        for (Path path : files()) {
            files++;
            int before = valid + refused;
            JsonNode file = new ObjectMapper().readTree(path.toFile());
            for (JsonNode group : file.get("testGroups")) {
                for (JsonNode test : group.get("tests")) {
                    check(path.getFileName() + " tcId " + test.get("tcId") + ": " + test.get("comment"), group, test);
                }
            }
            assertThat(valid + refused - before)
                    .as("%s", path)
                    .isEqualTo(file.get("numberOfTests").asInt());
        }
        System.out.printf(
                "Wycheproof FF1: ran %d of %d files (%d valid, of these %d in small domains; %d refused)%n",
                valid + refused, files, valid, small, refused);
    }

    private void check(String name, JsonNode group, JsonNode test) {
        boolean texts = group.get("type").asText().equals("FpeStrTest");
        assertThat(group.get("type").asText()).as(name).isIn("FpeStrTest", "FpeListTest");
        SecretBytes key =
                SecretBytes.copyOf(HexFormat.of().parseHex(test.get("key").asText()));
        if (List.of(16, 24, 32).contains(key.length())) {
            Ff1 ff1 = ff1(key, group);
            Subject subject = texts ? new Texts(test) : new Lists(test);
            if (test.get("result").asText().equals("valid")) {
                checkValid(name, ff1, subject, group.get("radix").asInt());
                valid++;
                return;
            }
            // What is wrong with a vector is its plaintext or its length, so nothing makes it acceptable.
            assertRefused(name, () -> subject.encrypt(ff1));
            assertRefused(name, () -> subject.encrypt(ff1.allowSmallDomains()));
        } else {
            assertThat(test.get("result").asText()).as(name).isEqualTo("invalid");
            assertThatThrownBy(() -> ff1(key, group)).as(name).isInstanceOf(IllegalArgumentException.class);
        }
        refused++;
    }

    private void checkValid(String name, Ff1 ff1, Subject subject, int radix) {
        boolean isSmall = BigInteger.valueOf(radix).pow(subject.length()).compareTo(SMALLEST_DOMAIN) < 0;
        Ff1 able = isSmall ? ff1.allowSmallDomains() : ff1;
        subject.encrypt(able);
        subject.decrypt(able);
        subject.check(name);
        if (isSmall) {
            small++;
            assertRefused(name, () -> subject.encrypt(ff1));
            assertRefused(name, () -> subject.decrypt(ff1));
        }
    }

    private static Ff1 ff1(SecretBytes key, JsonNode group) {
        JsonNode alphabet = group.get("alphabet");
        if (alphabet == null) {
            return Ff1.of(key, group.get("radix").asInt());
        }
        Alphabet symbols = Alphabet.of(alphabet.asText());
        assertThat(symbols.radix()).isEqualTo(group.get("radix").asInt());
        return Ff1.of(key, symbols);
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call).as(name).isExactlyInstanceOf(InvalidMessageException.class);
    }

    /** The vector's texts or numbers, and what became of them. */
    private abstract static class Subject {
        final byte[] tweak;

        Subject(JsonNode test) {
            tweak = HexFormat.of().parseHex(test.get("tweak").asText());
        }

        abstract int length();

        abstract void encrypt(Ff1 ff1);

        abstract void decrypt(Ff1 ff1);

        abstract void check(String name);
    }

    private static final class Texts extends Subject {
        private final String message;
        private final String ciphertext;
        private String encrypted = "";
        private String decrypted = "";

        Texts(JsonNode test) {
            super(test);
            message = test.get("msg").asText();
            ciphertext = test.get("ct").asText();
        }

        @Override
        int length() {
            return message.codePointCount(0, message.length());
        }

        @Override
        void encrypt(Ff1 ff1) {
            encrypted = ff1.encrypt(message, tweak);
        }

        @Override
        void decrypt(Ff1 ff1) {
            decrypted = ff1.decrypt(ciphertext, tweak);
        }

        @Override
        void check(String name) {
            assertThat(encrypted).as(name).isEqualTo(ciphertext);
            assertThat(decrypted).as(name).isEqualTo(message);
        }
    }

    private static final class Lists extends Subject {
        private final int[] message;
        private final int[] ciphertext;
        private int[] encrypted = {};
        private int[] decrypted = {};

        Lists(JsonNode test) {
            super(test);
            message = ints(test.get("msg"));
            ciphertext = ints(test.get("ct"));
        }

        @Override
        int length() {
            return message.length;
        }

        @Override
        void encrypt(Ff1 ff1) {
            int[] given = message.clone();
            encrypted = ff1.encrypt(given, tweak);
            assertThat(given).as("the caller's array").isEqualTo(message);
        }

        @Override
        void decrypt(Ff1 ff1) {
            int[] given = ciphertext.clone();
            decrypted = ff1.decrypt(given, tweak);
            assertThat(given).as("the caller's array").isEqualTo(ciphertext);
        }

        @Override
        void check(String name) {
            assertThat(encrypted).as(name).isEqualTo(ciphertext);
            assertThat(decrypted).as(name).isEqualTo(message);
        }

        private static int[] ints(JsonNode array) {
            int[] ints = new int[array.size()];
            Arrays.setAll(ints, i -> array.get(i).asInt());
            return ints;
        }
    }

    private static List<Path> files() throws IOException {
        String folder = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        Assumptions.assumeTrue(folder != null, "property signet.vectors and variable SIGNET_VECTORS are not set");
        Path vectors = Path.of(folder).resolve("wycheproof");
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(vectors)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(vectors, "aes_ff1_*_test.json")) {
                found.forEach(files::add);
            }
        }
        Assumptions.assumeFalse(files.isEmpty(), "missing: aes_ff1_*_test.json in " + vectors);
        Collections.sort(files);
        return files;
    }
}
