// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal.base;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A block of IP addresses in CIDR notation. Only literals are read: a name would let DNS decide whom to trust. */
public final class AddressBlock {
    private static final int V4 = 4;
    private static final int V6 = 16;

    private final byte[] network;
    private final int prefix;

    private AddressBlock(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException if it is no such block, has bits beyond its prefix, or is all addresses there are
     */
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = parseLiteral(slash < 0 ? text : text.substring(0, slash));
        if (network == null) {
            throw new IllegalArgumentException("not an IP address block: " + text);
        }
        int bits = network.length * 8;
        int prefix = slash < 0 ? bits : number(text.substring(slash + 1), 3, bits);
        if (prefix < 0) {
            throw new IllegalArgumentException("not a prefix length: " + text);
        }
        if (prefix == 0) {
            throw new IllegalArgumentException("a block of all addresses trusts everybody: " + text);
        }
        for (int i = prefix; i < bits; i++) {
            if ((network[i / 8] & 0x80 >> i % 8) != 0) {
                throw new IllegalArgumentException("the address has bits beyond its prefix: " + text);
            }
        }
        if (isMapped(network)) {
            throw new IllegalArgumentException("write an IPv4 block as IPv4: " + text);
        }
        return new AddressBlock(network, prefix);
    }

    public boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int i = 0; i < prefix; i++) {
            if (((address[i / 8] ^ network[i / 8]) & 0x80 >> i % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * An address as hosts print it: IPv6 perhaps in brackets or with a zone. An IPv4 address in IPv6 form is the IPv4 address.
     *
     * @return null if it is none
     */
    public static byte @Nullable [] parseAddress(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int zone = bare.indexOf('%');
        byte[] address = parseLiteral(zone < 0 ? bare : bare.substring(0, zone));
        return address != null && isMapped(address) ? Arrays.copyOfRange(address, V6 - V4, V6) : address;
    }

    private static byte @Nullable [] parseLiteral(String text) {
        return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
    }

    private static byte @Nullable [] parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != V4) {
            return null;
        }
        byte[] address = new byte[V4];
        for (int i = 0; i < V4; i++) {
            int octet = number(parts[i], 3, 255);
            if (octet < 0) {
                return null;
            }
            address[i] = (byte) octet;
        }
        return address;
    }

    // RFC 4291, 2.2
    private static byte @Nullable [] parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text, true);
            return all != null && all.length == V6 ? all : null;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head == null || tail == null || head.length + tail.length > V6 - 2) {
            return null;
        }
        byte[] address = Arrays.copyOf(head, V6);
        System.arraycopy(tail, 0, address, V6 - tail.length, tail.length);
        return address;
    }

    private static byte @Nullable [] groups(String text, boolean isEnd) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] groups = text.split(":", -1);
        if (groups.length > V6 / 2) {
            return null;
        }
        byte[] bytes = new byte[V6 + V4];
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            byte[] v4 = isEnd && i == groups.length - 1 ? parseV4(groups[i]) : null;
            if (v4 != null) {
                System.arraycopy(v4, 0, bytes, length, V4);
                length += V4;
                continue;
            }
            int group = hex(groups[i]);
            if (group < 0) {
                return null;
            }
            bytes[length++] = (byte) (group >> 8);
            bytes[length++] = (byte) group;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static int hex(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Plain digits without a leading zero, which some readers take for octal; -1 if it is anything else. */
    private static int number(String text, int maxDigits, int most) {
        if (text.isEmpty() || text.length() > maxDigits || (text.length() > 1 && text.charAt(0) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value <= most ? value : -1;
    }

    private static boolean isMapped(byte[] address) {
        if (address.length != V6 || address[10] != -1 || address[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
