// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key bound to exactly one algorithm, with an id, a status and a validity. Immutable and thread-safe. */
@CheckReturnValue
public sealed interface Key permits SigningKey, VerificationKey, DecryptionKey, EncryptionKey, TokenizationKey {
    /** Names the key in messages and keysets: 1 to 256 printable ASCII characters. */
    String id();

    /** The one algorithm that this key works with. */
    Algorithm algorithm();

    /** Where the key stands in its life. */
    KeyStatus status();

    /** The instant from which the key may be used, if there is one. */
    Optional<Instant> notBefore();

    /** The instant from which the key may no longer be used, if there is one. */
    Optional<Instant> notAfter();

    /** This key under another id. */
    Key withId(String id);

    /** This key with another status. */
    Key withStatus(KeyStatus status);

    /** This key with another validity; null leaves an end open. */
    Key withValidity(@Nullable Instant notBefore, @Nullable Instant notAfter);
}
