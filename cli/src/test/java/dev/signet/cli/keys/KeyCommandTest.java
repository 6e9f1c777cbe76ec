// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.cli.Terminal;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import dev.signet.jose.Jwks;
import dev.signet.jose.KeysetFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCommandTest {
    private static final String PRIVATE_MEMBER = "\"d\":";
    /** RFC 7638, 3.1. */
    private static final String RSA_MODULUS =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebW"
                    + "KRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQM"
                    + "icAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcR"
                    + "wr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void open() {
        terminal = new Terminal(folder);
    }

    // ---- generate --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"RS384", "RS512", "PS256", "PS384", "PS512", "ML_DSA_65", "ML_DSA_87", "RSA_OAEP_.*", "PBES2.*"},
            mode = EnumSource.Mode.MATCH_NONE)
    void generate_eachAlgorithm_makesAPrivateFileThatListAndRotateRead(Algorithm algorithm) {
        Terminal.Result made = terminal.run(
                "key", "generate", "--unencrypted", "--alg", algorithm.joseName(), "--out", "%k", "--id", "one");
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.err())
                .startsWith("signet: warning: ")
                .contains("not encrypted")
                .hasLineCount(1);
        assertThat(made.out()).contains("created ", "one", algorithm.joseName());

        Terminal.Result listed = terminal.run("key", "list", "%k");
        assertThat(listed.out().lines().skip(1).findFirst().orElse("").split(" +"))
                .contains("*", "one", algorithm.joseName(), "active", "always");
        assertThat(terminal.run("key", "rotate", "%k", "--id", "two").code()).isZero();
        assertThat(terminal.run("key", "list", "%k").out()).contains("two").contains("verify-only");
    }

    @Test
    void generate_file_isTheOwnersOnly() throws IOException {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no POSIX permissions here");
        terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", "%k");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("k"))))
                .isEqualTo("rw-------");
        assertThat(terminal.files()).containsExactly("k");
    }

    @Test
    void generate_validFor_endsThen() {
        terminal.run("key", "generate", "--unencrypted", "--alg", "ed25519", "--out", "%k", "--valid-for", "90d");
        assertThat(KeysetFile.dangerousUnencrypted(folder.resolve("k"))
                        .signingKeys()
                        .primary()
                        .notAfter())
                .contains(Terminal.NOW.plus(java.time.Duration.ofDays(90)));
        assertThat(terminal.run("key", "list", "%k").out()).contains("until 2027-03-01T12:00:00Z (90 days)");
        assertThat(terminal.at(Terminal.NOW.plus(java.time.Duration.ofDays(100)))
                        .run("key", "list", "%k")
                        .out())
                .contains("expired 2027-03-01T12:00:00Z (10 days ago)");
    }

    @Test
    void generate_existingFile_isNeverOverwritten() throws IOException {
        terminal.write("k", "precious");
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", "%k"), 2, "exists already");
        assertThat(terminal.read("k")).isEqualTo("precious");
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", "%dangling"),
                2,
                "exists already");
    }

    @ParameterizedTest
    @CsvSource({
        "none, '', none",
        "HS1, '', HS1",
        "ES256, --valid-for 0d, --valid-for",
        "ES256, --valid-for -1d, --valid-for",
        "ES256, --valid-for 90, --valid-for",
        "ES256, --valid-for 90x, --valid-for",
        "ES256, --valid-for 1000y, --valid-for",
        "ES256, --valid-for 99999999999d, --valid-for",
        "ES256, --id \u00e4, --id"
    })
    void generate_wrongInput_leavesNothingBehind(String algorithm, String more, String word) {
        String[] extra = more.isEmpty() ? new String[0] : more.split(" ");
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "key", "generate", "--unencrypted", "--alg", algorithm, "--out", "%k"),
                        java.util.stream.Stream.of(extra))
                .toArray(String[]::new);
        Terminal.assertFails(terminal.run(arguments), 2, word);
        assertThat(terminal.files()).isEmpty();
    }

    @Test
    void generate_emptyOrImpossibleNames_areRefused() {
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", ""), 2, "no file name");
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", "a\0b"), 2, "no file name");
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--id", "", "--out", "%k"),
                2,
                "--id");
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", "%no/such/folder"),
                2,
                "no such file");
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", folder.toString()),
                2,
                "is a directory");
    }

    // ---- list ------------------------------------------------------------------------------------------------------

    @Test
    void list_publicFile_isMarkedAsSuch() {
        generate("ES256", "one");
        terminal.run("key", "export", "%k", "--out", "%p");
        Terminal.Result result = terminal.run("key", "list", "%p");
        assertThat(result.out()).contains("* primary, public keys").contains("one");
    }

    @Test
    void list_setOfOthers_tellsWhatIsLeftOut() {
        Terminal.Result result = terminal.input(
                        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\",\"kid\":\"r\"},"
                                + "{\"kty\":\"new\"}]}")
                .run("key", "list", "-");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("left out keys[0] (r): no alg", "left out keys[1]: kty is not supported");
    }

    @Test
    void list_rsaKeyOfOthers_needsItsAlgorithm() {
        String set = "{\"keys\":[" + rsa("r") + "]}";
        assertThat(terminal.input(set).run("key", "list", "-").out())
                .isEqualTo("left out keys[0] (r): no alg, which kty RSA needs (--alg says which)\n");
        for (String alg : new String[] {"PS256", "r=PS256"}) {
            Terminal.Result result = terminal.input(set).run("key", "list", "-", "--alg", alg);
            assertThat(result.out()).contains("PS256").doesNotContain("left out");
        }
        assertThat(terminal.input(rsa("r"))
                        .run("key", "list", "-", "--alg", "PS256")
                        .out())
                .contains("PS256");
    }

    @ParameterizedTest
    @CsvSource({
        "s=PS256, '--alg names the key ''s'', which standard input does not have'",
        "e=PS256, 'the key ''e'' is for ES256, not PS256'",
    })
    void list_algorithmThatDoesNotFit_isRefused(String alg, String sentence) {
        generate("ES256", "e");
        String set = terminal.run("key", "export", "%k").out();
        Terminal.assertFails(terminal.input(set).run("key", "list", "-", "--alg", alg), 2, sentence);
    }

    @Test
    void list_setOfOthersWithStatus_isObeyed() {
        String status = rsa("r").replace("{", "{\"alg\":\"PS256\",\"signet:status\":\"disabled\",");
        assertThat(terminal.input("{\"keys\":[" + status + "]}")
                        .run("key", "list", "-")
                        .out())
                .contains("disabled");
        assertThat(terminal.input("{\"keys\":[" + status.replace("disabled", "odd") + "]}")
                        .run("key", "list", "-")
                        .out())
                .isEqualTo("left out keys[0] (r): signet:status is unknown\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|is neither PEM nor well-formed keys: JSON has a value that is not an object",
                "{}|is neither PEM nor well-formed keys: JWK set: no array named keys",
                "{\"keys\":[1]}|is neither PEM nor well-formed keys: JWK set: keys[0]: not an object",
                "{\"keys\":[{\"kid\":\"a\"},{\"kid\":\"a\"}]}|keys[1]: kid is another key's too",
                "{\"keys\":[]}|has no keys",
                "{\"keys\":[{\"kty\":\"new\",\"kid\":\"a\"}],\"signet:primary\":\"a\"}|keys[0]: kty is not supported",
                "{\"keys\":[],\"signet:primary\":1}|signet:primary is not a string",
            })
    void list_brokenSet_saysWhereAndWhat(String json, String sentence) {
        Terminal.assertFails(terminal.input(json).run("key", "list", "-"), 2, sentence);
    }

    @Test
    void list_keysetWithAPublicKeyAmongPrivateOnes_isRefused() {
        generate("ES256", "one");
        String added = "\"keys\":[" + rsa("r").replace("{", "{\"alg\":\"PS256\",") + ",";
        String both = terminal.read("k").replaceFirst("\"keys\" *: *\\[", added);
        assertThat(both).contains(added);
        terminal.write("k", both);
        Terminal.assertFails(terminal.run("key", "list", "%k"), 2, "keys[0]: the private key is missing");
    }

    @Test
    void list_encryptionKeys_publicAndPrivate() {
        KeysetFile.dangerousUnencrypted(folder.resolve("k"))
                .write(Keyset.of(DecryptionKey.generate(Algorithm.ECDH_ES_A256KW)));
        assertThat(terminal.run("key", "list", "%k").out()).contains("ECDH-ES+A256KW", "encrypt");
        assertThat(terminal.run("key", "export", "%k", "--out", "%p").code()).isZero();
        assertThat(terminal.run("key", "list", "%p").out()).contains("ECDH-ES+A256KW", "public keys");
        assertThat(terminal.run("key", "export", "%p", "--pem").out()).startsWith("-----BEGIN PUBLIC KEY-----");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{",
                "[]",
                "null",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[1]}",
                "{\"keys\":[]}{}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"signet:primary\":\"x\",\"keys\":[]}",
                "{\"signet:primary\":1,\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN NONSENSE-----\n",
                "\u0000\u0001\u00ff"
            })
    void list_brokenFile_isOneLine(String content) {
        terminal.write("k", content);
        Terminal.assertFails(terminal.run("key", "list", "%k"), 2);
    }

    @Test
    void list_depthAndSize_areBounded() {
        terminal.write("deep", "{\"a\":".repeat(5000));
        Terminal.assertFails(terminal.run("key", "list", "%deep"), 2, "well-formed");
        terminal.write("long", new byte[2 << 20]);
        Terminal.assertFails(terminal.run("key", "list", "%long"), 2, "longer than");
    }

    @Test
    void list_brokenJson_quotesNothing() {
        terminal.write("k", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\" oops}]}");
        Terminal.Result result = terminal.run("key", "list", "%k");
        Terminal.assertFails(result, 2, "line 1");
        assertThat(result.err()).doesNotContain("c2VjcmV0", "oops");
    }

    @Test
    void list_unreadableThings_areOneLine() throws IOException {
        Terminal.assertFails(terminal.run("key", "list", "%absent"), 2, "no such file");
        Terminal.assertFails(terminal.run("key", "list", folder.toString()), 2, "is a directory");
        Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        Terminal.assertFails(terminal.run("key", "list", "%loop"), 2);
    }

    @Test
    void list_privateFileOfOthers_isRefusedUnlessIgnored() throws IOException {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no POSIX permissions here");
        generate("ES256", "one");
        for (String command : new String[] {"list", "rotate", "export"}) {
            Files.setPosixFilePermissions(folder.resolve("k"), PosixFilePermissions.fromString("rw-r--r--"));
            Terminal.assertFails(terminal.run("key", command, "%k"), 2, "chmod 600", "--ignore-file-mode");
            assertThat(terminal.run("key", command, "%k", "--ignore-file-mode").code())
                    .isZero();
        }
    }

    // ---- rotate ----------------------------------------------------------------------------------------------------

    @Test
    void rotate_wholeLife_changesTheFileStepByStep() {
        generate("Ed25519", "old");
        Terminal.Result added = terminal.run("key", "rotate", "%k", "--id", "new key");
        assertThat(added.out()).contains("--promote 'new key'", "--drop old", "key export");
        assertThat(keyset().primary().id()).isEqualTo("old");
        assertThat(keyset().find("new key").orElseThrow().status()).isEqualTo(KeyStatus.VERIFY_ONLY);

        assertThat(terminal.run("key", "rotate", "%k", "--promote", "new key").out())
                .contains("is primary now");
        assertThat(keyset().primary().id()).isEqualTo("new key");
        assertThat(terminal.run("key", "rotate", "%k", "--disable", "old").code())
                .isZero();
        assertThat(keyset().find("old").orElseThrow().status()).isEqualTo(KeyStatus.DISABLED);
        assertThat(terminal.run("key", "rotate", "%k", "--enable", "old").code())
                .isZero();
        assertThat(keyset().find("old").orElseThrow().status()).isEqualTo(KeyStatus.VERIFY_ONLY);
        assertThat(terminal.run("key", "rotate", "%k", "--drop", "old").code()).isZero();
        assertThat(keyset().keys()).hasSize(1);
        assertThat(terminal.files()).containsExactly(".k.lock", "k");
    }

    @Test
    void rotate_link_staysALink() throws IOException {
        generate("ES256", "one");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("k"));
        assertThat(terminal.run("key", "rotate", "%link").code()).isZero();
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(keyset().keys()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "--promote, absent, no key of this id",
        "--disable, one, primary",
        "--drop, one, primary",
        "--drop, absent, no key of this id",
        "--enable, one, not disabled",
        "--enable, absent, no key of this id",
        "--promote, gone, disabled key",
        "--id, one, share an id"
    })
    void rotate_impossibleStep_leavesTheFileAsItWas(String option, String id, String word) {
        generate("ES256", "one");
        terminal.run("key", "rotate", "%k", "--id", "gone");
        terminal.run("key", "rotate", "%k", "--disable", "gone");
        String before = terminal.read("k");
        Terminal.assertFails(terminal.run("key", "rotate", "%k", option, id), 2, word);
        assertThat(terminal.read("k")).isEqualTo(before);
    }

    @Test
    void rotate_whatIsNoPrivateKeyset_isRefused() {
        generate("ES256", "one");
        terminal.run("key", "export", "%k", "--out", "%p");
        terminal.run("key", "export", "%k", "--dangerously-private", "--pem", "--out", "%pem");
        Terminal.assertFails(terminal.run("key", "rotate", "%p"), 2, "no private keyset");
        Terminal.assertFails(terminal.run("key", "rotate", "%pem"), 2, "no private keyset");
        Terminal.assertFails(terminal.run("key", "rotate", "-"), 2, "a file is needed");
        Terminal.assertFails(terminal.run("key", "rotate", "%k", "--promote", "one", "--id", "x"), 2, "new key");
    }

    @Test
    void rotate_modeOfTheFile_isKept() throws IOException {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no POSIX permissions here");
        generate("ES256", "one");
        Files.setPosixFilePermissions(folder.resolve("k"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(terminal.run("key", "rotate", "%k", "--ignore-file-mode").code())
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("k"))))
                .isEqualTo("rw-r-----");
    }

    @Test
    void rotate_fileOfAnother_staysHis() throws IOException {
        generate("ES256", "one");
        Path file = folder.resolve("k");
        try {
            Files.setAttribute(file, "unix:uid", 65534);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            assumeTrue(false, "this user may not give files away");
        }
        assertThat(terminal.run("key", "rotate", "%k").code()).isZero();
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(65534);
        assertThat(keyset().keys()).hasSize(2);
    }

    @Test
    void rotate_hardLink_isRefused() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"), "links cannot be counted");
        generate("ES256", "one");
        Files.createLink(folder.resolve("second"), folder.resolve("k"));
        String before = terminal.read("k");
        Terminal.assertFails(terminal.run("key", "rotate", "%k"), 2, "cannot change", "it has 2 names (hard links)");
        assertThat(terminal.read("k")).isEqualTo(before);
    }

    @Test
    void rotate_leftOversOfKilledRuns_areSwept() {
        generate("ES256", "one");
        terminal.write(".k.0b1ff3a8-2b8f-4a4c-9d3a-0123456789ab.tmp", "keys");
        assertThat(terminal.run("key", "rotate", "%k").code()).isZero();
        assertThat(terminal.files()).containsExactly(".k.lock", "k");
    }

    @Test
    void generate_toStandardOutput_isRefused() {
        for (String command : new String[] {"generate --unencrypted --alg ES256", "export %k"}) {
            generateOnce();
            Terminal.assertFails(
                    terminal.line("key " + command + " --out -"), 2, "--out wants the name of a file, not '-'");
        }
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void generate_leftOverOfAKilledRun_isNamedAsSuch() {
        terminal.write("k", "");
        Terminal.assertFails(
                terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--out", "%k"),
                2,
                "exists already",
                "it is empty, perhaps the left-over of a run that was killed");
    }

    @Test
    @org.junit.jupiter.api.Timeout(60)
    void export_toANamedPipe_isRefusedAtOnce() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
        generate("ES256", "one");
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Terminal.assertFails(terminal.run("key", "export", "%k", "--out", "%pipe"), 2, "no regular file");
        Terminal.assertFails(
                terminal.run("key", "export", "%k", "--dangerously-private", "--out", "%pipe"), 2, "exists already");
    }

    // ---- export ----------------------------------------------------------------------------------------------------

    @Test
    void export_byDefault_isPublic() {
        generate("ES256", "one");
        Terminal.Result result = terminal.run("key", "export", "%k");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("\"one\"").doesNotContain(PRIVATE_MEMBER);
        assertThat(Jwks.readPublicVerification(result.bytes()).primary().id()).isEqualTo("one");
    }

    @Test
    void export_disabledKeys_areLeftOut() {
        generate("ES256", "one");
        terminal.run("key", "rotate", "%k", "--id", "gone");
        terminal.run("key", "rotate", "%k", "--disable", "gone");
        Terminal.Result result = terminal.run("key", "export", "%k");
        assertThat(result.out()).doesNotContain("gone");
        assertThat(result.err()).contains("left out 1 disabled");
    }

    @Test
    void export_overAFileOfPublicKeys_replacesIt() {
        generate("ES256", "one");
        assertThat(terminal.run("key", "export", "%k", "--out", "%p").code()).isZero();
        terminal.run("key", "rotate", "%k", "--id", "two");
        assertThat(terminal.run("key", "export", "%k", "--out", "%p").code()).isZero();
        assertThat(terminal.read("p")).contains("two");
        assertThat(terminal.files()).containsExactly(".k.lock", "k", "p");
    }

    @Test
    void export_overAnythingElse_isRefused() {
        generate("ES256", "one");
        String before = terminal.read("k");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--out", "%k"), 2, "not overwritten");
        assertThat(terminal.read("k")).isEqualTo(before);
        terminal.write("notes", "precious");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--out", "%notes"), 2, "not overwritten");
        terminal.write("secret", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--out", "%secret"), 2, "not overwritten");
        terminal.write("deep", "{\"keys\":[],\"old\":{\"keys\":[{\"kty\":\"EC\",\"d\":\"AAAA\"}]}}");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--out", "%deep"), 2, "not overwritten");
        terminal.write("single", rsa("r"));
        Terminal.assertFails(terminal.run("key", "export", "%k", "--out", "%single"), 2, "not overwritten");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--out", folder.toString()), 2, "is a directory");
        terminal.run("key", "export", "%k", "--out", "%p");
        Terminal.assertFails(
                terminal.run("key", "export", "%k", "--dangerously-private", "--out", "%p"), 2, "exists already");
        assertThat(terminal.read("p")).doesNotContain(PRIVATE_MEMBER);
    }

    @Test
    void export_pem_roundTrips() {
        generate("ES384", "one");
        Terminal.Result pem = terminal.run("key", "export", "%k", "--pem");
        assertThat(pem.out()).startsWith("-----BEGIN PUBLIC KEY-----");
        Terminal.Result listed = terminal.input(pem.out()).run("key", "list", "-");
        assertThat(listed.out()).contains("ES384");
        Terminal.Result secret = terminal.run("key", "export", "%k", "--pem", "--dangerously-private");
        assertThat(secret.out()).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(terminal.input(secret.out()).run("key", "list", "-").out()).contains("ES384");
    }

    @Test
    void export_privateKeys_onlyWhenAskedForByTheLongName() throws IOException {
        generate("Ed25519", "one");
        Terminal.Result result = terminal.run("key", "export", "%k", "--dangerously-private", "--out", "%copy");
        assertThat(result.code()).isZero();
        assertThat(terminal.read("copy")).contains(PRIVATE_MEMBER);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("copy"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void export_impossible_isRefused() {
        generate("HS256", "one");
        Terminal.assertFails(terminal.run("key", "export", "%k"), 2, "shared secret", "--dangerously-private");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--pem"), 2, "no PEM form");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--pem", "--dangerously-private"), 2, "no PEM form");
        Terminal.assertFails(terminal.run("key", "export", "%k", "--id", "two"), 2, "no key 'two'", "one");
        Terminal.assertFails(
                terminal.run("key", "export", "%k", "--public", "--dangerously-private"), 2, "exclude each other");
        assertThat(terminal.run("key", "export", "%k", "--dangerously-private").out())
                .contains("\"k\":");
    }

    @Test
    void export_privateFromPublic_isRefused() {
        generate("ES256", "one");
        terminal.run("key", "export", "%k", "--out", "%p");
        Terminal.assertFails(terminal.run("key", "export", "%p", "--dangerously-private"), 2, "holds public keys only");
    }

    /** A public key without an algorithm. */
    private static String rsa(String id) {
        return "{\"kty\":\"RSA\",\"kid\":\"" + id + "\",\"e\":\"AQAB\",\"n\":\"" + RSA_MODULUS + "\"}";
    }

    private void generateOnce() {
        if (Files.notExists(folder.resolve("k"))) {
            generate("ES256", "one");
        }
    }

    private void generate(String algorithm, String id) {
        assertThat(terminal.run("key", "generate", "--unencrypted", "--alg", algorithm, "--id", id, "--out", "%k")
                        .code())
                .isZero();
    }

    private Keyset<SigningKey> keyset() {
        return KeysetFile.dangerousUnencrypted(folder.resolve("k")).signingKeys();
    }
}
