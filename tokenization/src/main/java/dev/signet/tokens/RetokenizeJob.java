// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.VerificationException;
import dev.signet.tokens.Retokenizer.Batch;
import dev.signet.tokens.Retokenizer.Change;
import dev.signet.tokens.Retokenizer.Checkpoint;
import dev.signet.tokens.Retokenizer.Failure;
import dev.signet.tokens.Retokenizer.Progress;
import dev.signet.tokens.Retokenizer.Report;
import dev.signet.tokens.Retokenizer.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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

    static TokenMover.Reader reader(Retokenizer.@Nullable Source source) {
        Retokenizer.Source legacy = Objects.requireNonNull(source);
        return (tokens, options) -> {
            @Nullable String[] texts = new String[tokens.size()];
            Map<Integer, MessageSecurityException> errors = new HashMap<>();
            for (int i = 0; i < texts.length; i++) {
                try {
                    texts[i] = legacy.detokenize(tokens.get(i), Optional.ofNullable(options.context(i)));
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
        List<Integer> positions = new ArrayList<>();
        List<Token> tokens = new ArrayList<>();
        List<String> contexts = new ArrayList<>();
        Set<String> versions = new HashSet<>();
        for (int i = 0; i < batch.size(); i++) {
            Row row = batch.get(i);
            if (!row.token().version().equals(setup.to.version())) {
                positions.add(i);
                tokens.add(row.token());
                contexts.add(row.context().orElse(null));
                versions.add(row.token().version());
            }
        }
        if (tokens.isEmpty()) {
            return new Moved(List.of(), List.of(), batch.size(), Optional.empty());
        }
        versions.retainAll(setup.fromVersions);
        RevealNote note = RevealNote.of(access, setup.fromDomain, setup.to.domain(), setup.fromFormat, versions);
        return setup.gate.pass(sink == null ? note.result("dry-run") : note, tokens.size(), attempt -> {
            setup.policy.requireTranslation(access, setup.fromDomain, setup.to.domain());
            ColumnResult result = setup.mover.move(tokens, setup.options.someContexts(contexts.toArray(new String[0])));
            Moved moved = collect(batch, positions, result);
            return attempt.release(moved, moved.changes.size(), tokens.size() - moved.changes.size());
        });
    }

    private Moved collect(List<Row> batch, List<Integer> positions, ColumnResult result) {
        List<Change> changes = new ArrayList<>();
        List<Failure> failing = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            Row row = batch.get(positions.get(i));
            MessageSecurityException error = result.errors().get(i);
            if (error == null) {
                Token after = Token.of(result.text(i).orElseThrow(), result.version());
                changes.add(new Change(row.id(), row.token(), after));
            } else if (setup.stopAtFirstFailure) {
                Failure stop = new Failure(row.id(), error.code());
                return new Moved(List.copyOf(changes), List.of(), positions.get(i), Optional.of(stop));
            } else {
                failing.add(new Failure(row.id(), error.code()));
            }
        }
        return new Moved(List.copyOf(changes), List.copyOf(failing), batch.size(), Optional.empty());
    }

    private void note(List<Failure> more) {
        failures.addAll(more.subList(0, Math.min(more.size(), MAX_FAILURES - failures.size())));
    }
}
