// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import org.jspecify.annotations.Nullable;

/** Asks a person for a secret. */
@FunctionalInterface
public interface Prompt {
    /** What was typed, in UTF-8 and never shown; null if there is nobody to ask. */
    byte @Nullable [] ask(String question);
}
