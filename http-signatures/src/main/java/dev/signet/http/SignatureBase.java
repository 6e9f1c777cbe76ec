// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** The bytes that are signed (RFC 9421, 2.5). */
final class SignatureBase {
    private static final byte[] PARAMS = "\"@signature-params\": ".getBytes(StandardCharsets.US_ASCII);

    private final AsciiBuffer bytes;
    private final int paramsStart;

    private SignatureBase(AsciiBuffer bytes, int paramsStart) {
        this.bytes = bytes;
        this.paramsStart = paramsStart;
    }

    /**
     * Builds the base of a signature over a message.
     *
     * @throws ComponentException naming the component that has no value
     */
    static SignatureBase of(FieldValues values, SignatureParameters parameters) {
        AsciiBuffer out = new AsciiBuffer(640);
        appendComponents(out, values, parameters.components());
        out.append(PARAMS);
        int start = out.length();
        parameters.appendTo(out);
        return new SignatureBase(out, start);
    }

    /** Builds the base with a serialised list of components and parameters that the caller vouches for. */
    static SignatureBase of(
            FieldValues values, List<Component> components, byte[] list, Consumer<AsciiBuffer> parameters) {
        AsciiBuffer out = new AsciiBuffer(640);
        appendComponents(out, values, components);
        out.append(PARAMS);
        int start = out.length();
        parameters.accept(out.append(list));
        return new SignatureBase(out, start);
    }

    byte[] array() {
        return bytes.array();
    }

    int length() {
        return bytes.length();
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** The value of {@code @signature-params}. */
    String signatureParams() {
        return bytes.substring(paramsStart);
    }

    /** The line of the covered component at this place; no value has a line break. */
    String line(int place) {
        byte[] array = bytes.array();
        int start = 0;
        for (int i = 0; i < place; i++) {
            while (array[start] != '\n') {
                start++;
            }
            start++;
        }
        int end = start;
        while (array[end] != '\n') {
            end++;
        }
        return new String(array, start, end - start, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return bytes.substring(0);
    }

    private static void appendComponents(AsciiBuffer out, FieldValues values, List<Component> components) {
        values.begin();
        for (int i = 0; i < components.size(); i++) {
            Component component = components.get(i);
            int start = out.length();
            out.append(component.identifierBytes()).append(':').append(' ');
            try {
                values.append(out, component);
            } catch (ComponentException e) {
                throw new ComponentException(component.identifier() + ": " + e.rule());
            }
            out.append('\n');
            values.budget().spend(out.length() - start);
        }
    }
}
