// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.19.0.1",
                "::1",
                "fc00::1",
                "fd12:3456::1"
            })
    void permits_private_onlyIfAllowed(String literal) throws Exception {
        InetAddress address = InetAddress.getByName(literal);
        assertThat(AddressRules.permits(address, false)).isFalse();
        assertThat(AddressRules.permits(address, true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "169.254.1.1",
                "169.254.169.254", // metadata of most clouds
                "100.100.100.200", // and of others
                "168.63.129.16",
                "192.0.0.192",
                "fd00:ec2::254",
                "fd20:ce::254",
                "192.0.2.1",
                "192.88.99.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::7f00:1", // IPv4-compatible
                "::ffff:0:127.0.0.1", // IPv4-translated
                "64:ff9b::127.0.0.1", // NAT64
                "64:ff9b::8.8.8.8",
                "64:ff9b:1::10.0.0.1",
                "2002:7f00:1::1", // 6to4
                "2002:808:808::1",
                "2001:0:7f00:1::1", // Teredo
                "2001:db8::1",
                "3fff::1",
                "100::1",
                "5f00::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void permits_noPlaceForKeys_never(String literal) throws Exception {
        InetAddress address = InetAddress.getByName(literal);
        assertThat(AddressRules.permits(address, false)).isFalse();
        assertThat(AddressRules.permits(address, true)).isFalse();
    }

    @Test
    void permits_mappedAddress_isRefusedInEitherForm() throws Exception {
        assertThat(AddressRules.permits(InetAddress.getByName("::ffff:127.0.0.1"), false))
                .isFalse();
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = mapped[13] = mapped[14] = mapped[15] = 8;
        assertThat(AddressRules.permits(Inet6Address.getByAddress("name", mapped, -1), true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450::1"
            })
    void permits_public_always(String literal) throws Exception {
        InetAddress address = InetAddress.getByName(literal);
        assertThat(AddressRules.permits(address, false)).isTrue();
        assertThat(AddressRules.permits(address, true)).isTrue();
    }
}
