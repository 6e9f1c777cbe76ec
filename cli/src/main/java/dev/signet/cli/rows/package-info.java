// SPDX-License-Identifier: Apache-2.0
/**
 * {@code signet tokenize}, {@code detokenize} and {@code reveal-log}: files of rows.
 *
 * <ul>
 *   <li>Commands: {@code TokenizeCommand}, {@code DetokenizeCommand}, {@code RowOptions}; {@code RevealLogCommand},
 *       {@code RevealLogVerify}, {@code RevealLogLines}, {@code RevealLogSummary}.
 *   <li>A run: {@code RowRun} opens {@code RowInput} and {@code RowOutput}, lets {@code dev.signet.records} work, and shows
 *       {@code RowProgress}; {@code Checkpoint}, {@code RejectReport}, {@code StopSignal}.
 * </ul>
 */
@NullMarked
package dev.signet.cli.rows;

import org.jspecify.annotations.NullMarked;
