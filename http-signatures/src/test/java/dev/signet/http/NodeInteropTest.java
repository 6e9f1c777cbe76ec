// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Component.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Against the npm package {@code http-message-signatures} 1.0.6, which shares no code with this library.
 *
 * <p>Where the package departs from RFC 9421, the cases keep clear of it: its {@code rsa-pss-sha512} signer takes the longest
 * salt instead of 64 bytes (3.3.1); {@code @query-param} leaves {@code !'()~} unencoded (2.2.8) and gives a repeated parameter
 * several lines; {@code @target-uri} is its caller's text, not normalised (2.2.2); {@code @method} is turned to upper case
 * (2.2.1); a field whose value reads as a list is taken for one, so that {@code key} fails on a dictionary of bare keys; it
 * knows neither {@code tr} nor digests of bodies.
 */
class NodeInteropTest {
    private static final byte[] JSON_BODY = "{\"hello\": \"world\"}".getBytes(StandardCharsets.UTF_8);
    private static final List<SigningKey> KEYS = List.of(
            SigningKey.generate(Algorithm.ED25519).withId("key-ed25519"),
            SigningKey.generate(Algorithm.ES256).withId("key-es256"),
            SigningKey.generate(Algorithm.ES384).withId("key-es384"),
            SigningKey.generate(Algorithm.PS512).withId("key-ps512"),
            SigningKey.generate(Algorithm.RS256).withId("key-rs256"),
            SigningKey.generate(Algorithm.HS256).withId("key-hs256"));
    private static final List<Case> CASES = cases();

    private NodePeer peer;

    @BeforeEach
    void start() {
        peer = NodePeer.required();
    }

    @Test
    void verify_signedByNode_isAcceptedAndTamperedIsRefused() throws Exception {
        long now = Instant.now().getEpochSecond();
        List<SigningKey> keys = new ArrayList<>();
        List<Case> cases = new ArrayList<>();
        for (SigningKey key : KEYS) {
            for (Case one : CASES) {
                ObjectNode task = peer.sign(key, one.message, one.components).put("label", "sig-n");
                Arrays.asList("created", "expires", "nonce", "alg", "keyid", "tag", "x-more")
                        .forEach(task.withArray("params")::add);
                task.putObject("values")
                        .put("created", now)
                        .put("expires", now + 60)
                        .put("nonce", "n-\"" + cases.size() + "\\")
                        .put("tag", "interop")
                        .put("x-more", 7);
                keys.add(key);
                cases.add(one);
            }
        }
        List<JsonNode> answers = peer.run();
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < answers.size(); i++) {
            Case one = cases.get(i);
            assertThat(answers.get(i).has("error"))
                    .as("%s: %s", one, answers.get(i))
                    .isFalse();
            InteropMessage signed = one.message.with(answers.get(i).get("result"));
            HttpVerifier verifier = verifier(keys.get(i));
            VerifiedMessage verified = verifier.verify(signed.message(), signed.bodyOrEmpty());
            assertThat(verified.keyId()).isEqualTo(keys.get(i).id());
            assertThat(verified.signatures().get(0).parameters().components()).isEqualTo(one.components);
            assertThat(verified.signatures().get(0).parameters().tag()).contains("interop");
            accepted++;
            for (InteropMessage tampered : tampered(signed, one.components)) {
                assertThatThrownBy(() -> verifier.verify(tampered.message(), tampered.bodyOrEmpty()))
                        .as("%s: %s", one, tampered)
                        .isInstanceOf(MessageSecurityException.class);
                refused++;
            }
        }
        System.out.printf(
                "node signs, java verifies: %d algorithms x %d messages = %d accepted; %d tampered refused%n",
                KEYS.size(), CASES.size(), accepted, refused);
    }

    @Test
    void sign_verifiedByNode_isAcceptedAndTamperedIsRefused() throws Exception {
        List<String> descriptions = new ArrayList<>();
        List<Boolean> expected = new ArrayList<>();
        for (SigningKey key : KEYS) {
            for (Case one : CASES) {
                HttpSigner signer = signer(key, one);
                InteropMessage signed = one.message.with(
                        one.message.body() == null
                                ? signer.sign(one.message.message())
                                : signer.sign(one.message.message(), one.message.body()));
                peer.verify(key, signed, one.components);
                descriptions.add(key.algorithm() + " " + one);
                expected.add(true);
                for (InteropMessage tampered : tampered(signed, one.components)) {
                    peer.verify(key, tampered, one.components);
                    descriptions.add(key.algorithm() + " tampered " + one + " " + tampered);
                    expected.add(false);
                }
            }
        }
        List<JsonNode> answers = peer.run();
        int accepted = 0;
        for (int i = 0; i < answers.size(); i++) {
            boolean verified = answers.get(i).path("result").asBoolean(false);
            assertThat(verified)
                    .as("%s: %s", descriptions.get(i), answers.get(i))
                    .isEqualTo(expected.get(i));
            accepted += verified ? 1 : 0;
        }
        System.out.printf(
                "java signs, node %s verifies: %d algorithms x %d messages = %d accepted; %d tampered refused%n",
                peer.version(), KEYS.size(), CASES.size(), accepted, answers.size() - accepted);
    }

    /** Each side adds its signature to the other's message, and takes both. */
    @Test
    void sign_messageThatNodeHasSigned_carriesBothSignatures() throws Exception {
        SigningKey nodeKey = KEYS.get(1);
        SigningKey ownKey = KEYS.get(0);
        Case one = CASES.get(2);
        peer.sign(nodeKey, one.message, one.components).put("label", "sig");
        InteropMessage signedByNode = one.message.with(peer.run().get(0).get("result"));
        SignatureFields second = signer(ownKey, one).sign(signedByNode.message(), one.message.body());
        assertThat(second.label()).isEqualTo("sig2");
        InteropMessage both = signedByNode.with(second);
        for (SigningKey key : List.of(nodeKey, ownKey)) {
            assertThat(verifier(key).verify(both.message(), both.bodyOrEmpty()).keyId())
                    .isEqualTo(key.id());
        }
    }

    @Test
    void verify_keyOfAnotherAlgorithmOrOwner_isRefused() throws Exception {
        Case one = CASES.get(0);
        for (SigningKey key : KEYS) {
            SigningKey other = SigningKey.generate(key.algorithm()).withId(key.id());
            peer.sign(key, one.message, one.components).put("label", "sig");
            InteropMessage byNode = one.message.with(peer.run().get(0).get("result"));
            assertThatThrownBy(() -> verifier(other).verify(byNode.message()))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_INVALID));
            InteropMessage byJava = one.message.with(signer(key, one).sign(one.message.message()));
            peer.verify(other, byJava, one.components);
            assertThat(peer.run().get(0).path("result").asBoolean(false)).isFalse();
        }
    }

    /** What the class's note says of the package, so that a change of it is noticed. */
    @Test
    void verify_whereNodeDepartsFromTheRfc_isRefused() throws Exception {
        SigningKey rsa = KEYS.get(3);
        Case plain = CASES.get(0);
        peer.sign(rsa, plain.message, plain.components).put("label", "sig").put("ownSalt", true);
        InteropMessage query = InteropMessage.request("GET", "https://api.example/p?q=it's!");
        List<Component> queryParam = List.of(Component.METHOD, Component.queryParam("q"));
        peer.sign(KEYS.get(0), query, queryParam).put("label", "sig");
        InteropMessage lower = InteropMessage.request("get", "https://api.example/p");
        peer.sign(KEYS.get(0), lower, plain.components).put("label", "sig");
        List<JsonNode> answers = peer.run();
        assertInvalid(rsa, plain.message.with(answers.get(0).get("result")));
        assertInvalid(KEYS.get(0), query.with(answers.get(1).get("result")));
        assertInvalid(KEYS.get(0), lower.with(answers.get(2).get("result")));
    }

    private static void assertInvalid(SigningKey key, InteropMessage signed) {
        assertThatThrownBy(() -> verifier(key).verify(signed.message(), signed.bodyOrEmpty()))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_INVALID));
    }

    /** One variant for each covered component, and for the signature, its parameters and the body. */
    private static List<InteropMessage> tampered(InteropMessage signed, List<Component> components) {
        List<InteropMessage> variants = new ArrayList<>();
        components.forEach(component -> variants.add(signed.tampered(component)));
        variants.add(signed.withFlippedSignature());
        String input = signed.fields().get("signature-input").get(0);
        variants.add(signed.with(
                "signature-input",
                input.replaceFirst("created=(\\d+)\\d", "created=$10").replaceFirst("keyid=", "x=1;keyid=")));
        variants.add(signed.with("signature-input", input.replaceFirst("\\(\"[^\" ]*\"[^ )]* ?", "(")));
        byte[] body = signed.body();
        if (body != null) {
            byte[] changed = body.clone();
            changed[0]++;
            variants.add(signed.withBody(changed));
        }
        return variants;
    }

    private static HttpSigner signer(SigningKey key, Case one) {
        return HttpSigner.builder(key)
                .cover(one.components.toArray(new Component[0]))
                .structuredField("x-list", FieldType.LIST)
                .structuredField("x-item", FieldType.ITEM)
                .structuredField("x-dict", FieldType.DICTIONARY)
                .expiresAfter(Duration.ofMinutes(1))
                .withAlg()
                .tag("interop \"quoted\"")
                .extension("x-more", "a\\b")
                .build();
    }

    private static HttpVerifier verifier(SigningKey key) {
        return HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .signature(
                        SignaturePolicy.recommended2026().ignoreAllComponents().keyIds(key.id()))
                .structuredField("x-list", FieldType.LIST)
                .structuredField("x-item", FieldType.ITEM)
                .structuredField("x-dict", FieldType.DICTIONARY)
                .ignoreReplay()
                .build();
    }

    private static List<Case> cases() {
        InteropMessage get = InteropMessage.request("GET", "https://api.example/things?id=1&order=up");
        InteropMessage post = InteropMessage.request("POST", "https://api.example:8443/payments/7")
                .with("content-type", "application/json; charset=utf-8")
                .with("content-length", "18")
                .with("date", "Tue, 20 Apr 2021 02:07:55 GMT")
                .withBody(JSON_BODY);
        InteropMessage fields = InteropMessage.request("PUT", "https://api.example/a%20b/%c3%a9")
                .with("x-many", "one", "two, three", " four ")
                .with("x-empty", "")
                .with("x-quoted", "a \"quoted\\\" text\", b")
                .with("cache-control", "max-age=60, no-transform")
                .with("x-bytes", "3 lines, of", "text")
                .with("x-list", "\"a\";q=1,   tok;x, (1 2.50 ?1);p=:AQI=:, @1659578233")
                .with("x-item", "  5;a;b=?0")
                .with("x-dict", "a=1, b;x=2,  c=(1 \"2\"), a9=tok")
                .with("priority", "u=1,   i");
        InteropMessage query = InteropMessage.request(
                "GET", "https://api.example/search?id=42&empty=&flag&text=a+b%20c&na%C3%AFve=%E2%82%AC%26%3d&%2Ax=%2f");
        InteropMessage answered = post.with("signature-input", "sig=(\"@method\");created=1;keyid=\"k\"")
                .with("signature", "sig=:AQID:")
                .with(
                        "content-digest",
                        ContentDigest.of(DigestAlgorithm.SHA_256, JSON_BODY).fieldValue());
        InteropMessage response = InteropMessage.response(200, answered)
                .with("content-type", "application/json")
                .withBody(JSON_BODY);
        return List.of(
                new Case("plain", get, Component.METHOD, Component.AUTHORITY, Component.PATH),
                new Case(
                        "every derived component",
                        get,
                        Component.METHOD,
                        Component.TARGET_URI,
                        Component.AUTHORITY,
                        Component.SCHEME,
                        Component.REQUEST_TARGET,
                        Component.PATH,
                        Component.QUERY),
                new Case(
                        "body",
                        post,
                        Component.METHOD,
                        Component.TARGET_URI,
                        Component.AUTHORITY,
                        Component.QUERY,
                        Component.CONTENT_DIGEST,
                        field("content-type"),
                        field("content-length"),
                        field("date")),
                new Case(
                        "fields",
                        fields,
                        Component.METHOD,
                        Component.TARGET_URI,
                        Component.PATH,
                        field("x-many"),
                        field("x-empty"),
                        field("x-quoted"),
                        field("cache-control")),
                new Case(
                        "structured",
                        fields,
                        Component.METHOD,
                        field("x-list").sf(),
                        field("x-item").sf(),
                        field("x-dict").sf(),
                        field("priority").sf(),
                        field("priority").key("u"),
                        field("x-dict").key("a"),
                        field("x-bytes").bs()),
                new Case(
                        "digest by member",
                        post,
                        Component.METHOD,
                        Component.PATH,
                        Component.CONTENT_DIGEST.key("sha-256")),
                new Case(
                        "query parameters",
                        query,
                        Component.METHOD,
                        Component.queryParam("id"),
                        Component.queryParam("empty"),
                        Component.queryParam("text"),
                        Component.queryParam("na\u00efve")),
                new Case(
                        "response",
                        response,
                        Component.STATUS,
                        Component.CONTENT_DIGEST,
                        field("content-type"),
                        Component.METHOD.req(),
                        Component.TARGET_URI.req(),
                        Component.AUTHORITY.req(),
                        Component.CONTENT_DIGEST.req(),
                        field("signature").key("sig").req()));
    }

    private record Case(String name, InteropMessage message, List<Component> components) {
        Case(String name, InteropMessage message, Component... components) {
            this(name, message, List.of(components));
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
