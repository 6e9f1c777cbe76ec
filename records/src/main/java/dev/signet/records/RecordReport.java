// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What became of the rows of a file so far, or at the end. No value of any row is in it. Immutable.
 *
 * <p>{@link #save} and {@link RecordFiles#resume} let another run go on from here.
 */
public final class RecordReport {
    private static final Pattern SAVED =
            Pattern.compile("1;((?:[0-9]+,){6}[0-9]+);([0-9a-f]*);([0-9,]*);([0-9,]*);([0-9,]*)");

    private final List<FieldTarget> targets;
    private final RowBlock.Position position;
    private final InputDigest digest;
    private final long[] counts;
    private final long[] met;
    private final long[] empty;
    private final long[] beyond;

    /** @param counts rejected rows, lines out, lines lost, rows of several lines */
    RecordReport(
            List<FieldTarget> targets,
            RowBlock.Position position,
            InputDigest digest,
            long[] counts,
            long[] met,
            long[] empty,
            long[] beyond) {
        this.targets = targets;
        this.position = position;
        this.digest = digest;
        this.counts = counts;
        this.met = met;
        this.empty = empty;
        this.beyond = beyond;
    }

    /** Nothing has been read yet. */
    static RecordReport start(List<FieldPlan> plans, RowBlock.Position position) {
        int fields = plans.size();
        return new RecordReport(
                plans.stream().map(FieldPlan::target).toList(),
                position,
                InputDigest.NONE,
                new long[4],
                new long[fields],
                new long[fields],
                new long[fields]);
    }

    /** @throws IllegalArgumentException if it was saved for other fields, or not at all */
    static RecordReport restore(List<FieldPlan> plans, String saved) {
        Matcher matcher = SAVED.matcher(saved);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no report that was saved");
        }
        long[] numbers = numbers(matcher.group(1));
        RecordReport report = new RecordReport(
                plans.stream().map(FieldPlan::target).toList(),
                new RowBlock.Position(numbers[0], numbers[1], numbers[2]),
                InputDigest.of(matcher.group(2)),
                Arrays.copyOfRange(numbers, 3, 7),
                numbers(matcher.group(3)),
                numbers(matcher.group(4)),
                numbers(matcher.group(5)));
        for (long[] byField : List.of(report.met, report.empty, report.beyond)) {
            if (byField.length != plans.size()) {
                throw new IllegalArgumentException("a report of other fields");
            }
        }
        return report;
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray();
    }

    /** All of it as a line of ASCII characters, with the SHA-256 of the input up to here if files are digested. */
    public String save() {
        return "1;" + position.bytes() + "," + position.rows() + "," + position.lines() + "," + list(counts) + ";"
                + digest.hex() + ";" + list(met) + ";" + list(empty) + ";" + list(beyond);
    }

    private static String list(long[] numbers) {
        return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    /** How many bytes of the input have been read. */
    public long bytes() {
        return position.bytes();
    }

    /** The rows, rejected ones included and the header apart. */
    public long rows() {
        return position.rows();
    }

    /** The rows that were left out. */
    public long rejected() {
        return counts[0];
    }

    /** The lines that were read, those of the header included. */
    public long linesIn() {
        return position.lines();
    }

    /** The lines that were written. */
    public long linesOut() {
        return counts[1];
    }

    /** The lines of rejected rows. */
    public long linesLost() {
        return counts[2];
    }

    /** The rows of more than one line. */
    public long rowsOfSeveralLines() {
        return counts[3];
    }

    /** By field, the rows that have no value and need none; fields without such rows are left out. */
    public Map<String, Long> rowsWithoutValue() {
        return byField(empty);
    }

    /** By field, the lists that go on behind the last element that any field names; none are left out. */
    public Map<String, Long> listsGoingOn() {
        return byField(beyond);
    }

    private Map<String, Long> byField(long[] numbers) {
        Map<String, Long> map = new LinkedHashMap<>();
        for (int field = 0; field < numbers.length; field++) {
            if (numbers[field] > 0) {
                map.put(targets.get(field).text(), numbers[field]);
            }
        }
        return map;
    }

    /** The pointers that led to nothing in any row: they are wrong, or the rows are not what they were. */
    public List<String> unmetPointers() {
        List<String> unmet = new ArrayList<>();
        for (int field = 0; field < met.length; field++) {
            if (targets.get(field).isPointer() && rows() > 0 && met[field] == 0) {
                unmet.add(targets.get(field).text());
            }
        }
        return unmet;
    }

    RowBlock.Position position() {
        return position;
    }

    String inputDigest() {
        return digest.hex();
    }

    long[] met() {
        return met.clone();
    }

    long[] empty() {
        return empty.clone();
    }

    long[] beyond() {
        return beyond.clone();
    }

    @Override
    public String toString() {
        return "RecordReport[" + rows() + " rows, " + rejected() + " rejected]";
    }
}
