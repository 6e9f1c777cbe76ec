// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import java.io.FilterInputStream;
import java.io.InputStream;

/** Standard input, which can be one of the files that a command reads, but not two. */
final class SingleInput extends FilterInputStream {
    private boolean isTaken;

    SingleInput(InputStream in) {
        super(in);
    }

    /** Whether this is the first who wants it. */
    boolean take() {
        boolean first = !isTaken;
        isTaken = true;
        return first;
    }
}
