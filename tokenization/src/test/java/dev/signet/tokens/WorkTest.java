// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import org.junit.jupiter.api.Test;

class WorkTest {
    @Test
    void clear_valueWithPartsThatStay_leavesNothing() {
        Work work = new Work();
        work.load("4111111111111111");
        TokenFormat.paymentCard().shape().read(work, false);
        work.clear();
        assertEmpty(work);
    }

    @Test
    void clear_valueThatDidNotFit_leavesNothing() {
        Work work = new Work();
        work.load("4111111111111112");
        assertThatThrownBy(() -> TokenFormat.paymentCard().shape().read(work, false))
                .isInstanceOf(InvalidMessageException.class);
        work.clear();
        assertEmpty(work);
    }

    private static void assertEmpty(Work work) {
        assertThat(work.cells).containsOnly(0);
        assertThat(work.digits).containsOnly(0);
        assertThat(work.kept).containsOnly((byte) 0);
    }
}
