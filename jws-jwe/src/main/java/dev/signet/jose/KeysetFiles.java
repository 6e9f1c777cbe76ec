// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyUnavailableException;
import dev.signet.core.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** Reads and writes whole keyset files, and keeps private ones to their owner where the file system knows owners. */
final class KeysetFiles {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

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
            throw new KeyUnavailableException("cannot read the keyset file " + file, e);
        }
    }

    /** Readers see the old file or the new one, never a part; a private one is the owner's from its first byte. */
    static void write(Path file, byte[] content, boolean isPrivate) {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || target.getFileName() == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        Path temporary = directory.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                writeNew(temporary, content, isPrivate);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            forceDirectory(directory);
        } catch (IOException e) {
            throw new KeyUnavailableException("cannot write the keyset file " + file, e);
        }
    }

    private static void requireOwnerOnly(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        if (!Collections.disjoint(view.readAttributes().permissions(), OF_OTHERS)) {
            throw new KeyUnavailableException(
                    "others than its owner can read or change the private keyset file; run: chmod 600 " + file);
        }
    }

    private static void writeNew(Path file, byte[] content, boolean isPrivate) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = isPrivate && posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, attributes)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Makes the new name itself survive a crash; not every system lets a directory be opened. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The content is safe; only the rename may be lost with the power.
        }
    }
}
