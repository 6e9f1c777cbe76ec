// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.doctor;

import dev.signet.cli.shell.Build;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Table;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyUse;
import dev.signet.core.Providers;
import dev.signet.core.Providers.Choice;
import dev.signet.core.Providers.Operation;
import dev.signet.core.internal.Ciphers;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Check this machine: Java, clock, cryptographic providers, their self-tests and their speed.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet doctor",
            "  signet doctor --quick",
            "",
            "Ends with 1 if an algorithm has no provider that passes its self-test, or the clock cannot be right.",
        })
public final class DoctorCommand implements Callable<Integer> {
    private static final String ACCP_CLASS = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final String ACCP_NAME = "AmazonCorrettoCryptoProvider";
    /** No clock was right before Signet was there. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMillis(500);

    private final Shell shell;
    private final Providers providers;

    @Option(names = "--quick", description = "Measure no speeds.")
    private boolean quick;

    DoctorCommand(Shell shell) {
        this(shell, Providers.automatic());
    }

    DoctorCommand(Shell shell, Providers providers) {
        this.shell = shell;
        this.providers = providers;
    }

    @Override
    public Integer call() {
        Instant wallStart = shell.clock().instant();
        long monotonicStart = System.nanoTime();
        List<Row> rows = examine();
        Duration wall = Duration.between(wallStart, shell.clock().instant());
        Duration monotonic = Duration.ofNanos(System.nanoTime() - monotonicStart);
        boolean stepped = wall.minus(monotonic).abs().compareTo(STEP) > 0;

        boolean clockIsRight = printMachine(wallStart, stepped);
        printProviders(rows);
        printTable(rows);
        printNotes(rows);
        boolean complete = rows.stream().noneMatch(Row::lacksProvider);
        if (!complete) {
            throw Failure.refused("no working provider for "
                    + rows.stream()
                            .filter(Row::lacksProvider)
                            .map(row -> row.algorithm.joseName())
                            .collect(Collectors.joining(", ")));
        }
        if (!clockIsRight) {
            throw Failure.refused("the clock cannot be right: " + wallStart.truncatedTo(ChronoUnit.SECONDS));
        }
        return ExitCode.OK;
    }

    /** What was found out about an algorithm; speeds are in microseconds, or NaN. */
    private record Row(Algorithm algorithm, Choice sign, Choice verify, double signMicros, double verifyMicros) {
        boolean lacksProvider() {
            return sign.provider().isEmpty() || verify.provider().isEmpty();
        }
    }

    private List<Row> examine() {
        List<Row> rows = new ArrayList<>();
        Stopwatch stopwatch = new Stopwatch(providers);
        try {
            for (Algorithm algorithm : Algorithm.values()) {
                if (algorithm.use() != KeyUse.SIGN && algorithm.use() != KeyUse.MAC) {
                    continue;
                }
                progress((quick ? "testing " : "measuring ") + algorithm.joseName());
                Choice sign = providers.choice(algorithm, Operation.SIGN);
                Choice verify = providers.choice(algorithm, Operation.VERIFY);
                Stopwatch.Speed speed =
                        quick || sign.provider().isEmpty() || verify.provider().isEmpty()
                                ? Stopwatch.Speed.UNKNOWN
                                : stopwatch.measure(algorithm);
                rows.add(new Row(algorithm, sign, verify, speed.signMicros(), speed.verifyMicros()));
            }
        } finally {
            progress("");
        }
        return rows;
    }

    private void progress(String text) {
        if (shell.errIsTerminal()) {
            shell.drawing().print("\r\033[K" + text + (text.isEmpty() ? "" : " ..."));
            shell.err().flush();
        }
    }

    // ---- the report ------------------------------------------------------------------------------------------------

    private boolean printMachine(Instant now, boolean stepped) {
        Style style = shell.outStyle();
        boolean plausible = now.isAfter(EARLIEST) && now.isBefore(LATEST);
        String verdict = !plausible
                ? style.red("cannot be right")
                : stepped
                        ? style.yellow("jumped while this ran: signatures may be refused as too old or too new")
                        : style.green("plausible") + synchronisation(style);
        new Table("")
                .row("Signet", Build.property("version"))
                .row("Java", System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")")
                .row(
                        "System",
                        System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                                + System.getProperty("os.arch") + ", "
                                + Runtime.getRuntime().availableProcessors() + " processors")
                .row("Clock", now.truncatedTo(ChronoUnit.SECONDS) + "  " + verdict)
                .print(shell.out());
        return plausible;
    }

    /** What systemd says, where it keeps the time; nobody else leaves a note that is as easy to read. */
    private static String synchronisation(Style style) {
        if (!Files.isDirectory(Path.of("/run/systemd/timesync"))) {
            return "";
        }
        return Files.exists(Path.of("/run/systemd/timesync/synchronized"))
                ? ", synchronised"
                : style.yellow(", not synchronised yet");
    }

    private void printProviders(List<Row> rows) {
        Map<String, Provider> present = new LinkedHashMap<>();
        for (Row row : rows) {
            for (Operation operation : Operation.values()) {
                Ciphers.candidates(providers, row.algorithm, operation)
                        .forEach(p -> present.putIfAbsent(p.getName(), p));
            }
        }
        shell.out().println("\n" + shell.outStyle().bold("Providers"));
        Table table = new Table("  ");
        present.values().stream()
                .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                .forEach(p -> table.row(shortName(p.getName()), p.getVersionStr(), describe(p.getName())));
        if (!present.containsKey(ACCP_NAME)) {
            table.row(
                    "ACCP",
                    "-",
                    shell.outStyle()
                            .yellow(
                                    isAccpOnClassPath()
                                            ? "on the class path, but its native library does not load here"
                                            : "not on the class path"));
        }
        table.print(shell.out());
    }

    private static int rank(Provider provider) {
        return provider.getName().equals(ACCP_NAME) ? 0 : provider.getName().equals("BC") ? 1 : 2;
    }

    private static String describe(String provider) {
        return switch (provider) {
            case ACCP_NAME -> "Amazon Corretto Crypto Provider, native";
            case "BC" -> "Bouncy Castle";
            default -> "Java's own";
        };
    }

    private void printTable(List<Row> rows) {
        Style style = shell.outStyle();
        String micros = shell.either("\u00b5s", "us");
        PrintStream out = shell.out();
        out.println("\n" + style.bold("Algorithms")
                + (quick
                        ? ""
                        : "  "
                                + style.dim(
                                        "512-byte messages, RSA keys of " + Stopwatch.RSA_BITS + " bits, one thread")));
        Table table = new Table("  ");
        if (quick) {
            table.row(style.dim("ALGORITHM"), style.dim("SIGN"), style.dim("VERIFY"));
            rows.forEach(row -> table.row(row.algorithm.joseName(), name(row.sign), name(row.verify)));
            table.print(out);
            return;
        }
        table.row(style.dim("ALGORITHM"), style.dim("SIGN"), style.dim(micros), style.dim("VERIFY"), style.dim(micros));
        for (Row row : rows) {
            table.row(
                    row.algorithm.joseName(),
                    name(row.sign),
                    number(row.signMicros),
                    name(row.verify),
                    number(row.verifyMicros));
        }
        table.print(out, 2, 4);
    }

    private void printNotes(List<Row> rows) {
        Style style = shell.outStyle();
        PrintStream out = shell.out();
        List<String> failed = rows.stream()
                .flatMap(row -> java.util.stream.Stream.of(row.sign, row.verify))
                .flatMap(choice -> choice.failed().stream()
                        .map(p -> shortName(p) + " for " + choice.algorithm().joseName() + " "
                                + choice.operation().name().toLowerCase(Locale.ROOT)))
                .toList();
        out.println();
        out.println(
                failed.isEmpty()
                        ? style.green("Self-tests passed") + " for every provider in the table."
                        : style.yellow("Self-tests failed: ") + String.join(", ", failed)
                                + "; the next provider serves.");
        boolean hasAccp = rows.stream()
                .anyMatch(row -> row.sign.provider().filter(ACCP_NAME::equals).isPresent());
        Optional<String> classifier = classifier();
        if (!hasAccp && classifier.isPresent()) {
            out.println(style.yellow("Faster: ") + "put software.amazon.cryptools:" + ACCP_NAME + ":"
                    + Build.property("accp") + ":" + classifier.get());
            out.println("on the class path; it signs with P-256 and Ed25519 several times as fast.");
        }
    }

    private String name(Choice choice) {
        return choice.provider()
                .map(DoctorCommand::shortName)
                .orElse(shell.outStyle().red("none"));
    }

    private static String number(double micros) {
        if (Double.isNaN(micros)) {
            return "-";
        }
        return String.format(Locale.ROOT, micros < 10 ? "%.1f" : "%,.0f", micros);
    }

    private static String shortName(String provider) {
        return provider.equals(ACCP_NAME) ? "ACCP" : provider;
    }

    private static boolean isAccpOnClassPath() {
        try {
            Class.forName(ACCP_CLASS, false, DoctorCommand.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** The classifier of the native library for this machine, if there is one. */
    private static Optional<String> classifier() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "");
        boolean arm = machine.equals("aarch64");
        if (!arm && !Arrays.asList("amd64", "x86_64").contains(machine)) {
            return Optional.empty();
        }
        if (system.startsWith("linux")) {
            return Optional.of(arm ? "linux-aarch_64" : "linux-x86_64");
        }
        return system.startsWith("mac") ? Optional.of(arm ? "osx-aarch_64" : "osx-x86_64") : Optional.empty();
    }
}
