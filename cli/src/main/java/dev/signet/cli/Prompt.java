// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import org.jspecify.annotations.Nullable;

/** Asks a person for a secret. */
@FunctionalInterface
interface Prompt {
    /** What was typed, in UTF-8 and never shown; null if there is nobody to ask. */
    byte @Nullable [] ask(String question);
}
