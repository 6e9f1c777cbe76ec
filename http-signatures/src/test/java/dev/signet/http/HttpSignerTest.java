// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.CLOCK;
import static dev.signet.http.Fixture.KEY;
import static dev.signet.http.Fixture.NOW;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class HttpSignerTest {
    @Test
    void sign_asItComes_coversWhatMatters() {
        HttpMessage message = request().field("Authorization", "Bearer t").build();
        SignatureFields fields = signer().build().sign(message, BODY);
        assertThat(fields.signatureInput())
                .startsWith("sig=(\"@method\" \"@target-uri\" \"content-type\" \"authorization\" \"content-digest\")"
                        + ";created=" + NOW.getEpochSecond() + ";nonce=\"")
                .endsWith(";keyid=\"client-1\"");
        assertThat(fields.contentDigest())
                .contains(ContentDigest.of(DigestAlgorithm.SHA_256, BODY).fieldValue());
        assertThat(fields.toString()).doesNotContain("Bearer");
    }

    @Test
    void sign_withoutBody_coversNoDigest() {
        SignatureFields fields = signer().build().sign(request().build());
        assertThat(fields.contentDigest()).isEmpty();
        assertThat(fields.signatureInput()).doesNotContain("content-digest");
    }

    @Test
    void sign_everyParameter_isWrittenAndRead() {
        SignatureFields fields = signer().label("first")
                .keyId("a \"quoted\" \\ id")
                .tag("app")
                .withAlg()
                .expiresAfter(Duration.ofSeconds(60))
                .nonces(() -> "n-1")
                .extension("session", "s")
                .build()
                .sign(request().build(), BODY);
        HttpMessage signed = request().fields(fields).build();
        SignatureParameters read =
                verifier().build().unverifiedSignatures(signed).get("first");
        assertThat(read.keyId()).contains("a \"quoted\" \\ id");
        assertThat(read.tag()).contains("app");
        assertThat(read.alg()).contains("hmac-sha256");
        assertThat(read.created()).contains(NOW);
        assertThat(read.expires()).contains(NOW.plusSeconds(60));
        assertThat(read.nonce()).contains("n-1");
        assertThat(read.extension("session")).contains("\"s\"");
        assertThat(verifier().build().unverifiedSignatureBase(signed, "first")).isEqualTo(fields.signatureBase());
    }

    @Test
    void sign_nonces_neverRepeat() {
        HttpSigner signer = signer().build();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            seen.add(signer.sign(request().build()).signatureInput());
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void sign_streamedDigest_equalsThatOfBytes() throws Exception {
        ContentDigest digest = ContentDigest.of(DigestAlgorithm.SHA_512, new ByteArrayInputStream(BODY), 1000);
        SignatureFields fields = signer().build().sign(request().build(), digest);
        assertThat(fields.contentDigest().orElseThrow()).startsWith("sha-512=:");
        verifier().build().verify(request().fields(fields).build(), BODY).close();
    }

    @Test
    void sign_digestFieldThatIsNotTheBodys_isRefused() {
        HttpMessage message = request()
                .field(
                        "content-digest",
                        ContentDigest.of(DigestAlgorithm.SHA_256, new byte[3]).fieldValue())
                .build();
        assertThatThrownBy(() -> signer().build().sign(message, BODY)).isInstanceOf(VerificationException.class);
    }

    @Test
    void sign_coveredFieldAbsentOrUnfit_isRefused() {
        HttpSigner signer = signer().cover(Component.field("x-missing")).build();
        assertThatThrownBy(() -> signer.sign(request().build()))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("\"x-missing\"");
        HttpSigner other = signer().cover(Component.field("x")).build();
        assertThatThrownBy(() -> other.sign(request().field("x", "a\r\nb: c").build()))
                .isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> other.sign(request().field("x", "caf\u00e9").build()))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void builder_misuse_isFoundAtBuildTime() {
        SigningKey rs512 = SigningKey.generate(Algorithm.RS512);
        assertThatThrownBy(() -> HttpSigner.builder(rs512).withAlg()).isInstanceOf(IllegalArgumentException.class);
        for (Runnable misuse : List.<Runnable>of(
                () -> HttpSigner.builder(KEY.withStatus(KeyStatus.VERIFY_ONLY)),
                () -> HttpSigner.builder(KEY.withStatus(KeyStatus.DISABLED)),
                () -> signer().label("Not A Key"),
                () -> signer().label(""),
                () -> signer().tag("caf\u00e9"),
                () -> signer().keyId("a\nb"),
                () -> signer().extension("created", "1"),
                () -> signer().extension("x", "a\r\n"),
                () -> signer().expiresAfter(Duration.ZERO),
                () -> signer().expiresAfter(Duration.ofSeconds(-5)),
                () -> signer().policy(SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.ES256)))
                        .build())) {
            assertThatThrownBy(misuse::run).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void signAsync_remoteSigner_doesNotBlock() {
        SigningKey local = SigningKey.generate(Algorithm.ES256);
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        byte[][] asked = new byte[1][];
        SigningKey remote = SigningKey.remoteAsync(local.verificationKey(), data -> {
            asked[0] = data;
            return answer;
        });
        var stage = HttpSigner.builder(remote)
                .clock(CLOCK)
                .build()
                .signAsync(request().build(), BODY);
        assertThat(stage.toCompletableFuture()).isNotDone();
        answer.complete(local.sign(asked[0]));
        assertThat(stage.toCompletableFuture()).isCompleted();
    }

    @Test
    void signAsync_failingClient_isUnavailable() {
        SigningKey remote = SigningKey.remoteAsync(
                SigningKey.generate(Algorithm.ES256).verificationKey(),
                data -> CompletableFuture.failedFuture(new java.io.IOException("down")));
        HttpSigner signer = HttpSigner.builder(remote).clock(CLOCK).build();
        assertThatThrownBy(() -> signer.signAsync(request().build(), BODY)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> signer.sign(request().build(), BODY)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void sign_mlDsa_signsRequestsToday() {
        SigningKey key = SigningKey.generate(Algorithm.ML_DSA_65);
        SignatureFields fields =
                HttpSigner.builder(key).clock(CLOCK).build().sign(request().build(), BODY);
        HttpVerifier.builder(dev.signet.core.KeyResolver.of(key.verificationKey()))
                .clock(CLOCK)
                .build()
                .verify(request().fields(fields).build(), BODY)
                .close();
    }

    @Test
    void acceptSignature_goesBothWays() {
        AcceptSignature wanted = AcceptSignature.builder(
                        "sig1", Component.METHOD, Component.TARGET_URI, Component.field("content-digest"))
                .created()
                .expires()
                .nonce("n-7")
                .alg("hmac-sha256")
                .keyId("client-1")
                .tag("app-123")
                .build();
        String field = AcceptSignature.fieldValue(List.of(wanted));
        assertThat(field)
                .isEqualTo("sig1=(\"@method\" \"@target-uri\" \"content-digest\");created;expires"
                        + ";nonce=\"n-7\";alg=\"hmac-sha256\";keyid=\"client-1\";tag=\"app-123\"");
        AcceptSignature read = AcceptSignature.parse(List.of(field)).get(0);
        SignatureFields fields = signer().allowRequestedTag()
                .allowRequestedNonce()
                .build()
                .answering(read)
                .sign(request().build(), BODY);
        SignatureParameters parameters = verifier()
                .build()
                .unverifiedSignatures(request().fields(fields).build())
                .get("sig1");
        assertThat(parameters.components())
                .startsWith(wanted.components().toArray(new Component[0]))
                .contains(Component.field("content-type"))
                .hasSize(4);
        assertThat(parameters.nonce()).contains("n-7");
        assertThat(parameters.expires()).isPresent();
        assertThat(parameters.tag()).contains("app-123");
    }

    /** The other side may be anybody: it gets what this side signs anyhow, and more, but never less. */
    @Test
    void acceptSignature_thatAsksForLess_getsTheSignersOwnCover() {
        HttpMessage message = request().field("Cookie", "a=1").build();
        for (HttpSigner signer : List.of(
                signer().build(),
                signer().cover(Component.METHOD, Component.TARGET_URI)
                        .cover(When.body(), Component.CONTENT_DIGEST)
                        .build())) {
            List<Component> own = parameters(message, signer.sign(message, BODY));
            for (String field : List.of("s=()", "s=(\"@method\")", "s=(\"date\" \"@method\")")) {
                AcceptSignature wanted = AcceptSignature.parse(List.of(field)).get(0);
                HttpSigner answering = signer.answering(wanted);
                assertThat(parameters(message, answering.sign(message, BODY)))
                        .containsAll(own)
                        .containsAll(wanted.components())
                        .doesNotHaveDuplicates();
                // The next one that asks is not bound to what the last one wanted.
                assertThat(parameters(
                                message,
                                answering
                                        .answering(AcceptSignature.builder("t").build())
                                        .sign(message, BODY)))
                        .isEqualTo(own);
            }
        }
    }

    @Test
    void acceptSignature_tagOrNonceOfAStranger_isRefusedUnlessAllowed() {
        AcceptSignature tagged = AcceptSignature.builder("s", Component.METHOD)
                .tag("fapi-2-request")
                .build();
        AcceptSignature nonced =
                AcceptSignature.builder("s", Component.METHOD).nonce("theirs").build();
        HttpSigner strict = signer().build();
        assertThatThrownBy(() -> strict.answering(tagged)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> strict.answering(nonced)).isInstanceOf(IllegalArgumentException.class);
        HttpSigner tags = signer().allowRequestedTag().build();
        assertThat(tags.answering(tagged).sign(request().build(), BODY).signatureInput())
                .contains(";tag=\"fapi-2-request\"");
        assertThatThrownBy(() -> tags.answering(nonced)).isInstanceOf(IllegalArgumentException.class);
        HttpSigner nonces = signer().allowRequestedNonce().build();
        assertThat(nonces.answering(nonced).sign(request().build(), BODY).signatureInput())
                .contains(";nonce=\"theirs\"");
        assertThatThrownBy(() -> nonces.answering(tagged)).isInstanceOf(IllegalArgumentException.class);
        // Its own tag is nothing new.
        HttpSigner own = signer().tag("fapi-2-request").build();
        assertThat(own.answering(tagged).sign(request().build(), BODY).signatureInput())
                .contains(";tag=\"fapi-2-request\"");
        assertThat(strict).hasToString("HttpSigner[client-1 HS256, " + SecurityPolicy.recommended2026() + "]");
        assertThat(tags)
                .hasToString("HttpSigner[client-1 HS256, " + SecurityPolicy.recommended2026() + ", allowRequestedTag]");
        assertThat(nonces)
                .hasToString(
                        "HttpSigner[client-1 HS256, " + SecurityPolicy.recommended2026() + ", allowRequestedNonce]");
    }

    @Test
    void acceptSignature_moreComponentsThanASignatureCovers_isRefused() {
        Component[] many = new Component[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = Component.field("x-" + i);
        }
        AcceptSignature wanted = AcceptSignature.builder("s", many).build();
        HttpSigner signer = signer().build();
        assertThatThrownBy(() -> signer.answering(wanted)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Component> parameters(HttpMessage message, SignatureFields fields) {
        HttpMessage signed = HttpMessage.request(message.method(), java.net.URI.create("https://api.example.com/"))
                .fields(fields)
                .build();
        return verifier()
                .build()
                .unverifiedSignatures(signed)
                .get(fields.label())
                .components();
    }

    @Test
    void acceptSignature_thatCannotBeAnswered_isRefused() {
        HttpSigner signer = signer().build();
        for (String field : List.of(
                "s=(\"@method\");keyid=\"somebody\"",
                "s=(\"@method\");alg=\"ed25519\"",
                "s=(\"@method\");alg=\"none\"")) {
            AcceptSignature wanted = AcceptSignature.parse(List.of(field)).get(0);
            assertThatThrownBy(() -> signer.answering(wanted)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String field : List.of(
                "s=1",
                "s=(\"@method\" \"@method\")",
                "s=(\"X\")",
                "s=(\"x\");created=1",
                "s=(), s=()",
                "s=(\"a\");tag=x")) {
            assertThatThrownBy(() -> AcceptSignature.parse(List.of(field))).isInstanceOf(InvalidMessageException.class);
        }
    }
}
