// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command against the messages and keys of RFC 9421, appendix B. */
class Rfc9421VectorsTest {
    @TempDir
    private Path folder;

    private Terminal terminal;
    private Path vectors = Path.of("");

    @BeforeEach
    void load() throws IOException {
        String name = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        assumeTrue(name != null, "SIGNET_VECTORS is not set: the RFC 9421 messages are missing");
        vectors = Path.of(name, "rfc9421");
        terminal = new Terminal(folder);
        terminal.write("keys", Files.readAllBytes(vectors.resolve("keys.jwks.json")));
    }

    @ParameterizedTest
    @CsvSource({
        "b21_request, --allow-empty-coverage, test-key-rsa-pss (PS512), NOT covered",
        "b22_request, --ignore-coverage, test-key-rsa-pss (PS512), covered: 18 bytes",
        "b23_request, --ignore-components=@target-uri, test-key-rsa-pss (PS512), covered: 18 bytes",
        "b24_response, '--ignore-components=@method;req @target-uri;req signature;req', test-key-ecc-p256 (ES256), covered: 23 bytes",
        "b25_request, --ignore-coverage, test-shared-secret (HS256), NOT covered",
        "b26_request, --ignore-coverage, test-key-ed25519 (Ed25519), NOT covered"
    })
    void verify_appendixB2_isAccepted(String name, String lowering, String key, String body) {
        Terminal.Result result = verify(name, lowering);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("sig-" + name.substring(0, 3), key, body);
    }

    @ParameterizedTest
    @CsvSource({"b21_request", "b22_request", "b24_response", "b25_request", "b26_request"})
    void verify_appendixB2_asRecommended_coversTooLittle(String name) {
        Terminal.assertFails(verify(name, "--max-age=5m"), 1, "component-not-covered");
    }

    @Test
    void verify_keysWithoutAlgorithm_areLeftOutAndNamed() {
        Terminal.Result result = terminal.run(
                "http", "verify", "--keys", "%keys", "--at", "1618884480", "--ignore-coverage", signed("b22_request"));
        Terminal.assertFails(result, 1, "key-unknown", "test-key-rsa-pss", "--alg says which");
    }

    @Test
    void verify_anotherAlgorithmThanSigned_isRefused() {
        Terminal.Result result = terminal.run(
                "http",
                "verify",
                "--keys",
                "%keys",
                "--alg",
                "test-key-rsa-pss=rsa-v1_5-sha256",
                "--at",
                "1618884480",
                "--ignore-coverage",
                signed("b22_request"));
        Terminal.assertFails(result, 1, "signature-invalid");
    }

    @ParameterizedTest
    @CsvSource({
        "b25, test-shared-secret, '\"date\" \"@authority\" \"content-type\"'",
        "b26, test-key-ed25519, '\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\"'"
    })
    void sign_deterministicAlgorithm_givesThePublishedFields(String name, String keyId, String cover)
            throws IOException {
        Terminal.Result result = terminal.run(
                "http",
                "sign",
                "--key",
                "%keys",
                "--alg",
                "HS256",
                "--key-id",
                keyId,
                "--label",
                "sig-" + name,
                "--cover",
                cover,
                "--created",
                "1618884473",
                "--no-nonce",
                "--fields-only",
                vectors.resolve("rfc-test-request.txt").toString());
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Files.readString(vectors.resolve(name + "_request_signed.txt")))
                .contains(result.out());
    }

    private Terminal.Result verify(String name, String option) {
        return terminal.run(
                "http",
                "verify",
                "--keys",
                "%keys",
                "--alg",
                "test-key-rsa-pss=PS512",
                "--alg",
                "hmac-sha256",
                "--at",
                "2021-04-20T02:08:00Z",
                option,
                signed(name));
    }

    private String signed(String name) {
        return vectors.resolve(name + "_signed.txt").toString();
    }
}
