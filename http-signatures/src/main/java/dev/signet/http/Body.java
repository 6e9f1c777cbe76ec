// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.internal.Spool;
import dev.signet.http.HttpMessage.BodyPresence;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of a message being verified: read once, digested on the way, and kept so that it can be read again. */
abstract sealed class Body implements Closeable {
    static Body of(byte[] content, Digester digester) {
        return new InMemory(content, digester);
    }

    /**
     * A body that is read once.
     *
     * @param maxTime from the first read to the end, by the clock
     */
    static Body of(InputStream content, Limits limits, Digester digester, InstantSource clock, Duration maxTime) {
        return new Spooled(content, limits, digester, clock, maxTime);
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

    /** Reads the body to its end, if it was not before, and compares its digests with the expected ones, if any. */
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

    /**
     * A body that was read by somebody else, cut or lengthened on the way is not the one that the message is about. One of
     * chunks may have none: {@link #requireUnannounced} is for those that nobody signed.
     */
    private static void compare(BodyFraming framing, long size) {
        boolean differs = size == 0
                ? framing.length() > 0
                : framing.presence() == BodyPresence.ABSENT || (framing.length() >= 0 && framing.length() != size);
        if (differs) {
            throw notAsAnnounced();
        }
    }

    private static InvalidMessageException notAsAnnounced() {
        return InvalidMessageException.malformed("the body is not as long as the message says");
    }

    private static final class InMemory extends Body {
        private final byte[] content;
        private final Digester digester;

        InMemory(byte[] content, Digester digester) {
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

    private static final class Spooled extends Body {
        private final PushbackInputStream in;
        private final Spool spool;
        private final Limits limits;
        private final Digester digester;
        private final InstantSource clock;
        private final Duration maxTime;
        private BodyFraming framing = BodyFraming.UNKNOWN;
        private @Nullable Instant latest;
        private @Nullable Boolean present;
        private @Nullable ContentDigest computed;

        Spooled(InputStream in, Limits limits, Digester digester, InstantSource clock, Duration maxTime) {
            this.in = new PushbackInputStream(in, 1);
            spool = Spool.upTo(limits.maxBodyBytesInMemory(), "bodies");
            this.limits = limits;
            this.digester = digester;
            this.clock = clock;
            this.maxTime = maxTime;
        }

        @Override
        void announce(BodyFraming newFraming) {
            framing = newFraming;
        }

        @Override
        BodyPresence presence() {
            Boolean known = present;
            return known == null ? framing.presence() : known ? BodyPresence.ANNOUNCED : BodyPresence.ABSENT;
        }

        @Override
        boolean isPresent() {
            Boolean known = present;
            if (known == null) {
                byte[] first = new byte[1];
                known = read(first, 0, 1) > 0;
                if (known) {
                    unread(first);
                }
                if (!known || framing.presence() == BodyPresence.ABSENT) {
                    compare(framing, known ? 1 : 0);
                }
                present = known;
            }
            return known;
        }

        private void unread(byte[] first) {
            try {
                in.unread(first);
            } catch (IOException e) {
                throw brokenOff();
            }
        }

        @Override
        void consume(@Nullable ContentDigest expected) {
            ContentDigest known = computed;
            if (known == null) {
                boolean present = isPresent();
                // Trailers are read before the digests to compare are known, so both are computed then.
                known = read(expected == null ? Set.of(DigestAlgorithm.values()) : expected.algorithms(), present);
                computed = known;
            }
            if (expected != null) {
                expected.requireEqual(known);
            }
        }

        private ContentDigest read(Set<DigestAlgorithm> algorithms, boolean present) {
            ContentDigest.Computation computation =
                    new ContentDigest.Computation(algorithms, limits.maxBodyBytes(), digester);
            if (present) {
                try {
                    spool.fill((into, offset, length) -> {
                        int read = read(into, offset, length);
                        if (read > 0) {
                            computation.update(into, offset, read);
                        }
                        return read;
                    });
                    compare(framing, spool.size());
                } catch (IOException e) {
                    throw brokenOff();
                }
            }
            return computation.digest();
        }

        /** A client that hangs up is not the verifier's failure. */
        private int read(byte[] into, int offset, int length) {
            Instant end = latest;
            if (end == null) {
                end = clock.instant().plus(maxTime);
                latest = end;
            }
            int read;
            try {
                read = in.read(into, offset, length);
            } catch (IOException e) {
                throw brokenOff();
            }
            if (clock.instant().isAfter(end)) {
                throw InvalidMessageException.malformed(
                        "the body took longer than " + maxTime.toSeconds() + " seconds");
            }
            return read;
        }

        @Override
        InputStream open() {
            try {
                return spool.open();
            } catch (IOException e) {
                throw new UncheckedIOException("the spooled body is gone", e);
            }
        }

        @Override
        long size() {
            return spool.size();
        }

        @Override
        byte[] bytes() {
            if (spool.isInMemory()) {
                return Arrays.copyOf(spool.buffer(), (int) spool.size());
            }
            throw new IllegalStateException(
                    "the body is longer than " + limits.maxBodyBytesInMemory() + " bytes; read it as a stream");
        }

        @Override
        public void close() {
            spool.close();
        }

        private static InvalidMessageException brokenOff() {
            return InvalidMessageException.malformed("the body broke off");
        }
    }
}
