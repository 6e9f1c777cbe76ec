// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Runs a module's {@code src/test/interop/peer.mjs} by Node, in a process for each batch of tasks. */
public final class NodeProcess {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPT = Path.of("src/test/interop/peer.mjs");

    private final Path folder;

    private NodeProcess(Path folder) {
        this.folder = folder;
    }

    /**
     * Skips the test where the peer is not installed.
     *
     * @param variable of the environment that names the folder of node_modules; {@code A_B} is also the property {@code a.b}
     */
    public static NodeProcess required(String variable, String packageName) {
        String named = System.getProperty(variable.toLowerCase(Locale.ROOT).replace('_', '.'), System.getenv(variable));
        assumeTrue(named != null, variable + " is not set: no folder with node_modules of src/test/interop");
        Path folder = Path.of(named).toAbsolutePath();
        assumeTrue(
                Files.isDirectory(folder.resolve("node_modules").resolve(packageName)),
                "the folder that " + variable + " names lacks node_modules: npm ci has not run there");
        return new NodeProcess(folder);
    }

    /** Runs all tasks and removes them; the answers come in their order. */
    public List<JsonNode> run(ArrayNode tasks) throws IOException, InterruptedException {
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
}
