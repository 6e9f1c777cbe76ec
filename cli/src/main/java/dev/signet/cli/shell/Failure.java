// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

/** The end of a command, with the one line that says why and the exit code. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final boolean isLastWord;

    private Failure(int exitCode, String message, boolean isLastWord) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.isLastWord = isLastWord;
    }

    /** Something that was given cannot be used. */
    public static Failure input(String message) {
        return new Failure(ExitCode.FAILED, message, false);
    }

    /** The verdict is no. */
    public static Failure refused(String message) {
        return new Failure(ExitCode.REFUSED, message, false);
    }

    /** The verdict is no, and nothing is to be said of how to go on. */
    public static Failure refusedWithoutHint(String message) {
        return new Failure(ExitCode.REFUSED, message, true);
    }

    /** The same with more words, where there may be more. */
    public Failure with(String hint) {
        return isLastWord ? this : new Failure(exitCode, getMessage() + hint, false);
    }

    public int exitCode() {
        return exitCode;
    }
}
