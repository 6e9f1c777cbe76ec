// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A private key, and where to fetch it anew if it is a handle: it belongs to a session, and is dead for good once that has
 * ended. Thread-safe.
 */
final class PrivateKeySource {
    /** Between two attempts; doubled with each that helps nothing. */
    private static final long FIRST_WAIT_NANOS = 100_000_000L;

    private static final long LONGEST_WAIT_NANOS = 10_000_000_000L;

    private final @Nullable Supplier<? extends PrivateKey> source;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile PrivateKey current;
    private volatile long wait;
    private long lastAttempt;

    private PrivateKeySource(PrivateKey current, @Nullable Supplier<? extends PrivateKey> source) {
        this.current = current;
        this.source = source;
    }

    static PrivateKeySource of(PrivateKey key) {
        return new PrivateKeySource(key, null);
    }

    /** @throws UnavailableException if there is no key at the source now */
    static PrivateKeySource of(Supplier<? extends PrivateKey> source) {
        return new PrivateKeySource(fetch(source), source);
    }

    /** @param key what the store gave at the alias */
    static PrivateKeySource of(PrivateKey key, KeyStore store, String alias, char @Nullable [] password) {
        if (key.getEncoded() != null) {
            return of(key);
        }
        char[] own = password == null ? null : password.clone();
        return new PrivateKeySource(key, () -> fetch(store, alias, own));
    }

    PrivateKey current() {
        return current;
    }

    /** Held while a key is fetched, so that many threads that fail at once ask the module once. */
    ReentrantLock lock() {
        return lock;
    }

    /**
     * The key to try after {@code failed} did not work: another thread's if that was quicker, else one that is fetched now.
     *
     * @param failure what is thrown if it is too early for another attempt
     * @throws UnavailableException if no key could be fetched
     */
    PrivateKey renew(PrivateKey failed, UnavailableException failure) {
        lock.lock();
        try {
            if (current != failed) {
                return current;
            }
            long now = System.nanoTime();
            if (wait > 0 && now - lastAttempt < wait) {
                throw failure;
            }
            if (now - lastAttempt > 2 * LONGEST_WAIT_NANOS) {
                wait = 0;
            }
            lastAttempt = now;
            wait = Math.min(LONGEST_WAIT_NANOS, Math.max(FIRST_WAIT_NANOS, 2 * wait));
            if (source != null) {
                current = fetch(source);
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** The key has been seen to work. */
    void works() {
        wait = 0;
    }

    private static PrivateKey fetch(Supplier<? extends PrivateKey> source) {
        PrivateKey key;
        try {
            key = source.get();
        } catch (UnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnavailableException("the private key could not be fetched", e);
        }
        if (key == null) {
            throw new UnavailableException("there is no private key where it was");
        }
        return key;
    }

    private static @Nullable PrivateKey fetch(KeyStore store, String alias, char @Nullable [] password) {
        try {
            return store.getKey(alias, password) instanceof PrivateKey key ? key : null;
        } catch (GeneralSecurityException e) {
            throw new UnavailableException("the key store does not give the key", e);
        }
    }
}
