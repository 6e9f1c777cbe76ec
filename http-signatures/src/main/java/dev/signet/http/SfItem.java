// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/** A bare item with its parameters (RFC 9651, 3.3). */
record SfItem(SfValue value, SfParameters parameters) implements SfMember {
    SfItem(SfValue value) {
        this(value, SfParameters.EMPTY);
    }
}
