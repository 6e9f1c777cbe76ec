// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages, bases and keys of RFC 9421, appendix B. */
class Rfc9421VectorsTest {
    private static final Instant CREATED = Instant.ofEpochSecond(1618884473);
    private static final Map<String, SigningKey> KEYS = new HashMap<>();
    private static Path folder = Path.of("");

    @BeforeAll
    static void load() throws Exception {
        String vectors = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        assumeTrue(vectors != null, "SIGNET_VECTORS is not set: the RFC 9421 messages are missing");
        folder = Path.of(vectors, "rfc9421");
        JsonNode keys =
                new ObjectMapper().readTree(folder.resolve("keys.jwks.json").toFile());
        for (JsonNode jwk : keys.get("keys")) {
            String id = jwk.get("kid").asText();
            KEYS.put(id, key(id, jwk).withId(id));
        }
    }

    @ParameterizedTest
    @CsvSource({"b21,request", "b22,request", "b23,request", "b24,response", "b25,request", "b26,request"})
    void verify_appendixB2_isAccepted(String name, String kind) throws IOException {
        RawMessage raw = RawMessage.read(folder.resolve(name + "_" + kind + "_signed.txt"));
        HttpMessage message = raw.message();
        SignaturePolicy policy = SignaturePolicy.recommended2026().ignoreAllComponents();
        if (name.equals("b21")) {
            policy = policy.dangerouslyAllowEmptyCoverage();
        }
        HttpVerifier verifier = verifier(policy);
        try (VerifiedMessage verified = verifier.verify(message, raw.body())) {
            assertThat(verified.signatures()).hasSize(1);
            String expected = Files.readString(folder.resolve(name + "_" + kind + "_sigbase.txt"));
            assertThat(verified.signatures().get(0).signatureBase()).isEqualTo(expected.stripTrailing());
        }
    }

    @Test
    void verify_emptyCoverage_isRejectedByDefault() throws IOException {
        RawMessage raw = RawMessage.read(folder.resolve("b21_request_signed.txt"));
        HttpVerifier verifier = verifier(SignaturePolicy.recommended2026().ignoreAllComponents());
        assertThatThrownBy(() -> verifier.verify(raw.message(), raw.body()))
                .isInstanceOfSatisfying(
                        VerificationException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.COMPONENT_NOT_COVERED));
    }

    /** B.2.5 and B.2.6 use deterministic algorithms, so that the signature itself can be made again. */
    @ParameterizedTest
    @CsvSource({"b25,sig-b25,test-shared-secret", "b26,sig-b26,test-key-ed25519"})
    void sign_deterministicAlgorithm_givesThePublishedSignature(String name, String label, String keyId)
            throws IOException {
        RawMessage raw = RawMessage.read(folder.resolve(name + "_request_signed.txt"));
        HttpMessage signed = raw.message();
        List<Component> components = verifier(SignaturePolicy.recommended2026())
                .unverifiedSignatures(signed)
                .get(label)
                .components();
        HttpSigner signer = HttpSigner.builder(KEYS.get(keyId))
                .label(label)
                .cover(components.toArray(new Component[0]))
                .allowMissingNonce()
                .clock(InstantSource.fixed(CREATED))
                .build();
        SignatureFields fields =
                signer.sign(raw.without("signature-input", "signature").message(), raw.body());
        assertThat(fields.signatureInput())
                .isEqualTo(signed.fieldValues("signature-input").get(0));
        assertThat(fields.signature()).isEqualTo(signed.fieldValues("signature").get(0));
    }

    private static HttpVerifier verifier(SignaturePolicy policy) {
        return HttpVerifier.builder(KeyResolver.of(KEYS.values().stream()
                        .map(SigningKey::verificationKey)
                        .toArray(dev.signet.core.VerificationKey[]::new)))
                .signature(policy)
                .clock(InstantSource.fixed(CREATED.plus(Duration.ofSeconds(10))))
                .build();
    }

    // The RFC names the algorithm of each key in its examples, not in the key.
    private static SigningKey key(String id, JsonNode jwk) throws Exception {
        return switch (id) {
            case "test-key-rsa-pss" -> rsa(Algorithm.PS512, jwk);
            case "test-key-rsa" -> rsa(Algorithm.RS256, jwk);
            case "test-key-ecc-p256" -> ec(jwk);
            case "test-key-ed25519" -> ed25519(jwk);
            default -> SigningKey.hmac(Algorithm.HS256, SecretBytes.copyOf(bytes(jwk, "k")));
        };
    }

    private static SigningKey rsa(Algorithm algorithm, JsonNode jwk) throws Exception {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        BigInteger[] v = Arrays.stream(new String[] {"n", "e", "d", "p", "q", "dp", "dq", "qi"})
                .map(name -> new BigInteger(1, bytes(jwk, name)))
                .toArray(BigInteger[]::new);
        return SigningKey.of(
                algorithm,
                factory.generatePrivate(new RSAPrivateCrtKeySpec(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7])),
                factory.generatePublic(new RSAPublicKeySpec(v[0], v[1])));
    }

    private static SigningKey ec(JsonNode jwk) throws Exception {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
        KeyFactory factory = KeyFactory.getInstance("EC");
        ECPoint point = new ECPoint(new BigInteger(1, bytes(jwk, "x")), new BigInteger(1, bytes(jwk, "y")));
        return SigningKey.of(
                Algorithm.ES256,
                factory.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, bytes(jwk, "d")), spec)),
                factory.generatePublic(new ECPublicKeySpec(point, spec)));
    }

    private static SigningKey ed25519(JsonNode jwk) throws Exception {
        byte[] x = bytes(jwk, "x");
        byte[] big = new byte[32];
        for (int i = 0; i < 32; i++) {
            big[i] = x[31 - i];
        }
        boolean odd = (big[0] & 0x80) != 0;
        big[0] &= 0x7f;
        KeyFactory factory = KeyFactory.getInstance("Ed25519");
        EdECPrivateKey privateKey = (EdECPrivateKey)
                factory.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes(jwk, "d")));
        return SigningKey.of(
                Algorithm.ED25519,
                privateKey,
                factory.generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, big)))));
    }

    private static byte[] bytes(JsonNode jwk, String member) {
        return Base64.getUrlDecoder().decode(jwk.get(member).asText());
    }

    /** A message as a file holds it. */
    record RawMessage(String startLine, List<String[]> fields, byte[] body) {
        static RawMessage read(Path file) throws IOException {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
            int end = text.indexOf("\n\n");
            String[] lines = text.substring(0, end).split("\n");
            List<String[]> fields = Arrays.stream(lines)
                    .skip(1)
                    .map(line -> new String[] {
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).trim()
                    })
                    .toList();
            byte[] body = text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1);
            // The files end in a line break that is not the body's.
            int length = fields.stream()
                    .filter(f -> f[0].equalsIgnoreCase("content-length"))
                    .mapToInt(f -> Integer.parseInt(f[1]))
                    .findFirst()
                    .orElse(body.length);
            return new RawMessage(lines[0], fields, Arrays.copyOf(body, length));
        }

        RawMessage without(String... names) {
            List<String> dropped = List.of(names);
            return new RawMessage(
                    startLine,
                    fields.stream()
                            .filter(f -> !dropped.contains(f[0].toLowerCase(java.util.Locale.ROOT)))
                            .toList(),
                    body);
        }

        HttpMessage message() {
            String[] start = startLine.split(" ");
            HttpMessageBuilder builder = start[0].startsWith("HTTP/")
                    ? HttpMessage.response(Integer.parseInt(start[1]))
                    : HttpMessage.request(start[0])
                            .scheme("https")
                            .authority(host())
                            .target(start[1]);
            fields.forEach(f -> builder.field(f[0], f[1]));
            return builder.build();
        }

        private String host() {
            return fields.stream()
                    .filter(f -> f[0].equalsIgnoreCase("host"))
                    .map(f -> f[1])
                    .findFirst()
                    .orElse("");
        }
    }
}
