// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.JWKSet;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Keyset;
import dev.signet.jose.DecryptedJwe;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JweEncrypter;
import dev.signet.jose.Jwks;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwe.JsonWebEncryption;
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
 * Compact JWE over 1 KB with A256GCM, from bytes to text and back. The rivals are set up as their documentation shows, which
 * leaves them the platform's providers.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class JweBenchmark {
    /** The key's algorithm. */
    @Param({"ECDH_ES_A256KW", "RSA_OAEP_256"})
    public Algorithm algorithm;

    private byte[] payload;
    private String token;
    private JweEncrypter encrypter;
    private JweDecrypter decrypter;
    private JWEHeader nimbusHeader;
    private com.nimbusds.jose.JWEEncrypter nimbusEncrypter;
    private com.nimbusds.jose.JWEDecrypter nimbusDecrypter;
    private Key jose4jPublic;
    private Key jose4jPrivate;

    /** Makes keys, messages and everything that is made once. */
    @Setup
    public void setUp() throws Exception {
        DecryptionKey key = DecryptionKey.generate(algorithm);
        payload = "{\"amount\":\"12.50\",\"to\":\"DE02\"}\n"
                .repeat(40)
                .substring(0, 1024)
                .getBytes(StandardCharsets.US_ASCII);
        encrypter = JweEncrypter.builder(key.encryptionKey()).build();
        decrypter = JweDecrypter.builder(key).build();
        token = encrypter.encrypt(payload);
        var jwk = JWKSet.parse(new String(Jwks.dangerousToPrivateJson(Keyset.of(key)), StandardCharsets.UTF_8))
                .getKeys()
                .get(0);
        if (algorithm == Algorithm.RSA_OAEP_256) {
            nimbusEncrypter = new RSAEncrypter(jwk.toRSAKey().toPublicJWK());
            nimbusDecrypter = new RSADecrypter(jwk.toRSAKey());
        } else {
            nimbusEncrypter = new ECDHEncrypter(jwk.toECKey().toPublicJWK());
            nimbusDecrypter = new ECDHDecrypter(jwk.toECKey());
        }
        jose4jPublic = key.encryptionKey().publicKey().orElseThrow();
        jose4jPrivate = key.dangerousPrivateKey().orElseThrow();
        nimbusHeader = new JWEHeader.Builder(JWEAlgorithm.parse(algorithm.joseName()), EncryptionMethod.A256GCM)
                .keyID(key.id())
                .build();
        decrypt();
        decryptNimbus();
        decryptJose4j();
        DecryptedJwe unused = decrypter.decrypt(encryptNimbus());
        DecryptedJwe unusedToo = decrypter.decrypt(encryptJose4j());
    }

    /** Signet. */
    @Benchmark
    public String encrypt() {
        return encrypter.encrypt(payload);
    }

    /** Nimbus. */
    @Benchmark
    public String encryptNimbus() throws Exception {
        JWEObject jwe = new JWEObject(nimbusHeader, new Payload(payload));
        jwe.encrypt(nimbusEncrypter);
        return jwe.serialize();
    }

    /** jose4j. */
    @Benchmark
    public String encryptJose4j() throws Exception {
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setAlgorithmHeaderValue(algorithm.joseName());
        jwe.setEncryptionMethodHeaderParameter("A256GCM");
        jwe.setKeyIdHeaderValue(nimbusHeader.getKeyID());
        jwe.setKey(jose4jPublic);
        jwe.setPlaintext(payload);
        return jwe.getCompactSerialization();
    }

    /** Signet. */
    @Benchmark
    public DecryptedJwe decrypt() {
        return decrypter.decrypt(token);
    }

    /** Nimbus. */
    @Benchmark
    public byte[] decryptNimbus() throws Exception {
        JWEObject jwe = JWEObject.parse(token);
        jwe.decrypt(nimbusDecrypter);
        return jwe.getPayload().toBytes();
    }

    /** jose4j. */
    @Benchmark
    public byte[] decryptJose4j() throws Exception {
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setCompactSerialization(token);
        jwe.setKey(jose4jPrivate);
        return jwe.getPlaintextBytes();
    }
}
