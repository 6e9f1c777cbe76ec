// SPDX-License-Identifier: Apache-2.0
/**
 * {@code signet key}, and the options of all commands that take keys.
 *
 * <ul>
 *   <li>Commands: {@code KeyCommand} with {@code KeyGenerate}, {@code KeyList}, {@code KeyExport}, {@code KeyRotate}.
 *   <li>Files: {@code KeyFile} reads them, with {@code AlgorithmHints}; {@code LockedKeyset} changes one.
 *   <li>Options for others: {@code KeyReading}, {@code PassphraseOptions}, {@code TrustOptions},
 *       {@code DecryptionOptions}, {@code RecipientOptions}.
 * </ul>
 *
 * <p>Called by the commands of the formats and of rows; calls {@code shell}.
 */
@NullMarked
package dev.signet.cli.keys;

import org.jspecify.annotations.NullMarked;
