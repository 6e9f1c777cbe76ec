// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.InvalidMessageException;
import dev.signet.jose.UnverifiedToken;
import java.io.IOException;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description = "Show what a token says of itself, without any key. Nothing of it is verified or decrypted.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ${COMMAND-FULL-NAME} token",
            "  ${COMMAND-FULL-NAME} --json - < token",
            "",
            "Anybody can write such a token. Addresses in it are not looked at. The compact form is read.",
        })
final class TokenInspect implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int SHOWN = 4096;
    private static final int NAME_WIDTH = 10;

    private final Shell shell;

    @Parameters(paramLabel = "TOKEN", description = "File with the token; - for standard input.")
    private String file = "";

    @Option(names = "--json", description = "Print JSON, with \"unverified\": true.")
    private boolean json;

    TokenInspect(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String text = Tokens.token(shell, file);
        if (text.startsWith("{")) {
            throw Failure.input(Inputs.display(file) + " is in JSON form, and only the compact form is inspected");
        }
        ObjectNode shown = JSON.createObjectNode();
        String ambiguity = "";
        try {
            UnverifiedToken token = UnverifiedToken.peek(text);
            shown.put("unverified", true).put("kind", token.kind().name());
            shown.set("header", parse(token.unverifiedHeader().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            byte[] payload = token.unverifiedPayload().orElse(null);
            if (payload != null) {
                ambiguity = ambiguity(payload);
                // A tree would keep one of the members and hide the others.
                shown.set("payload", ambiguity.isEmpty() ? parse(payload) : text(payload));
                if (!ambiguity.isEmpty()) {
                    shown.put("malformed", ambiguity);
                }
            }
        } catch (InvalidMessageException e) {
            throw Failure.input(Inputs.display(file) + ": " + e.getMessage());
        }
        if (json) {
            shell.out().println(pretty(shown));
        } else {
            show(shown);
        }
        if (!ambiguity.isEmpty()) {
            shell.out().flush();
            throw Failure.input(Inputs.display(file) + ": " + ambiguity);
        }
        return ExitCode.OK;
    }

    /** What readers of JSON could disagree about; empty if there is nothing, or this is no JSON. */
    private static String ambiguity(byte[] bytes) {
        try (JsonParser parser = STRICT.createParser(bytes)) {
            int depth = 0;
            String at = "";
            try {
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (depth == 0 && !token.isStructStart()) {
                        return "";
                    }
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                    at = parser.getParsingContext().pathAsPointer().toString();
                    if (depth == 0) {
                        break;
                    }
                }
                return "";
            } catch (JsonParseException e) {
                boolean isDuplicate = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field");
                if (!isDuplicate) {
                    return "";
                }
                // The rest must be JSON for this to be more than some text that begins like it.
                JSON.readTree(bytes);
                return "the payload has two members '" + parser.currentName() + "' in one object"
                        + (at.isEmpty() ? "" : " (after " + at + ")") + ", of which every reader may take another";
            }
        } catch (IOException e) {
            return "";
        }
    }

    private void show(ObjectNode shown) {
        Style style = shell.outStyle();
        shell.out().println(style.red("UNVERIFIED") + ": nobody has checked this; anybody can have written it");
        String mark = style.yellow("unverified") + "  ";
        shown.remove("unverified");
        shown.fields().forEachRemaining(part -> {
            String value = part.getValue().isTextual() ? part.getValue().asText() : pretty(part.getValue());
            String[] lines = value.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                String name = i == 0 ? part.getKey() : "";
                // Indentation matters.
                shell.out().println((mark + String.format("%-" + NAME_WIDTH + "s", name) + lines[i]).stripTrailing());
            }
        });
    }

    /** JSON as it is, other text as a string, and everything else in base64url, all within reason. */
    private static JsonNode parse(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node != null && node.isContainerNode()) {
                return node;
            }
        } catch (IOException e) {
            // Not JSON.
        }
        return text(bytes);
    }

    private static JsonNode text(byte[] bytes) {
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        String whole = text.indexOf('\ufffd') < 0
                ? text
                : "base64url: " + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return JSON.getNodeFactory()
                .textNode(
                        whole.length() <= SHOWN
                                ? whole
                                : whole.substring(0, SHOWN) + "... (" + bytes.length + " bytes)");
    }

    private static String pretty(JsonNode node) {
        try {
            return JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(node)
                    .replace("\r", "");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
