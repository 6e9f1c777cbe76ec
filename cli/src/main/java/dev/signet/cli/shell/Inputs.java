// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Reads files and standard input, whole within a limit or in pieces, and creates files that must not exist yet. */
public final class Inputs {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private Inputs() {}

    public static boolean isStandardInput(String name) {
        return name.equals("-");
    }

    /** How messages call an input. */
    public static String display(String name) {
        return isStandardInput(name) ? "standard input" : name;
    }

    /** The bytes of a file, or of standard input for {@code -}. */
    public static byte[] read(Shell shell, String name, int limit) {
        byte[] bytes;
        try (InputStream in = open(shell, name)) {
            bytes = in.readNBytes(limit + 1);
        } catch (IOException e) {
            throw Failure.input("cannot read " + display(name) + ": " + Texts.cause(e));
        }
        if (bytes.length > limit) {
            throw Failure.input(display(name) + " is longer than " + limit + " bytes");
        }
        return bytes;
    }

    /** A file, or standard input for {@code -}, to read in pieces. */
    public static InputStream open(Shell shell, String name) {
        if (isStandardInput(name)) {
            if (!shell.in().take()) {
                throw Failure.input("standard input is named twice");
            }
            return shell.in();
        }
        Path path = Texts.path(name);
        if (Files.isDirectory(path)) {
            throw Failure.input(name + " is a directory");
        }
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw Failure.input("cannot read " + name + ": " + Texts.cause(e));
        }
    }

    /** Refuses a file of private keys that others can read or change. */
    public static void requireOwnerOnly(String name) {
        requireOwnerOnly(name, "the private keys", " (or give --ignore-file-mode)");
    }

    /** Refuses a file of secrets that others can read or change. */
    public static void requireOwnerOnly(String name, String secrets, String hint) {
        if (isStandardInput(name)) {
            return;
        }
        Path path = Texts.path(name);
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        try {
            if (view != null && !Collections.disjoint(view.readAttributes().permissions(), OF_OTHERS)) {
                throw Failure.input("others can read or change " + secrets + " in " + name + "; run: chmod 600 "
                        + Texts.shellWord(name) + hint);
            }
        } catch (IOException e) {
            throw Failure.input("cannot read " + name + ": " + Texts.cause(e));
        }
    }

    /** Refuses a name that is taken, before anybody is asked for a passphrase. */
    public static void requireFree(Path path) {
        if (Files.isDirectory(path)) {
            throw Failure.input(path + " is a directory");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw Failure.input(taken(path));
        }
    }

    private static String taken(Path path) {
        boolean isEmpty;
        try {
            isEmpty = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0;
        } catch (IOException e) {
            isEmpty = false;
        }
        return path + " exists already and is not overwritten"
                + (isEmpty ? "; it is empty, perhaps the left-over of a run that was killed" : "");
    }

    /** A file to be written, which standard output is not. */
    public static Path output(String option, String name) {
        if (isStandardInput(name)) {
            throw Failure.input(option + " wants the name of a file, not '-'; a file of that name would be ./-");
        }
        return Texts.path(name);
    }

    /** Takes a name that must be free, with a file that only its owner can read; the caller fills or removes it. */
    public static void reserve(Path path) {
        if (Files.isDirectory(path)) {
            throw Failure.input(path + " is a directory");
        }
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel created = FileChannel.open(
                path, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            created.force(false);
            if (posix) {
                // A umask may have taken the owner's rights, too.
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            throw Failure.input(
                    Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                            ? taken(path)
                            : "cannot create " + path + ": " + Texts.cause(e));
        }
    }
}
