// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

/** The end of a command, with the one line that says why and the exit code. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final boolean isLastWord;

    private Failure(int exitCode, String message, boolean isLastWord) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.isLastWord = isLastWord;
    }

    /** Something that was given cannot be used. */
    static Failure input(String message) {
        return new Failure(Main.FAILED, message, false);
    }

    /** The verdict is no. */
    static Failure refused(String message) {
        return new Failure(Main.REFUSED, message, false);
    }

    /** The verdict is no, and nothing is to be said of how to go on. */
    static Failure refusedWithoutHint(String message) {
        return new Failure(Main.REFUSED, message, true);
    }

    /** The same with more words, where there may be more. */
    Failure with(String hint) {
        return isLastWord ? this : new Failure(exitCode, getMessage() + hint, false);
    }

    int exitCode() {
        return exitCode;
    }
}
