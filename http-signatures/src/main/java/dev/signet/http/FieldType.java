// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.HashMap;
import java.util.Map;

/** The structured type of a field, which the parameters {@code sf} and {@code key} need (RFC 9421, 2.1.1). */
public enum FieldType {
    /** A single item. */
    ITEM,
    /** A list. */
    LIST,
    /** A dictionary. */
    DICTIONARY;

    /** Fields defined as structured fields by their RFCs; a verifier can be told of others. */
    static final Map<String, FieldType> KNOWN = known();

    private static Map<String, FieldType> known() {
        Map<String, FieldType> types = new HashMap<>();
        for (String name : new String[] {
            "accept-signature",
            "content-digest",
            "repr-digest",
            "want-content-digest",
            "want-repr-digest",
            "signature",
            "signature-input",
            "priority"
        }) {
            types.put(name, DICTIONARY);
        }
        for (String name : new String[] {"cache-status", "proxy-status", "accept-ch", "client-cert-chain"}) {
            types.put(name, LIST);
        }
        for (String name : new String[] {"client-cert"}) {
            types.put(name, ITEM);
        }
        return Map.copyOf(types);
    }
}
