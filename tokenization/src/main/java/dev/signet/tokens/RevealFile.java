// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.UnavailableException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of events, one a line, whose only writer is this object. Not a channel: an interrupted thread would close it for all.
 *
 * <p>Once the disk has refused a flush, nothing is safe any more that was behind the last good one: the system reports such an
 * error once, drops the pages, and lets the next flush succeed. So the file is cut back to what is safe and takes nothing more.
 */
final class RevealFile implements RevealLog.Sink {
    private static final String INCOMPLETE = "incomplete-line-removed";

    private final RandomAccessFile file;
    private final Disk disk;
    private final RandomAccessFile lock;
    private final RevealChain chain;
    private final boolean lostHalfALine;
    private final ReentrantLock flushing = new ReentrantLock();
    /** Held for every change of the file, and taken behind {@link #flushing} where both are. */
    private final ReentrantLock writing = new ReentrantLock();

    private volatile long written;
    private volatile long flushed;
    private volatile boolean broken;

    /** What brings a file's bytes to the disk. */
    interface Disk {
        void force(RandomAccessFile file) throws IOException;
    }

    private RevealFile(RandomAccessFile file, RandomAccessFile lock, RevealChain start, Disk disk) throws IOException {
        this.file = file;
        this.disk = disk;
        this.lock = lock;
        Tail tail = Tail.of(file);
        chain = tail.lastPlace(start);
        lostHalfALine = tail.end < file.length();
        if (lostHalfALine) {
            file.setLength(tail.end);
        }
        written = tail.end;
        // What was found may be in memory only, and is what a failure is cut back to.
        disk.force(file);
        flushed = tail.end;
    }

    static RevealFile open(Path path, RevealChain start) {
        return open(path, start, file -> file.getFD().sync());
    }

    static RevealFile open(Path path, RevealChain start, Disk disk) {
        RandomAccessFile lock = null;
        RandomAccessFile file = null;
        try {
            // A lock on the log itself would end as soon as anybody in this process read and closed the file (POSIX).
            lock = openForOwner(path.resolveSibling(path.getFileName() + ".lock"));
            if (lock.getChannel().tryLock() == null) {
                throw new UnavailableException("another process writes the reveal log");
            }
            file = openForOwner(path);
            return new RevealFile(file, lock, start, disk);
        } catch (OverlappingFileLockException e) {
            closeAll(file, lock);
            throw new UnavailableException("another part of this process writes the reveal log", e);
        } catch (IOException e) {
            closeAll(file, lock);
            throw new UnavailableException("the reveal log cannot be opened", e);
        } catch (RuntimeException e) {
            closeAll(file, lock);
            throw e;
        }
    }

    /** The place behind the last event that was in the file when it was opened. */
    RevealChain chain() {
        return chain;
    }

    boolean hasLostHalfALine() {
        return lostHalfALine;
    }

    /** Tells of the line that was cut off. */
    RevealNote lossNote() {
        return new RevealNote("", "", "", "", "", List.of(), "", INCOMPLETE, 0, 0);
    }

    @Override
    public void append(RevealEvent event) {
        byte[] line = (event.line() + "\n").getBytes(StandardCharsets.US_ASCII);
        writing.lock();
        try {
            requireWhole();
            long from = written;
            boolean done = false;
            try {
                file.seek(from);
                file.write(line);
                written = from + line.length;
                done = true;
            } finally {
                if (!done) {
                    takeBack(from);
                }
            }
        } catch (IOException e) {
            throw new UnavailableException("the reveal log cannot be written", e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void flush() {
        long mine = written;
        flushing.lock();
        try {
            // Whoever waited here while a flush failed must not try again and succeed.
            requireWhole();
            if (flushed < mine) {
                long now = written;
                boolean done = false;
                try {
                    disk.force(file);
                    done = true;
                } finally {
                    if (!done) {
                        fail();
                    }
                }
                // It may have been closed, or found broken, meanwhile.
                requireWhole();
                flushed = now;
            }
        } catch (IOException e) {
            throw new UnavailableException("the reveal log cannot be written", e);
        } finally {
            flushing.unlock();
        }
    }

    @Override
    public void close() {
        broken = true;
        closeAll(file, lock);
    }

    private void requireWhole() {
        if (broken) {
            throw new UnavailableException("the reveal log failed before, or is closed; open it anew");
        }
    }

    /** Ends the log behind the last event of which the disk holds every byte; none behind it was released. */
    private void fail() {
        writing.lock();
        try {
            broken = true;
            takeBack(flushed);
        } finally {
            writing.unlock();
        }
    }

    private void takeBack(long end) {
        try {
            file.setLength(end);
        } catch (IOException e) {
            broken = true;
        }
    }

    private static RandomAccessFile openForOwner(Path path) throws IOException {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
        try {
            Files.createFile(path, posix ? attributes : new FileAttribute<?>[0]);
        } catch (FileAlreadyExistsException e) {
            // To be continued.
        }
        return new RandomAccessFile(path.toFile(), "rw");
    }

    private static void closeAll(@Nullable RandomAccessFile... files) {
        for (RandomAccessFile open : files) {
            try {
                if (open != null) {
                    open.close();
                }
            } catch (IOException e) {
                // What was to be written has been flushed before.
            }
        }
    }

    /** The last two complete lines. */
    private record Tail(String beforeLast, String last, long end) {
        RevealChain lastPlace(RevealChain start) {
            if (end == 0) {
                return start;
            }
            return (beforeLast.isEmpty() ? start : start.behind(beforeLast)).follow(last);
        }

        static Tail of(RandomAccessFile file) throws IOException {
            long size = file.length();
            // Three lines at most: two complete ones, and what is left of a third.
            byte[] bytes = new byte[(int) Math.min(size, 3L * (RevealLine.MAX_LENGTH + 1))];
            file.seek(size - bytes.length);
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int end = text.lastIndexOf('\n') + 1;
            String half = text.substring(end);
            // Only what we began to write is cut off: a path to another kind of file must not cost its content.
            boolean ours = half.startsWith(RevealLine.START) || RevealLine.START.startsWith(half);
            if (!ours || (end == 0 && bytes.length < size)) {
                throw InvalidMessageException.malformed("the last line of the reveal log is not an event");
            }
            if (end == 0) {
                return new Tail("", "", 0);
            }
            int last = text.lastIndexOf('\n', end - 2) + 1;
            int before = last == 0 ? 0 : text.lastIndexOf('\n', last - 2) + 1;
            String beforeLast = last == 0 ? "" : text.substring(before, last - 1);
            return new Tail(beforeLast, text.substring(last, end - 1), size - bytes.length + end);
        }
    }
}
