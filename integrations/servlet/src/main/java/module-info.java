// SPDX-License-Identifier: Apache-2.0
/** A servlet filter that admits signed requests only. */
module dev.signet.servlet {
    requires transitive dev.signet.core;
    requires transitive dev.signet.exchange;
    requires transitive dev.signet.http;
    requires transitive jakarta.servlet;
    requires static transitive org.jspecify;

    exports dev.signet.servlet;
}
