// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import java.security.Provider;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Sizes and identifiers of the keys that are plain octet strings: OKP (RFC 8410) and AKP (RFC 9881). */
final class Octets {
    static final int OKP_BYTES = 32;
    static final int SEED_BYTES = 32;

    private Octets() {}

    static ASN1ObjectIdentifier curveOid(Jwk jwk) {
        return jwk.requireString("crv").equals("X25519")
                ? EdECObjectIdentifiers.id_X25519
                : EdECObjectIdentifiers.id_Ed25519;
    }

    static ASN1ObjectIdentifier mlDsaOid(Algorithm algorithm) {
        return switch (algorithm) {
            case ML_DSA_44 -> NISTObjectIdentifiers.id_ml_dsa_44;
            case ML_DSA_65 -> NISTObjectIdentifiers.id_ml_dsa_65;
            default -> NISTObjectIdentifiers.id_ml_dsa_87;
        };
    }

    /** ML-DSA, which the JDK lacks before 24. */
    static Provider bouncyCastle() {
        return Holder.PROVIDER;
    }

    private static final class Holder {
        static final Provider PROVIDER = new BouncyCastleProvider();
    }
}
