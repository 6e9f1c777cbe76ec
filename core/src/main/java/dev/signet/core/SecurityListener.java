// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * Receives what happens to messages, for audit and metrics. Called on the caller's thread, after the verdict.
 *
 * <pre>{@code
 * Map<String, LongAdder> verdicts = new ConcurrentHashMap<>();
 * HttpVerifier counted = HttpVerifier.builder(keys)
 *         .listener((SecurityEvent event) -> verdicts.computeIfAbsent(event.code(), code -> new LongAdder())
 *                 .increment())
 *         .build();
 * }</pre>
 */
@FunctionalInterface
@CheckReturnValue
public interface SecurityListener {
    /** Takes note. An exception thrown here is dropped: it never changes a verdict. */
    void onEvent(SecurityEvent event);

    /** Takes note of nothing. */
    static SecurityListener none() {
        return event -> {};
    }
}
