// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Providers;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;

/**
 * A place in a chain of events: the number and the link of the last event. The link is HMAC-SHA256 over the link before it and
 * the event's line up to the link. Immutable.
 */
final class RevealChain {
    private static final int LINK_BYTES = 32;
    private static final String LINK_MEMBER = ",\"link\":\"";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SigningKey key;
    private final Providers providers;
    private final long sequence;
    private final byte[] link;

    private RevealChain(SigningKey key, Providers providers, long sequence, byte[] link) {
        this.key = key;
        this.providers = providers;
        this.sequence = sequence;
        this.link = link;
    }

    /** The place before the first event. */
    static RevealChain start(SecretBytes key, SecurityPolicy policy) {
        return new RevealChain(SigningKey.hmac(Algorithm.HS256, key), policy.providers(), 0, new byte[LINK_BYTES]);
    }

    /** The place that {@link #head()} named. */
    RevealChain at(String head) {
        int dot = head.indexOf('.');
        try {
            long number = Long.parseLong(head.substring(0, Math.max(dot, 0)));
            byte[] bytes = Base64.getUrlDecoder().decode(head.substring(dot + 1));
            RevealChain place = new RevealChain(key, providers, number, bytes);
            if (number >= 0 && bytes.length == LINK_BYTES && place.head().equals(head)) {
                return place;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the one error.
        }
        throw new IllegalArgumentException("not the head of a reveal log");
    }

    /** The place behind an event of which only the line is left; the line's own link is checked by what follows it. */
    RevealChain behind(String line) {
        return behind(RevealLine.read(line));
    }

    RevealChain behind(RevealEvent event) {
        return at(event.sequence() + "." + RevealLine.link(event.line()));
    }

    long sequence() {
        return sequence;
    }

    String head() {
        return sequence + "." + BASE64.encodeToString(link);
    }

    RevealEvent next(RevealNote note, Instant time) {
        String open = RevealLine.write(sequence + 1, time, note);
        String line = open + LINK_MEMBER + BASE64.encodeToString(link(open)) + "\"}";
        return new RevealEvent(sequence + 1, time, note, line);
    }

    /**
     * The place behind the event of a line.
     *
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} if the line does not follow this place
     * @throws InvalidMessageException if it is not an event
     */
    RevealChain follow(String line) {
        return behind(require(line));
    }

    /** The event of a line that follows this place, or an error as by {@link #follow}. */
    RevealEvent require(String line) {
        RevealEvent event = RevealLine.read(line);
        byte[] expected = link(line.substring(0, line.lastIndexOf(LINK_MEMBER)));
        byte[] found = RevealLine.link(line).getBytes(StandardCharsets.US_ASCII);
        boolean follows = MessageDigest.isEqual(BASE64.encode(expected), found) && event.sequence() == sequence + 1;
        if (!follows) {
            throw new VerificationException(
                    Reason.SIGNATURE_INVALID, "the chain of events breaks behind number " + sequence);
        }
        return event;
    }

    private byte[] link(String open) {
        byte[] event = open.getBytes(StandardCharsets.US_ASCII);
        byte[] input = ByteBuffer.allocate(LINK_BYTES + event.length)
                .put(link)
                .put(event)
                .array();
        return Keys.sign(key, input, 0, input.length, providers);
    }
}
