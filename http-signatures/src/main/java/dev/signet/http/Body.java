// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.http.HttpMessage.BodyPresence;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of a message being verified: taken once, digested on the way, and kept so that it can be read again. */
abstract sealed class Body implements Closeable permits Body.InMemory, StreamedBody, ArrivingBody {
    static Body of(byte[] content, Digester digester) {
        return new InMemory(content, digester);
    }

    /** Takes what the message says of its body, which is compared with what comes. Called before all others. */
    abstract void announce(BodyFraming framing);

    /** Whether there is at least one byte, as far as is known without reading. */
    abstract BodyPresence presence();

    /** Refuses an empty body of undeclared length: if no digest is covered, it may be one that somebody read before. */
    void requireUnannounced(BodyFraming framing) {
        if (framing.presence() == BodyPresence.ANNOUNCED) {
            throw notAsAnnounced();
        }
    }

    /** Whether there is at least one byte. May wait for the first byte. */
    abstract boolean isPresent();

    /** Takes the body to its end, if it was not before, and compares its digests with the expected ones, if any. */
    abstract void consume(@Nullable ContentDigest expected);

    /** Whether the field is just this body's digest as everybody writes it; false leaves the verdict open. */
    boolean matches(List<String> digestField) {
        return false;
    }

    /** The body from its start; only after {@link #consume}. */
    abstract InputStream open();

    /** The body's length; only after {@link #consume}. */
    abstract long size();

    /** All bytes, or an error if they were not kept in memory. */
    abstract byte[] bytes();

    @Override
    public void close() {}

    /** The digests to compute: all, if those to compare with are not known yet, as before trailers. */
    static Set<DigestAlgorithm> wanted(@Nullable ContentDigest expected) {
        return expected == null ? Set.of(DigestAlgorithm.values()) : expected.algorithms();
    }

    static BodyPresence presence(@Nullable Boolean known, BodyFraming framing) {
        return known == null ? framing.presence() : known ? BodyPresence.ANNOUNCED : BodyPresence.ABSENT;
    }

    /** As soon as it is known whether there is a first byte. */
    static void requirePresence(BodyFraming framing, boolean isPresent) {
        if (!isPresent || framing.presence() == BodyPresence.ABSENT) {
            compare(framing, isPresent ? 1 : 0);
        }
    }

    /**
     * A body that was read by somebody else, cut or lengthened on the way is not the one that the message is about. One of
     * chunks may have none: {@link #requireUnannounced} is for those that nobody signed.
     */
    static void compare(BodyFraming framing, long size) {
        boolean differs = size == 0
                ? framing.length() > 0
                : framing.presence() == BodyPresence.ABSENT || (framing.length() >= 0 && framing.length() != size);
        if (differs) {
            throw notAsAnnounced();
        }
    }

    static InvalidMessageException notAsAnnounced() {
        return InvalidMessageException.malformed("the body is not as long as the message says");
    }

    static InvalidMessageException brokenOff() {
        return InvalidMessageException.malformed("the body broke off");
    }

    static final class InMemory extends Body {
        private final byte[] content;
        private final Digester digester;

        private InMemory(byte[] content, Digester digester) {
            this.content = content;
            this.digester = digester;
        }

        @Override
        void announce(BodyFraming framing) {
            compare(framing, content.length);
        }

        @Override
        BodyPresence presence() {
            return content.length > 0 ? BodyPresence.ANNOUNCED : BodyPresence.ABSENT;
        }

        @Override
        boolean isPresent() {
            return content.length > 0;
        }

        @Override
        void consume(@Nullable ContentDigest expected) {
            if (expected != null) {
                expected.verify(content);
            }
        }

        @Override
        boolean matches(List<String> digestField) {
            if (digestField.size() != 1) {
                return false;
            }
            String field = digestField.get(0);
            DigestAlgorithm algorithm =
                    field.startsWith("sha-256=:") ? DigestAlgorithm.SHA_256 : DigestAlgorithm.SHA_512;
            // An encoding has one text, so equal texts are equal digests, and nothing need be parsed.
            byte[] expected = ContentDigest.fieldValue(algorithm, digester.digest(algorithm, content));
            return field.length() == expected.length
                    && MessageDigest.isEqual(expected, field.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        InputStream open() {
            return new ByteArrayInputStream(content);
        }

        @Override
        long size() {
            return content.length;
        }

        @Override
        byte[] bytes() {
            return content.clone();
        }
    }
}
