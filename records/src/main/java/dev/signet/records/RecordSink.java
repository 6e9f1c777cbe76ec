// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.io.IOException;

/** Takes the blocks of a file in their order, by one thread. */
@FunctionalInterface
public interface RecordSink {
    /**
     * Takes a block.
     *
     * @return whether it wants more; if not, the run ends here
     */
    boolean take(RecordBlock block) throws IOException;
}
