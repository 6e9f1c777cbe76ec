// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compilers that know {@code @CheckReturnValue} complain where the result of a library's method is dropped. */
class CheckedResultsTest {
    private static final Pattern TYPE =
            Pattern.compile("^public (?:final |sealed |non-sealed )*(?:class|interface) (\\w+)", Pattern.MULTILINE);
    private static final Pattern LIBRARY = Pattern.compile(
            "src/main/java/dev/signet/(core|http|jose|xml|tokens|exchange|records|servlet|httpclient)/[^/]+$");

    @Test
    void publicTypes_wantTheirResultsLookedAt() {
        List<Path> unmarked = new ArrayList<>();
        for (Path source : Project.files(".java")) {
            if (LIBRARY.matcher(source.toString()).find()
                    && !source.toString().contains("benchmarks")
                    && isUnmarked(Project.read(source))) {
                unmarked.add(source);
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @Test
    void unmarkedType_isFound() {
        assertThat(isUnmarked("/** A verifier. */\npublic final class Verifier {}"))
                .isTrue();
        assertThat(isUnmarked("@CheckReturnValue\npublic interface Verifier {}"))
                .isFalse();
        assertThat(isUnmarked("@CanIgnoreReturnValue\npublic final class VerifierBuilder {}"))
                .isFalse();
        assertThat(isUnmarked("public final class BadMessageException {}")).isFalse();
        assertThat(isUnmarked("final class Hidden {}")).isFalse();
    }

    private static boolean isUnmarked(String source) {
        Matcher type = TYPE.matcher(source);
        return type.find()
                && !type.group(1).endsWith("Exception")
                && !source.substring(0, type.start()).matches("(?s).*@C(heck|anIgnore)ReturnValue\\s.*");
    }
}
