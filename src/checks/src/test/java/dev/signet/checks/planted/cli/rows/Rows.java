// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.cli.rows;

import dev.signet.checks.planted.cli.keys.Keys;

/** The other part of the ring. */
public final class Rows {
    public Object all() {
        return new Keys();
    }
}
