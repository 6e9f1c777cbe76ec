// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's folder, as the build names it. */
final class Project {
    private Project() {}

    static Path root() {
        return Path.of(System.getProperty("signet.root", "../.."));
    }

    /** Files below the root whose name ends so, without build output. */
    static List<Path> files(String suffix) {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .filter(Files::isRegularFile)
                    .filter(file -> {
                        String path = root().relativize(file).toString();
                        return !path.contains("target/") && !path.contains("node_modules/");
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
