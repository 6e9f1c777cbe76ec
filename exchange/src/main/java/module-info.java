// SPDX-License-Identifier: Apache-2.0
/** What every server and every client does with signed HTTP messages, whatever its host. */
module dev.signet.exchange {
    requires transitive dev.signet.core;
    requires transitive dev.signet.http;
    requires static transitive org.jspecify;

    exports dev.signet.exchange;
}
