// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;

/**
 * Why a row is left out, without any of its content.
 *
 * @param field the column or pointer; empty if it is about the whole row
 */
record Rejection(String field, String code, String message) {
    static final Rejection TOO_LONG =
            new Rejection("", "row-too-long", "the row is longer than " + BlockReader.MAX_ROW_BYTES + " bytes");

    static Rejection ofRow(String message) {
        return new Rejection("", "row-malformed", message);
    }

    static Rejection missing(FieldTarget target, boolean isJson) {
        return new Rejection(target.text(), "value-missing", isJson ? "absent or null" : "the cell is empty");
    }

    static Rejection of(FieldTarget target, MessageSecurityException e) {
        String code = e instanceof InvalidMessageException invalid
                ? invalid.isTooLarge() ? "value-too-large" : "value-malformed"
                : e.code();
        // The reason's own words are about signatures.
        boolean isUnknown = e instanceof VerificationException refusal && refusal.reason() == Reason.KEY_UNKNOWN;
        return new Rejection(
                target.text(),
                code,
                isUnknown ? "the version beside the token is no key of the keyset" : String.valueOf(e.getMessage()));
    }
}
