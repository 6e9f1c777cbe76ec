// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.http;

import dev.signet.checks.planted.exchange.Seam;
import dev.signet.checks.planted.jose.OtherFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URL;
import java.util.logging.Logger;

/** Knows another format, a seam, the network, a host's types and a log. */
public final class Format {
    public Object all(URL address, HttpServletRequest request, Logger log) {
        log.info(address.getHost() + request.getMethod());
        return new Object[] {new OtherFormat(), new Seam()};
    }
}
