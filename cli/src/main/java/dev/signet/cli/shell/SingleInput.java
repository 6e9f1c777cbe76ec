// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.shell;

import java.io.FilterInputStream;
import java.io.InputStream;

/** Standard input, which can be one of the files that a command reads, but not two. */
public final class SingleInput extends FilterInputStream {
    private boolean isTaken;

    public SingleInput(InputStream in) {
        super(in);
    }

    /** Whether this is the first who wants it. */
    public boolean take() {
        boolean first = !isTaken;
        isTaken = true;
        return first;
    }
}
