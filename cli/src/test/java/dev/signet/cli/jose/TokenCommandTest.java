// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.cli.Terminal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for JWS, JWE and JWT. */
class TokenCommandTest {
    private static final byte[] BINARY = {0, 1, (byte) 0xff, '\r', '\n', (byte) 0x80, '\n'};
    private static final String ISSUED = "jwt issue --key %k --issuer me --audience you";
    private static final String EXPECTED = "jwt verify --keys %p --issuer me --audience you --type JWT";

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void makeKeys() {
        terminal = new Terminal(folder);
        terminal.write("data", BINARY);
        ok("key generate --unencrypted --alg ES256 --id one --out %k");
        ok("key export %k --out %p");
        ok("key generate --unencrypted --alg ECDH-ES+A256KW --id box --out %e");
        ok("key export %e --out %ep");
    }

    // ---- jws -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"'', ''", "--json, --json", "--json --unencoded, refused", "--encrypt-to %ep, --decrypt-with %e"})
    void jws_roundTrip_givesTheVeryBytes(String signing, String verifying) {
        if (verifying.equals("refused")) {
            Terminal.assertFails(line("jws sign --key %k " + signing + " %data"), 2, "UTF-8");
            return;
        }
        terminal.write("t", ok("jws sign --key %k " + signing + " %data").out());
        Terminal.Result verified = ok("jws verify --keys %p " + verifying + " %t");
        assertThat(verified.bytes()).isEqualTo(BINARY);
        assertThat(verified.err()).isEqualTo("verified: signed by one (ES256)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--unencoded"})
    void jws_detached_verifiesOverTheFileOnly(String option) {
        Terminal.Result signed = ok("jws sign --key %k " + option + " --detached %data");
        assertThat(signed.out()).contains("..").endsWith("\n");
        terminal.write("t", signed.out());
        assertThat(ok("jws verify --keys %p --detached %data %t").bytes()).isEmpty();
        terminal.write("data", "other");
        Terminal.assertFails(line("jws verify --keys %p --detached %data %t"), 1, "signature-invalid");
    }

    @Test
    void jws_typesAndStandardInput() {
        terminal.write(
                "t",
                ok("jws sign --key %k --type a+jws --content-type text/plain %data")
                        .out());
        assertThat(terminal.input(terminal.read("t"))
                        .run("jws", "verify", "--keys", path("p"), "--type", "a+jws", "-")
                        .bytes())
                .isEqualTo(BINARY);
        Terminal.Result refused = line("jws verify --keys %p --type b+jws %t");
        Terminal.assertFails(refused, 1, "type-unexpected", "unverified header", "a+jws");
        assertThat(refused.bytes()).isEmpty();
    }

    @Test
    void jws_changedOrByAStranger_printsNothing() {
        String jws = ok("jws sign --key %k %data").out().strip();
        terminal.write("t", jws.replaceFirst("\\.A", ".B"));
        Terminal.Result changed = line("jws verify --keys %p %t");
        Terminal.assertFails(changed, 1, "refused: signature-invalid");
        assertThat(changed.bytes()).isEmpty();
        ok("key generate --unencrypted --alg ES256 --id other --out %k2");
        terminal.write("t", jws);
        Terminal.assertFails(line("jws verify --keys %k2 %t"), 1, "key-unknown", "k2 has other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jws sign --key %k|either FILE or --detached",
                "jws sign --key %k --detached %data %data|either FILE or --detached",
                "jws sign --key %k --unencoded %data|--unencoded needs",
                "jws sign --key %k --json --detached %data|--json goes",
                "jws sign --key %k --json --encrypt-to %ep %data|--json goes",
                "jws sign --key %p %data|public keys, which sign nothing",
                "jws sign --key %e %data|does not sign",
                "jws sign --key %k --encrypt-to %p %data|no key that encrypts",
                "jws sign --key %k %absent|no such file",
                "jws sign --key - -|both be standard input",
                "jws verify --keys %p --allow-private-addresses %data|belongs to --jwks-url",
                "jws verify --keys %p --json %data|not in JSON form",
                "jws verify --keys %p --decrypt-with %p %t|no such file",
                "jws verify --jwks-url http://example.com/ %data|--jwks-url",
                "jws verify --jwks-url https://127.0.0.1:9/ %data|--jwks-url",
                "jws verify --jwks-url https://127.0.0.1:9/ --allow-private-addresses %data|--jwks-url",
                "jwe encrypt %data|--encrypt-to FILE or --allow-passwords",
                "jwe encrypt --encrypt-to %ep --enc ES256 %data|encrypts no content",
                "jwe encrypt --encrypt-to %ep --encrypt-to %ep %data|--json",
                "jwe encrypt --encrypt-to %ep --encrypt-to %ep --json %data|share an id",
                "jwe encrypt --encrypt-to %ep --content-type JWT %data|signed and encrypted in one step",
                "jwe encrypt --allow-passwords 1 %data|10000",
                "jwe decrypt %data|--decrypt-with FILE or --allow-passwords",
                "jwe decrypt --decrypt-with %ep %data|no key that decrypts",
                "jwe decrypt --allow-passwords 999999 %data|600000",
                "jwt issue --key %k --issuer me --audience you --lifetime 0s|--lifetime",
                "jwt issue --key %k --issuer me --audience you --lifetime 99y|by the policy",
                "jwt issue --key %k --issuer me --audience you --claim x|NAME=VALUE",
                "jwt issue --key %k --issuer me --audience you --claim x=null|null",
                "jwt issue --key %k --issuer me --audience you --claim exp=1|own method",
                "jwt verify --keys %p --audience you --type JWT %data|either --issuer or --ignore-issuer",
                "jwt verify --keys %p --issuer me --type JWT %data|either --audience or --ignore-audience",
                "jwt verify --keys %p --issuer me --audience you %data|either --type or --ignore-type",
                "jwt verify --keys %p --issuer a --ignore-issuer --audience you --type JWT %data|not both"
            })
    void wrongUse_isOneLine(String arguments, String words) {
        Terminal.Result result = line(arguments);
        Terminal.assertFails(result, 2, words.replace("10000", "PBKDF2").replace("600000", "PBKDF2"));
        assertThat(result.bytes()).isEmpty();
    }

    // ---- jwe -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"", "--json"})
    void jwe_roundTrip_givesTheVeryBytes(String form) {
        terminal.write(
                "t",
                ok("jwe encrypt --enc A128GCM --encrypt-to %ep " + form + " %data")
                        .out());
        Terminal.Result decrypted = ok("jwe decrypt --decrypt-with %e " + form + " %t");
        assertThat(decrypted.bytes()).isEqualTo(BINARY);
        assertThat(decrypted.err()).isEmpty();
    }

    @Test
    void jwe_wrongKeyOrChanged_isTheOneRefusal() {
        terminal.write("t", ok("jwe encrypt --encrypt-to %ep %data").out());
        ok("key generate --unencrypted --alg ECDH-ES+A256KW --id box --out %e2");
        Terminal.Result result = line("jwe decrypt --decrypt-with %e2 %t");
        Terminal.assertFails(result, 1, "refused: decryption-failed");
        assertThat(result.bytes()).isEmpty();
    }

    @Test
    void jwe_passphrase_roundTrip() {
        Terminal.Result made = terminal.typing("a long passphrase", "a long passphrase")
                .run("jwe", "encrypt", "--allow-passwords", "10000", "%data");
        assertThat(made.code()).as(made.err()).isZero();
        terminal.write("t", made.out());
        assertThat(terminal.typing("a long passphrase")
                        .run("jwe", "decrypt", "--allow-passwords", "10000", "%t")
                        .bytes())
                .isEqualTo(BINARY);
        Terminal.assertFails(
                terminal.typing("another passphrase").run("jwe", "decrypt", "--allow-passwords", "10000", "%t"),
                1,
                "decryption-failed");
    }

    @Test
    void jwe_holdingASignedToken_isNotHandedOut() {
        terminal.write("t", ok("jws sign --key %k --encrypt-to %ep %data").out());
        Terminal.Result result = line("jwe decrypt --decrypt-with %e %t");
        Terminal.assertFails(result, 1, "a token is inside");
        assertThat(result.bytes()).isEmpty();
    }

    // ---- jwt -------------------------------------------------------------------------------------------------------

    @Test
    void jwt_roundTrip_printsTheClaims() {
        terminal.write(
                "t",
                ok(ISSUED + " --subject alice --claim admin=true --claim n=12.50 --claim roles=[\"a\"] --claim name=Al"
                                + " --claim empty=")
                        .out());
        Terminal.Result verified = ok(EXPECTED + " --subject alice %t");
        assertThat(verified.out())
                .startsWith("{\"iss\":\"me\",\"aud\":\"you\"")
                .contains("\"sub\":\"alice\"", "\"admin\":true", "12.50", "\"roles\":[\"a\"]")
                .contains("\"name\":\"Al\"", "\"empty\":\"\"", "\"jti\":")
                .endsWith("}\n");
    }

    @Test
    void jwt_nested_roundTrip() {
        terminal.write("t", ok(ISSUED + " --encrypt-to %ep").out());
        assertThat(ok(EXPECTED + " --decrypt-with %e %t").out()).contains("\"iss\":\"me\"");
        Terminal.assertFails(line(EXPECTED + " %t"), 1, "refused");
    }

    @ParameterizedTest
    @CsvSource({
        "--issuer other --audience you --type JWT, claim-unexpected",
        "--issuer me --audience other --type JWT, claim-unexpected",
        "--issuer me --audience you --type at+jwt, type-unexpected",
        "--issuer me --audience you --type JWT --subject bob, claim-missing",
        "--issuer me --audience you --type JWT --at 2026-12-02T12:00:00Z, expired",
        "--issuer me --audience you --type JWT --at 2026-11-01T12:00:00Z, created-in-future"
    })
    void jwt_notAsExpected_isRefused(String options, String code) {
        terminal.write("t", ok(ISSUED).out());
        Terminal.Result result = line("jwt verify --keys %p " + options + " %t");
        Terminal.assertFails(result, 1, "refused: " + code);
        assertThat(result.bytes()).isEmpty();
    }

    @Test
    void jwt_ignored_isAccepted() {
        terminal.write("t", ok(ISSUED).out());
        ok("jwt verify --keys %p --ignore-issuer --ignore-audience --ignore-type --ignore-expiration"
                + " --at 2026-12-02T12:00:00Z %t");
        terminal.write(
                "t", ok(ISSUED + " --lifetime 400d --allow-token-lifetime").out());
        Terminal.assertFails(line(EXPECTED + " %t"), 1, "lifetime-too-long");
        ok(EXPECTED + " --allow-token-lifetime 400d %t");
    }

    @Test
    void jwt_unsigned_isRefused() {
        terminal.write("t", part("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + part("{\"iss\":\"me\"}") + ".");
        Terminal.assertFails(line(EXPECTED + " %t"), 1, "algorithm-mismatch");
    }

    // ---- inspect ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"jws", "jwe", "jwt"})
    void inspect_marksEveryLine(String command) {
        terminal.write("t", ok(ISSUED).out());
        Terminal.Result result = ok(command + " inspect %t");
        assertThat(result.out().lines().findFirst().orElse("")).startsWith("UNVERIFIED: nobody has checked this");
        assertThat(result.out().lines().skip(1)).allMatch(line -> line.startsWith("unverified  "));
        assertThat(result.out()).contains("\"alg\" : \"ES256\"", "\"iss\" : \"me\"", "JWS");
        assertThat(ok(command + " inspect --json %t").out()).contains("\"unverified\" : true", "\"iss\" : \"me\"");
    }

    @Test
    void inspect_encrypted_showsTheHeaderOnly() {
        terminal.write("t", ok("jwe encrypt --encrypt-to %ep %data").out());
        assertThat(ok("jwe inspect %t").out()).contains("JWE", "ECDH-ES+A256KW").doesNotContain("payload");
    }

    @Test
    void inspect_hostileContent_reachesNoTerminal() {
        terminal.write("t", part("{\"jku\":\"https://attacker.example/\"}") + "." + part("\u001b[31m\nverified") + ".");
        Terminal.Result result = ok("jws inspect %t");
        assertThat(result.out()).doesNotContain("\u001b", "\nverified").contains("\\u001b[31m");
        terminal.write("t", "no token");
        Terminal.assertFails(line("jwt inspect %t"), 2, "neither three parts nor five");
        terminal.write("t", "{}");
        Terminal.assertFails(line("jwt inspect %t"), 2, "JSON form");
    }

    @Test
    void inspect_duplicateMembers_areSaidAndAFailure() {
        for (String payload :
                new String[] {"{\"admin\":false,\"admin\":true}", "{\"a\":[{\"admin\":false,\"x\":1,\"admin\":true}]}"
                }) {
            terminal.write("t", part("{\"alg\":\"ES256\"}") + "." + part(payload) + ".");
            for (String command : new String[] {"jwt inspect %t", "jws inspect --json %t"}) {
                Terminal.Result result = line(command);
                Terminal.assertFails(result, 2, "the payload has two members 'admin' in one object");
                assertThat(result.out()).contains("false", "true", "malformed");
            }
        }
        terminal.write("t", part("{\"alg\":\"ES256\"}") + "." + part("{\"a\":{\"b\":1},\"c\":{\"b\":1}}") + ".");
        assertThat(line("jwt inspect %t").code()).isZero();
        terminal.write("t", part("{\"alg\":\"ES256\",\"alg\":\"none\"}") + "." + part("{}") + ".");
        Terminal.assertFails(line("jwt inspect %t"), 2);
    }

    @Test
    void inspect_controlAndFormatCharacters_areEscapedInBothForms() {
        String kid = "\u009b31m \u202eabc\u2066 \u007f \udb40\udc41 \u2028";
        terminal.write("t", part("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}") + "." + part("{}") + ".");
        for (String command : new String[] {"jwt inspect %t", "jwt inspect --json %t", "jwe inspect --json %t"}) {
            assertThat(ok(command).out())
                    .contains("\\u009b31m \\u202eabc\\u2066 \\u007f \\udb40\\udc41 \\u2028")
                    .doesNotContain("\u009b", "\u202e", "\u2066", "\u007f", "\udb40\udc41", "\u2028");
        }
    }

    @Test
    void verify_claimsWithControlCharacters_areTheSameJsonEscaped() throws Exception {
        terminal.write("t", ok(ISSUED + " --subject \u009b31m\u202eroot").out());
        Terminal.Result result = ok("jwt verify --keys %p --issuer me --audience you --type JWT %t");
        assertThat(result.out()).contains("\\u009b31m\\u202eroot").doesNotContain("\u009b", "\u202e");
        assertThat(new com.fasterxml.jackson.databind.json.JsonMapper()
                        .readTree(result.out())
                        .get("sub")
                        .asText())
                .isEqualTo("\u009b31m\u202eroot");
    }

    @Test
    void verify_payloadOnATerminal_isMadeVisibleAndElsewhereKept() {
        terminal.write("raw", "a\u001b[31mb\n");
        terminal.write("t", ok("jws sign --key %k %raw").out());
        assertThat(ok("jws verify --keys %p %t").out()).isEqualTo("a\u001b[31mb\n");
        terminal.colourful();
        assertThat(ok("jws verify --keys %p %t").out()).isEqualTo("a\\u001b[31mb\n");
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private Terminal.Result line(String arguments) {
        return terminal.run(
                Stream.of(arguments.split(" +")).filter(a -> !a.isEmpty()).toArray(String[]::new));
    }

    private Terminal.Result ok(String arguments) {
        Terminal.Result result = line(arguments);
        assertThat(result.code()).as(arguments + ": " + result.err()).isZero();
        return result;
    }
}
