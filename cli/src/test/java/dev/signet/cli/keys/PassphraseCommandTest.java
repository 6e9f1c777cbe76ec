// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.cli.Terminal;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.jose.KeysetFile;
import dev.signet.jose.KeysetLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted keyset files, and where their passphrase comes from. */
class PassphraseCommandTest {
    private static final String SECRET = "four random w\u00f6rds";

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void open() {
        terminal = new Terminal(folder);
    }

    @Test
    void passphraseFile_withAByteOrderMark_isRefusedWithTheCause() {
        for (String mark : new String[] {"\u00ef\u00bb\u00bf", "\u00ff\u00fe", "\u00fe\u00ff"}) {
            terminal.write("marked", mark + "correct horse battery\n");
            Terminal.assertFails(
                    terminal.run("key", "generate", "--alg", "ES256", "--out", "%new", "--passphrase-file", "%marked"),
                    2,
                    "begins with a byte order mark");
        }
        assertThat(terminal.files()).doesNotContain("new");
    }

    @Test
    void rotate_encryptedFile_asksOnceAndStaysEncrypted() {
        assertThat(terminal.typing("correct horse battery", "correct horse battery")
                        .run("key", "generate", "--alg", "ES256", "--id", "one", "--out", "%twice")
                        .code())
                .isZero();
        int asked = terminal.questions().size();
        Terminal.Result rotated =
                terminal.typing("correct horse battery").run("key", "rotate", "%twice", "--id", "two");
        assertThat(rotated.code()).as(rotated.err()).isZero();
        assertThat(terminal.questions()).hasSize(asked + 1);
        assertThat(terminal.read("twice")).startsWith("ey");
        assertThat(terminal.typing("correct horse battery")
                        .run("key", "list", "%twice")
                        .out())
                .contains("one", "two");
    }

    @Test
    void rotate_whileThePassphraseIsTyped_losesNothing() {
        assertThat(terminal.typing("correct horse battery", "correct horse battery")
                        .run("key", "generate", "--alg", "ES256", "--id", "one", "--out", "%slow")
                        .code())
                .isZero();
        terminal.write("pass", "correct horse battery\n");
        Terminal.Result slow = terminal.typing("correct horse battery")
                .meanwhile(() -> {
                    Terminal.Result quick = new Terminal(terminal.path("."))
                            .run("key", "rotate", "%slow", "--id", "quick", "--passphrase-file", "%pass");
                    assertThat(quick.code()).as(quick.err()).isZero();
                })
                .run("key", "rotate", "%slow", "--id", "late");
        assertThat(slow.code()).as(slow.err()).isZero();
        assertThat(terminal.run("key", "list", "%slow", "--passphrase-file", "%pass")
                        .out())
                .contains("one", "quick", "late");
    }

    @Test
    void generate_byDefault_encryptsUnderWhatIsTypedTwice() {
        Terminal.Result made = terminal.typing(SECRET, SECRET).line("key generate --alg ES256 --out " + path("k"));
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.err()).isEmpty();
        assertThat(made.out()).contains("encrypted, readable by you only").doesNotContain(SECRET);
        assertThat(terminal.questions())
                .containsExactly("New passphrase of " + path("k") + " (12 characters or more): ", "Once more: ");
        assertThat(terminal.read("k")).startsWith("ey").doesNotContain("{", "kty");
        assertThat(keyset().keys()).hasSize(1);
    }

    @Test
    void generate_differentOrShortOrNoPassphrase_leavesNothingBehind() {
        assertNothingMade(terminal.typing(SECRET, SECRET + "x"), "the two passphrases differ");
        assertNothingMade(terminal.typing(SECRET), "differ");
        assertNothingMade(terminal.typing("short", "short"), "fewer than 8 bytes", "12 characters");
        assertNothingMade(
                terminal.typing(),
                "no terminal",
                "--passphrase-file FILE",
                "SIGNET_PASSPHRASE",
                "--unencrypted writes the keys in the clear");
        assertNothingMade(terminal.with("SIGNET_PASSPHRASE", "short"), "fewer than 8 bytes");
    }

    @Test
    void generate_takenName_isRefusedBeforeAnybodyIsAsked() {
        terminal.write("k", "precious");
        Terminal.Result result =
                terminal.typing(SECRET, SECRET).run("key", "generate", "--alg", "ES256", "--out", "%k");
        Terminal.assertFails(result, 2, "exists already");
        assertThat(terminal.questions()).isEmpty();
    }

    @Test
    void generate_unencryptedWithPassphrase_isAContradiction() {
        terminal.write("pass", SECRET);
        Terminal.assertFails(
                terminal.run(
                        "key",
                        "generate",
                        "--alg",
                        "ES256",
                        "--unencrypted",
                        "--passphrase-file",
                        "%pass",
                        "--out",
                        "%k"),
                2,
                "exclude each other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "export", "rotate"})
    void encryptedFile_isReadByEachCommand(String command) {
        generate();
        Terminal.Result result = terminal.typing(SECRET).run("key", command, "%k");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(terminal.questions()).containsExactly("Passphrase of " + path("k") + ": ");
        assertThat(result.out() + result.err()).doesNotContain(SECRET, "\"d\":");
    }

    @Test
    void encryptedFile_signs() {
        generate();
        terminal.write("m", "GET / HTTP/1.1\nHost: a\n\n");
        Terminal.Result signed = terminal.typing(SECRET).run("http", "sign", "--key", "%k", "%m");
        assertThat(signed.code()).as(signed.err()).isZero();
        terminal.write("signed", signed.out());
        assertThat(terminal.typing(SECRET)
                        .run("http", "verify", "--keys", "%k", "%signed")
                        .code())
                .isZero();
    }

    @Test
    void rotate_encryptedFile_staysEncryptedUnderTheSamePassphrase() {
        generate();
        String before = terminal.read("k");
        assertThat(terminal.typing(SECRET).run("key", "rotate", "%k").code()).isZero();
        assertThat(terminal.read("k")).isNotEqualTo(before).startsWith("ey");
        assertThat(keyset().keys()).hasSize(2);
    }

    @Test
    void passphrase_fromEnvironmentOrFileOrStandardInput() throws IOException {
        generate();
        terminal.write("pass", (SECRET + "\r\nsecond line\n").getBytes(StandardCharsets.UTF_8));
        assertThat(terminal.run("key", "list", "--passphrase-file", "%pass", "%k")
                        .code())
                .isZero();
        Terminal piped = new Terminal(folder);
        assertThat(piped.input(new String(SECRET.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                        .run("key", "list", "--passphrase-file", "-", "%k")
                        .code())
                .isZero();
        assertThat(terminal.with("SIGNET_PASSPHRASE", SECRET)
                        .run("key", "list", "%k")
                        .code())
                .isZero();
        assertThat(terminal.questions()).isEmpty();
        Files.writeString(folder.resolve("wrong"), "something else\n");
        Files.setPosixFilePermissions(folder.resolve("wrong"), PosixFilePermissions.fromString("rw-------"));
        Terminal.assertFails(terminal.run("key", "list", "--passphrase-file", "%wrong", "%k"), 2, "wrong");
    }

    @Test
    void passphrase_fromANamedPipe() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no named pipes here");
        generate();
        Process made = new ProcessBuilder("/usr/bin/mkfifo", path("pipe")).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Thread writer = new Thread(() -> terminal.append("pipe", SECRET + "\n"));
        writer.start();
        Terminal.Result result = terminal.run("key", "list", "--passphrase-file", "%pipe", "%k");
        writer.join(10_000);
        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void passphrase_wrongFile_isOneLine() throws IOException {
        generate();
        Terminal.assertFails(terminal.run("key", "list", "--passphrase-file", "%absent", "%k"), 2, "no such file");
        terminal.write("pass", "\nsecond line");
        Terminal.assertFails(terminal.run("key", "list", "--passphrase-file", "%pass", "%k"), 2, "first line");
        Terminal.assertFails(
                terminal.input("x").run("key", "list", "--passphrase-file", "-", "-"), 2, "neither PEM nor");
        terminal.write("locked", terminal.read("k"));
        Terminal.assertFails(
                terminal.input(terminal.read("k")).run("key", "list", "--passphrase-file", "-", "-"),
                2,
                "standard input is named twice");
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            terminal.write("pass", SECRET);
            Files.setPosixFilePermissions(folder.resolve("pass"), PosixFilePermissions.fromString("rw-r--r--"));
            Terminal.assertFails(
                    terminal.run("key", "list", "--passphrase-file", "%pass", "%k"), 2, "the passphrase", "chmod 600");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"another passphrase", "short", ""})
    void passphrase_wrong_isOneLineAndChangesNothing(String typed) {
        generate();
        String before = terminal.read("k");
        Terminal.assertFails(terminal.typing(typed).run("key", "rotate", "%k"), 2, "passphrase is wrong", "changed");
        assertThat(terminal.read("k")).isEqualTo(before);
    }

    @Test
    void passphrase_withNobodyToAsk_namesTheWays() {
        generate();
        Terminal.assertFails(
                terminal.run("key", "list", "%k"), 2, "no terminal", "--passphrase-file FILE", "SIGNET_PASSPHRASE");
    }

    @Test
    void encryptedFile_thatOthersCanRead_isRefusedBeforeAnybodyIsAsked() throws IOException {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no POSIX permissions here");
        generate();
        Files.setPosixFilePermissions(folder.resolve("k"), PosixFilePermissions.fromString("rw-r--r--"));
        Terminal.assertFails(terminal.typing(SECRET).run("key", "list", "%k"), 2, "chmod 600");
        assertThat(terminal.questions()).isEmpty();
    }

    @Test
    void encryptedFile_withAKeyInsteadOfAPassphrase_isToldApart() {
        KeysetFile.open(folder.resolve("k"), KeysetLock.key(DecryptionKey.generate(Algorithm.A256KW)))
                .write(Keyset.of(SigningKey.generate(Algorithm.ES256)));
        Terminal.assertFails(terminal.typing(SECRET).run("key", "list", "%k"), 2, "not under a passphrase");
    }

    @Test
    void export_overAnEncryptedKeyset_isRefused() {
        generate();
        String before = terminal.read("k");
        Terminal.assertFails(terminal.typing(SECRET).run("key", "export", "%k", "--out", "%k"), 2, "not overwritten");
        assertThat(terminal.read("k")).isEqualTo(before);
    }

    private void assertNothingMade(Terminal asked, String... words) {
        Terminal.Result result = asked.run("key", "generate", "--alg", "ES256", "--out", "%k");
        Terminal.assertFails(result, 2, words);
        assertThat(result.out()).isEmpty();
        assertThat(terminal.files()).isEmpty();
        assertThat(result.err()).doesNotContain(SECRET);
    }

    private void generate() {
        KeysetFile.open(folder.resolve("k"), lock()).write(Keyset.of(SigningKey.generate(Algorithm.ES256)));
    }

    private Keyset<SigningKey> keyset() {
        return KeysetFile.open(folder.resolve("k"), lock()).signingKeys();
    }

    private static KeysetLock lock() {
        return KeysetLock.passphrase(SecretBytes.copyOf(SECRET.getBytes(StandardCharsets.UTF_8)));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
