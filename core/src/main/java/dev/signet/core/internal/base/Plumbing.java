// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal.base;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * What the keys, providers and events of core can do for Signet's own modules only. Core's types have no names here, so that
 * core may stand on this package; {@code Keys}, {@code Ciphers} and {@code Audit} in {@code core.internal} give them back.
 */
public interface Plumbing {
    /** Opened when {@code Providers} is initialised. */
    Door<Plumbing> DOOR = new Door<>();

    byte[] sign(Object key, byte[] data, int offset, int length, Object providers);

    byte[] sign(Object key, InputStream data, Object providers) throws IOException;

    CompletionStage<byte[]> signAsync(Object key, byte[] data, Object providers);

    void verify(Object key, byte[] data, int offset, int length, byte[] signature, Object providers);

    void verify(Object key, InputStream data, byte[] signature, Object providers) throws IOException;

    void requireVerifies(Object key, Instant now);

    void requireTokenizes(Object key, Instant now);

    boolean isOfSameParty(Object key, Object other);

    PrivateKey renewHandle(Object key, PrivateKey failed);

    Cipher cipher(Object providers, String transformation);

    MessageDigest messageDigest(Object providers, String algorithm);

    Provider composite(Object providers);

    List<Provider> candidates(Object providers, Object algorithm, Object operation);

    void tell(Object listener, Object type, String format, String code, @Nullable Object key, Instant time);
}
