// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.internal.base.AddressBlock;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which IP addresses may be connected to, by the special-purpose registries of IANA (RFC 6890). IPv6 is an allow-list: what
 * is not global unicast is refused, and with it all forms that carry an IPv4 address (mapped, compatible, NAT64), so that
 * none hides behind another spelling.
 */
final class AddressRules {
    private static final List<AddressBlock> GLOBAL_V6 = blocks("2000::/3");

    /** Somebody's own network. */
    private static final List<AddressBlock> PRIVATE = blocks(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "::1/128",
            "fc00::/7");

    /** No place for a server of keys, or the metadata service of a cloud: refused also where private ones are allowed. */
    private static final List<AddressBlock> NEVER = blocks(
            "0.0.0.0/8",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "fd00:ec2::254/128",
            "fd20:ce::254/128");

    private AddressRules() {}

    static boolean permits(InetAddress address, boolean privateToo) {
        byte[] bytes = address.getAddress();
        if (contains(NEVER, bytes)) {
            return false;
        }
        if (contains(PRIVATE, bytes)) {
            return privateToo;
        }
        return bytes.length == 4 || contains(GLOBAL_V6, bytes);
    }

    private static boolean contains(List<AddressBlock> blocks, byte[] address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static List<AddressBlock> blocks(String... texts) {
        return Arrays.stream(texts).map(AddressBlock::parse).toList();
    }
}
