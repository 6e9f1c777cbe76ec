// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.Providers;
import dev.signet.core.SigningKey;
import dev.signet.jose.Jwks;
import dev.signet.jose.JwsSigner;
import dev.signet.jose.JwsVerifier;
import dev.signet.jose.VerifiedJws;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jws.JsonWebSignature;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Compact JWS over 1 KB, from bytes to text and back. The floor is the bare signature by the same provider over the same
 * signing input, with the payload and the signature coded in base64url by the JDK. The rivals are set up as their
 * documentation shows, which leaves them the platform's providers; Nimbus has Tink for Ed25519.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class JwsBenchmark {
    /** The key's algorithm. */
    @Param({"HS256", "ES256", "ED25519"})
    public Algorithm algorithm;

    private byte[] payload;
    private String token;
    private JwsSigner signer;
    private JwsVerifier verifier;
    private Floor floor;
    private byte[] encodedPayload;
    private byte[] encodedSignature;
    private JWSHeader nimbusHeader;
    private com.nimbusds.jose.JWSSigner nimbusSigner;
    private JWSVerifier nimbusVerifier;
    private Key jose4jPrivate;
    private Key jose4jPublic;
    private String jose4jAlgorithm;
    private String keyId;

    /** Makes keys, messages and everything that is made once. */
    @Setup
    public void setUp() throws Exception {
        SigningKey key = SigningKey.generate(algorithm);
        payload = "{\"amount\":\"12.50\",\"to\":\"DE02\"}\n"
                .repeat(40)
                .substring(0, 1024)
                .getBytes(StandardCharsets.US_ASCII);
        signer = JwsSigner.builder(key).build();
        verifier = JwsVerifier.builder(KeyResolver.of(key.verificationKey())).build();

        token = signer.sign(payload);

        int dot = token.lastIndexOf('.');
        byte[] input = token.substring(0, dot).getBytes(StandardCharsets.US_ASCII);
        encodedSignature = token.substring(dot + 1).getBytes(StandardCharsets.US_ASCII);
        encodedPayload = Base64.getUrlEncoder().withoutPadding().encode(payload);
        floor = new Floor(
                key, Providers.automatic(), input, Base64.getUrlDecoder().decode(encodedSignature));

        keyId = key.id();
        var jwk = JWKSet.parse(new String(Jwks.dangerousToPrivateJson(Keyset.of(key)), StandardCharsets.UTF_8))
                .getKeys()
                .get(0);
        jose4jAlgorithm = algorithm.joseName();
        switch (algorithm) {
            case HS256 -> {
                OctetSequenceKey oct = jwk.toOctetSequenceKey();
                nimbusSigner = new MACSigner(oct);
                nimbusVerifier = new MACVerifier(oct);
                jose4jPrivate = new SecretKeySpec(oct.toByteArray(), "HmacSHA256");
                jose4jPublic = jose4jPrivate;
            }
            case ES256 -> {
                ECKey ec = jwk.toECKey();
                nimbusSigner = new ECDSASigner(ec);
                nimbusVerifier = new ECDSAVerifier(ec.toPublicJWK());
            }
            default -> {
                OctetKeyPair okp = jwk.toOctetKeyPair();
                nimbusSigner = new Ed25519Signer(okp);
                nimbusVerifier = new Ed25519Verifier(okp.toPublicJWK());
                jose4jAlgorithm = "EdDSA";
            }
        }
        if (jose4jPrivate == null) {
            jose4jPrivate = key.dangerousPrivateKey().orElseThrow();
            jose4jPublic = key.verificationKey().publicKey().orElseThrow();
        }
        nimbusHeader = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm.joseName()))
                .keyID(keyId)
                .build();
        // Each library must accept the same token, or a benchmark would measure refusals.
        if (!verifyNimbus().getPayload().toString().equals(new String(payload, StandardCharsets.UTF_8))
                || verifyNimbus(signNimbus()) == null
                || verifyJose4j(signJose4j()) == null
                || verify() == null) {
            throw new IllegalStateException("a library refuses its own token");
        }
    }

    /** Signet. */
    @Benchmark
    public String sign() {
        return signer.sign(payload);
    }

    /** Bare signature and base64url. */
    @Benchmark
    public int signFloor() throws Exception {
        byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(payload);
        return encoded.length + Base64.getUrlEncoder().withoutPadding().encode(floor.sign()).length;
    }

    /** Bare signature. */
    @Benchmark
    public byte[] signBare() throws Exception {
        return floor.sign();
    }

    /** Nimbus. */
    @Benchmark
    public String signNimbus() throws Exception {
        JWSObject jws = new JWSObject(nimbusHeader, new Payload(payload));
        jws.sign(nimbusSigner);
        return jws.serialize();
    }

    /** jose4j. */
    @Benchmark
    public String signJose4j() throws Exception {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayloadBytes(payload);
        jws.setAlgorithmHeaderValue(jose4jAlgorithm);
        jws.setKeyIdHeaderValue(keyId);
        jws.setKey(jose4jPrivate);
        return jws.getCompactSerialization();
    }

    /** Signet. */
    @Benchmark
    public VerifiedJws verify() {
        return verifier.verify(token);
    }

    /** Bare verification and base64url. */
    @Benchmark
    public int verifyFloor() throws Exception {
        byte[] decoded = Base64.getUrlDecoder().decode(encodedPayload);
        return decoded.length + Base64.getUrlDecoder().decode(encodedSignature).length + (floor.verify() ? 1 : 0);
    }

    /** Bare verification. */
    @Benchmark
    public boolean verifyBare() throws Exception {
        return floor.verify();
    }

    /** Nimbus. */
    @Benchmark
    public JWSObject verifyNimbus() throws Exception {
        return verifyNimbus(token);
    }

    /** jose4j. */
    @Benchmark
    public byte[] verifyJose4j() throws Exception {
        return verifyJose4j(algorithm == Algorithm.ED25519 ? jose4jToken() : token);
    }

    private JWSObject verifyNimbus(String text) throws Exception {
        JWSObject jws = JWSObject.parse(text);
        if (!jws.verify(nimbusVerifier)) {
            throw new IllegalStateException("refused");
        }
        jws.getPayload().toBytes();
        return jws;
    }

    private byte[] verifyJose4j(String text) throws Exception {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setCompactSerialization(text);
        jws.setKey(jose4jPublic);
        if (!jws.verifySignature()) {
            throw new IllegalStateException("refused");
        }
        return jws.getPayloadBytes();
    }

    private String ownToken;

    /** jose4j knows Ed25519 by its old name only. */
    private String jose4jToken() throws Exception {
        if (ownToken == null) {
            ownToken = signJose4j();
        }
        return ownToken;
    }
}
