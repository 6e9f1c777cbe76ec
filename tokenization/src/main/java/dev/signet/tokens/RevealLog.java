// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of all calls that reveal or translate values, in which a change shows.
 *
 * <pre>{@code
 * RevealLog log = RevealLog.file(file, logKey); // one for the process, closed at its end
 * Detokenizer detokenizer = Detokenizer.builder(cards, policy, log).build(); // one, too: it counts the rates
 * }</pre>
 *
 * <p>An event is taken before its value is released; if the log fails, nothing is released.
 *
 * <p><b>Security properties.</b> Each event has a number, and a link: HMAC-SHA256 over the link before it and all its fields.
 * {@link #verify} finds a change, a removal, an insertion and another order; a removal at the end it finds only against a
 * {@link #head} that was kept elsewhere. Whoever has the log's key can rebuild the chain, so it belongs to who checks the log,
 * and to the process that writes it; a thief of the log alone cannot. Events hold neither values nor tokens.
 *
 * <p>Thread-safe. Events are written one after the other.
 */
@CheckReturnValue
public final class RevealLog implements AutoCloseable {
    private static final byte[] KEY_INFO = "signet reveal log 1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;

    private final ReentrantLock lock = new ReentrantLock();
    private final Sink sink;
    private @Nullable RevealChain chain;
    private boolean closed;

    /** Where events go. */
    interface Sink extends AutoCloseable {
        void append(RevealEvent event);

        /** Returns when all appended events are on the disk, or wherever they are safe. */
        default void flush() {}

        @Override
        default void close() {}
    }

    /** A store of somebody else, which is asked no more once it has failed. Guarded by the log's lock. */
    private static final class Store implements Sink {
        private final Consumer<RevealEvent> consumer;
        private boolean failed;

        Store(Consumer<RevealEvent> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void append(RevealEvent event) {
            if (failed) {
                throw new UnavailableException(
                        "the reveal log failed before; open it anew behind the last line that is stored");
            }
            // Whatever is thrown, an error of the JVM too: only an answer tells that the event is safe.
            failed = true;
            consumer.accept(event);
            failed = false;
        }
    }

    private RevealLog(Sink sink, @Nullable RevealChain chain) {
        this.sink = sink;
        this.chain = chain;
    }

    /**
     * The log key that belongs to a tokenization key. It reveals no value: who checks the log needs no more than this. A log
     * goes on with the key that it began with, also when another tokenization key has become primary.
     */
    public static SecretBytes deriveKey(TokenizationKey key) {
        return key.derive(KEY_INFO, KEY_BYTES);
    }

    /**
     * A file of one event a line, made for its owner only, and continued if it exists.
     *
     * <p>The last event must follow the one before it, or the file is not opened; {@link #verify} checks all. Half a line at the
     * end is what a crash in the middle of writing leaves, and its value was never released: it is cut off, and an event with
     * the result {@code incomplete-line-removed} is put in its place. A second file beside it, with {@code .lock} behind its
     * name, keeps other processes out. Each event is on the disk before its value is released.
     *
     * <p>When the disk refuses a flush, the log is cut back to its last event that is safe, and releases nothing any more: close
     * it and open it anew.
     *
     * @param key at least 32 bytes, see {@link #deriveKey}
     * @throws UnavailableException if the file cannot be written, or another log has it open
     * @throws InvalidMessageException if its last line is not an event
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} if the last event does not follow the one before
     */
    public static RevealLog file(Path path, SecretBytes key) {
        return file(path, key, SecurityPolicy.recommended2026());
    }

    /** As {@link #file(Path, SecretBytes)} does, with HMAC of a policy's providers. */
    public static RevealLog file(Path path, SecretBytes key, SecurityPolicy policy) {
        return file(RevealFile.open(path, RevealChain.start(key, policy)));
    }

    static RevealLog file(RevealFile file) {
        RevealLog log = new RevealLog(file, file.chain());
        try {
            if (file.hasLostHalfALine()) {
                log.append(file.lossNote(), InstantSource.system());
            }
            return log;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /**
     * A new log in a store of one's own, such as a database or a SIEM. The consumer gets the events one at a time, and stores
     * their {@link RevealEvent#line() lines}; if it throws, nothing is released.
     *
     * <p>Whoever throws may have stored the event nevertheless, as when only the answer of a commit was lost. So a consumer that
     * threw closes the log for good: open another {@linkplain #to(Consumer, SecretBytes, String) behind the last line that is
     * stored}. The store must be idempotent by {@link RevealEvent#sequence}: one line for each number, an equal one taken again
     * without effect, another one for the same number refused.
     *
     * @param key at least 32 bytes, see {@link #deriveKey}
     */
    public static RevealLog to(Consumer<RevealEvent> consumer, SecretBytes key) {
        return to(consumer, key, SecurityPolicy.recommended2026());
    }

    /** As {@link #to(Consumer, SecretBytes)} does, with HMAC of a policy's providers. */
    public static RevealLog to(Consumer<RevealEvent> consumer, SecretBytes key, SecurityPolicy policy) {
        return new RevealLog(new Store(consumer), RevealChain.start(key, policy));
    }

    /**
     * A log in a store of one's own, behind the events that it holds already; for the consumer see {@link #to(Consumer,
     * SecretBytes)}.
     *
     * @param lastLine the last event of the store, read from it anew
     * @throws InvalidMessageException if that is not an event
     */
    public static RevealLog to(Consumer<RevealEvent> consumer, SecretBytes key, String lastLine) {
        return to(consumer, key, lastLine, SecurityPolicy.recommended2026());
    }

    /** As {@link #to(Consumer, SecretBytes, String)} does, with HMAC of a policy's providers. */
    public static RevealLog to(
            Consumer<RevealEvent> consumer, SecretBytes key, String lastLine, SecurityPolicy policy) {
        return new RevealLog(new Store(consumer), RevealChain.start(key, policy).behind(lastLine));
    }

    /** Where the events go to is not shown. */
    @Override
    public String toString() {
        return chain == null ? "RevealLog[dangerouslyDiscard]" : "RevealLog";
    }

    /** Keeps nothing: for tests, where nobody asks who saw what. */
    public static RevealLog dangerouslyDiscard() {
        return new RevealLog(event -> {}, null);
    }

    /**
     * Checks a whole log, from its first event.
     *
     * @throws InvalidMessageException if a line is not an event
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} at the first event that does not follow the one before
     */
    public static VerifiedLog verify(Iterator<String> lines, SecretBytes key) {
        RevealChain start = RevealChain.start(key, SecurityPolicy.recommended2026());
        return verify(lines, key, start.head());
    }

    /**
     * Checks a whole log, from its first event, and that it still holds an event that was its last one once.
     *
     * @param remembered the {@link #head} of then
     * @throws InvalidMessageException if a line is not an event
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} at the first event that does not follow the one before,
     *     or if the remembered event is gone
     */
    public static VerifiedLog verify(Iterator<String> lines, SecretBytes key, String remembered) {
        return verify(lines, key, remembered, event -> {});
    }

    /**
     * Checks a whole log as {@link #verify(Iterator, SecretBytes, String)} does, and tells what it holds.
     *
     * @param remembered an earlier {@link #head}; that of an empty log is met by all
     * @param each gets every event that follows the one before, in order; whether the log is whole is known only when this
     *     method returns
     * @throws InvalidMessageException if a line is not an event
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} at the first event that does not follow the one before,
     *     or if the remembered event is gone
     */
    public static VerifiedLog verify(
            Iterator<String> lines, SecretBytes key, String remembered, Consumer<RevealEvent> each) {
        return verify(lines, key, remembered, each, SecurityPolicy.recommended2026());
    }

    /** As {@link #verify(Iterator, SecretBytes, String, Consumer)} does, with HMAC of a policy's providers. */
    public static VerifiedLog verify(
            Iterator<String> lines,
            SecretBytes key,
            String remembered,
            Consumer<RevealEvent> each,
            SecurityPolicy policy) {
        RevealChain place = RevealChain.start(key, policy);
        RevealChain wanted = place.at(remembered);
        boolean met = place.head().equals(wanted.head());
        while (lines.hasNext()) {
            RevealEvent event = place.require(lines.next());
            place = place.behind(event);
            met |= place.head().equals(wanted.head());
            each.accept(event);
        }
        if (!met) {
            throw new VerificationException(
                    Reason.SIGNATURE_INVALID, "the log does not hold event number " + wanted.sequence());
        }
        return new VerifiedLog(place.sequence(), place.head());
    }

    /**
     * The number and link of the last event, once it is safe: kept elsewhere, it shows a later removal at the end.
     *
     * @throws UnavailableException if the file has failed or is closed
     */
    public String head() {
        String head;
        lock.lock();
        try {
            if (chain == null) {
                throw new IllegalStateException("a log that discards its events has no head");
            }
            head = chain.head();
        } finally {
            lock.unlock();
        }
        // A head of an event that is lost in a crash would accuse whoever kept the log.
        sink.flush();
        return head;
    }

    /** Closes the log, and the file if there is one; no value is released through this log any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            sink.close();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the event is safe. */
    void append(RevealNote note, InstantSource clock) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("the consumer of a reveal log must not reveal");
        }
        try {
            lock.lock();
            try {
                if (closed) {
                    throw new UnavailableException("the reveal log is closed");
                }
                if (chain == null) {
                    return;
                }
                // In here, so that events stand in the order of their times.
                RevealEvent event = chain.next(note, clock.instant());
                sink.append(event);
                chain = chain.behind(event);
            } finally {
                lock.unlock();
            }
            // Outside the lock, so that one flush serves all events that were written meanwhile.
            sink.flush();
        } catch (UnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnavailableException("the reveal log did not take the event", e);
        }
    }

    /** What a check of a log showed. */
    public static final class VerifiedLog {
        private final long events;
        private final String head;

        private VerifiedLog(long events, String head) {
            this.events = events;
            this.head = head;
        }

        /** The number of events. */
        public long events() {
            return events;
        }

        /** The number and link of the last event, to be kept for the next check. */
        public String head() {
            return head;
        }

        @Override
        public String toString() {
            return "VerifiedLog[" + events + " events]";
        }
    }
}
