// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import dev.signet.interop.NodeProcess;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An independent implementation of RFC 9421: the npm package {@code http-message-signatures}, run by Node in a process for each
 * batch of tasks.
 */
final class NodePeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final NodeProcess node;
    private final ArrayNode tasks = JSON.createArrayNode();

    private NodePeer(NodeProcess node) {
        this.node = node;
    }

    /** Skips the test where the peer is not installed. */
    static NodePeer required() {
        return new NodePeer(NodeProcess.required("SIGNET_INTEROP", "http-message-signatures"));
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
        return node.run(tasks);
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
