// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.http.Component;
import dev.signet.http.VerifiedMessage;
import dev.signet.http.VerifiedSignature;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields of an admitted request the application may see. Immutable. */
final class VisibleFields {
    /** What the pipeline itself has judged: the authority, and the length of the body. */
    private static final Set<String> JUDGED = Set.of("host", "content-length", "transfer-encoding");

    private final IdentityFields identity;
    private final @Nullable Set<String> uncovered;

    /** @param uncovered the names, in lower case, that need not be covered; null if none need be */
    VisibleFields(IdentityFields identity, @Nullable Set<String> uncovered) {
        this.identity = identity;
        if (uncovered == null) {
            this.uncovered = null;
            return;
        }
        for (String name : uncovered) {
            if (identity.contains(name)) {
                throw new IllegalArgumentException("an identity field needs allowIdentityFields, too: " + name);
            }
        }
        Set<String> all = new HashSet<>(JUDGED);
        all.addAll(uncovered);
        this.uncovered = Set.copyOf(all);
    }

    boolean isStripped(String fieldName, VerifiedMessage verified, boolean isTrailer) {
        if (identity.contains(fieldName)) {
            return true;
        }
        if (uncovered == null) {
            return false;
        }
        String name = fieldName.toLowerCase(Locale.ROOT);
        return !uncovered.contains(name) && !isCovered(name, verified.signatures(), isTrailer);
    }

    /** As a whole: a member of a dictionary says nothing of the others. */
    private static boolean isCovered(String name, List<VerifiedSignature> signatures, boolean isTrailer) {
        for (int i = 0; i < signatures.size(); i++) {
            List<Component> components = signatures.get(i).parameters().components();
            for (int j = 0; j < components.size(); j++) {
                Component component = components.get(j);
                if (component.name().equals(name)
                        && component.isTrailer() == isTrailer
                        && !component.isOfRequest()
                        && component.memberKey().isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }
}
