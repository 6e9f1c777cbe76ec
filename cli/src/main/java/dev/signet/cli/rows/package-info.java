// SPDX-License-Identifier: Apache-2.0
/**
 * {@code signet tokenize}, {@code detokenize} and {@code reveal-log}: files of rows.
 *
 * <ul>
 *   <li>Commands: {@code TokenizeCommand}, {@code DetokenizeCommand}, {@code RowOptions}; {@code RevealLogCommand},
 *       {@code RevealLogVerify}, {@code RevealLogLines}, {@code RevealLogSummary}.
 *   <li>Policy: {@code FilePolicyReader}, {@code FilePolicy}, {@code PolicyNode}, {@code FieldFormats},
 *       {@code FieldPlan}, {@code FieldTarget}, {@code FieldSteps}.
 *   <li>Rows: {@code RowFormat}, {@code CsvRows}, {@code JsonRows}, {@code RowBlock}, {@code BlockReader},
 *       {@code BlockCells}, {@code BlockPipeline}, {@code ByteBuilder}, {@code OpenQuote}, {@code Rejection}.
 *   <li>A run: {@code RowRun}, {@code RowInput}, {@code RowOutput}, {@code Checkpoint}, {@code RejectReport},
 *       {@code RowTally}, {@code RowProgress}, {@code StopSignal}.
 * </ul>
 */
@NullMarked
package dev.signet.cli.rows;

import org.jspecify.annotations.NullMarked;
