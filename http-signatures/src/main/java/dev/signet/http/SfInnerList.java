// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.List;

/** Zero or more items in parentheses, with parameters of their own (RFC 9651, 3.1.1). */
record SfInnerList(List<SfItem> items, SfParameters parameters) implements SfMember {
    SfInnerList {
        items = List.copyOf(items);
    }
}
