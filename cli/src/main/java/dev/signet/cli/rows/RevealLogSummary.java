// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Table;
import dev.signet.cli.shell.Texts;
import dev.signet.tokens.RevealEvent;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who saw how much, what for, and how often. */
final class RevealLogSummary {
    private final Map<Group, Counts> groups = new TreeMap<>();
    private long events;
    private @Nullable Instant first;
    private @Nullable Instant last;

    /** Events that differ in time, domain and number of values only. */
    private record Group(String caller, String purpose, String shown, String result) implements Comparable<Group> {
        private static final Comparator<Group> ORDER = Comparator.comparing(Group::caller)
                .thenComparing(Group::purpose)
                .thenComparing(Group::shown)
                .thenComparing(Group::result);

        @Override
        public int compareTo(Group other) {
            return ORDER.compare(this, other);
        }
    }

    private static final class Counts {
        private long events;
        private long revealed;
        private long refused;
    }

    void add(RevealEvent event) {
        events++;
        first = first == null ? event.time() : first;
        last = event.time();
        String shown = event.target().isPresent()
                ? "translated"
                : event.reveal()
                        .map(reveal -> reveal.name().toLowerCase(Locale.ROOT))
                        .orElse("");
        Counts counts = groups.computeIfAbsent(
                new Group(event.caller(), event.purpose(), shown, event.result()), unused -> new Counts());
        counts.events++;
        counts.revealed += event.revealed();
        counts.refused += event.refused();
    }

    long events() {
        return events;
    }

    void print(PrintStream out, Style style) {
        out.println(style.green("verified") + "  " + Texts.count(events, "event")
                + (first == null
                        ? ""
                        : ", from " + first.truncatedTo(ChronoUnit.SECONDS) + " to "
                                + Objects.requireNonNull(last).truncatedTo(ChronoUnit.SECONDS)));
        if (groups.isEmpty()) {
            return;
        }
        Table table = new Table("  ")
                .row(
                        style.dim("CALLER"),
                        style.dim("PURPOSE"),
                        style.dim("SHOWN"),
                        style.dim("RESULT"),
                        style.dim("EVENTS"),
                        style.dim("REVEALED"),
                        style.dim("REFUSED"));
        groups.forEach((group, counts) -> table.row(
                orDash(group.caller),
                orDash(group.purpose),
                orDash(group.shown),
                group.result.equals("ok") ? group.result : style.yellow(group.result),
                Texts.number(counts.events),
                Texts.number(counts.revealed),
                Texts.number(counts.refused)));
        table.print(out, 4, 5, 6);
    }

    private static String orDash(String name) {
        return name.isEmpty() ? "-" : name;
    }
}
