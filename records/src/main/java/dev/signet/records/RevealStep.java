// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.tokens.Access;
import dev.signet.tokens.ColumnOptions;
import dev.signet.tokens.ColumnResult;
import dev.signet.tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reveals one field of each block, for one purpose and caller. Thread-safe. */
final class RevealStep implements FieldPlan.Step {
    private final FieldRevealer revealer;
    private final Access access;
    private final boolean isShown;

    private RevealStep(FieldRevealer revealer, Access access) {
        this.revealer = revealer;
        this.access = access;
        isShown = revealer.isShown(access);
    }

    static List<FieldPlan> plans(RecordRevealer revealer, Access access) {
        List<FieldPlan> plans = new ArrayList<>();
        for (FieldRevealer field : revealer.fields()) {
            field.requireGranted(access);
            RevealStep step = new RevealStep(field, access);
            plans.add(new FieldPlan(field.field(), step, "", null, field.field().version != null, step.isShown));
        }
        return plans;
    }

    @Override
    public void run(BlockCells cells, int field) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < cells.rows(); row++) {
            if (cells.rejection(row) == null && cells.hasValue(field, row)) {
                rows.add(row);
            }
        }
        String version = oneVersion(rows, cells, field);
        if (version == null) {
            revealTexts(rows, cells, field);
        } else {
            revealSpans(rows, version, cells, field);
        }
    }

    /** The version of all tokens, if they can be read as one column of bytes; null if not. */
    private @Nullable String oneVersion(List<Integer> rows, BlockCells cells, int field) {
        if (!isShown || rows.isEmpty() || !revealer.field().mode.keepsAscii() || revealer.field().version == null) {
            return null;
        }
        String version = cells.version(field, rows.get(0));
        if (version == null || !revealer.isLive(version)) {
            return null;
        }
        for (int row : rows) {
            if (!cells.isSpan(field, row) || !version.equals(cells.version(field, row))) {
                return null;
            }
        }
        return version;
    }

    private void revealSpans(List<Integer> rows, String version, BlockCells cells, int field) {
        ByteValues spans = new ByteValues(cells, field);
        rows.forEach(spans::add);
        byte[] target = new byte[spans.length()];
        Map<Integer, MessageSecurityException> errors = revealer.explained(
                access,
                () -> revealer.detokenizer(access)
                        .detokenizeAll(spans.column(), target, version, access, spans.options()));
        spans.take(target, errors);
    }

    private void revealTexts(List<Integer> rows, BlockCells cells, int field) {
        List<Token> tokens = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        List<String> contexts = new ArrayList<>();
        for (int row : rows) {
            try {
                tokens.add(token(cells, field, row));
                kept.add(row);
                contexts.add(String.valueOf(cells.context(field, row)));
            } catch (InvalidMessageException e) {
                cells.reject(row, Rejection.of(cells.target(field), e));
            }
        }
        ColumnOptions options =
                cells.hasContexts(field) ? ColumnOptions.defaults().contexts(contexts) : ColumnOptions.defaults();
        ColumnResult result = revealer.revealAll(tokens, access, options);
        if (isShown) {
            for (int i = 0; i < kept.size(); i++) {
                int row = kept.get(i);
                result.text(i).ifPresent(text -> cells.result(field, row, text));
            }
            result.errors().forEach((i, error) -> cells.reject(kept.get(i), Rejection.of(cells.target(field), error)));
        }
    }

    private static Token token(BlockCells cells, int field, int row) {
        String version = cells.version(field, row);
        String value = String.valueOf(cells.value(field, row));
        try {
            return version == null ? Token.parse(value) : Token.ofText(value).withVersion(version);
        } catch (IllegalArgumentException e) {
            throw InvalidMessageException.malformed("the version is none");
        }
    }
}
