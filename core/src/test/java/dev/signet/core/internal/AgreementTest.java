// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Providers;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementTest {
    private static final Provider PROVIDER = Ciphers.composite(Providers.automatic());

    private static KeyPair pair(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(curve.equals("X25519") ? curve : "EC");
        if (!curve.equals("X25519")) {
            generator.initialize(new ECGenParameterSpec(curve));
        }
        return generator.generateKeyPair();
    }

    private static Agreement agreement(KeyPair pair) {
        return Agreement.of(pair.getPublic(), PROVIDER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1", "X25519"})
    void secret_bothSides_isTheSameAsThePlatforms(String curve) throws Exception {
        KeyPair own = pair(curve);
        Agreement agreement = agreement(own);
        // Often enough for coordinates and secrets that begin with zeros.
        for (int i = 0; i < 300; i++) {
            KeyPair ephemeral = agreement.ephemeral();
            byte[] sent = agreement.secretWith(ephemeral.getPrivate());
            PublicKey read = ephemeral.getPublic() instanceof ECPublicKey ec
                    ? agreement.publicKey(new ECPoint(
                            new BigInteger(1, agreement.coordinate(ec.getW().getAffineX())),
                            new BigInteger(1, agreement.coordinate(ec.getW().getAffineY()))))
                    : agreement.publicKey(Agreement.x25519(ephemeral.getPublic()));
            assertThat(agreement.secret(agreement.translate(own.getPrivate()), read))
                    .isEqualTo(sent)
                    .hasSize(agreement.length());
            if (i == 0) {
                KeyAgreement platform = KeyAgreement.getInstance(curve.equals("X25519") ? curve : "ECDH");
                platform.init(own.getPrivate());
                platform.doPhase(read, true);
                assertThat(platform.generateSecret()).isEqualTo(sent);
                assertThat(agreement.secret(agreement.translate(own.getPrivate()), read))
                        .isEqualTo(sent);
            }
        }
    }

    @Test
    void coordinate_short_isAsLongAsTheField() throws Exception {
        Agreement agreement = agreement(pair("secp521r1"));

        assertThat(agreement.coordinate(BigInteger.TWO)).hasSize(66).endsWith(0, 2);
        BigInteger full = BigInteger.TWO.pow(521).subtract(BigInteger.ONE);
        assertThat(new BigInteger(1, agreement.coordinate(full))).isEqualTo(full);
        // One byte more in two's complement.
        BigInteger high = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
        assertThat(agreement(pair("secp256r1")).coordinate(high)).hasSize(32).containsOnly(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void isOnCurve_otherPoints_isFalse(String curve) throws Exception {
        KeyPair own = pair(curve);
        Agreement agreement = agreement(own);
        ECPublicKey key = (ECPublicKey) own.getPublic();
        BigInteger x = key.getW().getAffineX();
        BigInteger y = key.getW().getAffineY();
        BigInteger p = ((ECFieldFp) key.getParams().getCurve().getField()).getP();

        assertThat(agreement.isOnCurve(new ECPoint(x, y))).isTrue();
        assertThat(agreement.isOnCurve(new ECPoint(x, p.subtract(y)))).isTrue();
        assertThat(agreement.isOnCurve(new ECPoint(x, y.add(BigInteger.ONE)))).isFalse();
        assertThat(agreement.isOnCurve(new ECPoint(BigInteger.ONE, BigInteger.ONE)))
                .isFalse();
        // The same by the equation, and another spelling of it.
        assertThat(agreement.isOnCurve(new ECPoint(x.add(p), y))).isFalse();
        assertThat(agreement.isOnCurve(new ECPoint(x, y.add(p)))).isFalse();
        assertThat(agreement.isOnCurve(new ECPoint(x, y.negate()))).isFalse();
        ECPublicKey other = (ECPublicKey)
                pair(curve.equals("secp256r1") ? "secp384r1" : "secp256r1").getPublic();
        assertThat(agreement.isOnCurve(other.getW())).isFalse();
        assertThat(agreement(pair("X25519")).isOnCurve(key.getW())).isFalse();
    }

    @Test
    void x25519_whatIsNoKeyOfIt_isNull() throws Exception {
        byte[] good = pair("X25519").getPublic().getEncoded();
        assertThat(Objects.requireNonNull(Agreement.x25519(good))).isEqualTo(Arrays.copyOfRange(good, 12, 44));

        assertThat(Agreement.x25519(Arrays.copyOf(good, 43))).isNull();
        assertThat(Agreement.x25519(Arrays.copyOf(good, 45))).isNull();
        assertThat(Agreement.x25519(new byte[0])).isNull();
        for (int at = 0; at < 12; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            assertThat(Agreement.x25519(changed)).isNull();
        }
    }

    /** RFC 7748, 6.1: points of order 1, 2, 4 and 8. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"
            })
    void secret_pointOfSmallOrder_isRefused(String u) throws Exception {
        KeyPair own = pair("X25519");
        Agreement agreement = agreement(own);
        PublicKey point = agreement.publicKey(HexFormat.of().parseHex(u));

        assertThatThrownBy(() -> agreement.secret(agreement.translate(own.getPrivate()), point))
                .isInstanceOfAny(GeneralSecurityException.class, RuntimeException.class);
    }

    @Test
    void translate_keyOfAnotherKind_isIllegal() throws Exception {
        Agreement agreement = agreement(pair("X25519"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agreement.translate(pair("secp256r1").getPrivate()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderKeys.translate(pair("secp256r1").getPublic(), "RSA", PROVIDER));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agreement.of(
                        KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic(), PROVIDER));
    }
}
