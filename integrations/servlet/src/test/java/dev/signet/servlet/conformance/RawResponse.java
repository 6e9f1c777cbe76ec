// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import java.util.List;

/**
 * What a server answered.
 *
 * @param status the final status; 0 if it hung up or reset the stream instead
 * @param interim the statuses before it, such as 100
 * @param body text in ISO 8859-1
 */
record RawResponse(int status, List<Integer> interim, String body) {
    static RawResponse brokenOff(List<Integer> interim) {
        return new RawResponse(0, List.copyOf(interim), "");
    }

    /** Whether the request was refused in some way that is no failure of the server's. */
    boolean isRefused() {
        return status == 0 || (status >= 400 && status < 500);
    }

    /** The code of a problem document, or nothing. */
    String code() {
        int start = body.indexOf("\"code\":\"");
        return start < 0 ? "" : body.substring(start + 8, body.indexOf('"', start + 8));
    }

    /** What the application saw, a line of {@code name=value} in the echo; null if it is not there. */
    String seen(String name) {
        for (String line : body.split("\n", -1)) {
            if (line.startsWith(name + "=")) {
                return line.substring(name.length() + 1);
            }
        }
        return null;
    }
}
