// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureFields;
import dev.signet.http.SignaturePolicy;
import dev.signet.http.VerifiedMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
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
 * Signing and verifying a request of seven components with a body of 1 KB. The floor is a SHA-256 digest of the body and the
 * bare signature over the same signature base, by the same provider, with everything initialised beforehand. The rival signs
 * the older draft-cavage form over the same header fields, with the digest of the body computed, as its users have to.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class HttpSignatureBenchmark {
    /** The key's algorithm. */
    @Param({"HS256", "ED25519", "ES256", "PS512"})
    public Algorithm algorithm;

    /** {@code automatic} lets core choose among all present; {@code BC} is what it chooses without ACCP. */
    @Param({"automatic", "BC"})
    public String provider;

    private byte[] body;
    private HttpMessage message;
    private HttpMessage signed;
    private HttpSigner signer;
    private HttpVerifier verifier;
    private Floor floor;
    private Rival rival;

    /** Makes keys, messages and everything that is made once. */
    @Setup
    public void setUp() throws GeneralSecurityException {
        Providers providers = Providers.automatic();
        if (provider.equals("BC")) {
            providers = Providers.pinned(
                    new org.bouncycastle.jce.provider.BouncyCastleProvider(), java.security.Security.getProviders());
        }
        SecurityPolicy policy = SecurityPolicy.recommended2026().withProviders(providers);
        SigningKey key = SigningKey.generate(algorithm);
        body = "{\"amount\":\"12.50\",\"to\":\"DE02\"}\n"
                .repeat(40)
                .substring(0, 1024)
                .getBytes(StandardCharsets.US_ASCII);
        HttpMessageBuilder builder = HttpMessage.request("POST", URI.create("https://api.example.com/payments?run=17"))
                .field("content-type", "application/json")
                .field("date", "Mon, 23 Nov 2026 09:00:00 GMT");
        message = builder.build();
        signer = HttpSigner.builder(key)
                .cover(
                        Component.METHOD,
                        Component.AUTHORITY,
                        Component.PATH,
                        Component.QUERY,
                        Component.field("content-type"),
                        Component.field("date"),
                        Component.CONTENT_DIGEST)
                .policy(policy)
                .build();
        SignatureFields fields = signer.sign(message, body);
        signed = builder.fields(fields).build();
        // The signature stays valid for the whole run, and may be verified again and again.
        java.time.Instant now = java.time.Instant.now();
        verifier = HttpVerifier.builder(KeyResolver.of(key.verificationKey()))
                .signature(SignaturePolicy.recommended2026())
                .policy(policy)
                .ignoreReplay()
                .clock(java.time.InstantSource.fixed(now))
                .build();
        floor = Floor.of(key, providers, fields);
        rival = new Rival(key);
    }

    /** RFC 9421 by Signet: digest, base, signature, fields. */
    @Benchmark
    public SignatureFields sign() {
        return signer.sign(message, body);
    }

    /** Digest and bare signature. */
    @Benchmark
    public Object signFloor() throws GeneralSecurityException {
        return floor.sign(body);
    }

    /** RFC 9421 by Signet: fields parsed, policy checked, base built, signature and digest verified. */
    @Benchmark
    public VerifiedMessage verify() {
        return verifier.verify(signed, body);
    }

    /** Digest and bare verification. */
    @Benchmark
    public boolean verifyFloor() throws GeneralSecurityException {
        return floor.verify(body);
    }

    /** Tomitribe's draft-cavage signer, with the platform's provider as a user gets it. */
    @Benchmark
    public Object signRival() throws Exception {
        return rival.sign(body);
    }

    /** Tomitribe's draft-cavage verifier, likewise. */
    @Benchmark
    public boolean verifyRival() throws Exception {
        return rival.verify(body);
    }
}
