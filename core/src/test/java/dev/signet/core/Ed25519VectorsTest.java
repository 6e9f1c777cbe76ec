// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signet.core.Providers.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Wycheproof's Ed25519 signatures, read from the folder {@code wycheproof} in the one that the property {@code
 * signet.vectors} or the variable SIGNET_VECTORS names, by every provider.
 */
class Ed25519VectorsTest {
    @Test
    void verify_everyWycheproofVector_isAsExpected() throws IOException {
        JsonNode file = new ObjectMapper()
                .readTree(vectors("wycheproof/ed25519_test.json").toFile());
        List<Provider> providers = Providers.automatic().candidates(Algorithm.ED25519, Operation.VERIFY);
        int ran = 0;
        int accepted = 0;
        for (JsonNode group : file.get("testGroups")) {
            byte[] point =
                    HexFormat.of().parseHex(group.get("publicKey").get("pk").asText());
            for (JsonNode test : group.get("tests")) {
                boolean expected = test.get("result").asText().equals("valid");
                for (Provider provider : providers) {
                    assertThat(verifies(point, test, Providers.pinned(provider)))
                            .as("tcId %s with %s: %s", test.get("tcId"), provider.getName(), test.get("comment"))
                            .isEqualTo(expected);
                }
                ran++;
                accepted += expected ? 1 : 0;
            }
        }
        assertThat(ran).isEqualTo(file.get("numberOfTests").asInt());
        System.out.printf(
                "Wycheproof Ed25519: ran %d by %d providers (%d accepted, %d refused)%n",
                ran, providers.size(), accepted, ran - accepted);
    }

    private static boolean verifies(byte[] point, JsonNode test, Providers providers) {
        byte[] message = HexFormat.of().parseHex(test.get("msg").asText());
        byte[] signature = HexFormat.of().parseHex(test.get("sig").asText());
        try {
            VerificationKey.of(Algorithm.ED25519, TestKeys.ed25519(point))
                    .verify(message, 0, message.length, signature, providers);
            return true;
        } catch (VerificationException e) {
            return false;
        }
    }

    private static Path vectors(String file) {
        String folder = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        Assumptions.assumeTrue(folder != null, "property signet.vectors and variable SIGNET_VECTORS are not set");
        Path path = Path.of(folder).resolve(file);
        Assumptions.assumeTrue(Files.isReadable(path), "missing: " + path);
        return path;
    }
}
