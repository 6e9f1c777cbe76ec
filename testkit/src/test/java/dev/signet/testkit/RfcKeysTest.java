// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RfcKeysTest {
    @Test
    void keys_signAndCarryTheirNames() {
        byte[] data = "data".getBytes(StandardCharsets.US_ASCII);
        for (var key : List.of(
                RfcKeys.rsaPss(), RfcKeys.rsa(), RfcKeys.eccP256(), RfcKeys.ed25519(), RfcKeys.sharedSecret())) {
            key.verificationKey().verify(data, key.sign(data));
            assertThat(key.id()).startsWith("test-");
        }
    }
}
