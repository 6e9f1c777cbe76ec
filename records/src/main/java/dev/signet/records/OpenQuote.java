// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.InvalidMessageException;

/** A quoted cell of CSV has no end in sight, so that nobody can tell which of the lines behind it are rows. */
final class OpenQuote extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long line;
    private final String where;

    /** @param line in which the quote stands, from 1 */
    OpenQuote(long line, String where) {
        super("an open quote", null, false, false);
        this.line = line;
        this.where = where;
    }

    /** The end of the run over a file of this name. */
    InvalidMessageException failure(String name) {
        return InvalidMessageException.malformed(
                name + ", line " + line + ": the quote that opens a cell here is not closed " + where
                        + "; no line from there on can be told to be a row, so nothing was written of any");
    }
}
