// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import dev.signet.core.internal.base.Plumbing;
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

/** Lets Signet's own modules in to what users have no need of. */
final class CorePlumbing implements Plumbing {
    @Override
    public byte[] sign(Object key, byte[] data, int offset, int length, Object providers) {
        return ((SigningKey) key).sign(data, offset, length, (Providers) providers);
    }

    @Override
    public byte[] sign(Object key, InputStream data, Object providers) throws IOException {
        return ((SigningKey) key).sign(data, (Providers) providers);
    }

    @Override
    public CompletionStage<byte[]> signAsync(Object key, byte[] data, Object providers) {
        return ((SigningKey) key).signAsync(data, (Providers) providers);
    }

    @Override
    public void verify(Object key, byte[] data, int offset, int length, byte[] signature, Object providers) {
        ((VerificationKey) key).verify(data, offset, length, signature, (Providers) providers);
    }

    @Override
    public void verify(Object key, InputStream data, byte[] signature, Object providers) throws IOException {
        ((VerificationKey) key).verify(data, signature, (Providers) providers);
    }

    @Override
    public void requireVerifies(Object key, Instant now) {
        ((VerificationKey) key).requireUsable(now);
    }

    @Override
    public void requireTokenizes(Object key, Instant now) {
        ((TokenizationKey) key).requireUsable(now);
    }

    @Override
    public boolean isOfSameParty(Object key, Object other) {
        return ((VerificationKey) key).isOfSamePartyAs((VerificationKey) other);
    }

    @Override
    public PrivateKey renewHandle(Object key, PrivateKey failed) {
        return ((DecryptionKey) key).renewHandle(failed);
    }

    @Override
    public Cipher cipher(Object providers, String transformation) {
        return ((Providers) providers).cipher(transformation);
    }

    @Override
    public MessageDigest messageDigest(Object providers, String algorithm) {
        return ((Providers) providers).messageDigest(algorithm);
    }

    @Override
    public Provider composite(Object providers) {
        return ((Providers) providers).composite();
    }

    @Override
    public List<Provider> candidates(Object providers, Object algorithm, Object operation) {
        return ((Providers) providers).candidates((Algorithm) algorithm, (Providers.Operation) operation);
    }

    @Override
    public void tell(Object listener, Object type, String format, String code, @Nullable Object key, Instant time) {
        ((SecurityListener) listener)
                .onEvent(new SecurityEvent((SecurityEvent.Type) type, format, code, (Key) key, time));
    }
}
