// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import dev.signet.core.Algorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what people type, and writes what they read. */
public final class Texts {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h|d|w|y)");
    private static final Pattern EPOCH_SECOND = Pattern.compile("[0-9]{1,11}");

    private Texts() {}

    /** A positive duration such as {@code 90s}, {@code 5m}, {@code 12h}, {@code 90d}, {@code 2w}, {@code 1y}. */
    public static Duration duration(String option, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            long seconds = count
                    * switch (matcher.group(2)) {
                        case "s" -> 1;
                        case "m" -> 60;
                        case "h" -> 3600;
                        case "d" -> 86_400;
                        case "w" -> 7 * 86_400;
                        default -> 365 * 86_400;
                    };
            if (count > 0 && seconds <= 100L * 365 * 86_400) {
                return Duration.ofSeconds(seconds);
            }
        }
        throw Failure.input(
                option + " wants a duration of at most 100 years such as 90s, 5m, 12h, 90d, 1y, not '" + text + "'");
    }

    /** A point in time: RFC 3339, or seconds since 1970. */
    public static Instant instant(String option, String text) {
        try {
            if (EPOCH_SECOND.matcher(text).matches()) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (instant.getEpochSecond() >= 0) {
                return instant;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw Failure.input(
                option + " wants a time such as 2026-11-01T12:00:00Z or seconds since 1970, not '" + text + "'");
    }

    /** An algorithm that keys are kept for, by its JOSE or RFC 9421 name, in any case. */
    public static Optional<Algorithm> algorithm(String name) {
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.isPasswordBased()) {
                continue;
            }
            if (algorithm.joseName().equalsIgnoreCase(name)
                    || algorithm.httpName().filter(name::equalsIgnoreCase).isPresent()) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    public static Path path(String name) {
        try {
            if (!name.isEmpty()) {
                return Path.of(name);
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        throw Failure.input("'" + name + "' is no file name");
    }

    /** Why a file could not be used, without the file's name. */
    public static String cause(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "it is a directory";
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null || reason.isEmpty()
                ? e.getClass().getSimpleName()
                : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }

    public static String cause(UncheckedIOException e) {
        IOException cause = e.getCause();
        return cause == null ? e.getClass().getSimpleName() : cause(cause);
    }

    /** A length of time for people, in its largest unit. */
    public static String roughly(Duration duration) {
        long seconds = duration.abs().toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 2 * 3600) {
            return Math.round(seconds / 60.0) + " min";
        }
        if (seconds < 2 * 86_400) {
            return Math.round(seconds / 3600.0) + " h";
        }
        return seconds < 2L * 365 * 86_400
                ? Math.round(seconds / 86_400.0) + " days"
                : Math.round(seconds / (365.0 * 86_400)) + " years";
    }

    /** A number for people. */
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** So many of something whose plural has an s. */
    public static String count(long number, String noun) {
        return number(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** A word that a POSIX shell reads back as it is. */
    public static String shellWord(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** No line breaks, and nothing that a terminal would obey. */
    public static String oneLine(String text) {
        return Visible.line(text);
    }
}
