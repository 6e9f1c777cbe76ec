// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import java.nio.charset.StandardCharsets;

/** A compact JWS cut into its three parts, without copies. */
final class Compact {
    final byte[] text;
    final int firstDot;
    final int lastDot;

    private Compact(byte[] text, int firstDot, int lastDot) {
        this.text = text;
        this.firstDot = firstDot;
        this.lastDot = lastDot;
    }

    static Compact parse(String jws, SecurityPolicy policy) {
        long max = policy.limits().maxBodyBytes() / 3 * 4 + 2L * policy.limits().maxFieldBytes();
        if (jws.length() > max) {
            throw InvalidMessageException.tooLarge("a JWS of more than " + max + " characters");
        }
        int first = jws.indexOf('.');
        int last = first < 0 ? -1 : jws.indexOf('.', first + 1);
        if (last < 0 || jws.indexOf('.', last + 1) >= 0) {
            throw malformed("compact form has three parts");
        }
        // What is not Latin-1 becomes a question mark, which is no base64url.
        return new Compact(jws.getBytes(StandardCharsets.ISO_8859_1), first, last);
    }

    byte[] payload(ProtectedHeader header) {
        if (!header.encodedPayload) {
            throw malformed("an unencoded payload inside compact form");
        }
        byte[] payload = Base64Url.decode(text, firstDot + 1, lastDot);
        if (payload == null) {
            throw malformed("the payload is not base64url without padding");
        }
        return payload;
    }

    byte[] signature() {
        byte[] signature = Base64Url.decode(text, lastDot + 1, text.length);
        if (signature == null) {
            throw malformed("the signature is not base64url without padding");
        }
        return signature;
    }

    void requireDetached() {
        if (lastDot != firstDot + 1) {
            throw malformed("a payload beside the detached one");
        }
    }

    private static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("JWS: " + what);
    }
}
