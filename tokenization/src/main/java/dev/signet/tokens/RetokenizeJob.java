// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Boundary;
import dev.signet.tokens.Retokenizer.Batch;
import dev.signet.tokens.Retokenizer.Change;
import dev.signet.tokens.Retokenizer.Checkpoint;
import dev.signet.tokens.Retokenizer.Failure;
import dev.signet.tokens.Retokenizer.Progress;
import dev.signet.tokens.Retokenizer.Report;
import dev.signet.tokens.Retokenizer.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a {@link Retokenizer}. Belongs to one thread. */
final class RetokenizeJob {
    /** A report must not fill the memory where every row fails. */
    private static final int MAX_FAILURES = 10_000;

    private final Setup setup;
    private final Access access;
    private final Retokenizer.@Nullable Sink sink;
    private final List<Failure> failures = new ArrayList<>();
    private long done;
    private long skipped;
    private long failed;

    /** What all runs share. */
    record Setup(
            TokenMover mover,
            Tokenizer to,
            String fromFormat,
            Set<String> fromVersions,
            TokenDomain fromDomain,
            RevealPolicy policy,
            RevealGate gate,
            int batchSize,
            ColumnOptions options,
            boolean stopAtFirstFailure,
            Consumer<Progress> progress) {
        /** What the job moves towards; a checkpoint of another target must not be resumed from. */
        String target() {
            return to.version() + "\n" + to;
        }

        Checkpoint start() {
            return new Checkpoint(new Progress(0, 0, 0), target(), "");
        }
    }

    /** @param sink null for a dry run */
    RetokenizeJob(Setup setup, Access access, Retokenizer.@Nullable Sink sink) {
        this.setup = setup;
        this.access = access;
        this.sink = sink;
    }

    static TokenMover.Reader reader(Retokenizer.@Nullable Source source, Set<String> versions) {
        Retokenizer.Source legacy = Objects.requireNonNull(source);
        return (tokens, options) -> {
            @Nullable String[] texts = new String[tokens.size()];
            Map<Integer, MessageSecurityException> errors = new HashMap<>();
            for (int i = 0; i < texts.length; i++) {
                if (!versions.contains(tokens.get(i).version())) {
                    errors.put(i, new VerificationException(Reason.KEY_UNKNOWN));
                    continue;
                }
                try {
                    int row = i;
                    texts[i] = Boundary.ask(
                            "source of old tokens",
                            () -> legacy.detokenize(
                                    tokens.get(row),
                                    Optional.ofNullable(options.context(row)).map(TokenContext::of)));
                } catch (InvalidMessageException | DecryptionException | VerificationException e) {
                    errors.put(i, e);
                }
            }
            return new ColumnResult(texts, errors, null);
        };
    }

    Report run(Iterator<Row> rows, Checkpoint from) {
        done = from.progress().done();
        skipped = from.progress().skipped();
        failed = from.progress().failed();
        Optional<Failure> stoppedAt = Optional.empty();
        String last = from.lastRow();
        while (rows.hasNext() && stoppedAt.isEmpty()) {
            List<Row> batch = next(rows);
            Moved moved = move(batch);
            int reached = moved.reached;
            stoppedAt = moved.stoppedAt;
            last = reached == 0 ? last : batch.get(reached - 1).id();
            done += moved.changes.size();
            failed += moved.failures.size();
            skipped += reached - moved.changes.size() - moved.failures.size();
            note(moved.failures);
            note(stoppedAt.stream().toList());
            Progress progress = new Progress(done, skipped, failed);
            if (sink != null && reached > 0) {
                sink.write(new Batch(moved.changes, moved.failures, new Checkpoint(progress, setup.target(), last)));
            }
            setup.progress.accept(progress);
        }
        return new Report(new Progress(done, skipped, failed), List.copyOf(failures), stoppedAt);
    }

    /** The rows up to {@code reached} are finished; the job stops there if a failure tells it to. */
    private record Moved(List<Change> changes, List<Failure> failures, int reached, Optional<Failure> stoppedAt) {}

    private List<Row> next(Iterator<Row> rows) {
        List<Row> batch = new ArrayList<>(Math.min(setup.batchSize, 1_024));
        while (rows.hasNext() && batch.size() < setup.batchSize) {
            batch.add(rows.next());
        }
        return batch;
    }

    private Moved move(List<Row> batch) {
        Rows old = new Rows();
        Rows claimed = new Rows();
        KeyedReversibleTokenizer checker = checker();
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.get(i).token().version().equals(setup.to.version())) {
                old.add(i, batch.get(i));
            } else if (checker != null) {
                claimed.add(i, batch.get(i));
            }
        }
        if (old.tokens.isEmpty() && claimed.tokens.isEmpty()) {
            return new Moved(List.of(), List.of(), batch.size(), Optional.empty());
        }
        Set<String> versions = old.tokens.stream().map(Token::version).collect(Collectors.toSet());
        versions.retainAll(setup.fromVersions);
        RevealNote note = RevealNote.of(access, setup.fromDomain, setup.to.domain(), setup.fromFormat, versions);
        return setup.gate.pass(sink == null ? note.result("dry-run") : note, old.tokens.size(), attempt -> {
            setup.policy.requireTranslation(access, setup.fromDomain, setup.to.domain());
            @Nullable String[] failing = new String[batch.size()];
            @Nullable Change[] changing = new Change[batch.size()];
            int refused = 0;
            if (checker != null && !claimed.tokens.isEmpty()) {
                refused = claimed.note(checker.read(claimed.tokens, claimed.options(setup.options)), failing);
            }
            if (!old.tokens.isEmpty()) {
                ColumnResult result = setup.mover.move(old.tokens, old.options(setup.options));
                old.note(result, failing);
                for (int i = 0; i < old.tokens.size(); i++) {
                    int position = old.positions.get(i);
                    Token after = result.text(i)
                            .map(text -> Token.of(text, result.version()))
                            .orElse(null);
                    changing[position] = after == null
                            ? null
                            : new Change(batch.get(position).id(), old.tokens.get(i), after);
                }
            }
            Moved moved = collect(batch, changing, failing);
            return attempt.release(moved, moved.changes.size(), old.tokens.size() - moved.changes.size() + refused);
        });
    }

    /**
     * Tells whether tokens are of the version that stands beside them, where the mode can. They are not where two columns share
     * one version and the other column was moved: to skip such a row would count a token as moved that nobody reads any more.
     */
    private @Nullable KeyedReversibleTokenizer checker() {
        return setup.to instanceof KeyedReversibleTokenizer reversible
                        && reversible.primaryEngine().isAuthenticated()
                ? reversible
                : null;
    }

    /** Some rows of a batch. */
    private static final class Rows {
        private final List<Integer> positions = new ArrayList<>();
        private final List<Token> tokens = new ArrayList<>();
        private final List<String> contexts = new ArrayList<>();

        void add(int position, Row row) {
            positions.add(position);
            tokens.add(row.token());
            contexts.add(row.context().map(TokenContext::text).orElse(null));
        }

        ColumnOptions options(ColumnOptions options) {
            return options.someContexts(contexts.toArray(new String[0]));
        }

        /** The number of errors. */
        int note(ColumnResult result, @Nullable String[] failing) {
            result.errors().forEach((i, error) -> failing[positions.get(i)] = error.code());
            return result.errors().size();
        }
    }

    private Moved collect(List<Row> batch, @Nullable Change[] changing, @Nullable String[] failing) {
        List<Change> changes = new ArrayList<>();
        List<Failure> failed = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Change change = changing[i];
            String code = failing[i];
            if (change != null) {
                changes.add(change);
            } else if (code != null && setup.stopAtFirstFailure) {
                Failure stop = new Failure(batch.get(i).id(), code);
                return new Moved(List.copyOf(changes), List.of(), i, Optional.of(stop));
            } else if (code != null) {
                failed.add(new Failure(batch.get(i).id(), code));
            }
        }
        return new Moved(List.copyOf(changes), List.copyOf(failed), batch.size(), Optional.empty());
    }

    private void note(List<Failure> more) {
        failures.addAll(more.subList(0, Math.min(more.size(), MAX_FAILURES - failures.size())));
    }
}
