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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /**
     * By what one sees that a file may have changed.
     *
     * @param readAt when this was seen
     */
    record Stamp(@Nullable Object fileKey, FileTime modified, long size, Instant readAt) {
        /** Clocks of file systems tick slowly: a second change within one tick would not be seen. */
        private static final Duration TICK = Duration.ofSeconds(2);

        boolean isSettled() {
            return modified.toInstant().plus(TICK).isBefore(readAt);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Stamp that
                    && Objects.equals(fileKey, that.fileKey)
                    && modified.equals(that.modified)
                    && size == that.size;
        }

        @Override
        public int hashCode() {
            return Objects.hash(fileKey, modified, size);
        }
    }

    /** The state of a file now; a private one is refused if others may read it. */
    static Stamp stamp(Path file, boolean isPrivate) {
        try {
            PosixFileAttributeView view =
                    isPrivate ? Files.getFileAttributeView(file, PosixFileAttributeView.class) : null;
            BasicFileAttributes attributes;
            if (view == null) {
                attributes = Files.readAttributes(file, BasicFileAttributes.class);
            } else {
                PosixFileAttributes posix = view.readAttributes();
                requireOwnerOnly(file, posix);
                attributes = posix;
            }
            return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size(), Instant.now());
        } catch (IOException e) {
            throw new UnavailableException("cannot read the keyset file " + file, e);
        }
    }

    static byte[] read(Path file, Limits limits, boolean isPrivate) {
        int limit = limits.maxJsonBytes();
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

    static <T> T update(Path file, Limits limits, Update<T> update) {
        try {
            return WholeFile.exclusively(
                    file,
                    PATIENCE,
                    locked ->
                            update.apply(read(locked.path(), limits, true), content -> replace(file, locked, content)));
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
        if (view != null) {
            requireOwnerOnly(file, view.readAttributes());
        }
    }

    private static void requireOwnerOnly(Path file, PosixFileAttributes attributes) {
        if (!Collections.disjoint(attributes.permissions(), OF_OTHERS)) {
            throw new UnavailableException(
                    "others than its owner can read or change the private keyset file; run: chmod 600 " + file);
        }
    }
}
