// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.records.RowBlock.Position;
import dev.signet.tokens.Access;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokenizes or reveals files of rows: CSV (RFC 4180) with a header where the policy has columns, JSON Lines where it has
 * pointers. In their order, on all cores, and in constant memory.
 *
 * <pre>{@code
 * RecordReport report = RecordFiles.tokenizing(tokenizer).build().run(in, out);
 * }</pre>
 *
 * <p>Bytes that no field names stay as they are, a byte order mark included.
 *
 * <p><b>Security properties.</b> A row is written whole or left out: one whose value does not fit is in no part of the output. A
 * quote that stays open ends the run, since nobody can tell which lines behind it are rows. What was revealed has left its
 * events in the log before it is handed out.
 *
 * <p>Immutable and thread-safe.
 */
public final class RecordFiles {
    private static final String CHANGED = "the input is not what the unfinished run had";
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final RecordPolicy policy;
    private final List<FieldPlan> plans;
    private final byte delimiter;
    private final String name;
    private final boolean isDigested;

    private RecordFiles(Builder builder) {
        policy = builder.policy;
        plans = builder.plans;
        delimiter = builder.delimiter;
        name = builder.name;
        isDigested = builder.isDigested;
    }

    /** Starts with what shall become of all fields of the tokenizer's policy. */
    public static Builder tokenizing(RecordTokenizer tokenizer) {
        return new Builder(tokenizer.policy(), TokenStep.plans(tokenizer));
    }

    /**
     * Starts with what shall become of all fields of the revealer's policy.
     *
     * @throws VerificationException if purpose or caller are not granted all fields; the log has an event then
     * @throws IllegalArgumentException if no field of the policy can be revealed
     */
    public static Builder revealing(RecordRevealer revealer, Access access) {
        List<FieldPlan> plans = RevealStep.plans(revealer, access);
        if (plans.isEmpty()) {
            throw new IllegalArgumentException("no field of the policy can be revealed: all are one-way");
        }
        return new Builder(revealer.policy(), plans);
    }

    /**
     * Works on a whole file. Neither stream is closed.
     *
     * @throws InvalidMessageException if the header or an open quote makes the file unusable; what was written by then stays
     * @throws VerificationException if a rate is exceeded
     * @throws UnavailableException if the reveal log is down, or the thread was interrupted
     * @throws IOException if a stream fails
     */
    public RecordReport run(InputStream in, OutputStream out) throws IOException {
        return run(in, block -> {
            block.writeTo(out);
            return true;
        });
    }

    /** Works on a file, and hands over each block. */
    public RecordReport run(InputStream in, RecordSink sink) throws IOException {
        try {
            byte[] first = in.readNBytes(MARK.length);
            byte[] mark = isMark(first) ? first : new byte[0];
            Rows rows = rows(in, first);
            RowTally tally = new RowTally(plans, RecordReport.start(plans, rows.reader.position()));
            byte[] header = Arrays.copyOf(mark, mark.length + rows.header.length);
            System.arraycopy(rows.header, 0, header, mark.length, rows.header.length);
            if (rows.headerBlock != null) {
                tally.header(rows.headerBlock);
            }
            RecordReport report = tally.report(rows.reader.position(), InputDigest.of(rows.reader.digest()));
            return sink.take(new RecordBlock(header, header.length, List.of(), report))
                    ? run(rows, tally, report, sink)
                    : report;
        } catch (OpenQuote e) {
            throw e.failure(name);
        }
    }

    /**
     * Goes on with a file where another run has ended. There is no header block then.
     *
     * @param in the same file from its beginning
     * @param saved {@link RecordReport#save} of the last block that was taken
     * @throws IllegalArgumentException if the report is none of these fields, or what was read then is not what stands there now
     */
    public RecordReport resume(InputStream in, String saved, RecordSink sink) throws IOException {
        RecordReport from = RecordReport.restore(plans, saved);
        try {
            Rows rows = rows(in, in.readNBytes(MARK.length));
            MessageDigest digest = rows.reader.skipTo(from.position());
            if (digest != null && !InputDigest.of(digest).hex().equals(from.inputDigest())) {
                throw new IllegalArgumentException(CHANGED);
            }
            return run(rows, new RowTally(plans, from), from, sink);
        } catch (OpenQuote e) {
            throw e.failure(name);
        } catch (EOFException e) {
            throw new IllegalArgumentException(CHANGED);
        }
    }

    private RecordReport run(Rows rows, RowTally tally, RecordReport from, RecordSink sink) throws IOException {
        RecordReport[] last = {from};
        new BlockPipeline(rows.format, done -> {
                    List<RejectedRow> rejected = tally.add(done.cells());
                    RowBlock block = done.cells().block();
                    last[0] = tally.report(block.after(), InputDigest.of(block.read()));
                    ByteBuilder out = done.output();
                    return sink.take(new RecordBlock(out.array(), out.length(), rejected, last[0]));
                })
                .run(rows.reader);
        return last[0];
    }

    // ---- formats ---------------------------------------------------------------------------------------------------

    /** A format, with the reader that is behind the header, and the header as it is written. */
    private static final class Rows {
        final RowFormat format;
        final BlockReader reader;
        final byte[] header;
        final @Nullable RowBlock headerBlock;

        Rows(RowFormat format, BlockReader reader, byte[] header, @Nullable RowBlock headerBlock) {
            this.format = format;
            this.reader = reader;
            this.header = header;
            this.headerBlock = headerBlock;
        }
    }

    private static boolean isMark(byte[] first) {
        return MessageDigest.isEqual(first, MARK);
    }

    /** @param begin the first bytes of the input, which may be a byte order mark */
    private Rows rows(InputStream in, byte[] begin) throws IOException {
        byte[] first = isMark(begin) ? new byte[0] : begin;
        int skipped = begin.length - first.length;
        MessageDigest digest = isDigested ? InputDigest.sha256() : null;
        if (policy.isJson()) {
            Position start = new Position(skipped, 0, 0);
            return new Rows(new JsonRows(plans), BlockReader.ofLines(in, first, start, digest), new byte[0], null);
        }
        // The header is the row before the first.
        BlockReader reader = BlockReader.ofCsv(in, first, delimiter, new Position(skipped, -1, 0), digest);
        RowBlock header = reader.next(1);
        if (header == null) {
            throw InvalidMessageException.malformed(name + " is empty: there is not even a header line");
        }
        CsvRows format = new CsvRows(plans, delimiter, CsvRows.Header.parse(header, delimiter, name), name);
        return new Rows(format, reader, format.headerLine(), header);
    }

    @Override
    public String toString() {
        return "RecordFiles[" + policy + "]";
    }

    /** Collects what work on files needs. */
    public static final class Builder {
        private final RecordPolicy policy;
        private final List<FieldPlan> plans;
        private byte delimiter = ',';
        private String name = "the input";
        private boolean isDigested;

        private Builder(RecordPolicy policy, List<FieldPlan> plans) {
            this.policy = policy;
            this.plans = plans;
        }

        /**
         * What stands between two cells of CSV; a comma, if nothing is said.
         *
         * @throws IllegalArgumentException if it is a quote, a line break or no ASCII character
         */
        public Builder delimiter(char newDelimiter) {
            if (newDelimiter >= 0x7f || (newDelimiter < ' ' && newDelimiter != '\t') || newDelimiter == '"') {
                throw new IllegalArgumentException("a delimiter is one ASCII character, or a tab, and no quote");
            }
            delimiter = (byte) newDelimiter;
            return this;
        }

        /** What messages call the input. */
        public Builder inputName(String newName) {
            name = newName;
            return this;
        }

        /** Takes a SHA-256 of what is read, so that a run that goes on knows the input again. */
        public Builder digested() {
            isDigested = true;
            return this;
        }

        /** For any number of files. */
        public RecordFiles build() {
            return new RecordFiles(this);
        }
    }
}
