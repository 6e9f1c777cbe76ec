// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rows of a block hold at the places that a policy names, what shall stand there, and where. */
public final class BlockCells {
    /** The field number of an edit that only takes something away. */
    static final int REMOVAL = -1;

    private final RowBlock block;
    private final List<FieldPlan> plans;
    private final @Nullable Rejection[] rejections;
    private final @Nullable String[][] values;
    private final @Nullable String[][] contexts;
    private final @Nullable String[][] versions;
    private final @Nullable String[][] results;

    /** By field, the rows in which its pointer met something, null included. */
    private final long[] met;

    /** By field, the rows that have no value and need none. */
    private final long[] withoutValue;

    /** By field, the lists that go on behind the elements which fields name. */
    private final long[] beyond;

    private boolean hasRejections;

    private final int[] firstEdits;
    private int[] edits = new int[3 * 256];
    private int editCount;
    private int row;

    public BlockCells(RowBlock block, List<FieldPlan> plans) {
        this.block = block;
        this.plans = plans;
        int fields = plans.size();
        int rows = block.rows();
        rejections = new Rejection[rows];
        values = new String[fields][rows];
        contexts = new String[fields][rows];
        versions = new String[fields][rows];
        results = new String[fields][rows];
        met = new long[fields];
        withoutValue = new long[fields];
        beyond = new long[fields];
        firstEdits = new int[rows + 1];
    }

    RowBlock block() {
        return block;
    }

    FieldTarget target(int field) {
        return plans.get(field).target();
    }

    public int rows() {
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
        values[field][row] = value;
    }

    void context(int field, String context) {
        contexts[field][row] = context;
    }

    void version(int field, String version) {
        versions[field][row] = version;
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
    public Rejection rejection(int ofRow) {
        return rejections[ofRow];
    }

    /** Null if the row has none, which it may if the field is optional. */
    @Nullable
    String value(int field, int ofRow) {
        return values[field][ofRow];
    }

    @Nullable
    String context(int field, int ofRow) {
        return contexts[field][ofRow];
    }

    @Nullable
    String version(int field, int ofRow) {
        return versions[field][ofRow];
    }

    /** What replaces a value; without it the value stays. */
    void result(int field, int ofRow, String result) {
        results[field][ofRow] = result;
    }

    @Nullable
    String result(int field, int ofRow) {
        return results[field][ofRow];
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
