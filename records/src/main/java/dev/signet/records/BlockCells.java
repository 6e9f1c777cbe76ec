// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a block hold at the places that a policy names, what shall stand there, and where. A value is a text, or a
 * span of the block's own bytes where these are ASCII and nothing else; so is a result.
 */
final class BlockCells {
    /** The field number of an edit that only takes something away. */
    static final int REMOVAL = -1;

    private final RowBlock block;
    private final List<FieldPlan> plans;
    private final @Nullable Rejection[] rejections;
    private final Values[] values;
    private final @Nullable String[][] contexts;
    private final @Nullable String[][] versions;

    /** By field, the rows in which its pointer met something, null included. */
    private final long[] met;

    /** By field, the rows that have no value and need none. */
    private final long[] withoutValue;

    /** By field, the lists that go on behind the elements which fields name. */
    private final long[] beyond;

    private boolean hasRejections;

    private final int[] firstEdits;
    private int[] edits;
    private int editCount;
    private int row;

    /** The values of a field, and their results. */
    private static final class Values {
        private static final int[] NONE = new int[0];

        /** Where each span starts and ends; an end of 0 says that there is none. */
        private int[] starts = NONE;

        private int[] ends = NONE;
        private @Nullable String @Nullable [] texts;

        private byte[] resultBytes = new byte[0];

        /** Where the result of each row begins, as long as its span; negative if it is no span. */
        private int[] resultStarts = NONE;

        private @Nullable String @Nullable [] resultTexts;
    }

    BlockCells(RowBlock block, List<FieldPlan> plans) {
        this.block = block;
        this.plans = plans;
        int fields = plans.size();
        int rows = block.rows();
        rejections = new Rejection[rows];
        values = new Values[fields];
        for (int field = 0; field < fields; field++) {
            values[field] = new Values();
        }
        contexts = new String[fields][];
        versions = new String[fields][];
        met = new long[fields];
        withoutValue = new long[fields];
        beyond = new long[fields];
        firstEdits = new int[rows + 1];
        edits = new int[3 * (fields * rows + 1)];
    }

    RowBlock block() {
        return block;
    }

    FieldTarget target(int field) {
        return plans.get(field).target();
    }

    int rows() {
        return rejections.length;
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /** What follows is about this row, until the next begins. */
    void begin(int newRow) {
        row = newRow;
        firstEdits[newRow] = editCount;
    }

    void end() {
        firstEdits[rows()] = editCount;
    }

    /** The pointer of a field leads to something in this row, if only to null. */
    void met(int field) {
        met[field]++;
    }

    long rowsMet(int field) {
        return met[field];
    }

    void value(int field, String value) {
        Values of = values[field];
        if (of.texts == null) {
            of.texts = new String[rows()];
        }
        of.texts[row] = value;
    }

    /** A value of ASCII characters that stand in the block as they are. */
    void value(int field, int start, int end) {
        Values of = values[field];
        if (of.ends.length == 0) {
            of.starts = new int[rows()];
            of.ends = new int[rows()];
        }
        of.starts[row] = start;
        of.ends[row] = end;
    }

    void context(int field, String context) {
        put(contexts, field, context);
    }

    void version(int field, String version) {
        put(versions, field, version);
    }

    private void put(@Nullable String[][] of, int field, String text) {
        if (of[field] == null) {
            of[field] = new String[rows()];
        }
        of[field][row] = text;
    }

    /** The bytes that a field's result replaces, or that go; edits of a row come in the order of its bytes. */
    void edit(int start, int end, int field) {
        int at = 3 * editCount++;
        if (at == edits.length) {
            edits = Arrays.copyOf(edits, 2 * edits.length);
        }
        edits[at] = start;
        edits[at + 1] = end;
        edits[at + 2] = field;
    }

    void reject(Rejection rejection) {
        reject(row, rejection);
    }

    // ---- tokenizing ------------------------------------------------------------------------------------------------

    /** The first reason counts. */
    void reject(int ofRow, Rejection rejection) {
        hasRejections = true;
        if (rejections[ofRow] == null) {
            rejections[ofRow] = rejection;
        }
    }

    boolean hasRejections() {
        return hasRejections;
    }

    void noValue(int field) {
        withoutValue[field]++;
    }

    long rowsWithoutValue(int field) {
        return withoutValue[field];
    }

    void beyond(int field) {
        beyond[field]++;
    }

    long listsBeyond(int field) {
        return beyond[field];
    }

    @Nullable
    Rejection rejection(int ofRow) {
        return rejections[ofRow];
    }

    boolean hasValue(int field, int ofRow) {
        return isSpan(field, ofRow) || text(values[field].texts, ofRow) != null;
    }

    /** Whether the value is a span of the block's bytes. */
    boolean isSpan(int field, int ofRow) {
        int[] ends = values[field].ends;
        return ends.length > 0 && ends[ofRow] > 0;
    }

    int spanStart(int field, int ofRow) {
        return values[field].starts[ofRow];
    }

    int spanEnd(int field, int ofRow) {
        return values[field].ends[ofRow];
    }

    /** Null if the row has none, which it may if the field is optional. */
    @Nullable
    String value(int field, int ofRow) {
        if (!isSpan(field, ofRow)) {
            return text(values[field].texts, ofRow);
        }
        int start = spanStart(field, ofRow);
        return new String(block.bytes(), start, spanEnd(field, ofRow) - start, StandardCharsets.ISO_8859_1);
    }

    @Nullable
    String context(int field, int ofRow) {
        return text(contexts[field], ofRow);
    }

    boolean hasContexts(int field) {
        return contexts[field] != null;
    }

    @Nullable
    String version(int field, int ofRow) {
        return text(versions[field], ofRow);
    }

    private static @Nullable String text(@Nullable String @Nullable [] texts, int row) {
        return texts == null ? null : texts[row];
    }

    /** What replaces a value; without it the value stays. */
    void result(int field, int ofRow, String result) {
        Values of = values[field];
        if (of.resultTexts == null) {
            of.resultTexts = new String[rows()];
        }
        of.resultTexts[ofRow] = result;
    }

    /**
     * What replaces values that are spans.
     *
     * @param starts by row, where it begins; it is as long as the span. Negative for the other rows
     */
    void results(int field, byte[] bytes, int[] starts) {
        values[field].resultBytes = bytes;
        values[field].resultStarts = starts;
    }

    @Nullable
    String result(int field, int ofRow) {
        return text(values[field].resultTexts, ofRow);
    }

    /** Where the result begins in {@link #resultBytes}; negative if it is none, or a text. */
    int resultStart(int field, int ofRow) {
        int[] starts = values[field].resultStarts;
        return starts.length == 0 ? -1 : starts[ofRow];
    }

    byte[] resultBytes(int field) {
        return values[field].resultBytes;
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    int firstEdit(int ofRow) {
        return firstEdits[ofRow];
    }

    int editStart(int edit) {
        return edits[3 * edit];
    }

    int editEnd(int edit) {
        return edits[3 * edit + 1];
    }

    int editField(int edit) {
        return edits[3 * edit + 2];
    }
}
