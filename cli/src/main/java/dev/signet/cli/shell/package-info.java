// SPDX-License-Identifier: Apache-2.0
/**
 * What all commands share; it knows no command.
 *
 * <ul>
 *   <li>One run: {@code Shell} (streams, environment, clock), {@code ExitCode}, {@code Failure}, {@code Build}.
 *   <li>In: {@code Inputs}, {@code SingleInput} (standard input is read once), {@code Prompt} and
 *       {@code TerminalPrompt}, {@code Tokens}.
 *   <li>Out: {@code OutputOption} and {@code PartFile} (a file gets its name when it is complete),
 *       {@code WatchedOutput}, {@code Visible} (nothing that a terminal would obey).
 *   <li>Text: {@code Texts}, {@code Style}, {@code Table}.
 * </ul>
 */
@NullMarked
package dev.signet.cli.shell;

import org.jspecify.annotations.NullMarked;
