// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.lang.invoke.VarHandle;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Destroyable;

/**
 * Secret bytes that neither print nor compare in variable time, and that can be wiped.
 *
 * <pre>{@code
 * SecretBytes secret = SecretBytes.copyOf(shared);
 * Arrays.fill(shared, (byte) 0); // the caller's own array is the caller's to wipe
 * SigningKey key = SigningKey.hmac(Algorithm.HS256, secret).withId("partner-1");
 * }</pre>
 *
 * <p><b>Security properties.</b> {@link #toString()} and {@link #hashCode()} depend on the length only. After {@link
 * #destroy()} every read fails with {@link IllegalStateException}; one that meets it gives the whole secret or fails, too.
 *
 * <p>Thread-safe.
 */
@CheckReturnValue
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
        requireLive();
        byte[] copy = bytes.clone();
        try {
            requireStillLive();
        } catch (IllegalStateException e) {
            Arrays.fill(copy, (byte) 0);
            throw e;
        }
        return copy;
    }

    @Override
    public void destroy() {
        destroyed = true;
        // No byte is wiped before readers can see that it is about to be.
        VarHandle.fullFence();
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** The secret as a key for the platform's objects, which take a copy of their own. */
    SecretKeySpec toKey(String algorithm) {
        requireLive();
        SecretKeySpec key = new SecretKeySpec(bytes, algorithm);
        requireStillLive();
        return key;
    }

    void requireLive() {
        if (destroyed) {
            throw new IllegalStateException("the secret has been destroyed");
        }
    }

    /** What was copied is the secret, and not what was left of it, only if it was not being wiped meanwhile. */
    private void requireStillLive() {
        VarHandle.acquireFence();
        requireLive();
    }

    /** A destroyed secret equals only itself. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof SecretBytes that) || !MessageDigest.isEqual(bytes, that.bytes)) {
            return false;
        }
        VarHandle.acquireFence();
        return !destroyed && !that.destroyed;
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
