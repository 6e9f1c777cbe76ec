// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * Secret bytes that neither print nor compare in variable time, and that can be wiped.
 *
 * <p>Thread-safe. After {@link #destroy()} every read fails with {@link IllegalStateException}.
 */
public final class SecretBytes implements Destroyable {
    private final byte[] bytes;
    private volatile boolean destroyed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes a copy; the caller may wipe its own array. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /** Fresh bytes from the platform's secure random generator. */
    public static SecretBytes random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return new SecretBytes(bytes);
    }

    /** Number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** A copy of the secret, which the caller must wipe. */
    public byte[] dangerousToByteArray() {
        return live().clone();
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    byte[] live() {
        if (destroyed) {
            throw new IllegalStateException("the secret has been destroyed");
        }
        return bytes;
    }

    /** A destroyed secret equals only itself. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof SecretBytes that
                        && !destroyed
                        && !that.destroyed
                        && MessageDigest.isEqual(bytes, that.bytes));
    }

    /** Depends on the length only, so that it tells nothing of the content. */
    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + " bytes]";
    }
}
