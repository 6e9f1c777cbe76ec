// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.internal.Agreement;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import org.jspecify.annotations.Nullable;

/** Ephemeral public keys on one curve as the content of OriginatorKeyInfo (XML Encryption 1.1, 5.6; RFC 9231, 2.6). */
final class OriginatorKeys {
    /** SEC 1, 2.3.3. */
    private static final byte UNCOMPRESSED = 4;

    private static final byte DER_INTEGER = 2;

    private final Agreement agreement;

    OriginatorKeys(Agreement agreement) {
        this.agreement = agreement;
    }

    /** The identifier of the agreement. */
    String uri() {
        return agreement.isX25519() ? Xenc.X25519 : Xenc.ECDH_ES;
    }

    /**
     * A fresh pair, but not one of X25519 that begins as an integer in DER does. The JDK takes such a key for one of DSA if the
     * integer ends in it, and Apache Santuario asks for DSA first: it could not read one message of 2,000.
     */
    KeyPair fresh() {
        KeyPair pair = agreement.ephemeral();
        while (agreement.isX25519() && Agreement.x25519(pair.getPublic())[0] == DER_INTEGER) {
            pair = agreement.ephemeral();
        }
        return pair;
    }

    String toXml(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return "<dsig11:DEREncodedKeyValue xmlns:dsig11=\"" + Xenc.DSIG11 + "\">"
                    + Base64Text.encode(key.getEncoded()) + "</dsig11:DEREncodedKeyValue>";
        }
        byte[] point = ByteBuffer.allocate(1 + 2 * agreement.length())
                .put(UNCOMPRESSED)
                .put(agreement.coordinate(ec.getW().getAffineX()))
                .put(agreement.coordinate(ec.getW().getAffineY()))
                .array();
        return "<ds:KeyValue><dsig11:ECKeyValue xmlns:dsig11=\"" + Xenc.DSIG11 + "\"><dsig11:NamedCurve URI=\""
                + curveUri() + "\"/><dsig11:PublicKey>" + Base64Text.encode(point)
                + "</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue>";
    }

    /**
     * What anybody can see of another party's key.
     *
     * @param curve null for a key in DER
     * @throws InvalidMessageException if it is not on this curve
     */
    void check(@Nullable String curve, byte[] key) {
        boolean good = agreement.isX25519()
                ? curve == null && Agreement.x25519(key) != null
                : curveUri().equals(curve)
                        && key.length == 1 + 2 * agreement.length()
                        && key[0] == UNCOMPRESSED
                        && agreement.isOnCurve(point(key));
        if (!good) {
            throw Xenc.malformed("the originator's key is not on the recipient's curve");
        }
    }

    /** @param key checked before */
    PublicKey fromBytes(byte[] key) throws GeneralSecurityException {
        byte[] u = agreement.isX25519() ? Agreement.x25519(key) : null;
        return u == null ? agreement.publicKey(point(key)) : agreement.publicKey(u);
    }

    private ECPoint point(byte[] encoded) {
        int length = agreement.length();
        return new ECPoint(new BigInteger(1, encoded, 1, length), new BigInteger(1, encoded, 1 + length, length));
    }

    /** RFC 9231, 2.3.6 and RFC 5480, 2.1.1.1. */
    private String curveUri() {
        return switch (agreement.bits()) {
            case 256 -> "urn:oid:1.2.840.10045.3.1.7";
            case 384 -> "urn:oid:1.3.132.0.34";
            default -> "urn:oid:1.3.132.0.35";
        };
    }
}
