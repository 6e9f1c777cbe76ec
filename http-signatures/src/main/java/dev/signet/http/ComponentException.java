// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/**
 * A component that cannot be identified or has no single value in a message. The caller decides whether that is an
 * attacker's doing or a programmer's. The message never holds a field value.
 */
final class ComponentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ComponentException(String message) {
        super(message, null, false, false);
    }

    String rule() {
        return String.valueOf(getMessage());
    }
}
