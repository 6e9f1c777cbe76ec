// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * FF1 with AES-256 over the replaced parts of a format. The tweak is 16 bytes of the domain, the parts that stay in UTF-8,
 * then the context, its length in two bytes and 1, or just 0 without a context: read from its end it has one meaning only.
 */
final class FormatPreservingEngine extends ReversibleEngine {
    private static final int KEY_BYTES = 32;

    /**
     * Values and tweaks with fewer characters and bytes share the state behind the domain's block: P and the domain are the same
     * each time.
     */
    private static final int SHARED = 64;

    private static final int MAX_CONTEXT = 1024;

    private final TokenFormat format;
    private final Shape shape;
    private final Ff1Core core;
    private final Numerals numerals;
    private final byte[] domainTweak;

    /** The CBC state behind P and the domain's block, by the length of values and of what follows in the tweak. */
    private final AtomicReferenceArray<State> states = new AtomicReferenceArray<>(SHARED * SHARED);

    private record State(long high, long low) {}

    FormatPreservingEngine(TokenizationKey key, TokenDomain domain, TokenFormat format, Providers providers) {
        this.format = format;
        shape = format.shape();
        SecretBytes derived = key.derive(domain.info("ff1"), KEY_BYTES);
        core = new Ff1Core(derived, shape.radix, providers);
        SecretBytes tweak = key.derive(domain.info("ff1 tweak"), Aes.BLOCK);
        domainTweak = tweak.dangerousToByteArray();
        numerals = new Numerals(shape.radix);
    }

    @Override
    String format() {
        return shape.name;
    }

    @Override
    String tokenize(String value, @Nullable String context) {
        requireNewTokens();
        return one(value, context, true);
    }

    @Override
    String detokenize(String token, @Nullable String context) {
        return one(token, context, false);
    }

    @Override
    void tokenize(ColumnJob job, int from, int to) {
        requireNewTokens();
        many(job, from, to, true);
    }

    @Override
    void detokenize(ColumnJob job, int from, int to) {
        many(job, from, to, false);
    }

    @Override
    String partial(String clear) {
        return hide(clear, true);
    }

    @Override
    String masked(String clear) {
        return hide(clear, false);
    }

    // ---- one value -------------------------------------------------------------------------------------------------

    private String one(String text, @Nullable String context, boolean encrypt) {
        Aes.Worker worker = core.aes.borrow();
        Work work = worker.lane(0);
        try {
            work.load(text);
            Ff1Plan plan = prepare(worker, work, context, encrypt);
            Ff1Core.absorb(worker, work, work.kept, work.keptLength, room(plan));
            do {
                if (plan.isWide) {
                    worker.runWideLanes(0, 1, plan, encrypt);
                } else {
                    Ff1Core.rounds(worker, work, plan, work.keptLength % Aes.BLOCK, encrypt);
                }
            } while (!shape.accepts(work));
            shape.fromHalves(work, plan, numerals);
            shape.write(work, encrypt);
            return work.text();
        } finally {
            work.clear();
            core.aes.giveBack(worker);
        }
    }

    private static int room(Ff1Plan plan) {
        return plan.isLong || plan.isWide ? plan.room() : Aes.BLOCK - 1;
    }

    /** Reads the text, and brings the halves to where the rounds begin and the CBC state behind the domain. */
    private Ff1Plan prepare(Aes.Worker worker, Work work, @Nullable String context, boolean encrypt) {
        shape.read(work, !encrypt);
        Ff1Plan plan = core.plan(work.count);
        shape.toHalves(work, plan, numerals);
        finishTweak(work, context);
        int rest = work.keptLength;
        if (rest < SHARED && plan.length < SHARED) {
            int slot = plan.length * SHARED + rest;
            State state = states.get(slot);
            if (state == null) {
                absorbDomain(worker, work, plan, rest);
                states.set(slot, new State(work.stateHigh, work.stateLow));
            } else {
                work.stateHigh = state.high;
                work.stateLow = state.low;
            }
        } else {
            absorbDomain(worker, work, plan, rest);
        }
        work.plan = plan;
        work.absorbed = 0;
        return plan;
    }

    private void absorbDomain(Aes.Worker worker, Work work, Ff1Plan plan, int rest) {
        Ff1Core.start(worker, work, plan, Aes.BLOCK + rest);
        worker.encrypt(work.stateHigh ^ Aes.word(domainTweak, 0), work.stateLow ^ Aes.word(domainTweak, 8));
        work.stateHigh = Aes.word(worker.out, 0);
        work.stateLow = Aes.word(worker.out, 8);
    }

    private static void finishTweak(Work work, @Nullable String context) {
        if (context == null) {
            work.keep(0);
            return;
        }
        byte[] bytes = Utf8.encode(context, "the context");
        if (bytes.length > MAX_CONTEXT) {
            throw InvalidMessageException.tooLarge("a context has at most " + MAX_CONTEXT + " bytes");
        }
        work.keep(bytes);
        work.keep(new byte[] {(byte) (bytes.length >>> 8), (byte) bytes.length, 1});
    }

    // ---- many values -----------------------------------------------------------------------------------------------

    private void many(ColumnJob job, int from, int to, boolean encrypt) {
        Aes.Worker worker = core.aes.borrow();
        for (int start = from; start < to && !job.isStopped(); start += Aes.Worker.LANES) {
            int loaded = load(worker, job, start, Math.min(start + Aes.Worker.LANES, to), encrypt);
            absorb(worker, loaded);
            runAll(worker, job, loaded, encrypt);
        }
        // After a mistake that ended the column it still holds values, and is dropped.
        core.aes.giveBack(worker);
    }

    /** Reads some rows into the lanes; rows that do not fit take none. */
    private int load(Aes.Worker worker, ColumnJob job, int from, int to, boolean encrypt) {
        int loaded = 0;
        for (int row = from; row < to && !job.isStopped(); row++) {
            Work work = worker.lane(loaded);
            try {
                job.load(row, work);
                prepare(worker, work, job.context(row), encrypt);
                work.row = row;
                loaded++;
            } catch (InvalidMessageException e) {
                work.clear();
                job.fail(row, e);
            }
        }
        return loaded;
    }

    /** Brings what each lane keeps into its CBC state, a block of all lanes at a time. */
    private static void absorb(Aes.Worker worker, int loaded) {
        Work[] lanes = worker.lanes;
        int[] waiting = worker.waiting;
        int count = loaded;
        for (int k = 0; k < loaded; k++) {
            waiting[k] = k;
        }
        while (count > 0) {
            int blocks = 0;
            for (int i = 0; i < count; i++) {
                Work work = lanes[waiting[i]];
                int rest = work.keptLength - work.absorbed;
                int end = work.absorbed + Math.min(rest, Aes.BLOCK);
                Ff1Core.combine(work, work.kept, work.absorbed, end);
                work.absorbed = end;
                if (rest > room(Objects.requireNonNull(work.plan))) {
                    Aes.word(worker.in, blocks * Aes.BLOCK, work.stateHigh);
                    Aes.word(worker.in, blocks * Aes.BLOCK + 8, work.stateLow);
                    waiting[blocks++] = waiting[i];
                }
            }
            if (blocks > 0) {
                worker.encrypt(blocks);
            }
            for (int i = 0; i < blocks; i++) {
                Work work = lanes[waiting[i]];
                work.stateHigh = Aes.word(worker.out, i * Aes.BLOCK);
                work.stateLow = Aes.word(worker.out, i * Aes.BLOCK + 8);
            }
            count = blocks;
        }
    }

    /** Runs lanes of one plan together, until each has a value that the shape accepts. */
    private void runAll(Aes.Worker worker, ColumnJob job, int loaded, boolean encrypt) {
        Work[] lanes = worker.lanes;
        int first = 0;
        while (first < loaded) {
            Ff1Plan plan = Objects.requireNonNull(lanes[first].plan);
            int end = gather(lanes, first, loaded, plan);
            if (plan.isLong) {
                worker.runLanes(first, end, plan, encrypt);
            } else if (plan.isWide) {
                worker.runWideLanes(first, end, plan, encrypt);
            } else {
                for (int k = first; k < end; k++) {
                    Ff1Core.rounds(worker, lanes[k], plan, lanes[k].keptLength % Aes.BLOCK, encrypt);
                }
            }
            for (int k = first; k < end; k++) {
                Work work = lanes[k];
                if (shape.accepts(work)) {
                    shape.fromHalves(work, plan, numerals);
                    shape.write(work, encrypt);
                    job.store(work.row, work);
                    work.clear();
                    lanes[k] = lanes[first];
                    lanes[first++] = work;
                }
            }
        }
    }

    /** Moves the lanes of a plan together; the first has it. Gives the end of them. */
    private static int gather(Work[] lanes, int first, int loaded, Ff1Plan plan) {
        int end = first + 1;
        for (int k = end; k < loaded; k++) {
            Work work = lanes[k];
            if (work.plan == plan) {
                lanes[k] = lanes[end];
                lanes[end++] = work;
            }
        }
        return end;
    }

    // ---- hiding ----------------------------------------------------------------------------------------------------

    private String hide(String clear, boolean partly) {
        Work work = new Work();
        work.load(clear);
        shape.read(work, false);
        int[] hidden = Arrays.copyOf(work.cells, work.length);
        for (int i = 0; i < work.length; i++) {
            boolean shown = partly ? shape.isShown(work, i) : !shape.isSymbol(work.cells[i]);
            if (!shown) {
                hidden[i] = Shape.MASK;
            }
        }
        String text = new String(hidden, 0, hidden.length);
        work.clear();
        return text;
    }

    private void requireNewTokens() {
        if (format.isReadOnly()) {
            throw new IllegalStateException(
                    shape.name + ": " + shape.free.arithmetic() + "; so few are only read, no new tokens are made");
        }
    }
}
