// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files to which long bodies go. */
final class Spools {
    private Spools() {}

    /** Those that this process has open, where the system shows them, else those with a name. */
    static int count() {
        Path descriptors = Path.of("/proc/self/fd");
        boolean shown = Files.isDirectory(descriptors);
        try (Stream<Path> files = Files.list(shown ? descriptors : Path.of(System.getProperty("java.io.tmpdir")))) {
            return (int) files.map(file -> shown ? target(file) : file.toString())
                    .filter(name -> name.contains("signet-spool-"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }

    /** A request is done a little after its client has the answer. */
    static void awaitNone() throws InterruptedException {
        for (int i = 0; i < 500 && count() != 0; i++) {
            Thread.sleep(10);
        }
        if (count() != 0) {
            throw new AssertionError(count() + " spool files are left");
        }
    }
}
