// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.Providers;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.base.ObjectPool;
import java.security.MessageDigest;

/** Lends message digests of one choice of providers; making one costs a look-up. */
final class Digester {
    private static final Digester AUTOMATIC = new Digester(Providers.automatic());

    private final Providers providers;
    private final ObjectPool<MessageDigest> sha256;
    private final ObjectPool<MessageDigest> sha512;

    private Digester(Providers providers) {
        this.providers = providers;
        sha256 = new ObjectPool<>(() -> create(DigestAlgorithm.SHA_256));
        sha512 = new ObjectPool<>(() -> create(DigestAlgorithm.SHA_512));
    }

    static Digester automatic() {
        return AUTOMATIC;
    }

    static Digester of(Providers providers) {
        return providers == Providers.automatic() ? AUTOMATIC : new Digester(providers);
    }

    byte[] digest(DigestAlgorithm algorithm, byte[] content) {
        return digest(algorithm, content, content.length);
    }

    byte[] digest(DigestAlgorithm algorithm, byte[] content, int length) {
        ObjectPool<MessageDigest> pool = algorithm == DigestAlgorithm.SHA_256 ? sha256 : sha512;
        MessageDigest digest = pool.borrow();
        digest.update(content, 0, length);
        byte[] result = digest.digest();
        pool.giveBack(digest);
        return result;
    }

    MessageDigest create(DigestAlgorithm algorithm) {
        return Ciphers.messageDigest(providers, algorithm.jcaName);
    }
}
