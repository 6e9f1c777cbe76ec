// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

/** The end of a command, with the one line that says why and the exit code. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** Something that was given cannot be used. */
    static Failure input(String message) {
        return new Failure(Main.FAILED, message);
    }

    /** The verdict is no. */
    static Failure refused(String message) {
        return new Failure(Main.REFUSED, message);
    }

    /** The same with more words. */
    Failure with(String hint) {
        return new Failure(exitCode, getMessage() + hint);
    }

    int exitCode() {
        return exitCode;
    }
}
