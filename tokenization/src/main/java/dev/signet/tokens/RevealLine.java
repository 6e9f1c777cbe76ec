// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The one spelling of an event: JSON in ASCII with all members, in this order, without spaces. */
final class RevealLine {
    /** More than the longest names fill; a line of a corrupt file must not fill the memory. */
    static final int MAX_LENGTH = 1 << 20;

    static final String START = "{\"seq\":";

    private static final String LINK = ",\"link\":\"";
    private static final int LINK_LENGTH = 43;

    private final String line;
    private int at;

    private RevealLine(String line) {
        this.line = line;
    }

    /** All but the link and the brace behind it. */
    static String write(long sequence, Instant time, RevealNote note) {
        StringBuilder out = new StringBuilder(256);
        out.append(START).append(sequence);
        string(out.append(",\"time\":"), time.toString());
        string(out.append(",\"caller\":"), note.caller());
        string(out.append(",\"purpose\":"), note.purpose());
        string(out.append(",\"domain\":"), note.domain());
        string(out.append(",\"target\":"), note.target());
        string(out.append(",\"format\":"), note.format());
        out.append(",\"versions\":[");
        for (int i = 0; i < note.versions().size(); i++) {
            string(i == 0 ? out : out.append(','), note.versions().get(i));
        }
        string(out.append("],\"reveal\":"), note.reveal());
        string(out.append(",\"result\":"), note.result());
        out.append(",\"revealed\":").append(note.revealed());
        out.append(",\"refused\":").append(note.refused());
        return out.toString();
    }

    /**
     * The event of a line, whose link nobody has checked.
     *
     * @throws InvalidMessageException if the line is not spelled as {@link #write} does
     */
    static RevealEvent read(String line) {
        if (line.length() > MAX_LENGTH) {
            throw malformed();
        }
        return new RevealLine(line).read();
    }

    /** The link of a line that was read. */
    static String link(String line) {
        int from = line.length() - LINK_LENGTH - 2;
        return line.substring(from, from + LINK_LENGTH);
    }

    private RevealEvent read() {
        long sequence = number(START);
        Instant time = time(string(",\"time\":"));
        String caller = string(",\"caller\":");
        String purpose = string(",\"purpose\":");
        String domain = string(",\"domain\":");
        String target = string(",\"target\":");
        String format = string(",\"format\":");
        List<String> versions = strings(",\"versions\":");
        String reveal = string(",\"reveal\":");
        String result = string(",\"result\":");
        long revealed = number(",\"revealed\":");
        long refused = number(",\"refused\":");
        boolean known = reveal.isEmpty();
        for (Reveal kind : Reveal.values()) {
            known |= RevealNote.name(kind).equals(reveal);
        }
        RevealNote note =
                new RevealNote(caller, purpose, domain, target, format, versions, reveal, result, revealed, refused);
        // Numbers, times and escapes have several spellings, of which one is ours.
        String end = line.substring(at);
        boolean canonical = write(sequence, time, note).equals(line.substring(0, at))
                && end.length() == LINK.length() + LINK_LENGTH + 2
                && end.startsWith(LINK)
                && end.endsWith("\"}")
                && end.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
        if (!known || !canonical) {
            throw malformed();
        }
        return new RevealEvent(sequence, time, note, line);
    }

    private void expect(String text) {
        if (!line.startsWith(text, at)) {
            throw malformed();
        }
        at += text.length();
    }

    private long number(String name) {
        expect(name);
        int from = at;
        while (at < line.length() && line.charAt(at) >= '0' && line.charAt(at) <= '9') {
            at++;
        }
        try {
            return Long.parseLong(line.substring(from, at));
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }

    private List<String> strings(String name) {
        expect(name);
        List<String> all = new ArrayList<>();
        expect("[");
        if (!line.startsWith("]", at)) {
            all.add(string(""));
            while (line.startsWith(",", at)) {
                all.add(string(","));
            }
        }
        expect("]");
        return List.copyOf(all);
    }

    private String string(String name) {
        expect(name);
        expect("\"");
        StringBuilder text = new StringBuilder();
        while (!line.startsWith("\"", at)) {
            text.append(character());
        }
        at++;
        return text.toString();
    }

    private char character() {
        if (at >= line.length()) {
            throw malformed();
        }
        char c = line.charAt(at++);
        if (c != '\\') {
            return c;
        }
        if (line.startsWith("u", at)) {
            try {
                int code = Integer.parseInt(line.substring(at + 1, Math.min(at + 5, line.length())), 16);
                at += 5;
                return (char) code;
            } catch (NumberFormatException e) {
                throw malformed();
            }
        }
        if (at >= line.length()) {
            throw malformed();
        }
        return line.charAt(at++);
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw malformed();
        }
    }

    private static InvalidMessageException malformed() {
        return InvalidMessageException.malformed("a line of the reveal log is not an event");
    }
}
