// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of what was read so far, as long as nobody wants it in hex. */
final class InputDigest {
    static final InputDigest NONE = new InputDigest(null, "");

    private final @Nullable MessageDigest running;
    private final String hex;

    private InputDigest(@Nullable MessageDigest running, String hex) {
        this.running = running;
        this.hex = hex;
    }

    static InputDigest of(@Nullable MessageDigest running) {
        return running == null ? NONE : new InputDigest(running, "");
    }

    static InputDigest of(String hex) {
        return new InputDigest(null, hex);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's digests can be cloned", e);
        }
    }

    /** Empty if nobody asked for it. */
    String hex() {
        return running == null ? hex : HexFormat.of().formatHex(copy(running).digest());
    }
}
