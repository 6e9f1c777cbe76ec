// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.cli.keys;

import dev.signet.checks.planted.cli.Top;
import dev.signet.checks.planted.cli.rows.Rows;

/** A part of the command that knows the whole, and is in a ring. */
public final class Keys {
    public Object all() {
        return new Object[] {new Top(), new Rows()};
    }
}
