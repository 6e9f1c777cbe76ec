// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/** The text of a checkpoint: a format version, three counts, target and last row, separated by dots. */
final class CheckpointText {
    private static final String FORMAT = "1";
    private static final int PARTS = 6;

    private CheckpointText() {}

    static String write(Retokenizer.Progress progress, String target, String lastRow) {
        return String.join(
                ".",
                FORMAT,
                Long.toString(progress.done()),
                Long.toString(progress.skipped()),
                Long.toString(progress.failed()),
                encode(target),
                encode(lastRow));
    }

    static Retokenizer.Checkpoint read(String text) {
        String[] parts = text.split("\\.", PARTS + 1);
        try {
            if (parts.length == PARTS && parts[0].equals(FORMAT)) {
                Retokenizer.Progress progress =
                        new Retokenizer.Progress(count(parts[1]), count(parts[2]), count(parts[3]));
                Retokenizer.Checkpoint read = new Retokenizer.Checkpoint(progress, decode(parts[4]), decode(parts[5]));
                if (read.text().equals(text)) {
                    return read;
                }
            }
        } catch (IllegalArgumentException | CharacterCodingException | InvalidMessageException e) {
            // Falls through to the one error.
        }
        throw new IllegalArgumentException("not a checkpoint of a re-tokenize job");
    }

    private static long count(String text) {
        long count = Long.parseLong(text);
        if (count < 0) {
            throw new IllegalArgumentException("negative");
        }
        return count;
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Utf8.encode(text, "the id of a row"));
    }

    private static String decode(String text) throws CharacterCodingException {
        return Utf8.decode(Base64.getUrlDecoder().decode(text));
    }
}
