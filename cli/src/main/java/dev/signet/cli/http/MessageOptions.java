// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.Limits;
import dev.signet.http.Component;
import dev.signet.http.FieldType;
import dev.signet.http.HttpMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The message that a command is about, and what belongs to it without being in it. */
final class MessageOptions {
    private static final int MAX_BYTES = (int) Limits.recommended2026().maxBodyBytes() + (1 << 20);

    @Parameters(paramLabel = "MESSAGE", description = "File with the HTTP message; - for standard input.")
    private String file = "";

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description = "The request that the message answers; - for standard input.")
    private @Nullable String requestFile;

    @Option(
            names = "--scheme",
            paramLabel = "SCHEME",
            defaultValue = "https",
            description = "Scheme of the target URI, https or http; ${DEFAULT-VALUE} by default.")
    private String scheme = "https";

    @Option(
            names = "--field-type",
            paramLabel = "NAME=TYPE",
            description =
                    "Structured type of a field for the parameters sf and key: item, list or dictionary. Repeatable.")
    private List<String> fieldTypes = new ArrayList<>();

    @Option(
            names = "--allow-undeclared-body",
            description = "Take what follows a request without Content-Length for its body, as servers do not.")
    private boolean allowUndeclaredBody;

    private final List<String> notes = new ArrayList<>();

    /** A message that was read. */
    record Loaded(RawMessage raw, HttpMessage message) {}

    String name() {
        return file;
    }

    boolean hasRequest() {
        return requestFile != null;
    }

    Loaded read(Shell shell) {
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw Failure.input("--scheme is https or http, not '" + scheme + "'");
        }
        HttpMessage request = null;
        boolean answersHead = false;
        if (requestFile != null) {
            if (Inputs.isStandardInput(file) && Inputs.isStandardInput(requestFile)) {
                throw Failure.input("the message and --request cannot both be standard input");
            }
            RawMessage raw = parse(shell, requestFile, false);
            if (!raw.isRequest()) {
                throw Failure.input("--request: " + Inputs.display(requestFile) + " is a response");
            }
            answersHead = raw.method().equals("HEAD");
            request = message(raw, requestFile, null);
        }
        RawMessage raw = parse(shell, file, answersHead);
        if (request != null && raw.isRequest()) {
            throw Failure.input("--request belongs to a response, but " + Inputs.display(file) + " is a request");
        }
        return new Loaded(raw, message(raw, file, request));
    }

    /** Says what was left out of a message that was taken; a refusal has one line only. */
    void note(Shell shell) {
        notes.forEach(text -> Tokens.note(shell, text));
    }

    Map<String, FieldType> types() {
        Map<String, FieldType> types = new LinkedHashMap<>();
        for (String text : fieldTypes) {
            int equals = text.indexOf('=');
            try {
                types.put(
                        Component.field(text.substring(0, Math.max(0, equals))).name(),
                        FieldType.valueOf(text.substring(equals + 1).toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw Failure.input("--field-type wants NAME=item, NAME=list or NAME=dictionary, not '" + text + "'");
            }
        }
        return types;
    }

    private HttpMessage message(RawMessage raw, String name, @Nullable HttpMessage request) {
        try {
            return raw.message(scheme, request);
        } catch (Failure e) {
            throw Failure.input(Inputs.display(name) + ": " + e.getMessage());
        }
    }

    private RawMessage parse(Shell shell, String name, boolean answersHead) {
        byte[] bytes = Inputs.read(shell, name, MAX_BYTES);
        try {
            RawMessage raw = RawMessage.parse(bytes, answersHead, allowUndeclaredBody);
            if (raw.surplus() > 0) {
                notes.add("note: " + Inputs.display(name) + " goes on behind the end of its message; left out: line "
                        + "breaks, " + Texts.count(raw.surplus(), "byte"));
            }
            return raw;
        } catch (Failure e) {
            String hint = String.valueOf(e.getMessage()).contains("has no body)")
                    ? "; --allow-undeclared-body takes it for the body"
                    : "";
            throw Failure.input(Inputs.display(name) + ": " + e.getMessage() + hint);
        }
    }
}
