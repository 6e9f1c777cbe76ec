// SPDX-License-Identifier: Apache-2.0
/**
 * Which field of a record is tokenized how.
 *
 * <ul>
 *   <li>Policy: {@code RecordPolicy} is read by {@code PolicyReader} with {@code PolicyNode} and {@code FieldFormats};
 *       {@code FieldTarget} is a column or pointer.
 *   <li>Records: {@code RecordTokenizer} with {@code FieldTokenizer}, {@code FieldColumn}, {@code Versions};
 *       {@code RecordRevealer} with {@code FieldRevealer}, {@code RevealRates}. They know the policy.
 *   <li>Files: {@code RecordFiles} gives {@code RecordSink} each {@code RecordBlock} with {@code RejectedRow} and
 *       {@code RecordReport} ({@code RowTally}, {@code InputDigest}). {@code BlockReader} cuts ({@code OpenQuote}),
 *       {@code BlockPipeline} shares out each {@code RowBlock}, {@code RowFormat} ({@code CsvRows}, {@code JsonRows}) fills
 *       {@code BlockCells} and writes a {@code ByteBuilder}; {@code TokenStep} and {@code RevealStep} stand between, by
 *       {@code FieldPlan} and {@code ByteValues}, and say {@code Rejection}. They know records.
 * </ul>
 */
@NullMarked
package dev.signet.records;

import org.jspecify.annotations.NullMarked;
