// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkMeterTest {
    private final List<byte[]> kept = new ArrayList<>();

    @Test
    void assertAtMost_tellsMoreWorkFromLess() {
        Runnable little = () -> kept.add(new byte[1000]);
        Runnable much = () -> kept.add(new byte[20_000]);
        assertThat(WorkMeter.allocated(much)).isBetween(20_000L, 25_000L);
        WorkMeter.assertAtMost(30, little, much);
        assertThatThrownBy(() -> WorkMeter.assertAtMost(5, little, much))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("allocates");
    }
}
