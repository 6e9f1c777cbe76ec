// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.internal.Agreement;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ephemeral public keys on one curve as JSON: {@code epk} (RFC 7518, 4.6.1.1 and 6.2.1; RFC 8037, 3.2). */
final class EphemeralKeys {
    private final Agreement agreement;
    /** The value of {@code crv}. */
    private final String curve;

    EphemeralKeys(Agreement agreement) {
        this.agreement = agreement;
        curve = agreement.isX25519() ? "X25519" : "P-" + agreement.bits();
    }

    /** The public key as the value of {@code epk}. */
    String toJson(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            // RFC 7518, 6.2.1.2: exactly as long as the field.
            ECPoint point = ec.getW();
            return "{\"kty\":\"EC\",\"crv\":\"" + curve + "\",\"x\":\""
                    + Base64Url.encode(agreement.coordinate(point.getAffineX())) + "\",\"y\":\""
                    + Base64Url.encode(agreement.coordinate(point.getAffineY())) + "\"}";
        }
        return "{\"kty\":\"OKP\",\"crv\":\"" + curve + "\",\"x\":\"" + Base64Url.encode(Agreement.x25519(key)) + "\"}";
    }

    /**
     * The public key in {@code epk}.
     *
     * @throws InvalidMessageException if it is no key of this curve by its members
     * @throws DecryptionException if its point is not on the curve
     */
    PublicKey fromJson(@Nullable Object epk) throws GeneralSecurityException {
        // RFC 7518, 4.6.1.1: only the public part, which must be enough.
        if (!(epk instanceof Map<?, ?> members)
                || !(agreement.isX25519() ? "OKP" : "EC").equals(members.get("kty"))
                || !curve.equals(members.get("crv"))
                || members.containsKey("d")) {
            throw InvalidMessageException.malformed("JWE: epk is not a public key on the recipient's curve");
        }
        byte[] x = coordinate(members, "x");
        if (agreement.isX25519()) {
            return agreement.publicKey(x);
        }
        ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, coordinate(members, "y")));
        if (!agreement.isOnCurve(point)) {
            throw new DecryptionException();
        }
        return agreement.publicKey(point);
    }

    private byte[] coordinate(Map<?, ?> members, String name) {
        byte[] bytes = members.get(name) instanceof String text ? Base64Url.decode(text) : null;
        if (bytes == null || bytes.length != agreement.length()) {
            throw InvalidMessageException.malformed("JWE: epk has no " + name + " of " + agreement.length() + " bytes");
        }
        return bytes;
    }
}
