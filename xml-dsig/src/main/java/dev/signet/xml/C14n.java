// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.List;

/**
 * A canonicalization with its parameter.
 *
 * @param prefixes for the exclusive one, the prefixes that are treated as by the inclusive one (Exclusive XML
 *     Canonicalization, 3: {@code InclusiveNamespaces PrefixList}); the default namespace is the empty string
 */
record C14n(XmlCanonicalization algorithm, List<String> prefixes) {
    static final C14n EXCLUSIVE = new C14n(XmlCanonicalization.EXCLUSIVE, List.of());
    /** What a reference without a canonicalization gets (XML Signature, 4.4.3.2). */
    static final C14n DEFAULT = new C14n(XmlCanonicalization.INCLUSIVE_10, List.of());

    boolean isExclusive() {
        return algorithm == XmlCanonicalization.EXCLUSIVE;
    }
}
