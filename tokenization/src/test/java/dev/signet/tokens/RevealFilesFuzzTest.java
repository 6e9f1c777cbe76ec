// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.core.InvalidMessageException;
import java.nio.charset.StandardCharsets;

/** What stands in logs and checkpoints is read as it was written, or not at all. */
class RevealFilesFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void read_anyLine_hasOneSpelling(byte[] input) {
        String line = new String(input, StandardCharsets.ISO_8859_1);
        try {
            RevealEvent event = RevealLine.read(line);
            RevealNote note = new RevealNote(
                    event.caller(),
                    event.purpose(),
                    event.domain(),
                    event.target().orElse(""),
                    event.format(),
                    event.versions(),
                    event.reveal().map(kind -> RevealNote.name(kind)).orElse(""),
                    event.result(),
                    event.revealed(),
                    event.refused());
            assertThat(line).startsWith(RevealLine.write(event.sequence(), event.time(), note));
            assertThat(line.chars()).allMatch(c -> c >= 0x20 && c <= 0x7e);
        } catch (InvalidMessageException e) {
            assertThat(e.code()).isEqualTo("message-malformed");
        }
    }

    @FuzzTest(maxDuration = "1h")
    void parse_anyCheckpoint_hasOneSpelling(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        try {
            assertThat(Retokenizer.Checkpoint.parse(text).text()).isEqualTo(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessage("not a checkpoint of a re-tokenize job");
        }
    }
}
