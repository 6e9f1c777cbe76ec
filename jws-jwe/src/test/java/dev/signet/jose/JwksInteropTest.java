// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nimbus reads what Signet writes, and Signet what Nimbus writes. */
class JwksInteropTest {
    private static final byte[] DATA = RfcKeys.utf8("data");

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"RS256", "PS512", "ES256", "ES384", "ES512", "ED25519", "HS256", "HS512"})
    void nimbus_readsWhatSignetWrites(Algorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm)
                .withId("the key")
                .withValidity(Instant.ofEpochSecond(1_000_000), Instant.ofEpochSecond(2_000_000_000));
        JWK jwk = nimbus(Jwks.dangerousToPrivateJson(Keyset.of(key)));
        assertThat(jwk.getKeyID()).isEqualTo("the key");
        assertThat(jwk.getAlgorithm()).isEqualTo(new JWSAlgorithm(algorithm.joseName()));
        assertThat(jwk.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
        assertThat(jwk.getNotBeforeTime()).isEqualTo(new Date(1_000_000_000L));
        assertThat(jwk.getExpirationTime()).isEqualTo(new Date(2_000_000_000_000L));
        assertThat(jwk.isPrivate()).isTrue();
        if (jwk instanceof RSAKey rsa) {
            assertThat(rsa.toRSAPrivateKey().getPrivateExponent())
                    .isEqualTo(((RSAPrivateKey) key.dangerousPrivateKey().orElseThrow()).getPrivateExponent());
        } else if (jwk instanceof ECKey ec) {
            assertThat(ec.toECPrivateKey().getS())
                    .isEqualTo(((ECPrivateKey) key.dangerousPrivateKey().orElseThrow()).getS());
        } else if (jwk instanceof OctetSequenceKey oct) {
            assertThat(oct.toByteArray())
                    .isEqualTo(key.dangerousSecret().orElseThrow().dangerousToByteArray());
        }
        if (!algorithm.isSymmetric()) {
            JWK published = nimbus(Jwks.toPublicJson(Keyset.of(key)));
            assertThat(published.isPrivate()).isFalse();
            assertThat(published).isEqualTo(jwk.toPublicJWK());
            assertThat(published.computeThumbprint().toString())
                    .isEqualTo(key.verificationKey().thumbprint().orElseThrow());
        }
    }

    @Test
    void nimbus_readsDecryptionKeys() throws Exception {
        for (Algorithm algorithm :
                new Algorithm[] {Algorithm.RSA_OAEP_256, Algorithm.ECDH_ES_A256KW, Algorithm.A256KW}) {
            JWK jwk = nimbus(Jwks.dangerousToPrivateJson(Keyset.of(DecryptionKey.generate(algorithm))));
            assertThat(jwk.getKeyUse()).isEqualTo(KeyUse.ENCRYPTION);
            assertThat(jwk.getAlgorithm().getName()).isEqualTo(algorithm.joseName());
        }
    }

    @Test
    void signet_readsWhatNimbusWrites() throws Exception {
        roundTrip(new RSAKeyGenerator(2048).algorithm(JWSAlgorithm.PS384).generate(), Algorithm.PS384);
        roundTrip(new ECKeyGenerator(Curve.P_256).generate(), Algorithm.ES256);
        roundTrip(new ECKeyGenerator(Curve.P_384).keyUse(KeyUse.SIGNATURE).generate(), Algorithm.ES384);
        roundTrip(new ECKeyGenerator(Curve.P_521).algorithm(JWSAlgorithm.ES512).generate(), Algorithm.ES512);
        roundTrip(
                new OctetSequenceKeyGenerator(256)
                        .algorithm(JWSAlgorithm.HS256)
                        .keyID("a")
                        .generate(),
                Algorithm.HS256);
        // RFC 8037, A.1; Nimbus generates OKP keys by Tink only.
        roundTrip(
                new OctetKeyPair.Builder(Curve.Ed25519, new Base64URL("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
                        .d(new Base64URL("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
                        .build(),
                Algorithm.ED25519);
    }

    private static void roundTrip(JWK jwk, Algorithm algorithm) throws Exception {
        SigningKey key = Jwks.readPrivateSigning(RfcKeys.utf8(new JWKSet(jwk).toString(false)))
                .primary();
        assertThat(key.algorithm()).isEqualTo(algorithm);
        if (jwk.getKeyID() == null) {
            assertThat(key.id()).isEqualTo(jwk.computeThumbprint().toString());
        }
        byte[] signature = key.sign(DATA);
        if (algorithm.isSymmetric()) {
            key.verificationKey().verify(DATA, signature);
        } else {
            VerificationKey published = Jwks.parse(RfcKeys.utf8(new JWKSet(jwk).toString(true)))
                    .keys()
                    .get(0);
            published.verify(DATA, signature);
        }
    }

    private static JWK nimbus(byte[] json) throws Exception {
        JWKSet set = JWKSet.parse(new String(json, StandardCharsets.UTF_8));
        assertThat(set.getAdditionalMembers())
                .isEqualTo(Map.of("signet:primary", set.getKeys().get(0).getKeyID()));
        return set.getKeys().get(0);
    }
}
