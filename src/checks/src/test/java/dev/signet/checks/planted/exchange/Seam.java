// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.exchange;

import dev.signet.checks.planted.records.OtherSeam;
import dev.signet.checks.planted.tokens.Guessable;

/** Knows another seam, and a format that is not its own. */
public final class Seam {
    public Object all() {
        return new Object[] {new OtherSeam(), new Guessable()};
    }
}
