// SPDX-License-Identifier: Apache-2.0
/** Keys, keysets, algorithms, provider choice, policy, limits, replay guard, events and errors. */
module dev.signet.core {
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.util;

    exports dev.signet.core;
    exports dev.signet.core.internal to
            dev.signet.exchange,
            dev.signet.http,
            dev.signet.httpclient,
            dev.signet.jose,
            dev.signet.records,
            dev.signet.tokens,
            dev.signet.xml;
    exports dev.signet.core.internal.base to
            dev.signet.exchange,
            dev.signet.http,
            dev.signet.httpclient,
            dev.signet.jose,
            dev.signet.records,
            dev.signet.tokens,
            dev.signet.xml;
}
