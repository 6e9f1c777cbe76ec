// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/**
 * The root of everything that can go wrong with a message at run time.
 *
 * <p>Messages and codes name fields, components, parameters and sections of standards. They never hold field values,
 * keys, plaintext or tokens, so they can be logged. A programmer's mistake is an {@link IllegalArgumentException} or
 * {@link IllegalStateException} instead.
 */
public abstract sealed class MessageSecurityException extends RuntimeException
        permits InvalidMessageException, VerificationException, DecryptionException, UnavailableException {
    private static final long serialVersionUID = 1L;

    MessageSecurityException(String message, Throwable cause) {
        super(message, cause);
    }

    MessageSecurityException(String message) {
        super(message);
    }

    /** A stable identifier in lower-case words joined by hyphens, for metrics, problem documents and tests. */
    public abstract String code();
}
