// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    private static final int SHOWN = 4096;

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
        try {
            UnverifiedToken token = UnverifiedToken.peek(text);
            shown.put("unverified", true).put("kind", token.kind().name());
            shown.set("header", parse(token.unverifiedHeader().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            token.unverifiedPayload().ifPresent(payload -> shown.set("payload", parse(payload)));
        } catch (InvalidMessageException e) {
            throw Failure.input(Inputs.display(file) + ": " + e.getMessage());
        }
        if (json) {
            shell.out().println(pretty(shown));
        } else {
            show(shown);
        }
        return Main.OK;
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
                // Indentation matters, and control characters must not reach the terminal.
                String line = lines[i].replaceAll("\\p{Cntrl}|[\\u0080-\\u009f]|\\p{Cf}", "?");
                shell.out().println((mark + String.format("%-8s", name) + line).stripTrailing());
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
