// SPDX-License-Identifier: Apache-2.0
/** XML Signature and XML Encryption. */
module dev.signet.xml {
    requires transitive dev.signet.core;
    requires transitive java.xml;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires com.ctc.wstx;
    requires org.codehaus.stax2;

    exports dev.signet.xml;
}
