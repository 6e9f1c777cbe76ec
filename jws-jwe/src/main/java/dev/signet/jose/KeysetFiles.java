// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.base.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/** Reads and writes whole keyset files, and keeps private ones to their owner where the file system knows owners. */
final class KeysetFiles {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    /** How long others may take for a change, such as for the key of their passphrase. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KeysetFiles() {}

    static byte[] read(Path file, boolean isPrivate) {
        int limit = Limits.recommended2026().maxJsonBytes();
        try {
            if (isPrivate) {
                requireOwnerOnly(file);
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(limit + 1);
                if (bytes.length > limit) {
                    throw InvalidMessageException.tooLarge("a keyset file of more than " + limit + " bytes");
                }
                return bytes;
            }
        } catch (IOException e) {
            throw new UnavailableException("cannot read the keyset file " + file, e);
        }
    }

    /** Readers see the old file or the new one, never a part; a private one is the owner's from its first byte. */
    static void write(Path file, byte[] content, boolean isPrivate) {
        if (file.getFileName() == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        try {
            WholeFile.write(
                    file, content, isPrivate ? WholeFile.Secrecy.OWNER_ONLY : WholeFile.Secrecy.PUBLIC, PATIENCE);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** What a change makes of the content of a private file, while nobody else changes it; the caller wipes both. */
    @FunctionalInterface
    interface Update<T> {
        T apply(byte[] content, Consumer<byte[]> writer);
    }

    static <T> T update(Path file, Update<T> update) {
        try {
            return WholeFile.exclusively(
                    file,
                    PATIENCE,
                    locked -> update.apply(read(locked.path(), true), content -> replace(file, locked, content)));
        } catch (IOException e) {
            throw new UnavailableException("cannot change the keyset file " + file, e);
        }
    }

    private static void replace(Path file, WholeFile locked, byte[] content) {
        try {
            locked.replace(content, WholeFile.Secrecy.OWNER_ONLY);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static UnavailableException cannotWrite(Path file, IOException e) {
        return new UnavailableException("cannot write the keyset file " + file, e);
    }

    private static void requireOwnerOnly(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        if (!Collections.disjoint(view.readAttributes().permissions(), OF_OTHERS)) {
            throw new UnavailableException(
                    "others than its owner can read or change the private keyset file; run: chmod 600 " + file);
        }
    }
}
