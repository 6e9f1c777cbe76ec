// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives many rows new tokens: those of the current version of the key, or of another tokenizer. The job can be killed at any
 * moment and resumed.
 *
 * <pre>{@code
 * ReversibleTokenizer cards = Tokenizer.builder(switched, DOMAIN).formatPreserving(TokenFormat.paymentCard());
 * Retokenizer job = Retokenizer.builder(cards, policy, log)
 *         .progress(progress -> System.out.println(progress.rows() + " rows"))
 *         .build();
 * Access access = Access.by("rotation-job").forPurpose("key rotation");
 *
 * Report rehearsal = job.dryRun(rowsBehind(database, ""), access);
 * rehearsal.failures().forEach(failure -> System.out.println(failure.id() + ": " + failure.code()));
 *
 * Report report = job.run(rowsBehind(database, ""), access, batch -> write(database, batch));
 * }</pre>
 *
 * <p>Rows come from any iterator, in batches. Each batch is given to a {@link Sink} with its {@link Checkpoint}; written in one
 * transaction, they keep each other true. A row whose token has the new version is skipped, so that a job which begins anew does
 * no harm either.
 *
 * <p>A job moves the tokens of one column, so each column of tokens needs a column of versions of its own. Where two share one,
 * the job of the first takes the version away from the tokens of the second, and these are read by the wrong key from then on.
 * With authenticated tokens such rows fail, in the job and when they are read; tokens that preserve a format cannot tell.
 *
 * <p><b>Security properties.</b> The purpose needs the right to translate ({@link RevealPolicy.Builder#allowTranslation}), for a
 * change of version from the domain into itself. Each batch leaves an event in the log before its tokens are given out. No value
 * leaves the job: a failure has a row's id and a code. The rate of the caller does not apply.
 *
 * <p>Immutable and thread-safe; each run belongs to one thread.
 */
@CheckReturnValue
public final class Retokenizer {
    private static final int DEFAULT_BATCH = 1_024;
    private static final int MAX_BATCH = 100_000;

    private final RetokenizeJob.Setup setup;

    private Retokenizer(RetokenizeJob.Setup setup) {
        this.setup = setup;
    }

    /** Starts a job towards the primary version of a tokenizer. */
    public static Builder builder(Tokenizer to, RevealPolicy policy, RevealLog log) {
        return new Builder(to, policy, log);
    }

    /**
     * Moves all rows.
     *
     * @throws VerificationException with {@link Reason#PURPOSE_NOT_ALLOWED} if the access lacks the right
     * @throws UnavailableException if the log is down; the batch is not written
     */
    public Report run(Iterator<Row> rows, Access access, Sink sink) {
        return new RetokenizeJob(setup, access, sink).run(rows, setup.start());
    }

    /**
     * Goes on behind a checkpoint.
     *
     * @param rows those behind {@link Checkpoint#lastRow}; a source that only begins at its beginning is moved forward by {@link
     *     Checkpoint#skip}
     * @throws IllegalArgumentException if the checkpoint is of a job towards other tokens
     * @throws VerificationException with {@link Reason#PURPOSE_NOT_ALLOWED} if the access lacks the right
     * @throws UnavailableException if the log is down; the batch is not written
     */
    public Report resume(Iterator<Row> rows, Checkpoint checkpoint, Access access, Sink sink) {
        checkpoint.requireTarget(setup.target());
        return new RetokenizeJob(setup, access, sink).run(rows, checkpoint);
    }

    /** Does all but write: counts what would change, and what would fail. It is logged as {@code dry-run}. */
    public Report dryRun(Iterator<Row> rows, Access access) {
        return new RetokenizeJob(setup, access, null).run(rows, setup.start());
    }

    @Override
    public String toString() {
        return "Retokenizer[to " + setup.to() + "]";
    }

    /** Reads old tokens that no tokenizer of ours reads, such as those of a withdrawn mode. Thread-safe. */
    @FunctionalInterface
    public interface Source {
        /**
         * The value of a token, or an error, which counts for this row only.
         *
         * @throws dev.signet.core.InvalidMessageException if the token has not the format
         * @throws dev.signet.core.DecryptionException if it cannot be read
         * @throws VerificationException if its version is not known
         */
        String detokenize(Token token, Optional<TokenContext> context);
    }

    /** Writes batches. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Writes the changes and the checkpoint in one transaction, or throws, which ends the job.
         *
         * <p>Where others write the rows meanwhile, a change is written only if the row still holds {@link Change#before}.
         */
        void write(Batch batch);
    }

    /**
     * A row of the source. {@code toString} shows neither token nor context.
     *
     * @param id names the row in failures and checkpoints; no personal data
     * @param context in which the token was made, and will be made
     */
    public record Row(String id, Token token, Optional<TokenContext> context) {
        /** A row whose token has no context. */
        public static Row of(String id, Token token) {
            return new Row(id, token, Optional.empty());
        }

        /** A row whose token has a context. */
        public static Row of(String id, Token token, TokenContext context) {
            return new Row(id, token, Optional.of(context));
        }

        @Override
        public String toString() {
            return "Row[" + id + ", " + token + "]";
        }
    }

    /** A row's new token. */
    public record Change(String id, Token before, Token after) {}

    /** A row that keeps its old token, and the code of the error. */
    public record Failure(String id, String code) {}

    /** Rows to be written, failures to be noted, and the place behind them. */
    public record Batch(List<Change> changes, List<Failure> failures, Checkpoint checkpoint) {}

    /** Rows so far, those before a checkpoint included: moved, already in the new version, and failed. */
    public record Progress(long done, long skipped, long failed) {
        /** All rows so far. */
        public long rows() {
            return done + skipped + failed;
        }
    }

    /**
     * What became of a job.
     *
     * @param failures the first 10,000 of this run; batches hold all
     * @param stoppedAt the failure at which the job stopped, if it was told to; it is not among the rows of the progress
     */
    public record Report(Progress progress, List<Failure> failures, Optional<Failure> stoppedAt) {}

    /** Collects what a job needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final Tokenizer to;
        private final RevealPolicy policy;
        private final RevealLog log;
        private @Nullable KeyedReversibleTokenizer from;
        private @Nullable Source legacy;
        private Set<String> legacyVersions = Set.of();
        private TokenDomain fromDomain;
        private int batchSize = DEFAULT_BATCH;
        private boolean onAllCores;
        private boolean stopAtFirstFailure;
        private Consumer<Progress> progress = rows -> {};
        private InstantSource clock = InstantSource.system();

        private Builder(Tokenizer to, RevealPolicy policy, RevealLog log) {
            this.to = to;
            this.policy = policy;
            this.log = log;
            fromDomain = to.domain();
        }

        /** Where the old tokens come from; without it, from older versions of the tokenizer that makes the new ones. */
        public Builder from(ReversibleTokenizer newFrom) {
            from = (KeyedReversibleTokenizer) newFrom;
            legacy = null;
            fromDomain = newFrom.domain();
            return this;
        }

        /**
         * Where old tokens come from that no tokenizer of ours reads.
         *
         * @param domain what they stand for in policy and log
         * @param versions that stand beside the old tokens, such as {@code ff3-1}; a row with any other fails, unless it is the
         *     new one, by which moved rows are known
         */
        public Builder from(Source newFrom, TokenDomain domain, Set<String> versions) {
            if (versions.isEmpty()) {
                throw new IllegalArgumentException("old tokens have at least one version");
            }
            versions.forEach(version -> Names.check(version, "a version"));
            from = null;
            legacy = newFrom;
            legacyVersions = Set.copyOf(versions);
            fromDomain = domain;
            return this;
        }

        /** Rows in a batch, and so in a transaction: 1,024 unless said otherwise, and at most 100,000. */
        public Builder batchSize(int rows) {
            if (rows < 1 || rows > MAX_BATCH) {
                throw new IllegalArgumentException("a batch has 1 to 100,000 rows");
            }
            batchSize = rows;
            return this;
        }

        /** Works on each batch with all cores. */
        public Builder onAllCores() {
            onAllCores = true;
            return this;
        }

        /** Ends the job at the first row that fails, with all rows before it written. */
        public Builder stopAtFirstFailure() {
            stopAtFirstFailure = true;
            return this;
        }

        /** Told after each batch. */
        public Builder progress(Consumer<Progress> listener) {
            progress = listener;
            return this;
        }

        /** The clock by which events are dated. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /**
         * The job.
         *
         * @throws IllegalArgumentException if the new tokens could not be told from old ones by their version, or the tokenizer
         *     has no older versions to read since it is one-way
         */
        @CheckReturnValue
        public Retokenizer build() {
            KeyedReversibleTokenizer reader = from;
            if (reader == null && legacy == null) {
                if (!(to instanceof KeyedReversibleTokenizer same)) {
                    throw new IllegalArgumentException("a one-way tokenizer cannot read its old tokens: say from");
                }
                reader = same;
            }
            Set<String> old = reader == null ? legacyVersions : reader.versions();
            if (reader != to && old.contains(to.version())) {
                // Who resumes could not tell a moved row from an old one, and would move it twice.
                throw new IllegalArgumentException(
                        "the new tokens need a version that no old token has: give the new tokenizer a key of its own");
            }
            return new Retokenizer(new RetokenizeJob.Setup(
                    new TokenMover(reader == null ? RetokenizeJob.reader(legacy, legacyVersions) : reader::read, to),
                    to,
                    reader == null ? "legacy" : reader.format(),
                    old,
                    fromDomain,
                    policy,
                    new RevealGate(policy, log, clock),
                    batchSize,
                    onAllCores ? ColumnOptions.defaults().onAllCores() : ColumnOptions.defaults(),
                    stopAtFirstFailure,
                    progress));
        }
    }

    /** A place behind a row of a job. Its text goes into the transaction that writes the rows before it. Immutable. */
    public static final class Checkpoint {
        private final Progress progress;
        private final String target;
        private final String lastRow;

        Checkpoint(Progress progress, String target, String lastRow) {
            this.progress = progress;
            this.target = target;
            this.lastRow = lastRow;
        }

        /**
         * A checkpoint as {@link #text} wrote it.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Checkpoint parse(String text) {
            return CheckpointText.read(text);
        }

        /** The checkpoint as one line of ASCII, opaque. */
        public String text() {
            return CheckpointText.write(progress, target, lastRow);
        }

        /** The id of the last row before this place. */
        public String lastRow() {
            return lastRow;
        }

        /** The rows before this place. */
        public Progress progress() {
            return progress;
        }

        /**
         * Moves a source from its beginning behind this place.
         *
         * @throws IllegalStateException if the rows come in another order than before; a run from the beginning is safe then
         */
        public Iterator<Row> skip(Iterator<Row> rows) {
            String last = "";
            for (long i = 0; i < progress.rows(); i++) {
                last = rows.hasNext() ? rows.next().id() : "";
            }
            if (!last.equals(lastRow)) {
                throw new IllegalStateException("the rows come in another order than before; run from the beginning");
            }
            return rows;
        }

        void requireTarget(String wanted) {
            if (!target.equals(wanted)) {
                throw new IllegalArgumentException("the checkpoint is of a job towards other tokens");
            }
        }

        @Override
        public String toString() {
            return "Checkpoint[" + progress + ", " + lastRow + "]";
        }
    }
}
