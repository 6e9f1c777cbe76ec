// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A small file that is replaced as a whole: readers see the old content or the new one, never a part. Those who change a
 * private file do so one after the other, within this process and between processes, by a lock on {@code .name.lock} beside
 * it, which stays there, empty.
 *
 * <p>Owner, group and mode of a file stay as they were, a symbolic link stays a link. What cannot be kept is refused before
 * anything is written: another's file where this process may not give files away, and a file with a second hard link,
 * which would keep the old content. Access control lists are not looked at.
 */
public final class WholeFile {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PUBLIC = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> OF_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Pattern UNIQUE = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final long PAUSE_MILLIS = 10;

    private final Path path;

    private WholeFile(Path path) {
        this.path = path;
    }

    /** What is done with a file while nobody else changes it. */
    @FunctionalInterface
    public interface Change<T> {
        T apply(WholeFile file) throws IOException;
    }

    /** How others may see a file. */
    public enum Secrecy {
        /** Its owner's only, whatever its mode was. */
        OWNER_ONLY,
        /** A new one is its owner's only, and an old one as it was. */
        AS_IT_WAS,
        /** A new one is anybody's to read and its owner's to write, and an old one as it was. */
        PUBLIC
    }

    /**
     * Runs a change of a file that exists; everybody else who wants to change it waits.
     *
     * @param patience how long to wait for others
     * @throws IOException what the change throws, and if the file cannot be locked
     * @throws IllegalStateException if this thread is changing the file already
     */
    public static <T> T exclusively(Path file, Duration patience, Change<T> change) throws IOException {
        Path target = file.toRealPath();
        // A file lock belongs to the whole JVM, class loaders and all, and so does an interned string.
        String monitor = (WholeFile.class.getName() + ':' + target).intern();
        if (Thread.holdsLock(monitor)) {
            throw new IllegalStateException("this thread is changing the file already");
        }
        synchronized (monitor) {
            Path lockFile = beside(target, "lock");
            boolean isNew = Files.notExists(lockFile, LinkOption.NOFOLLOW_LINKS);
            if (!isNew && !Files.isRegularFile(lockFile, LinkOption.NOFOLLOW_LINKS)) {
                // To open a named pipe would wait for a reader, beyond all patience.
                throw new IOException("the lock " + lockFile + " is no regular file");
            }
            try (FileChannel channel = FileChannel.open(
                    lockFile,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    mode(target, PRIVATE))) {
                if (isNew) {
                    shareWithOwner(target, lockFile);
                }
                FileLock lock = lock(channel, target, patience);
                try {
                    return change.apply(new WholeFile(target));
                } finally {
                    lock.release();
                }
            }
        }
    }

    /** Writes a file whatever it held, which waits only for those who are changing a private one. */
    public static void write(Path file, byte[] content, Secrecy secrecy, Duration patience) throws IOException {
        boolean isThere = Files.exists(file);
        if (!isThere && Files.isSymbolicLink(file)) {
            throw new IOException("it is a symbolic link that leads nowhere");
        }
        Path target = isThere ? file.toRealPath() : file.toAbsolutePath();
        // Nobody's change can be lost where there is nothing yet.
        if (secrecy == Secrecy.PUBLIC || !Files.isRegularFile(target) || Files.size(target) == 0) {
            new WholeFile(target).replace(content, secrecy, Duration.ofHours(1));
            return;
        }
        exclusively(target, patience, locked -> {
            locked.replace(content, secrecy);
            return content;
        });
    }

    /** The file itself, behind all links. */
    public Path path() {
        return path;
    }

    /** Replaces the file; before that it removes what killed writers left beside it. */
    public void replace(byte[] content, Secrecy secrecy) throws IOException {
        // Nobody else is writing.
        replace(content, secrecy, Duration.ZERO);
    }

    private void replace(byte[] content, Secrecy secrecy, Duration oldEnough) throws IOException {
        Path directory = path.getParent();
        if (directory == null || path.getFileName() == null) {
            throw new IOException("it is not a file");
        }
        Old old = Old.of(path);
        sweep(directory, oldEnough);
        Path temporary = beside(path, UUID.randomUUID() + ".tmp");
        try {
            Set<PosixFilePermission> fresh = secrecy == Secrecy.PUBLIC ? PUBLIC : PRIVATE;
            Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Another's file is nobody else's to read before it is his.
            try (FileChannel channel =
                    FileChannel.open(temporary, options, mode(path, old.attributes == null ? fresh : PRIVATE))) {
                old.give(temporary, secrecy);
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(directory);
    }

    /** What an existing file hands on to the one that takes its place. */
    private static final class Old {
        private final @Nullable PosixFileAttributes attributes;

        private Old(@Nullable PosixFileAttributes attributes) {
            this.attributes = attributes;
        }

        static Old of(Path path) throws IOException {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return new Old(null);
            }
            if (Files.isDirectory(path)) {
                throw new IOException("it is a directory");
            }
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("it is no regular file");
            }
            if (path.getFileSystem().supportedFileAttributeViews().contains("unix")
                    && Files.getAttribute(path, "unix:nlink") instanceof Integer links
                    && links > 1) {
                throw new IOException(
                        "it has " + links + " names (hard links), of which the others would keep the old content");
            }
            return new Old(view == null ? null : view.readAttributes());
        }

        void give(Path file, Secrecy secrecy) throws IOException {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view == null) {
                return;
            }
            if (attributes == null) {
                if (secrecy != Secrecy.PUBLIC) {
                    // A umask may have taken the owner's rights, too.
                    view.setPermissions(PRIVATE);
                }
                return;
            }
            PosixFileAttributes own = view.readAttributes();
            try {
                if (!own.owner().equals(attributes.owner())) {
                    view.setOwner(attributes.owner());
                }
                if (!own.group().equals(attributes.group())) {
                    view.setGroup(attributes.group());
                }
            } catch (IOException e) {
                IOException refusal =
                        new IOException("it belongs to " + attributes.owner().getName() + " and the group "
                                + attributes.group().getName() + ", and would not any more");
                refusal.initCause(e);
                throw refusal;
            }
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            permissions.addAll(attributes.permissions());
            if (secrecy == Secrecy.OWNER_ONLY) {
                permissions.retainAll(OF_OWNER);
            }
            view.setPermissions(permissions);
        }
    }

    /** A lock that another user of the file cannot open would shut him out. */
    private static void shareWithOwner(Path target, Path lockFile) {
        PosixFileAttributeView from = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        PosixFileAttributeView to =
                Files.getFileAttributeView(lockFile, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (from == null || to == null) {
            return;
        }
        try {
            to.setPermissions(PRIVATE);
            PosixFileAttributes attributes = from.readAttributes();
            to.setOwner(attributes.owner());
            to.setGroup(attributes.group());
        } catch (IOException e) {
            // Whoever cannot open it is told so.
        }
    }

    private static FileLock lock(FileChannel channel, Path target, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // The same file under another path, by another thread.
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("somebody else is changing it, and has not ended within " + patience.toSeconds()
                        + " s; the lock is " + beside(target, "lock"));
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while somebody else was changing it", e);
            }
        }
    }

    private void sweep(Path directory, Duration oldEnough) {
        String start = "." + path.getFileName() + ".";
        String end = ".tmp";
        long latest = System.currentTimeMillis() - oldEnough.toMillis();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(start)
                        && name.endsWith(end)
                        && UNIQUE.matcher(name.substring(start.length(), name.length() - end.length()))
                                .matches()
                        && (oldEnough.isZero()
                                || Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
                                                .toMillis()
                                        < latest)) {
                    Files.deleteIfExists(entry);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // A left-over more does not keep anybody from writing.
        }
    }

    private static Path beside(Path file, String end) throws IOException {
        Path name = file.getFileName();
        if (name == null) {
            throw new NoSuchFileException(file.toString());
        }
        return file.resolveSibling("." + name + "." + end);
    }

    private static FileAttribute<?>[] mode(Path file, Set<PosixFilePermission> permissions) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
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
