// SPDX-License-Identifier: Apache-2.0
/** HTTP Message Signatures (RFC 9421) with digests (RFC 9530). */
module dev.signet.http {
    requires transitive dev.signet.core;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;

    exports dev.signet.http;
}
