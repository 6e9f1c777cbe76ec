// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

/** What the process tells its caller. */
public final class ExitCode {
    /** Done, or verified. */
    public static final int OK = 0;

    /** The verdict is no. */
    public static final int REFUSED = 1;

    /** Wrong usage, unusable input, or a failure. */
    public static final int FAILED = 2;

    private ExitCode() {}
}
