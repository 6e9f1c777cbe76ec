// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-8",
                "10.0.0.0/8/8",
                "10.0.0.0/ 8",
                "10.0.0.1/8",
                "10.0.0/8",
                "0.0.0.0/0",
                "::/0",
                "2001:db8::1/32",
                "2001:db8::/129",
                "2001:db8:::/32",
                "12345::/16",
                "g::/16",
                "::ffff:10.0.0.0/104",
                "1.2.3.4::/32",
                "localhost",
                "proxy.example.com/24",
                "10.0.0.0-10.0.0.9",
                "fe80::1%eth0"
            })
    void parse_noAddressBlock_isRejected(String block) {
        assertThatThrownBy(() -> AddressBlock.parse(block)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.4/30, 192.0.2.7, true",
        "192.0.2.4/30, 192.0.2.8, false",
        "128.0.0.0/1, 255.0.0.1, true",
        "128.0.0.0/1, 127.0.0.1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::1, ::2, false",
        "fe80::/10, febf::1, true",
        "fe80::/10, fec0::1, false",
        "10.0.0.0/8, a00::, false"
    })
    void contains_address_byPrefix(String block, String address, boolean expected) {
        byte[] parsed = AddressBlock.parseAddress(address);
        assertThat(parsed).isNotNull();
        assertThat(AddressBlock.parse(block).contains(parsed)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "::ffff:192.0.2.7, 192.0.2.7",
        "[2001:db8::1], 2001:db8::1",
        "fe80::1%eth0, fe80::1",
        "[fe80::1%3], fe80::1",
        "2001:db8::192.0.2.7, 2001:db8::c000:207"
    })
    void parseAddress_asHostsPrintIt_isTheSameAddress(String printed, String plain) {
        assertThat(AddressBlock.parseAddress(printed)).isNotNull().isEqualTo(AddressBlock.parseAddress(plain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "unknown", "proxy.example.com", "192.0.2", "192.0.2.07", "192.0.2.256", "1::2::3", "[::1"})
    void parseAddress_noLiteral_isNull(String text) {
        assertThat(AddressBlock.parseAddress(text)).isNull();
    }
}
