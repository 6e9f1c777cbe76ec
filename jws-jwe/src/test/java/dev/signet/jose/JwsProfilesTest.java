// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Profiles of JWS that banks and payment services use, written with this library. */
class JwsProfilesTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final byte[] BODY = RfcKeys.utf8("{\"Data\":{\"Amount\":\"10.00\"}}");

    // ---- UK Open Banking: x-jws-signature over the body of a request -----------------------------------------------

    private static final String IAT = "http://openbanking.org.uk/iat";
    private static final String ISS = "http://openbanking.org.uk/iss";
    private static final String TAN = "http://openbanking.org.uk/tan";

    private final SigningKey psuKey = SigningKey.generate(Algorithm.PS256).withId("90210ABAD");

    private JwsSigner openBankingSigner() {
        return JwsSigner.builder(psuKey)
                .type("JOSE")
                .contentType("application/json")
                .critical(IAT, () -> NOW)
                .critical(ISS, "C=UK, ST=England, L=London, O=Acme Ltd.")
                .critical(TAN, "openbanking.org.uk")
                .build();
    }

    private JwsVerifier openBankingVerifier(Instant now) {
        return JwsVerifier.builder(Tokens.resolver(psuKey))
                .expectType("JOSE")
                .understand(
                        IAT,
                        header -> header.instant(IAT)
                                .filter(issued ->
                                        !issued.isAfter(now) && issued.isAfter(now.minus(Duration.ofMinutes(5))))
                                .isPresent())
                .understand(
                        ISS,
                        header -> header.string(ISS).equals(Optional.of("C=UK, ST=England, L=London, O=Acme Ltd.")))
                .understand(TAN, header -> header.string(TAN).equals(Optional.of("openbanking.org.uk")))
                .requireHeaders(IAT, ISS, TAN, "crit", "kid")
                .build();
    }

    @Test
    void openBanking_detachedSignature_isAccepted() {
        String signature = openBankingSigner().signDetached(BODY);
        VerifiedJws verified = openBankingVerifier(NOW.plusSeconds(5)).verifyDetached(signature, BODY);
        assertThat(verified.header().strings("crit")).containsExactly(IAT, ISS, TAN);
        assertThat(verified.header().instant(IAT)).contains(NOW);
        assertThat(verified.key().id()).isEqualTo("90210ABAD");
    }

    @Test
    void openBanking_otherBodyTimeIssuerOrAnchor_isRejected() {
        String signature = openBankingSigner().signDetached(BODY);
        JwsVerifier verifier = openBankingVerifier(NOW);
        Tokens.assertRefused(
                Reason.SIGNATURE_INVALID, () -> verifier.verifyDetached(signature, RfcKeys.utf8("{\"Data\":{}}")));
        Tokens.assertRefused(
                Reason.HEADER_UNEXPECTED,
                () -> openBankingVerifier(NOW.plusSeconds(301)).verifyDetached(signature, BODY));
        Tokens.assertRefused(
                Reason.HEADER_UNEXPECTED,
                () -> openBankingVerifier(NOW.minusSeconds(1)).verifyDetached(signature, BODY));
        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of(IAT, "2026-11-01T12:00:00Z"),
                Map.of(IAT, true),
                Map.of(ISS, "C=UK, O=Other Ltd."),
                Map.of(TAN, "openbanking.example"))) {
            JwsSigner.Builder signer = JwsSigner.builder(psuKey).type("JOSE");
            Map<String, Object> headers = new LinkedHashMap<>();
            headers.put(IAT, NOW);
            headers.put(ISS, "C=UK, ST=England, L=London, O=Acme Ltd.");
            headers.put(TAN, "openbanking.org.uk");
            headers.putAll(change);
            headers.forEach(signer::critical);
            String bad = signer.build().signDetached(BODY);
            Tokens.assertRefused(Reason.HEADER_UNEXPECTED, () -> verifier.verifyDetached(bad, BODY));
        }
    }

    @Test
    void openBanking_headerAbsentOrNotUnderstood_isRejected() {
        String noAnchor = JwsSigner.builder(psuKey)
                .type("JOSE")
                .critical(IAT, NOW)
                .critical(ISS, "C=UK, ST=England, L=London, O=Acme Ltd.")
                .build()
                .signDetached(BODY);
        Tokens.assertRefused(
                Reason.HEADER_UNEXPECTED, () -> openBankingVerifier(NOW).verifyDetached(noAnchor, BODY));
        // Who knows nothing of the profile must not accept its signatures.
        Tokens.assertRefused(
                Reason.CRITICAL_NOT_UNDERSTOOD,
                () -> Tokens.verifier(psuKey).verifyDetached(openBankingSigner().signDetached(BODY), BODY));
        String noType = JwsSigner.builder(psuKey).build().signDetached(BODY);
        Tokens.assertRefused(
                Reason.TYPE_UNEXPECTED, () -> openBankingVerifier(NOW).verifyDetached(noType, BODY));
    }

    // ---- TrueLayer: Tl-Signature over method, path, named header fields and body -----------------------------------

    private final SigningKey tlKey = SigningKey.generate(Algorithm.ES512).withId("tl-key");
    private final Map<String, String> fields =
            Map.of("idempotency-key", "idemp-2076717c", "x-tl-webhook-timestamp", "t");

    private static byte[] tlPayload(String method, String path, List<String> names, Map<String, String> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(RfcKeys.utf8(method + " " + path + "\n"));
        for (String name : names) {
            String value = fields.get(name.toLowerCase(Locale.ROOT));
            out.writeBytes((name + ": " + value + "\n").getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes(BODY);
        return out.toByteArray();
    }

    private String tlSignature(String method, String path, List<String> names) {
        return JwsSigner.builder(tlKey)
                .header("tl_version", "2")
                .header("tl_headers", String.join(",", names))
                .build()
                .signDetached(tlPayload(method, path, names, fields));
    }

    /** The payload is made of what arrived, in the order that the header names. */
    private VerifiedJws tlVerify(String signature, String method, String path, Map<String, String> received) {
        return JwsVerifier.builder(Tokens.resolver(tlKey))
                .requireHeaders("tl_version", "tl_headers")
                .understand("tl_version", header -> header.string("tl_version").equals(Optional.of("2")))
                .understand(
                        "tl_headers",
                        header -> List.of(header.string("tl_headers").orElse("").split(","))
                                .contains("Idempotency-Key"))
                .build()
                .verifyDetached(
                        signature,
                        header -> tlPayload(
                                method,
                                path,
                                List.of(header.string("tl_headers").orElse("").split(",")),
                                received));
    }

    @Test
    void trueLayer_signedFields_areAccepted() {
        String signature = tlSignature("POST", "/payouts", List.of("Idempotency-Key", "X-TL-Webhook-Timestamp"));
        assertThat(signature).contains("..");
        VerifiedJws verified = tlVerify(signature, "POST", "/payouts", fields);
        assertThat(verified.contentText()).startsWith("POST /payouts\nIdempotency-Key: idemp-2076717c\n");
        assertThat(verified.header().string("tl_version")).contains("2");
    }

    @Test
    void trueLayer_otherMethodPathFieldOrCoverage_isRejected() {
        String signature = tlSignature("POST", "/payouts", List.of("Idempotency-Key"));
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> tlVerify(signature, "PUT", "/payouts", fields));
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> tlVerify(signature, "POST", "/payouts/", fields));
        Tokens.assertRefused(
                Reason.SIGNATURE_INVALID,
                () -> tlVerify(signature, "POST", "/payouts", Map.of("idempotency-key", "another")));
        String uncovered = tlSignature("POST", "/payouts", List.of("X-TL-Webhook-Timestamp"));
        Tokens.assertRefused(Reason.HEADER_UNEXPECTED, () -> tlVerify(uncovered, "POST", "/payouts", fields));
        String version = JwsSigner.builder(tlKey)
                .header("tl_version", "1")
                .header("tl_headers", "Idempotency-Key")
                .build()
                .signDetached(tlPayload("POST", "/payouts", List.of("Idempotency-Key"), fields));
        Tokens.assertRefused(Reason.HEADER_UNEXPECTED, () -> tlVerify(version, "POST", "/payouts", fields));
        String without = JwsSigner.builder(tlKey).build().signDetached(BODY);
        Tokens.assertRefused(Reason.HEADER_UNEXPECTED, () -> tlVerify(without, "POST", "/payouts", fields));
    }
}
