// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Others' vectors, in the folder that the property {@code signet.vectors} or the variable SIGNET_VECTORS names. */
final class Vectors {
    /** The files are larger and longer than any message may be. */
    private static final Limits FILE_LIMITS =
            Limits.recommended2026().withMaxJsonBytes(1 << 22).withMaxJsonMembers(1_000_000);

    private Vectors() {}

    /** Skips the test where the file is missing. */
    static Map<String, Object> read(String file) throws IOException {
        String folder = System.getProperty("signet.vectors", System.getenv("SIGNET_VECTORS"));
        Assumptions.assumeTrue(folder != null, "property signet.vectors and variable SIGNET_VECTORS are not set");
        Path path = Path.of(folder).resolve(file);
        Assumptions.assumeTrue(Files.isReadable(path), "missing: " + path);
        return StrictJson.readObject(Files.readAllBytes(path), FILE_LIMITS);
    }

    /** A member that is an object. */
    @SuppressWarnings("unchecked") // StrictJson makes no other maps
    static Map<String, Object> object(Map<String, Object> in, String name) {
        return (Map<String, Object>) in.get(name);
    }

    /** A member that is an array of objects; empty if it is absent. */
    @SuppressWarnings("unchecked") // StrictJson makes no other lists
    static List<Map<String, Object>> objects(Map<String, Object> in, String name) {
        Object list = in.get(name);
        return list == null ? List.of() : (List<Map<String, Object>>) list;
    }

    /** A JWK set of these keys, or the set itself. */
    @SafeVarargs
    static byte[] set(Map<String, Object>... jwks) {
        return JsonText.write(
                jwks.length == 1 && jwks[0].containsKey("keys") ? jwks[0] : Map.of("keys", List.of(jwks)));
    }
}
