// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.core.MessageSecurityException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is to be logged, before the log gives it a number, a time and a link. Empty strings stand for what is absent. */
record RevealNote(
        String caller,
        String purpose,
        String domain,
        String target,
        String format,
        List<String> versions,
        String reveal,
        String result,
        long revealed,
        long refused) {
    static final String OK = "ok";

    /** About a call that has not come to an end yet. */
    static RevealNote of(
            Access access,
            TokenDomain domain,
            @Nullable TokenDomain target,
            String format,
            Collection<String> versions) {
        return new RevealNote(
                access.caller(),
                access.purpose(),
                domain.toString(),
                target == null ? "" : target.toString(),
                format,
                List.copyOf(new TreeSet<>(versions)),
                "",
                OK,
                0,
                0);
    }

    static String name(Reveal reveal) {
        return reveal.name().toLowerCase(Locale.ROOT);
    }

    RevealNote with(Reveal newReveal) {
        return new RevealNote(
                caller, purpose, domain, target, format, versions, name(newReveal), result, revealed, refused);
    }

    RevealNote counts(long newRevealed, long newRefused) {
        return new RevealNote(
                caller, purpose, domain, target, format, versions, reveal, result, newRevealed, newRefused);
    }

    RevealNote result(String newResult) {
        return new RevealNote(caller, purpose, domain, target, format, versions, reveal, newResult, revealed, refused);
    }

    /** The call failed as a whole: nothing was revealed. */
    RevealNote failed(RuntimeException error, long values) {
        String code = error instanceof MessageSecurityException known ? known.code() : "error";
        return counts(0, values).result(code);
    }
}
