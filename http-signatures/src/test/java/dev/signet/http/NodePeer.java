// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An independent implementation of RFC 9421: the npm package {@code http-message-signatures}, run by Node in a process for each
 * batch of tasks.
 */
final class NodePeer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPT = Path.of("src/test/interop/peer.mjs");

    private final Path folder;
    private final ArrayNode tasks = JSON.createArrayNode();

    private NodePeer(Path folder) {
        this.folder = folder;
    }

    /** Skips the test where the peer is not installed. */
    static NodePeer required() {
        String named = System.getProperty("signet.interop", System.getenv("SIGNET_INTEROP"));
        assumeTrue(named != null, "SIGNET_INTEROP is not set: no folder with node_modules of src/test/interop");
        Path folder = Path.of(named).toAbsolutePath();
        assumeTrue(
                Files.isDirectory(folder.resolve("node_modules/http-message-signatures")),
                "the folder that SIGNET_INTEROP names lacks node_modules: npm ci has not run there");
        return new NodePeer(folder);
    }

    /** Adds a task to sign a message; the answer holds all its header fields. */
    ObjectNode sign(SigningKey key, InteropMessage message, List<Component> components) {
        return add(
                "sign",
                key,
                key.algorithm() == Algorithm.HS256 ? secret(key) : key.dangerousToPem(),
                message,
                components);
    }

    /** Adds a task to verify a message; the answer is true or false. */
    void verify(SigningKey key, InteropMessage message, List<Component> components) {
        String material = key.algorithm() == Algorithm.HS256
                ? secret(key)
                : key.verificationKey().toPem();
        add("verify", key, material, message, components);
    }

    String version() throws IOException, InterruptedException {
        tasks.addObject().put("op", "version");
        return run().get(0).get("result").asText();
    }

    /** Runs all tasks added so far; the answers come in their order. */
    List<JsonNode> run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("node", SCRIPT.toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = process.getOutputStream()) {
            JSON.writeValue(in, tasks);
        }
        List<JsonNode> answers = new ArrayList<>();
        JSON.readTree(process.getInputStream().readAllBytes()).forEach(answers::add);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0 || answers.size() != tasks.size()) {
            process.destroyForcibly();
            throw new IOException("node failed");
        }
        tasks.removeAll();
        return answers;
    }

    private ObjectNode add(
            String op, SigningKey key, String material, InteropMessage message, List<Component> components) {
        ObjectNode task = tasks.addObject().put("op", op);
        task.put("alg", key.algorithm().httpName().orElseThrow());
        task.put("key", material);
        task.put("keyid", key.id());
        task.set("message", json(message));
        InteropMessage request = message.request();
        if (request != null) {
            task.set("request", json(request));
        }
        ArrayNode fields = task.putArray("fields");
        components.forEach(component -> fields.add(component.identifier()));
        return task;
    }

    private static ObjectNode json(InteropMessage message) {
        ObjectNode json = JSON.createObjectNode();
        if (message.isRequest()) {
            json.put("method", message.method()).put("url", message.url());
        } else {
            json.put("status", message.status());
        }
        ObjectNode headers = json.putObject("headers");
        for (Map.Entry<String, List<String>> field : message.fields().entrySet()) {
            ArrayNode values = headers.putArray(field.getKey());
            field.getValue().forEach(values::add);
        }
        byte @Nullable [] body = message.body();
        if (body != null) {
            json.put("body", Base64.getEncoder().encodeToString(body));
        }
        return json;
    }

    private static String secret(SigningKey key) {
        return Base64.getEncoder()
                .encodeToString(key.dangerousSecret().orElseThrow().dangerousToByteArray());
    }
}
