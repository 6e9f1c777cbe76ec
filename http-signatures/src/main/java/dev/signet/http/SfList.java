// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.List;

/** Zero or more items and inner lists (RFC 9651, 3.1). */
record SfList(List<SfMember> members) {
    static final SfList EMPTY = new SfList(List.of());

    SfList {
        members = List.copyOf(members);
    }
}
