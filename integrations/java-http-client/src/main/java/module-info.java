// SPDX-License-Identifier: Apache-2.0
/** Signing for {@link java.net.http.HttpClient}. */
module dev.signet.httpclient {
    requires transitive dev.signet.core;
    requires transitive dev.signet.exchange;
    requires transitive dev.signet.http;
    requires transitive java.net.http;
    requires static transitive org.jspecify;

    exports dev.signet.httpclient;
}
