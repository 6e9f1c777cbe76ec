// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a pass canonicalizes what it meets. What a signature asks for is known only where it stands, which may be at the end
 * of the document: a pass goes by what the last message asked for, and is done again in the rare case that this one differs.
 *
 * @param signedInfo for {@code SignedInfo}
 * @param parts by the parts of the profile; null where nothing is expected
 */
record Plan(C14n signedInfo, List<@Nullable PartPlan> parts) {
    /**
     * For one part.
     *
     * @param enveloped whether the signature is left out of it
     * @param whole whether it is the whole document, with what stands outside the root
     */
    record PartPlan(C14n c14n, boolean enveloped, boolean whole, XmlDigest digest) {}

    /** The commonest: exclusive canonicalization and SHA-256. */
    static Plan common(int parts) {
        PartPlan plan = new PartPlan(C14n.EXCLUSIVE, true, false, XmlDigest.SHA_256);
        return new Plan(C14n.EXCLUSIVE, new ArrayList<>(Collections.nCopies(parts, plan)));
    }
}
