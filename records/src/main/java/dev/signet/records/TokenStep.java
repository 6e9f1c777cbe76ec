// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.MessageSecurityException;
import dev.signet.tokens.ByteColumn;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Tokenizes one field of each block. Immutable and thread-safe. */
final class TokenStep implements FieldPlan.Step {
    private final FieldTokenizer tokenizer;
    private final boolean keepsAscii;

    private TokenStep(FieldTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        keepsAscii = tokenizer.field().mode.keepsAscii();
    }

    static List<FieldPlan> plans(RecordTokenizer tokenizer) {
        List<FieldPlan> plans = new ArrayList<>();
        for (FieldTokenizer field : tokenizer.fields()) {
            plans.add(new FieldPlan(
                    field.field(),
                    new TokenStep(field),
                    field.prefix(),
                    field.field().version == null ? null : field.version(),
                    false,
                    false));
        }
        return plans;
    }

    @Override
    public void run(BlockCells cells, int field) {
        ByteValues spans = new ByteValues(cells, field);
        List<String> texts = new ArrayList<>();
        int[] textRows = new int[0];
        for (int row = 0; row < cells.rows(); row++) {
            if (cells.rejection(row) != null || !cells.hasValue(field, row)) {
                continue;
            }
            boolean isSpan = keepsAscii && cells.isSpan(field, row);
            if (isSpan && (tokenizer.taken().isEmpty() || !spans.hasColon(row))) {
                spans.add(row);
                continue;
            }
            String value = String.valueOf(cells.value(field, row));
            if (tokenizer.taken().isToken(value)) {
                cells.reject(row, new Rejection(cells.target(field).text(), "token-present", Versions.HINT));
            } else if (isSpan) {
                spans.add(row);
            } else {
                if (textRows.length == texts.size()) {
                    textRows = Arrays.copyOf(textRows, Math.max(64, 2 * textRows.length));
                }
                textRows[texts.size()] = row;
                texts.add(value);
            }
        }
        // The first values of a block are as good as any to refuse a key by; both calls refuse it alike.
        if (!texts.isEmpty() || spans.count() == 0) {
            tokenize(texts, textRows, cells, field);
        }
        if (spans.count() > 0) {
            tokenize(spans, cells, field);
        }
    }

    private void tokenize(ByteValues spans, BlockCells cells, int field) {
        ByteColumn column = spans.column();
        byte[] target = new byte[spans.length()];
        Map<Integer, MessageSecurityException> errors =
                tokenizer.tokenizer().tokenizeAll(column, target, spans.options());
        spans.take(target, errors);
    }

    private void tokenize(List<String> texts, int[] rows, BlockCells cells, int field) {
        ColumnOptions options = ColumnOptions.defaults();
        if (cells.hasContexts(field)) {
            List<String> contexts = new ArrayList<>(texts.size());
            for (int i = 0; i < texts.size(); i++) {
                contexts.add(String.valueOf(cells.context(field, rows[i])));
            }
            options = options.contexts(contexts);
        }
        ColumnResult result = tokenizer.tokenizer().tokenizeAll(texts, options);
        for (int i = 0; i < texts.size(); i++) {
            int row = rows[i];
            result.text(i).ifPresent(text -> cells.result(field, row, text));
        }
        result.errors().forEach((i, error) -> cells.reject(rows[i], Rejection.of(cells.target(field), error)));
    }
}
