// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code signet} command: {@link dev.signet.cli.Main} runs it, {@code SignetCommand} lists the subcommands,
 * {@code CompletionCommand} writes the completion script.
 *
 * <p>Floors, each calling only what is below: this package; {@code demo} and {@code doctor}; {@code http},
 * {@code jose}, {@code xml} and {@code rows}, which do not know each other; {@code keys}; {@code shell}. Only
 * {@code demo} looks into the commands beside it. Nothing here is an interface for others: what is public, is so for
 * the packages of the command.
 */
@NullMarked
package dev.signet.cli;

import org.jspecify.annotations.NullMarked;
