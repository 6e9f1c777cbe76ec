// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Attacks that other libraries fell for, where no test of a single class shows that they fail here. */
class JwksPastVulnerabilitiesTest {
    /** Addresses of keys and certificates are an attacker's way to make a server fetch. */
    @Test
    void parse_addressesOfKeysAndCertificates_areNotFetched() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "\"http://127.0.0.1:" + listener.getLocalPort() + "/k\"";
            byte[] json = utf8("{\"keys\":[{" + RfcKeys.ED25519_PUBLIC + ",\"x5u\":" + url + ",\"jku\":" + url
                    + ",\"jwks_uri\":" + url + "},{\"kty\":\"EC\",\"x5u\":" + url + "}]}");
            Jwks jwks = Jwks.parse(json);
            assertThat(jwks.keys()).hasSize(1);
            assertThat(jwks.skipped()).hasSize(1);
            assertThat(jwks.resolve("http://127.0.0.1:" + listener.getLocalPort() + "/k"))
                    .isEmpty();
            listener.setSoTimeout(200);
            Assertions.assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** A certificate beside the key proves nothing, and must not become the key. */
    @Test
    void parse_certificateBesideTheKey_changesNothing() {
        Jwks plain = Jwks.parse(utf8("{\"keys\":[{" + RfcKeys.ED25519_PUBLIC + "}]}"));
        Jwks decorated = Jwks.parse(utf8("{\"keys\":[{" + RfcKeys.ED25519_PUBLIC + ",\"x5c\":[\"MIIB\"]}]}"));
        assertThat(decorated.keys().get(0).thumbprint())
                .isEqualTo(plain.keys().get(0).thumbprint());
        assertThat(Jwks.parse(utf8("{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"x5c\":[\"MIIB\"]}]}"))
                        .keys())
                .isEmpty();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
