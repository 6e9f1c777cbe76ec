// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.DecryptionKey;
import dev.signet.core.Providers;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.base.Plumbing;
import java.io.IOException;
import java.io.InputStream;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the keys of core do for Signet's own modules only. */
public final class Keys {
    private static final Plumbing CORE = Core.PLUMBING;

    private Keys() {}

    /** Signs a part of an array, by a provider of the policy's choice; else as {@link SigningKey#sign(byte[])}. */
    public static byte[] sign(SigningKey key, byte[] data, int offset, int length, Providers providers) {
        return CORE.sign(key, data, offset, length, providers);
    }

    /**
     * Signs a stream, which is read to its end and not closed, in constant memory. Ed25519 and remote signers need the whole
     * at once, so that whoever bounds the stream bounds the memory.
     *
     * @throws IllegalStateException if the key is not active
     * @throws UnavailableException as {@link SigningKey#sign(byte[])}; a handle that fails in the middle is not tried again,
     *     since the stream cannot be read again
     * @throws IOException if the stream cannot be read
     */
    public static byte[] sign(SigningKey key, InputStream data, Providers providers) throws IOException {
        return CORE.sign(key, data, providers);
    }

    /**
     * Signs {@code data} without blocking on an asynchronous remote signer; a local key has signed when this returns. Whoever
     * cancels the stage, as a {@link CompletableFuture}, cancels the signer's.
     */
    public static CompletionStage<byte[]> signAsync(SigningKey key, byte[] data, Providers providers) {
        return CORE.signAsync(key, data, providers);
    }

    /**
     * Checks a raw signature over a part of an array, by a provider of the policy's choice. The key's status and validity are
     * the caller's to check, by {@link #requireUsable(VerificationKey, Instant)}.
     *
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} if it does not hold
     */
    public static void verify(
            VerificationKey key, byte[] data, int offset, int length, byte[] signature, Providers providers) {
        CORE.verify(key, data, offset, length, signature, providers);
    }

    /**
     * Checks a raw signature over a stream, which is read to its end and not closed, in constant memory. Ed25519 needs the
     * whole at once, so that whoever bounds the stream bounds the memory. Nothing read from it may be used before this
     * returns.
     *
     * @throws VerificationException with {@link Reason#SIGNATURE_INVALID} if it does not hold
     * @throws IOException if the stream cannot be read
     */
    public static void verify(VerificationKey key, InputStream data, byte[] signature, Providers providers)
            throws IOException {
        CORE.verify(key, data, signature, providers);
    }

    /**
     * Passes if the key may check messages at {@code now}.
     *
     * @throws VerificationException with {@link Reason#KEY_DISABLED} or {@link Reason#KEY_NOT_VALID_NOW}
     */
    public static void requireUsable(VerificationKey key, Instant now) {
        CORE.requireVerifies(key, now);
    }

    /**
     * Passes if the key may make or read tokens at {@code now}.
     *
     * @throws VerificationException with {@link Reason#KEY_DISABLED} or {@link Reason#KEY_NOT_VALID_NOW}
     */
    public static void requireUsable(TokenizationKey key, Instant now) {
        CORE.requireTokenizes(key, now);
    }

    /** Whether both keys are held by one party: they have the same party's name, or are one key under two ids. */
    public static boolean isOfSameParty(VerificationKey key, VerificationKey other) {
        return CORE.isOfSameParty(key, other);
    }

    /** Another handle than the one that failed, fetched anew. */
    static PrivateKey renewHandle(DecryptionKey key, PrivateKey failed) {
        return CORE.renewHandle(key, failed);
    }
}
