// SPDX-License-Identifier: Apache-2.0
/** JWK sets, JWS, JWE and JWT. */
module dev.signet.jose {
    requires transitive dev.signet.core;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires com.fasterxml.jackson.core;
    requires com.nimbusds.jose.jwt;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.util;

    exports dev.signet.jose;
}
