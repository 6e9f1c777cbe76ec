// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/**
 * Says that a step needs of the body what has not come yet. It goes from an {@link ArrivingBody} to whoever runs the steps, and
 * never further. No failure, so it has no trace.
 */
final class BodyAwaited extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BodyAwaited() {
        super("the body has not come yet", null, false, false);
    }
}
