// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.servlet;

import dev.signet.checks.planted.cli.keys.Keys;
import dev.signet.checks.planted.httpclient.OtherHost;
import dev.signet.checks.planted.jose.OtherFormat;
import dev.signet.checks.planted.records.OtherSeam;

/** Knows another host, another seam, a format that it shows nothing of, and the command. */
public final class Host {
    public Object all() {
        return new Object[] {new OtherHost(), new OtherSeam(), new OtherFormat(), new Keys()};
    }
}
