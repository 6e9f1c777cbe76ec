// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import java.io.IOException;

/** A document that could not be fetched. The message names the step that failed, never an address or what was received. */
final class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final RemoteJwks.FailureCode code;

    FetchException(RemoteJwks.FailureCode code, String message) {
        super(message);
        this.code = code;
    }

    FetchException(RemoteJwks.FailureCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    RemoteJwks.FailureCode code() {
        return code;
    }
}
