// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One call that revealed or translated values, or was refused, as a {@link RevealLog} chained it. It holds neither value nor
 * token.
 *
 * <p>{@link #line()} is its canonical form, which {@link RevealLog#verify} checks: whoever stores events stores these lines.
 *
 * <p>Immutable.
 */
@CheckReturnValue
public final class RevealEvent {
    /** Refused before anything was taken from the rate, or without a rate. */
    private static final Set<String> NOT_COUNTED = Set.of("purpose-not-allowed", "rate-exceeded", "dry-run");

    private final long sequence;
    private final Instant time;
    private final RevealNote note;
    private final String line;

    RevealEvent(long sequence, Instant time, RevealNote note, String line) {
        this.sequence = sequence;
        this.time = time;
        this.note = note;
        this.line = line;
    }

    /** The number of the event in its log, from 1. */
    public long sequence() {
        return sequence;
    }

    /** When the event was written. */
    public Instant time() {
        return time;
    }

    /** Who asked. */
    public String caller() {
        return note.caller();
    }

    /** What for. */
    public String purpose() {
        return note.purpose();
    }

    /** The domain of the tokens, with all four names. */
    public String domain() {
        return note.domain();
    }

    /** The domain into which tokens were to be translated; empty if values were to be revealed. */
    public Optional<String> target() {
        return Optional.of(note.target()).filter(name -> !name.isEmpty());
    }

    /** The format or mode of the tokens. */
    public String format() {
        return note.format();
    }

    /** The versions of the tokens, as far as the tokenizer knows them. */
    public List<String> versions() {
        return note.versions();
    }

    /** How much of the values was to be shown; empty if the policy refused, and for translations. */
    public Optional<Reveal> reveal() {
        return Optional.of(note.reveal())
                .filter(name -> !name.isEmpty())
                .map(name -> Reveal.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    /** {@code ok}, or the code of the error for which the call failed as a whole. */
    public String result() {
        return note.result();
    }

    /** The number of values that were released, or translated. */
    public long revealed() {
        return note.revealed();
    }

    /** The number of values that were not. */
    public long refused() {
        return note.refused();
    }

    /** Whether its values counted against the caller's rate. */
    boolean isCounted() {
        boolean isShown = target().isPresent()
                || reveal().filter(shown -> shown != Reveal.TOKEN).isPresent();
        return isShown && !NOT_COUNTED.contains(result());
    }

    /** The event as one line of JSON in ASCII, without a line break; its last member is the link of the chain. */
    public String line() {
        return line;
    }

    @Override
    public String toString() {
        return line;
    }
}
