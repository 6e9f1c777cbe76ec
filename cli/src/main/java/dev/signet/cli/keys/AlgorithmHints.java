// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Algorithm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a person says about keys whose file does not name an algorithm: for one id, or for all keys of a kind. */
final class AlgorithmHints {
    private static final Map<String, List<Algorithm>> BY_TYPE = Map.of(
            "RSA",
            List.of(
                    Algorithm.RS256,
                    Algorithm.RS384,
                    Algorithm.RS512,
                    Algorithm.PS256,
                    Algorithm.PS384,
                    Algorithm.PS512,
                    Algorithm.RSA_OAEP_256,
                    Algorithm.RSA_OAEP_384,
                    Algorithm.RSA_OAEP_512),
            "oct",
            Arrays.stream(Algorithm.values())
                    .filter(a -> a.isSymmetric() && !a.isPasswordBased())
                    .toList());

    private final Map<String, Algorithm> byId = new LinkedHashMap<>();
    private final List<Algorithm> general = new ArrayList<>();

    private AlgorithmHints() {}

    static AlgorithmHints none() {
        return new AlgorithmHints();
    }

    /** @param texts each {@code NAME} or {@code ID=NAME} */
    static AlgorithmHints parse(List<String> texts) {
        AlgorithmHints hints = new AlgorithmHints();
        for (String text : texts) {
            // Key ids may hold '=', algorithm names don't.
            int equals = text.lastIndexOf('=');
            String name = text.substring(equals + 1);
            Algorithm algorithm = Texts.algorithm(name)
                    .orElseThrow(() -> Failure.input("--alg: '" + name + "' is no algorithm that Signet knows"));
            if (equals < 0) {
                hints.general.add(algorithm);
            } else if (hints.byId.put(text.substring(0, equals), algorithm) != null) {
                throw Failure.input("--alg names the key '" + text.substring(0, equals) + "' twice");
            }
        }
        return hints;
    }

    boolean isEmpty() {
        return byId.isEmpty() && general.isEmpty();
    }

    /** The algorithm of a key of a JWK type that names none itself. */
    Optional<Algorithm> of(String id, String type) {
        Algorithm named = byId.get(id);
        return named != null
                ? Optional.of(named)
                : general.stream()
                        .filter(a -> BY_TYPE.getOrDefault(type, List.of()).contains(a))
                        .findFirst();
    }

    /** The algorithm said of just this key. */
    Optional<Algorithm> exactly(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Set<String> ids() {
        return byId.keySet();
    }

    /** The only algorithm given, as a PEM file needs it. */
    Optional<Algorithm> single() {
        if (general.size() + byId.size() > 1) {
            throw Failure.input("--alg is given more than once, but a PEM file holds one key");
        }
        return general.isEmpty() ? byId.values().stream().findFirst() : Optional.of(general.get(0));
    }
}
