// SPDX-License-Identifier: Apache-2.0
/** The {@code signet} command. */
@NullMarked
package dev.signet.cli;

import org.jspecify.annotations.NullMarked;
