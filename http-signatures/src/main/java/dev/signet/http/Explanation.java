// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.List;
import java.util.Optional;

/**
 * Why a signature does not hold, as far as it can be found out. Meant for people who debug two sides, not for callers.
 *
 * <p>{@link #toString()} names components and causes, without values; {@link #dangerousText()} adds the values of both sides.
 */
@CheckReturnValue
public final class Explanation {
    /** A component whose value is not what was signed. */
    public record Difference(Component component, String cause) {}

    private final String verdict;
    private final List<Difference> differences;
    private final List<String> details;

    Explanation(String verdict, List<Difference> differences, List<String> details) {
        this.verdict = verdict;
        this.differences = List.copyOf(differences);
        this.details = List.copyOf(details);
    }

    /** One sentence. */
    public String verdict() {
        return verdict;
    }

    /** The components that differ, with the likely cause of each. */
    public List<Difference> differences() {
        return differences;
    }

    /** The first component that differs. */
    public Optional<Component> component() {
        return differences.stream().findFirst().map(Difference::component);
    }

    /** The explanation with the values of both sides, which may be secret. */
    public String dangerousText() {
        StringBuilder out = new StringBuilder(toString());
        details.forEach(detail -> out.append('\n').append(detail));
        return out.toString();
    }

    /** The explanation without values. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(verdict);
        differences.forEach(difference -> out.append("\n  ")
                .append(difference.component().identifier())
                .append(": ")
                .append(difference.cause()));
        return out.toString();
    }
}
