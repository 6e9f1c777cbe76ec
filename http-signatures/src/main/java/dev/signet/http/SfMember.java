// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/** A member of a list or dictionary (RFC 9651, 3.1 and 3.2): an item or an inner list, with parameters. */
sealed interface SfMember permits SfItem, SfInnerList {
    SfParameters parameters();
}
