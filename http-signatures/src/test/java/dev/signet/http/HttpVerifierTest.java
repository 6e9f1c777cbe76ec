// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.CLOCK;
import static dev.signet.http.Fixture.KEY;
import static dev.signet.http.Fixture.KEYS;
import static dev.signet.http.Fixture.NOW;
import static dev.signet.http.Fixture.OTHER_KEY;
import static dev.signet.http.Fixture.assertInvalid;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.claiming;
import static dev.signet.http.Fixture.created;
import static dev.signet.http.Fixture.forged;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signed;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static dev.signet.http.Fixture.verifierAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyStatus;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpVerifierTest implements Ways {
    private static final String TAG = "s=:" + "A".repeat(43) + "=:";

    // ---- what holds ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"ED25519", "[EHRP]S\\d+", "ML_DSA_\\d+"})
    void verify_everyAlgorithm_isAcceptedAndABrokenSignatureIsNot(Algorithm algorithm) {
        var key = dev.signet.core.SigningKey.generate(algorithm);
        HttpSigner signer = HttpSigner.builder(key).clock(CLOCK).build();
        SignatureFields fields = signer.sign(request().build(), BODY);
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .clock(CLOCK)
                .build();
        assertThat(verify(verifier, request().fields(fields).build(), BODY).keyId())
                .isEqualTo(key.id());
        byte[] signature = java.util.Base64.getDecoder()
                .decode(fields.signature().substring(5, fields.signature().length() - 1));
        signature[signature.length / 3] ^= 4;
        String broken = "sig=:" + java.util.Base64.getEncoder().encodeToString(signature) + ":";
        assertRejected(
                Reason.SIGNATURE_INVALID,
                () -> verify(
                        verifier,
                        request()
                                .field("content-digest", fields.contentDigest().orElseThrow())
                                .field("signature-input", fields.signatureInput())
                                .field("signature", broken)
                                .build(),
                        BODY));
    }

    @Test
    void verify_signedRequest_givesOnlyWhatIsCovered() {
        try (VerifiedMessage verified = verify(verifier().build(), signed(), BODY)) {
            assertThat(verified.method()).contains("POST");
            assertThat(verified.targetUri()).contains("https://api.example.com/payments?run=17");
            assertThat(verified.field("Content-Type")).contains("application/json");
            assertThat(verified.field("date")).isEmpty();
            assertThat(verified.covers(Component.field("date"))).isFalse();
            assertThat(verified.contentBytes()).isEqualTo(BODY);
            assertThat(verified.keyId()).isEqualTo("client-1");
            assertThat(verified.toString()).doesNotContain("payments");
        }
    }

    @Test
    void verify_bodyNotCovered_isOutOfReach() {
        HttpMessage message = signed(signer().cover(Component.METHOD, Component.TARGET_URI), BODY);
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026()
                        .ignore(Component.CONTENT_DIGEST, Component.field("content-type")))
                .build();
        try (VerifiedMessage verified = verify(verifier, message, BODY)) {
            assertThat(verified.isBodyCovered()).isFalse();
            assertThatThrownBy(verified::contentStream).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(verified::contentBytes).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void verify_targetInParts_satisfiesTheTargetUri() {
        HttpMessage message = signed(
                signer().cover(
                                Component.METHOD,
                                Component.SCHEME,
                                Component.AUTHORITY,
                                Component.PATH,
                                Component.QUERY,
                                Component.field("content-type"),
                                Component.CONTENT_DIGEST),
                BODY);
        try (VerifiedMessage verified = verify(verifier().build(), message, BODY)) {
            assertThat(verified.targetUri()).contains("https://api.example.com/payments?run=17");
        }
    }

    // ---- what is missing -------------------------------------------------------------------------------------------

    @Test
    void verify_unsigned_isRejected() {
        assertRejected(
                Reason.SIGNATURE_MISSING,
                () -> verify(verifier().build(), request().build(), BODY));
    }

    @Test
    void verify_missingComponent_isRejected() {
        HttpVerifier verifier = verifier().build();
        assertRejected(
                Reason.COMPONENT_NOT_COVERED,
                () -> verify(
                        verifier, signed(signer().cover(Component.TARGET_URI, Component.CONTENT_DIGEST), BODY), BODY));
        assertRejected(
                Reason.COMPONENT_NOT_COVERED,
                () -> verify(verifier, signed(signer().cover(Component.METHOD, Component.TARGET_URI), BODY), BODY));
        assertRejected(
                Reason.COMPONENT_NOT_COVERED,
                () -> verify(
                        verifier,
                        signed(
                                signer().cover(
                                                Component.METHOD,
                                                Component.AUTHORITY,
                                                Component.PATH,
                                                Component.CONTENT_DIGEST),
                                BODY),
                        BODY));
    }

    @Test
    void verify_emptyCoverage_isRejected() {
        HttpMessage message = forged(request(), "()" + created());
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(verifier().build(), message, BODY));
        HttpVerifier careless = verifier()
                .signature(SignaturePolicy.recommended2026().ignoreAllComponents())
                .build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(careless, message, BODY));
    }

    @Test
    void verify_componentWithOtherParameters_doesNotCountAsCovered() {
        HttpMessageBuilder message = request().field("x-list", "a, b");
        HttpMessage signed =
                forged(message, "(\"@method\" \"@target-uri\" \"content-type\" \"x-list\";bs)" + created());
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026()
                        .ignore(Component.CONTENT_DIGEST)
                        .require(Component.field("x-list")))
                .build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(verifier, signed, BODY));
    }

    @Test
    void verify_requiredIfPresent_appliesOnlyThen() {
        SignaturePolicy policy =
                SignaturePolicy.recommended2026().require(When.field("X-Tenant"), Component.field("x-tenant"));
        HttpVerifier verifier = verifier().signature(policy).ignoreReplay().build();
        verify(verifier, signed(), BODY).close();
        HttpMessage added = request()
                .field("x-tenant", "7")
                .fields(signer().build().sign(request().build(), BODY))
                .build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(verifier, added, BODY));
    }

    @Test
    void verify_forbiddenComponentOrParameter_isRejected() {
        HttpVerifier noType = verifier()
                .signature(SignaturePolicy.recommended2026().forbid(Component.field("content-type")))
                .build();
        assertRejected(Reason.COMPONENT_FORBIDDEN, () -> verify(noType, signed(), BODY));
        HttpVerifier noNonce = verifier()
                .signature(SignaturePolicy.recommended2026().forbid(SignatureParameters.Name.NONCE))
                .build();
        assertRejected(Reason.PARAMETER_FORBIDDEN, () -> verify(noNonce, signed(), BODY));
    }

    @Test
    void verify_missingParameter_isRejected() {
        assertRejected(
                Reason.PARAMETER_MISSING,
                () -> verify(verifier().build(), signed(signer().allowMissingCreated(), BODY), BODY));
        HttpVerifier strict = verifier()
                .signature(SignaturePolicy.recommended2026()
                        .require(SignatureParameters.Name.TAG)
                        .requireExtension("session"))
                .build();
        assertRejected(Reason.PARAMETER_MISSING, () -> verify(strict, signed(), BODY));
        assertRejected(Reason.PARAMETER_MISSING, () -> verify(strict, signed(signer().tag("t"), BODY), BODY));
        verify(strict, signed(signer().tag("t").extension("session", "s1"), BODY), BODY)
                .close();
    }

    // ---- what was changed ------------------------------------------------------------------------------------------

    @Test
    void verify_changedBody_isRejected() {
        byte[] changed = BODY.clone();
        changed[12] = '9';
        assertRejected(Reason.DIGEST_MISMATCH, () -> verify(verifier().build(), signed(), changed));
        assertRejected(
                Reason.DIGEST_MISMATCH,
                () -> verify(verifier().build(), signed(), new java.io.ByteArrayInputStream(changed)));
    }

    @Test
    void verify_bodyAddedToABodilessRequest_isRejected() {
        HttpMessage get = signed(signer(), new byte[0]);
        verify(verifier().build(), get).close();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(verifier().build(), get, BODY));
    }

    @Test
    void verify_changedCoveredPart_isRejected() {
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpVerifier verifier = verifier().build();
        List<HttpMessageBuilder> changed = List.of(
                HttpMessage.request("PUT", URI.create("https://api.example.com/payments?run=17"))
                        .field("content-type", "application/json"),
                HttpMessage.request("POST", URI.create("https://api.example.com/payments?run=18"))
                        .field("content-type", "application/json"),
                HttpMessage.request("POST", URI.create("https://evil.example.com/payments?run=17"))
                        .field("content-type", "application/json"),
                HttpMessage.request("POST", URI.create("http://api.example.com/payments?run=17"))
                        .field("content-type", "application/json"),
                HttpMessage.request("POST", URI.create("https://api.example.com/payments?run=17"))
                        .field("content-type", "text/json"));
        for (HttpMessageBuilder message : changed) {
            assertRejected(
                    Reason.SIGNATURE_INVALID,
                    () -> verify(verifier, message.fields(fields).build(), BODY));
        }
    }

    @Test
    void verify_coveredFieldGoneOrDoubled_isRejected() {
        SignatureFields fields = signer().build().sign(request().build(), BODY);
        HttpMessageBuilder gone = HttpMessage.request("POST", URI.create("https://api.example.com/payments?run=17"));
        assertRejected(
                Reason.COMPONENT_UNAVAILABLE,
                () -> verify(verifier().build(), gone.fields(fields).build(), BODY));
        HttpMessageBuilder doubled = request().field("content-type", "text/plain");
        assertRejected(
                Reason.COMPONENT_UNAVAILABLE,
                () -> verify(verifier().build(), doubled.fields(fields).build(), BODY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Admin: 1", "a\nb", "a\rb", "a\u0000b", "line\r\n", "a\u00e9"})
    void verify_controlOrForeignCharacterInACoveredField_isRefused(String value) {
        HttpMessage message = claiming("s=(\"@method\" \"@target-uri\" \"content-type\" \"x-note\")" + created(), TAG);
        HttpMessageBuilder builder = request()
                .field("signature-input", message.fieldValues("signature-input").get(0))
                .field("signature", TAG)
                .field("x-note", value);
        assertThatThrownBy(() -> verify(verifier().build(), builder.build()))
                .isInstanceOfAny(InvalidMessageException.class, VerificationException.class)
                .satisfies(Fixture::assertSilent);
    }

    // ---- fields that lie -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s=(\"@method\" \"@method\")",
                "s=(\"x\";req;sf \"x\";sf;req)",
                "s=(\"Content-Type\")",
                "s=(\"@unknown\")",
                "s=(\"@signature-params\")",
                "s=(\"x\";bs;sf)",
                "s=(\"x\";bs;key=\"a\")",
                "s=(\"x\";foo)",
                "s=(\"x\";sf=?0)",
                "s=(\"x\";key=1)",
                "s=(\"@method\";sf)",
                "s=(\"@query-param\")",
                "s=(\"@method\";name=\"a\")",
                "s=(\"@status\";req)",
                "s=(\"set-cookie\")",
                "s=(x)",
                "s=(1)",
                "s=(\"\")",
                "s=(\"x y\")",
                "s=\"@method\"",
                "s",
                "s=(\"x\";sf;sf)",
                "s=(\"@method\");created=1;created=2",
                "s=(\"@method\");created=\"1\"",
                "s=(\"@method\");created=-1",
                "s=(\"@method\");created=1.5",
                "s=(\"@method\");expires=1.0",
                "s=(\"@method\");created=9;expires=8",
                "s=(\"@method\");nonce=1",
                "s=(\"@method\");nonce=\"\"",
                "s=(\"@method\");keyid=token",
                "s=(\"@method\");alg=?1",
                "s=(\"@method\");tag=:AA==:",
                "s=(\"@method\"",
                "s=(\"@method\"), s=(\"@method\")",
                "s=(\"@method\"),",
                "=(\"@method\")",
            })
    void verify_malformedSignatureInput_isInvalid(String input) {
        assertInvalid(() -> verify(verifier().build(), claiming(input, TAG), BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s=\"abc\"",
                "s=(:AA==:)",
                "s=1",
                "s=:A:",
                "s=:AA=:",
                "s=:AB==:",
                "s=:A A=:",
                "s=:AA==:, s=:AA==:",
                "s"
            })
    void verify_malformedSignature_isInvalid(String signature) {
        assertInvalid(() -> verify(verifier().build(), claiming("s=(\"@method\")", signature), BODY));
    }

    @Test
    void verify_labelInOneFieldOnly_isInvalid() {
        assertInvalid(() -> verify(verifier().build(), claiming("a=(\"@method\")", TAG), BODY));
        assertInvalid(() -> verify(verifier().build(), claiming("s=(\"@method\"), a=(\"@method\")", TAG), BODY));
        assertInvalid(() ->
                verify(verifier().build(), request().field("signature", TAG).build(), BODY));
    }

    @Test
    void verify_reqOnARequest_isRejected() {
        HttpMessage message = claiming("s=(\"@method\" \"@target-uri\" \"content-type\" \"x\";req)" + created(), TAG);
        assertRejected(Reason.COMPONENT_UNAVAILABLE, () -> verify(verifier().build(), message));
    }

    @Test
    void verify_overALimit_isTooLarge() {
        HttpVerifier verifier = verifier().build();
        String many = "a0=()".repeat(1) + String.join("", java.util.Collections.nCopies(9, ", a%d=()"));
        for (int i = 1; i <= 9; i++) {
            many = many.replaceFirst("%d", Integer.toString(i));
        }
        String signatures = many.replace("()", ":AA==:");
        String tooMany = many;
        String components = "s=(" + "\"x\" ".repeat(65) + ")";
        for (HttpMessage message : List.of(
                claiming(tooMany, signatures),
                claiming("s=(\"@method\");keyid=\"" + "k".repeat(257) + "\"", TAG),
                claiming("s=(\"@method\");nonce=\"" + "n".repeat(257) + "\"", TAG),
                claiming("s=(\"@method\");tag=\"" + "t".repeat(16 << 10) + "\"", TAG))) {
            assertThatThrownBy(() -> verify(verifier, message, BODY))
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue());
        }
        assertInvalid(() -> verify(verifier, claiming(components, TAG), BODY));
        HttpMessage longField = request()
                .field("x-long", "v".repeat(17 << 10))
                .field("signature-input", "s=(\"@method\" \"@target-uri\" \"content-type\" \"x-long\")" + created())
                .field("signature", TAG)
                .build();
        assertInvalid(() -> verify(verifier, longField));
    }

    // ---- keys ------------------------------------------------------------------------------------------------------

    @Test
    void verify_unknownKey_isRejectedWithoutTryingOthers() {
        HttpVerifier verifier = verifier().build();
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier, signed(signer().keyId("nobody"), BODY), BODY));
        // The right key under another's name is not found either.
        assertRejected(
                Reason.SIGNATURE_INVALID, () -> verify(verifier, signed(signer().keyId("client-2"), BODY), BODY));
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier, signed(signer().withoutKeyId(), BODY), BODY));
    }

    @Test
    void verify_withoutKeyId_usesTheOnlyKey() {
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()))
                .clock(CLOCK)
                .build();
        verify(verifier, signed(signer().withoutKeyId(), BODY), BODY).close();
    }

    @Test
    void verify_disabledOrOutdatedKey_isRejected() {
        var disabled = KEY.verificationKey().withStatus(KeyStatus.DISABLED);
        var outdated = KEY.verificationKey().withValidity(null, NOW);
        var early = KEY.verificationKey().withValidity(NOW.plusSeconds(1), null);
        assertRejected(
                Reason.KEY_DISABLED,
                () -> verify(
                        HttpVerifier.builder(KeyResolver.of(disabled))
                                .clock(CLOCK)
                                .build(),
                        signed(),
                        BODY));
        assertRejected(
                Reason.KEY_NOT_VALID_NOW,
                () -> verify(
                        HttpVerifier.builder(KeyResolver.of(outdated))
                                .clock(CLOCK)
                                .build(),
                        signed(),
                        BODY));
        assertRejected(
                Reason.KEY_NOT_VALID_NOW,
                () -> verify(
                        HttpVerifier.builder(KeyResolver.of(early)).clock(CLOCK).build(), signed(), BODY));
        var old = KEY.verificationKey().withStatus(KeyStatus.VERIFY_ONLY);
        verify(HttpVerifier.builder(KeyResolver.of(old)).clock(CLOCK).build(), signed(), BODY)
                .close();
    }

    @Test
    void verify_otherAlgInMessage_isRejectedBeforeCryptography() {
        for (String alg : List.of("ed25519", "HS256", "none", "hmac-sha512", "")) {
            HttpMessage message = claiming(
                    "s=(\"@method\" \"@target-uri\" \"content-type\")" + created() + ";alg=\"" + alg + "\"", TAG);
            assertRejected(Reason.ALGORITHM_MISMATCH, () -> verify(verifier().build(), message));
        }
        verify(verifier().build(), signed(signer().withAlg(), BODY), BODY).close();
    }

    @Test
    void verify_algorithmOutsideThePolicy_isRejected() {
        HttpVerifier verifier = verifier()
                .policy(SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.ED25519)))
                .build();
        assertRejected(Reason.ALGORITHM_NOT_ALLOWED, () -> verify(verifier, signed(), BODY));
        HttpVerifier noHmac = verifier()
                .signature(SignaturePolicy.recommended2026().algorithms(Algorithm.ED25519))
                .build();
        assertRejected(Reason.ALGORITHM_NOT_ALLOWED, () -> verify(noHmac, signed(), BODY));
    }

    @Test
    void verify_keySourceDown_isNeitherUnknownNorAccepted() {
        KeyResolver down = id -> {
            throw new UnavailableException("the key source is down");
        };
        assertThatThrownBy(() -> verify(HttpVerifier.builder(down).clock(CLOCK).build(), signed(), BODY))
                .isInstanceOf(UnavailableException.class);
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    @Test
    void verify_ageAndClocks_areBounded() {
        HttpMessage message = signed();
        verify(verifierAt(NOW.plusSeconds(300)), message, BODY).close();
        assertRejected(Reason.TOO_OLD, () -> verify(verifierAt(NOW.plusSeconds(301)), message, BODY));
        verify(verifierAt(NOW.minusSeconds(30)), message, BODY).close();
        assertRejected(Reason.CREATED_IN_FUTURE, () -> verify(verifierAt(NOW.minusSeconds(31)), message, BODY));
    }

    @Test
    void verify_expires_holdsBesideTheMaximalAge() {
        HttpMessage brief = signed(signer().expiresAfter(Duration.ofSeconds(10)), BODY);
        verify(verifierAt(NOW.plusSeconds(10)), brief, BODY).close();
        assertRejected(Reason.EXPIRED, () -> verify(verifierAt(NOW.plusSeconds(11)), brief, BODY));
        HttpMessage longLived = signed(signer().expiresAfter(Duration.ofHours(10)), BODY);
        assertRejected(Reason.TOO_OLD, () -> verify(verifierAt(NOW.plusSeconds(301)), longLived, BODY));
    }

    @Test
    void verify_onlyExpires_mustLieNear() {
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026().ignore(SignatureParameters.Name.CREATED))
                .build();
        verify(verifier, signed(signer().allowMissingCreated().expiresAfter(Duration.ofMinutes(5)), BODY), BODY)
                .close();
        assertRejected(
                Reason.LIFETIME_TOO_LONG,
                () -> verify(
                        verifier,
                        signed(signer().allowMissingCreated().expiresAfter(Duration.ofMinutes(50)), BODY),
                        BODY));
    }

    @Test
    void verify_tighterAgeOfAPolicy_wins_andALongerOneDoesNot() {
        HttpVerifier tight = HttpVerifier.builder(KEYS)
                .signature(SignaturePolicy.recommended2026().maxAge(Duration.ofSeconds(60)))
                .clock(java.time.InstantSource.fixed(NOW.plusSeconds(61)))
                .build();
        assertRejected(Reason.TOO_OLD, () -> verify(tight, signed(), BODY));
        HttpVerifier loose = HttpVerifier.builder(KEYS)
                .signature(SignaturePolicy.recommended2026().maxAge(Duration.ofHours(1)))
                .clock(java.time.InstantSource.fixed(NOW.plusSeconds(301)))
                .build();
        assertRejected(Reason.TOO_OLD, () -> verify(loose, signed(), BODY));
    }

    // ---- replay ----------------------------------------------------------------------------------------------------

    @Test
    void verify_sameMessageTwice_isRejected() {
        HttpVerifier verifier = verifier().build();
        HttpMessage withNonce = signed();
        verify(verifier, withNonce, BODY).close();
        assertRejected(Reason.REPLAYED, () -> verify(verifier, withNonce, BODY));
        HttpMessage withoutNonce = signed(signer().allowMissingNonce(), BODY);
        verify(verifier, withoutNonce, BODY).close();
        assertRejected(Reason.REPLAYED, () -> verify(verifier, withoutNonce, BODY));
    }

    @Test
    void verify_malleatedEcdsaSignature_isStillAReplay() {
        var key = dev.signet.core.SigningKey.generate(Algorithm.ES256);
        SignatureFields fields = HttpSigner.builder(key)
                .clock(CLOCK)
                .allowMissingNonce()
                .build()
                .sign(request().build(), BODY);
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .clock(CLOCK)
                .build();
        verify(verifier, request().fields(fields).build(), BODY).close();
        byte[] signature = java.util.Base64.getDecoder()
                .decode(fields.signature().substring(5, fields.signature().length() - 1));
        var n = new java.math.BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        var s = n.subtract(new java.math.BigInteger(1, signature, 32, 32)).toByteArray();
        for (int i = 0; i < 32; i++) {
            int from = s.length - 32 + i;
            signature[32 + i] = from < 0 ? 0 : s[from];
        }
        HttpMessage twin = request()
                .field("content-digest", fields.contentDigest().orElseThrow())
                .field("signature-input", fields.signatureInput())
                .field("signature", "sig=:" + java.util.Base64.getEncoder().encodeToString(signature) + ":")
                .build();
        assertRejected(Reason.REPLAYED, () -> verify(verifier, twin, BODY));
    }

    @Test
    void verify_refusedMessage_doesNotUseUpItsNonce() {
        HttpVerifier verifier = verifier().build();
        HttpMessage message = signed();
        assertRejected(
                Reason.DIGEST_MISMATCH, () -> verify(verifier, message, "other".getBytes(StandardCharsets.UTF_8)));
        verify(verifier, message, BODY).close();
    }

    @Test
    void verify_guardAskedOnlyAfterTheSignatureHeld() {
        List<String> asked = new ArrayList<>();
        HttpVerifier verifier = verifier()
                .replayGuard((key, nonce, until) -> {
                    asked.add(key);
                    return ReplayGuard.Claim.FIRST;
                })
                .build();
        assertRejected(
                Reason.SIGNATURE_INVALID,
                () -> verify(verifier, claiming("s=(\"@method\" \"@target-uri\" \"content-type\")" + created(), TAG)));
        assertThat(asked).isEmpty();
        verify(verifier, signed(), BODY).close();
        // A shared secret is known by a MAC of a fixed text, not by the id that its owner chose.
        assertThat(asked).hasSize(1).doesNotContain("client-1");
        assertThat(asked.get(0)).hasSize(43);
    }

    @Test
    void verify_guardFullOrQuotaUsed_isNotAccepted() {
        HttpVerifier full =
                verifier().replayGuard((k, n, u) -> ReplayGuard.Claim.FULL).build();
        assertThatThrownBy(() -> verify(full, signed(), BODY)).isInstanceOf(UnavailableException.class);
        HttpVerifier quota = verifier()
                .replayGuard((k, n, u) -> ReplayGuard.Claim.QUOTA_EXCEEDED)
                .build();
        assertRejected(Reason.REPLAY_QUOTA_EXCEEDED, () -> verify(quota, signed(), BODY));
    }

    @Test
    void verify_entryLivesAsLongAsTheMessageIsAcceptable() {
        List<java.time.Instant> ends = new ArrayList<>();
        HttpVerifier verifier = verifier()
                .replayGuard((key, nonce, until) -> {
                    ends.add(until);
                    return ReplayGuard.Claim.FIRST;
                })
                .build();
        verify(verifier, signed(), BODY).close();
        verify(verifier, signed(signer().expiresAfter(Duration.ofSeconds(20)), BODY), BODY)
                .close();
        assertThat(ends).containsExactly(NOW.plusSeconds(301), NOW.plusSeconds(21));
    }

    // ---- digests ---------------------------------------------------------------------------------------------------

    @Test
    void verify_digestOfUnknownAlgorithmOnly_isRejected() {
        HttpMessage message = forged(
                request().field("content-digest", "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:"),
                "(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\")" + created());
        assertRejected(Reason.DIGEST_NOT_SUPPORTED, () -> verify(verifier().build(), message, BODY));
    }

    @Test
    void verify_everyRecognisedDigestMustMatch() {
        String right = ContentDigest.of(DigestAlgorithm.SHA_256, BODY).fieldValue();
        String wrong = ContentDigest.of(DigestAlgorithm.SHA_512, new byte[1]).fieldValue();
        HttpMessage message = forged(
                request().field("content-digest", right + ", " + wrong),
                "(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\")" + created());
        assertRejected(Reason.DIGEST_MISMATCH, () -> verify(verifier().build(), message, BODY));
        // Also where only the right one is covered.
        HttpMessage member = forged(
                request().field("content-digest", right + ", " + wrong),
                "(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\";key=\"sha-256\")" + created());
        assertRejected(Reason.DIGEST_MISMATCH, () -> verify(verifier().build(), member, BODY));
    }

    @Test
    void verify_doubledDigestMember_isInvalid() {
        String right = ContentDigest.of(DigestAlgorithm.SHA_256, BODY).fieldValue();
        HttpMessage message = forged(
                request().field("content-digest", right).field("content-digest", right),
                "(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\")" + created());
        assertInvalid(() -> verify(verifier().build(), message, BODY));
    }

    @Test
    void verify_coveredReprDigest_isCompared() {
        String wrong = ContentDigest.of(DigestAlgorithm.SHA_256, new byte[1]).fieldValue();
        HttpMessage message = changedAndSigned(
                request -> request.field("repr-digest", wrong),
                signer().cover(
                                Component.METHOD,
                                Component.TARGET_URI,
                                Component.field("content-type"),
                                Component.CONTENT_DIGEST,
                                Component.field("repr-digest")));
        assertRejected(Reason.DIGEST_MISMATCH, () -> verify(verifier().build(), message, BODY));
    }

    @Test
    void verify_digestOfAnotherMessageKind_bindsNoBody() {
        HttpMessage request =
                request().field("content-digest", "sha-256=:AA==:").build();
        HttpMessage response = HttpMessage.response(200).answering(request).build();
        HttpSigner signer =
                signer().cover(Component.STATUS, Component.CONTENT_DIGEST.req()).build();
        HttpMessage signed = HttpMessage.response(200)
                .answering(request)
                .fields(signer.sign(response))
                .build();
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.responses2026().ignore(Component.METHOD.req(), Component.TARGET_URI.req()))
                .build();
        assertRejected(Reason.COMPONENT_NOT_COVERED, () -> verify(verifier, signed, BODY));
    }

    // ---- several signatures ----------------------------------------------------------------------------------------

    @Test
    void verify_severalSignatures_choosesByTagAndKeyNotByLabel() {
        SignatureFields first = signer().tag("a").build().sign(request().build(), BODY);
        HttpMessage once = request().fields(first).build();
        SignatureFields second =
                HttpSigner.builder(OTHER_KEY).clock(CLOCK).tag("b").build().sign(once, BODY);
        HttpMessage twice = request().fields(first).fields(second).build();
        assertThat(second.label()).isEqualTo("sig2");
        assertThat(second.contentDigest()).isEmpty();
        HttpVerifier wantsB =
                verifier().signature(SignaturePolicy.recommended2026().tag("b")).build();
        assertThat(verify(wantsB, twice, BODY).keyId()).isEqualTo("client-2");
        HttpVerifier wantsC =
                verifier().signature(SignaturePolicy.recommended2026().tag("c")).build();
        assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> verify(wantsC, twice, BODY));
        HttpVerifier wantsKey = verifier()
                .signature(SignaturePolicy.recommended2026().keyIds("client-1"))
                .build();
        assertThat(verify(wantsKey, twice, BODY).keyId()).isEqualTo("client-1");
        HttpVerifier both = verifier()
                .signatures(
                        2,
                        SignaturePolicy.recommended2026().tag("a"),
                        SignaturePolicy.recommended2026().tag("b"))
                .build();
        assertThat(verify(both, twice, BODY).signatures()).hasSize(2);
        assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> verify(both, once, BODY));
    }

    @Test
    void verify_twoOfThree_needsTwoDifferentKeys() {
        SignaturePolicy any = SignaturePolicy.recommended2026();
        HttpVerifier verifier = verifier().signatures(2, any, any, any).build();
        SignatureFields first = signer().build().sign(request().build(), BODY);
        SignatureFields again = signer().build().sign(request().fields(first).build(), BODY);
        HttpMessage sameKeyTwice = request().fields(first).fields(again).build();
        assertRejected(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> verify(verifier, sameKeyTwice, BODY));
        SignatureFields other = HttpSigner.builder(OTHER_KEY)
                .clock(CLOCK)
                .build()
                .sign(request().fields(first).build(), BODY);
        HttpMessage twoKeys = request().fields(first).fields(other).build();
        assertThat(verify(verifier, twoKeys, BODY).signatures()).hasSize(2);
    }

    @Test
    void verify_foreignBrokenSignatureBesideAGoodOne_doesNotHarm() {
        SignatureFields good = signer().build().sign(request().build(), BODY);
        HttpMessage message = request()
                .fields(good)
                .field("signature-input", "cdn=(\"@method\");keyid=\"cdn\"")
                .field("signature", "cdn=:AAAA:")
                .build();
        verify(verifier().build(), message, BODY).close();
    }

    @Test
    void builder_impossibleRules_areRefused() {
        SignaturePolicy any = SignaturePolicy.recommended2026();
        assertThatThrownBy(() -> verifier().signatures(0, any)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> verifier().signatures(2, any)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> verifier().signatures(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> verifier()
                        .replayGuard(ReplayGuard.inMemory())
                        .ignoreReplay()
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    @Test
    void listener_isToldWithoutSecrets_andCannotChangeTheVerdict() {
        List<SecurityEvent> events = new ArrayList<>();
        HttpVerifier verifier = verifier()
                .listener(event -> {
                    events.add(event);
                    throw new IllegalStateException("listener");
                })
                .build();
        HttpMessage message = signed();
        verify(verifier, message, BODY).close();
        assertRejected(Reason.REPLAYED, () -> verify(verifier, message, BODY));
        assertThat(events)
                .extracting(SecurityEvent::type)
                .containsExactly(SecurityEvent.Type.VERIFIED, SecurityEvent.Type.REJECTED);
        assertThat(events.get(1).code()).isEqualTo("replayed");
        assertThat(events.get(1).key()).hasValueSatisfying(key -> {
            assertThat(key.id()).isEqualTo("client-1");
            assertThat(key.algorithm()).isEqualTo(Algorithm.HS256);
        });
        assertThat(events.get(1).key()).isEqualTo(events.get(0).key());
        assertThat(events.toString()).doesNotContain("run=17", "12.50");
        // A key id that an attacker made up is not passed on.
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier, signed(signer().keyId("made-up"), BODY), BODY));
        assertThat(events.get(2).key()).isEmpty();
    }

    private static HttpMessage changedAndSigned(
            java.util.function.UnaryOperator<HttpMessageBuilder> change, HttpSigner.Builder signer) {
        HttpMessage message = change.apply(request()).build();
        return change.apply(request())
                .fields(signer.build().sign(message, BODY))
                .build();
    }
}
