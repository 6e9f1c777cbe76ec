// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.io.IOException;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;

/** The two encodings of an ECDSA signature, and the range check that must precede every verification. */
final class EcdsaSignatures {
    private EcdsaSignatures() {}

    static void requireEcdsa(Algorithm algorithm) {
        if (algorithm.family != Algorithm.Family.ECDSA) {
            throw new IllegalArgumentException(algorithm.joseName() + " is not an ECDSA algorithm");
        }
    }

    /** 1 ≤ r, s < n and the exact length; r or s of zero was CVE-2022-21449. */
    static boolean inRange(byte[] signature, byte[] order) {
        int half = order.length;
        return signature.length == 2 * half
                && isPositiveBelow(signature, 0, order)
                && isPositiveBelow(signature, half, order);
    }

    static byte[] order(ECPublicKey key, int fieldLength) {
        return unsigned(key.getParams().getOrder(), fieldLength);
    }

    static byte[] toDer(byte[] raw) {
        int half = raw.length / 2;
        try {
            return new DERSequence(new ASN1Integer[] {
                        new ASN1Integer(new BigInteger(1, raw, 0, half)),
                        new ASN1Integer(new BigInteger(1, raw, half, half))
                    })
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("DER encoding failed", e);
        }
    }

    static byte[] fromDer(Algorithm algorithm, byte[] der) {
        int half = algorithm.length / 2;
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der));
            byte[] raw = new byte[2 * half];
            for (int i = 0; i < 2; i++) {
                BigInteger value =
                        ASN1Integer.getInstance(sequence.getObjectAt(i)).getPositiveValue();
                System.arraycopy(unsigned(value, half), 0, raw, i * half, half);
            }
            return raw;
        } catch (IOException | RuntimeException e) {
            throw new UnavailableException("the signer returned no DER-encoded ECDSA signature", e);
        }
    }

    static byte[] unsigned(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        int skip = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        if (bytes.length - skip > length) {
            throw new IllegalArgumentException("integer too long");
        }
        byte[] out = new byte[length];
        System.arraycopy(bytes, skip, out, length - (bytes.length - skip), bytes.length - skip);
        return out;
    }

    private static boolean isPositiveBelow(byte[] bytes, int offset, byte[] bound) {
        int or = 0;
        for (int i = 0; i < bound.length; i++) {
            or |= bytes[offset + i];
        }
        if (or == 0) {
            return false;
        }
        for (int i = 0; i < bound.length; i++) {
            int a = bytes[offset + i] & 0xff;
            int b = bound[i] & 0xff;
            if (a != b) {
                return a < b;
            }
        }
        return false;
    }
}
