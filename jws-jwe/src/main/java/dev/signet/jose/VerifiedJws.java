// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Utf8;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A payload whose signatures hold, and the protected headers of these signatures. Only {@link JwsVerifier} makes one.
 * Immutable; {@link #toString()} shows key ids only.
 */
public final class VerifiedJws {
    private final byte[] payload;
    private final List<Signature> signatures;

    VerifiedJws(byte[] payload, List<Signature> signatures) {
        this.payload = payload;
        this.signatures = signatures;
    }

    /** A copy of the payload. */
    public byte[] contentBytes() {
        return payload.clone();
    }

    /**
     * The payload as UTF-8 text.
     *
     * @throws InvalidMessageException if it is not UTF-8
     */
    public String contentText() {
        return Utf8.decode(payload, "payload");
    }

    /** The protected header of the first signature that holds. */
    public JsonObject header() {
        return signatures.get(0).header();
    }

    /** The key of the first signature that holds. */
    public VerificationKey key() {
        return signatures.get(0).key();
    }

    /** The signatures that hold, by different keys; at least one. Others that the message may carry are not among them. */
    public List<Signature> signatures() {
        return signatures;
    }

    @Override
    public String toString() {
        return "VerifiedJws[" + signatures.stream().map(s -> s.key().id()).collect(Collectors.joining(", ")) + "]";
    }

    /** The payload itself, for this package's readers, which do not change it. */
    byte[] rawPayload() {
        return payload;
    }

    /** One signature that holds. */
    public static final class Signature {
        private final JsonObject header;
        private final VerificationKey key;

        Signature(JsonObject header, VerificationKey key) {
            this.header = header;
            this.key = key;
        }

        /** The protected header. */
        public JsonObject header() {
            return header;
        }

        /** The key that it was verified with. */
        public VerificationKey key() {
            return key;
        }

        @Override
        public String toString() {
            return "Signature[" + key.id() + "]";
        }
    }
}
