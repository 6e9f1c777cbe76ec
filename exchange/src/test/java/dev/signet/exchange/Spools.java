// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The files that hold long bodies: those this process has open, where the system shows them, else those with a name. */
final class Spools {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private Spools() {}

    static Set<String> open() throws IOException {
        return paths().keySet();
    }

    /** What they were called, and where their properties can be read. */
    static Map<String, Path> paths() throws IOException {
        boolean shown = Files.isDirectory(DESCRIPTORS);
        Map<String, Path> spools = new HashMap<>();
        try (Stream<Path> files = Files.list(shown ? DESCRIPTORS : Path.of(System.getProperty("java.io.tmpdir")))) {
            files.forEach(file -> {
                String name = shown ? target(file) : file.toString();
                if (name.contains("signet-spool-")) {
                    spools.put(name, file);
                }
            });
        }
        return spools;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }
}
