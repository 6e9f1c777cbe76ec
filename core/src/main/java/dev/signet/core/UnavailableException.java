// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

/** A key source, remote signer or replay store that is down or full, so that no verdict is possible now. */
public final class UnavailableException extends MessageSecurityException {
    private static final long serialVersionUID = 1L;

    /** Names the source that failed, without secrets. */
    public UnavailableException(String message) {
        super(message);
    }

    /** Names the source that failed, with the failure behind it. */
    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "unavailable";
    }
}
