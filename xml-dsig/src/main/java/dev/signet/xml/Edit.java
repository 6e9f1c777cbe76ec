// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.internal.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * A change to a document that leaves every other byte as it is.
 *
 * @param from the first character that is replaced
 * @param to the one after the last
 */
record Edit(long from, long to, String text) {
    /** The end of the document, wherever it is. */
    static final long END = CharacterCursor.END;

    /** Writes a document with these changes, which do not overlap. */
    static void apply(Spool document, Charset charset, List<Edit> edits, OutputStream out) throws IOException {
        List<Edit> sorted =
                edits.stream().sorted(Comparator.comparingLong(Edit::from)).toList();
        try (InputStream in = document.open()) {
            CharacterCursor cursor = new CharacterCursor(in, !charset.equals(StandardCharsets.UTF_8));
            for (Edit edit : sorted) {
                cursor.advance(edit.from, out);
                cursor.advance(edit.to, OutputStream.nullOutputStream());
                out.write(encode(edit.text, charset));
            }
            cursor.advance(END, out);
        }
    }

    static byte[] apply(Spool document, Charset charset, List<Edit> edits) throws IOException {
        if (!document.isInMemory()) {
            throw new IllegalArgumentException("a document in a file");
        }
        List<Edit> sorted =
                edits.stream().sorted(Comparator.comparingLong(Edit::from)).toList();
        byte[][] texts = new byte[sorted.size()][];
        int[] starts = new int[sorted.size()];
        int[] ends = new int[sorted.size()];
        int size = (int) document.size();
        CharacterCursor cursor =
                new CharacterCursor(document.buffer(), (int) document.size(), !charset.equals(StandardCharsets.UTF_8));
        for (int i = 0; i < texts.length; i++) {
            texts[i] = encode(sorted.get(i).text, charset);
            starts[i] = cursor.find(sorted.get(i).from);
            ends[i] = cursor.find(sorted.get(i).to);
            size += texts[i].length - (ends[i] - starts[i]);
        }
        byte[] changed = new byte[size];
        int read = 0;
        int written = 0;
        for (int i = 0; i < texts.length; i++) {
            System.arraycopy(document.buffer(), read, changed, written, starts[i] - read);
            written += starts[i] - read;
            System.arraycopy(texts[i], 0, changed, written, texts[i].length);
            written += texts[i].length;
            read = ends[i];
        }
        System.arraycopy(document.buffer(), read, changed, written, (int) document.size() - read);
        return changed;
    }

    /** What the document's encoding lacks can only be in an attribute's value, where a reference means the same. */
    private static byte[] encode(String text, Charset charset) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return text.getBytes(charset);
        }
        CharsetEncoder encoder = charset.newEncoder();
        if (encoder.canEncode(text)) {
            return text.getBytes(charset);
        }
        StringBuilder encodable = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            String character = Character.toString(c);
            encodable.append(encoder.canEncode(character) ? character : "&#x" + Integer.toHexString(c) + ";");
        });
        return encodable.toString().getBytes(charset);
    }
}
