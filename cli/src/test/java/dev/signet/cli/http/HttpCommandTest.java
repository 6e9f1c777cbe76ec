// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signet.cli.Terminal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCommandTest {
    private static final String REQUEST = "POST /pay?id=7 HTTP/1.1\r\nHost: example.com\r\nDate: today\r\n"
            + "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"amount\":100}";
    private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void prepare() {
        terminal = new Terminal(folder);
        terminal.run("key", "generate", "--unencrypted", "--alg", "ES256", "--id", "pay", "--out", "%k");
        terminal.run("key", "export", "%k", "--out", "%p");
        terminal.write("m", REQUEST);
        terminal.write("r", RESPONSE);
    }

    // ---- sign, then verify -----------------------------------------------------------------------------------------

    @Test
    void sign_request_addsFieldsAndKeepsEveryOtherByte() {
        Terminal.Result signed = sign();
        assertThat(signed.code()).as(signed.err()).isZero();
        assertThat(signed.err()).isEmpty();
        assertThat(signed.out())
                .startsWith(REQUEST.substring(0, REQUEST.indexOf("\r\n\r\n") + 2) + "Content-Digest: sha-256=:")
                .contains("\r\nSignature-Input: sig=(", "\r\nSignature: sig=:", ":\r\n\r\n{\"amount\":100}")
                .endsWith("{\"amount\":100}");

        Terminal.Result verified = verify(signed.out());
        assertThat(verified.code()).as(verified.err()).isZero();
        assertThat(verified.out())
                .contains("verified  sig", "pay (ES256)", "\"@target-uri\": https://example.com/pay?id=7")
                .contains("covered: 14 bytes match the signed digest");
    }

    @Test
    void sign_linesEndingInLf_keepsThem() {
        terminal.write("m", REQUEST.replace("\r\n", "\n") + "\n");
        Terminal.Result signed = sign();
        assertThat(signed.out()).doesNotContain("\r").endsWith("{\"amount\":100}\n");
        assertThat(verify(signed.out()).code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\nHost: a\n",
                "GET / HTTP/1.1\nHost: a",
                "GET http://b/x HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\nabc\n2;x=y\nde\n0\nX-T: 1\n\n",
                "PUT / HTTP/1.1\nHost: a\nX: 1\n  folded\nX: 2\n\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\u00ff\u0000\r\n\r\n"
            })
    void sign_formsOfMessages_verifyAgain(String message) {
        terminal.write("m", message);
        Terminal.Result signed = sign();
        assertThat(signed.code()).as(signed.err()).isZero();
        terminal.write("s", signed.bytes());
        Terminal.Result verified = terminal.run("http", "verify", "--keys", "%p", "%s");
        assertThat(verified.code()).as(verified.err()).isZero();
    }

    @Test
    void sign_twoRequestsInOneFile_isRefusedUnlessAllowed() {
        terminal.write("m", "GET /a HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\nHost: a\n\n");
        Terminal.assertFails(sign(), 2, "25 bytes follow", "RFC 9112, 6.3", "--allow-undeclared-body");
        Terminal.Result signed = sign("--allow-undeclared-body");
        assertThat(signed.code()).isZero();
        Terminal.assertFails(verify(signed.out()), 2, "RFC 9112, 6.3");
        assertThat(verify(signed.out(), "--allow-undeclared-body").out()).contains("covered: 25 bytes");
    }

    @Test
    void verify_lineBreaksBehindTheBody_areNamed() {
        Terminal.Result result = verify(sign().out() + "\r\n\n");
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("goes on behind the end of its message", "line breaks, 3 bytes");
        assertThat(verify(sign().out()).err()).isEmpty();
    }

    @Test
    void verify_labelsThatDiffer_areNamed() {
        String signed = sign().out();
        Terminal.assertFails(
                verify(signed.replace("Signature: sig=", "X: sig=")), 1, "labels", "has no Signature field");
        Terminal.assertFails(
                verify(signed.replace("Signature-Input: sig=", "X: sig=")), 1, "has no Signature-Input field");
        Terminal.assertFails(
                verify(signed.replace("Signature: sig=", "Signature: other=")),
                1,
                "Signature-Input has sig, Signature has other");
        terminal.write("s", signed.replace("Signature: sig=", "X: sig="));
        assertThat(terminal.run("http", "explain", "--keys", "%p", "%s").out()).contains("has no Signature field");
    }

    @Test
    void explain_changedBodyWithBase_namesTheBody() {
        Terminal.Result signed = sign("--show-base");
        terminal.write("base", signed.err());
        terminal.write("s", signed.out().replace("\"amount\":100", "\"amount\":999"));
        Terminal.Result result = terminal.run("http", "explain", "--keys", "%p", "--base", "%base", "%s");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .contains("digest-mismatch", "the signature holds, the body does not", "by more than line breaks")
                .doesNotContain("another key");
    }

    @Test
    void explain_otherKeyUnderTheSameId_isNamedWithItsAlgorithm() {
        terminal.write("s", sign().bytes());
        terminal.run("key", "generate", "--unencrypted", "--alg", "Ed25519", "--id", "pay", "--out", "%k2");
        Terminal.Result result = terminal.run("http", "explain", "--keys", "%k2", "%s");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("with the key 'pay' (Ed25519)", "another key under this id");
    }

    @Test
    void sign_response_bindsItsRequest() {
        terminal.write("m", sign().bytes());
        Terminal.Result signed = terminal.run("http", "sign", "--key", "%k", "--request", "%m", "%r");
        assertThat(signed.code()).as(signed.err()).isZero();
        terminal.write("rs", signed.bytes());
        assertThat(terminal.run("http", "verify", "--keys", "%p", "--request", "%m", "%rs")
                        .code())
                .isZero();

        Terminal.assertFails(
                terminal.run("http", "verify", "--keys", "%p", "%rs"), 1, "component-unavailable", "--request");
        terminal.write("unsigned", REQUEST);
        Terminal.assertFails(
                terminal.run("http", "verify", "--keys", "%p", "--request", "%unsigned", "%rs"),
                1,
                "component-unavailable");
        // An equal request, signed anew, is another one.
        terminal.write(
                "other",
                terminal.run("http", "sign", "--key", "%k", "%unsigned").bytes());
        Terminal.assertFails(
                terminal.run("http", "verify", "--keys", "%p", "--request", "%other", "%rs"), 1, "signature-invalid");
        Terminal.assertFails(terminal.run("http", "sign", "--key", "%k", "%r"), 2, "--request");
    }

    @Test
    void sign_options_areWritten() {
        Terminal.Result signed = sign(
                "--label",
                "mine",
                "--tag",
                "app",
                "--expires",
                "60s",
                "--created",
                "2026-12-01T11:59:00Z",
                "--nonce",
                "n1",
                "--alg-param",
                "--digest",
                "sha-512",
                "--fields-only",
                "--cover",
                "\"@method\" \"content-digest\"",
                "--cover",
                "date, @query-param;name=\"id\"");
        assertThat(signed.out().lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("Content-Digest: sha-512=:"))
                .anyMatch(line -> line.equals("Signature-Input: mine=(\"@method\" \"content-digest\" \"date\" "
                        + "\"@query-param\";name=\"id\");created=1796126340;expires=1796126400;nonce=\"n1\";"
                        + "keyid=\"pay\";alg=\"ecdsa-p256-sha256\";tag=\"app\""));
    }

    @Test
    void sign_deterministicKeyAndTime_isReproducible() {
        terminal.run("key", "generate", "--unencrypted", "--alg", "HS256", "--id", "s", "--out", "%h");
        String[] arguments = {"http", "sign", "--key", "%h", "--no-nonce", "--created", "1796126340", "%m"};
        assertThat(terminal.run(arguments).out())
                .isEqualTo(terminal.run(arguments).out())
                .doesNotContain("nonce");
    }

    @Test
    void sign_showBase_goesToStandardErrorAndExplains() {
        Terminal.Result signed = sign("--show-base");
        assertThat(signed.err()).startsWith("\"@method\": POST\n").contains("\"@signature-params\": (");
        assertThat(signed.out()).doesNotContain("\"@method\": POST");
    }

    @Test
    void sign_withPem_writesTheIdThatIsGiven() {
        terminal.run("key", "export", "%k", "--dangerously-private", "--pem", "--out", "%pem");
        terminal.run("key", "export", "%k", "--pem", "--out", "%pub");
        Terminal.Result signed = terminal.run("http", "sign", "--key", "%pem", "--key-id", "mine", "%m");
        assertThat(signed.out()).contains("keyid=\"mine\"");
        terminal.write("s", signed.bytes());
        assertThat(terminal.run("http", "verify", "--keys", "%pub", "--key-id", "mine", "%s")
                        .code())
                .isZero();
        Terminal.assertFails(
                terminal.run("http", "verify", "--keys", "%pub", "%s"), 1, "key-unknown", "it names 'mine'");
    }

    @Test
    void sign_secondKey_isRefusedUntilPromoted() {
        terminal.run("key", "rotate", "%k", "--id", "next");
        Terminal.assertFails(sign("--key-id", "next"), 2, "'next' is verify-only");
        terminal.run("key", "rotate", "%k", "--promote", "next");
        assertThat(sign("--key-id", "next").out()).contains("keyid=\"next\"");
        Terminal.assertFails(sign("--key-id", "pay"), 2, "'pay' is verify-only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cover|Date|lower-case",
                "--cover|@nothing|--cover",
                "--cover|\"date|--cover",
                "--cover|\" \"|--cover",
                "--cover|,|no component",
                "--cover|x-absent|x-absent",
                "--cover|@status|@status",
                "--cover|set-cookie|set-cookie",
                "--label|Not A Label|cannot sign so",
                "--tag|\u00e4|cannot sign so",
                "--nonce|\u00e4|--nonce",
                "--expires|0s|--expires",
                "--expires|soon|--expires",
                "--created|yesterday|--created",
                "--created|1969-01-01T00:00:00Z|--created",
                "--digest|md5|--digest",
                "--scheme|ftp|--scheme",
                "--key-id|absent|no key 'absent'",
                "--alg|pay=RS256|is for ES256",
                "--alg|nobody=ES256|'nobody'",
                "--alg|XX|'XX'",
                "--field-type|x|--field-type",
                "--field-type|x=map|--field-type",
                "--request|m|no such file"
            })
    void sign_wrongOption_isOneLine(String option, String value, String word) {
        Terminal.Result result = sign(option, value);
        Terminal.assertFails(result, 2, word);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void sign_wrongKeys_areRefused() {
        Terminal.assertFails(terminal.run("http", "sign", "--key", "%p", "%m"), 2, "public keys, which sign nothing");
        Terminal.assertFails(terminal.run("http", "sign", "--key", "%m", "%m"), 2, "neither PEM nor");
        Terminal.assertFails(terminal.run("http", "sign", "--key", "%absent", "%m"), 2, "no such file");
        Terminal.assertFails(terminal.run("http", "sign", "--key", "-", "-"), 2, "both be standard input");
        terminal.run("key", "generate", "--unencrypted", "--alg", "A256KW", "--out", "%enc");
        Terminal.assertFails(terminal.run("http", "sign", "--key", "%enc", "%m"), 2, "does not sign");
        terminal.run("key", "generate", "--unencrypted", "--alg", "ML-DSA-44", "--out", "%ml");
        Terminal.assertFails(terminal.run("http", "sign", "--key", "%ml", "--alg-param", "%m"), 2, "registry");
    }

    @Test
    void sign_digestThatDoesNotMatch_isRefused() {
        terminal.write("m", REQUEST.replace("Date: today", "Content-Digest: sha-256=:" + "A".repeat(43) + "=:"));
        Terminal.assertFails(sign(), 2, "digest");
    }

    // ---- verify ----------------------------------------------------------------------------------------------------

    @Test
    void verify_json_saysWhatHolds() throws Exception {
        terminal.write("s", sign("--tag", "app").bytes());
        Terminal.Result result = terminal.run("http", "verify", "--keys", "%k", "--json", "%s");
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(json.get("verified").asBoolean()).isTrue();
        JsonNode signature = json.get("signatures").get(0);
        assertThat(signature.get("keyId").asText()).isEqualTo("pay");
        assertThat(signature.get("tag").asText()).isEqualTo("app");
        assertThat(signature.get("components").get(0).get("value").asText()).isEqualTo("POST");
        assertThat(json.get("body").get("covered").asBoolean()).isTrue();
    }

    @Test
    void verify_jsonOfARefusal_saysWhyAndEndsWith1() throws Exception {
        Terminal.Result result = terminal.run("http", "verify", "--keys", "%p", "--json", "%m");
        Terminal.assertFails(result, 1, "refused: signature-missing");
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(json.get("verified").asBoolean()).isFalse();
        assertThat(json.get("code").asText()).isEqualTo("signature-missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "100}|999}|digest-mismatch",
                "POST /pay|PUT /pay|signature-invalid",
                "id=7|id=8|signature-invalid",
                "example.com|example.org|signature-invalid",
                "application/json|text/plain|signature-invalid",
                "keyid=\"pay\"|keyid=\"who\"|key-unknown",
                "created=1796126400|created=1796126401|signature-invalid",
                "created=1796126400|created=1796120000|too-old",
                "created=1796126400|created=1796130000|created-in-future",
                "\"@method\" |''|component-not-covered",
                "Signature: sig=|Signature: gis=|message-malformed",
                "Signature: sig=:|Signature: sig=::|message-malformed",
                "Signature-Input: |X-Gone: |message-malformed"
            })
    void verify_changedMessage_isRefusedWithItsReason(String from, String to, String code) {
        String signed = sign().out();
        assertThat(signed).contains(from);
        Terminal.Result result = verify(signed.replace(from, to));
        Terminal.assertFails(result, 1, "refused: " + code + ": ");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void verify_oldMessage_isAcceptedAtItsTimeOrByALongerAge() {
        String signed = sign().out();
        terminal.at(Terminal.NOW.plus(Duration.ofDays(3)));
        Terminal.assertFails(verify(signed), 1, "too-old", "3 days ago");
        assertThat(verify(signed, "--at", "2026-12-01T12:01:00+00:00").code()).isZero();
        assertThat(verify(signed, "--allow-max-age", "7d").code()).isZero();
        Terminal.assertFails(verify(signed, "--max-age", "7d"), 2, "--allow-max-age");
        Terminal.assertFails(verify(signed, "--max-age", "10s", "--at", "1796126460"), 1, "too-old");
    }

    @Test
    void verify_expired_isRefused() {
        String signed = sign("--expires", "60s").out();
        terminal.at(Terminal.NOW.plus(Duration.ofMinutes(2)));
        Terminal.assertFails(verify(signed), 1, "refused: expired", "60 s ago");
    }

    @Test
    void verify_demands_areMetOrRefused() {
        String signed = sign("--tag", "app").out();
        assertThat(verify(signed, "--require", "content-type", "--tag", "app", "--key-id", "pay")
                        .code())
                .isZero();
        Terminal.assertFails(verify(signed, "--require", "\"date\""), 1, "component-not-covered", "\"date\"");
        Terminal.assertFails(verify(signed, "--tag", "other"), 1, "signature-not-acceptable");
        Terminal.assertFails(verify(signed, "--key-id", "other"), 1, "signature-not-acceptable");
        Terminal.assertFails(verify(signed, "--scheme", "http"), 1, "signature-invalid");
    }

    @Test
    void verify_weakCoverage_needsAnOptionThatSaysSo() {
        String signed = sign("--cover", "@method").out();
        Terminal.assertFails(verify(signed), 1, "component-not-covered", "@target-uri");
        Terminal.assertFails(verify(signed, "--ignore-components", "@target-uri"), 1, "content-digest");
        Terminal.Result result = verify(signed, "--ignore-components", "@target-uri content-digest content-type");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("NOT covered", "14 bytes");
        assertThat(verify(signed, "--ignore-coverage").code()).isZero();
        Terminal.assertFails(verify(signed, "--ignore-coverage", "--require", "date"), 1, "component-not-covered");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--at|later|--at",
                "--at|99999999999999|--at",
                "--max-age|0s|--max-age",
                "--allow-max-age|x|--allow-max-age",
                "--require|Date|--require",
                "--require|''|--require",
                "--ignore-components|@x|--ignore-components",
                "--scheme|HTTPS|--scheme",
                "--request|/no/such/file|/no/such/file",
                "--alg|pay=HS256|is for ES256"
            })
    void verify_wrongOption_isAnErrorAndNoVerdict(String option, String value, String word) {
        Terminal.assertFails(verify(sign().out(), option, value), 2, word);
    }

    @Test
    void verify_inputsThatExcludeEachOther_areRefused() {
        String signed = sign().out();
        Terminal.assertFails(verify(signed, "--max-age", "1m", "--allow-max-age", "1d"), 2, "exclude");
        Terminal.assertFails(verify(signed, "--request", "%m"), 2, "is a request");
        Terminal.assertFails(
                terminal.run("http", "verify", "--keys", "%p", "--request", "%r", "%r"), 2, "is a response");
        Terminal.assertFails(terminal.run("http", "verify", "--keys", "-", "-"), 2, "standard input");
        Terminal.assertFails(
                terminal.run("http", "verify", "--keys", "%p", "--request", "-", "-"), 2, "standard input");
        Terminal.assertFails(terminal.run("http", "verify", "--keys", "%m", "%m"), 2, "neither PEM nor");
        Terminal.assertFails(terminal.run("http", "verify", "--keys", "%p", folder.toString()), 2, "is a directory");
        Terminal.assertFails(terminal.run("http", "verify", "--keys", "%p", "%k"), 2, "line 1");
    }

    @Test
    void verify_fromStandardInput() {
        byte[] signed = sign().bytes();
        Terminal.Result result = terminal.input(new String(signed, StandardCharsets.ISO_8859_1))
                .run("http", "verify", "--keys", "%p", "-");
        assertThat(result.code()).isZero();
    }

    @Test
    void verify_keysetWithDisabledKey_isRefused() {
        String signed = sign().out();
        terminal.run("key", "rotate", "%k", "--id", "next");
        terminal.run("key", "rotate", "%k", "--promote", "next");
        assertThat(terminal.run(
                                "http",
                                "verify",
                                "--keys",
                                "%k",
                                terminal.write("s", signed).toString())
                        .code())
                .isZero();
        terminal.run("key", "rotate", "%k", "--disable", "pay");
        Terminal.assertFails(terminal.run("http", "verify", "--keys", "%k", "%s"), 1, "key-disabled");
    }

    // ---- explain ---------------------------------------------------------------------------------------------------

    @Test
    void explain_changedPath_namesTheComponentAndNoValue() {
        terminal.write("s", sign().out().replace("Content-Type: application/json", "Content-Type: application/json;x"));
        Terminal.Result result = terminal.run("http", "explain", "--keys", "%p", "%s");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).startsWith("refused  signature-invalid").doesNotContain("application/json");
    }

    @Test
    void explain_withTheSignersBase_showsValuesOnlyWhenAsked() {
        Terminal.Result signed = sign("--show-base");
        terminal.write("base", signed.err());
        terminal.write("s", signed.out().replace("id=7", "id=8"));
        Terminal.Result hidden = terminal.run("http", "explain", "--keys", "%p", "--base", "%base", "%s");
        assertThat(hidden.code()).isEqualTo(1);
        assertThat(hidden.out()).contains("\"@target-uri\"").doesNotContain("id=7", "id=8");
        Terminal.Result shown =
                terminal.run("http", "explain", "--keys", "%p", "--base", "%base", "--show-values", "%s");
        assertThat(shown.out()).contains("id=7", "id=8");
    }

    @Test
    void explain_withoutACause_pointsAtTheSignatureBase() {
        terminal.write("s", sign().out().replace("id=7", "id=8"));
        Terminal.Result hidden = terminal.run("http", "explain", "--keys", "%p", "%s");
        assertThat(hidden.out()).contains("--base compares").doesNotContain("id=8");
        Terminal.Result shown = terminal.run("http", "explain", "--keys", "%p", "--show-values", "%s");
        assertThat(shown.out()).contains("signature base of sig:", "\"@target-uri\": https://example.com/pay?id=8");
    }

    @Test
    void explain_goodMessage_endsWith0() {
        terminal.write("s", sign().bytes());
        Terminal.Result result = terminal.run("http", "explain", "--keys", "%p", "%s");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("nothing to explain");
    }

    @Test
    void explain_unusableInput_isOneLine() {
        Terminal.assertFails(terminal.run("http", "explain", "--keys", "%p", "%absent"), 2, "no such file");
        Terminal.assertFails(terminal.run("http", "explain", "--keys", "%p", "--base", "-", "-"), 2, "standard input");
        terminal.write("s", sign().out().replace("id=7", "id=8"));
        Terminal.assertFails(
                terminal.run("http", "explain", "--keys", "%p", "--base", "%absent", "%s"), 2, "no such file");
    }

    private Terminal.Result sign(String... options) {
        return terminal.run(Stream.of(new String[] {"http", "sign", "--key", "%k"}, options, new String[] {"%m"})
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
    }

    private Terminal.Result verify(String message, String... options) {
        terminal.write("signed", message);
        return terminal.run(
                Stream.of(new String[] {"http", "verify", "--keys", "%p"}, options, new String[] {"%signed"})
                        .flatMap(Arrays::stream)
                        .toArray(String[]::new));
    }
}
