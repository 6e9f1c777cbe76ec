// SPDX-License-Identifier: Apache-2.0
/** Helps users to test their own use of Signet. */
module dev.signet.testkit {
    requires transitive dev.signet.core;
    requires transitive dev.signet.http;
    requires java.management;
    requires java.xml;
    requires java.xml.crypto;
    requires jdk.management;
    requires static transitive org.jspecify;

    exports dev.signet.testkit;
}
