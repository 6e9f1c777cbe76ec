// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.VerificationKey;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The protected headers of signatures that hold over a payload which was read as a stream, and is not here. Only {@link
 * JwsVerifier#verifyDetached(String, java.io.InputStream)} makes one. Immutable; {@link #toString()} shows key ids only.
 */
public final class VerifiedDetachedJws {
    private final List<VerifiedJws.Signature> signatures;
    private final long contentLength;

    VerifiedDetachedJws(List<VerifiedJws.Signature> signatures, long contentLength) {
        this.signatures = signatures;
        this.contentLength = contentLength;
    }

    /** The key of the first signature that holds. */
    public VerificationKey key() {
        return signatures.get(0).key();
    }

    /** The protected header of the first signature that holds. */
    public JsonObject header() {
        return signatures.get(0).header();
    }

    /** The signatures that hold; at least one. */
    public List<VerifiedJws.Signature> signatures() {
        return signatures;
    }

    /** Bytes of the payload that the signatures are over; whoever kept the stream's bytes can compare. */
    public long contentLength() {
        return contentLength;
    }

    @Override
    public String toString() {
        return "VerifiedDetachedJws["
                + signatures.stream().map(s -> s.key().id()).collect(Collectors.joining(", ")) + ", " + contentLength
                + " bytes]";
    }
}
