// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.http.HttpMessage.BodyPresence;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The circumstance in which a rule of a {@link SignaturePolicy} or {@link HttpSigner} applies. Immutable.
 *
 * <pre>{@code
 * HttpSigner signer = HttpSigner.builder(key)
 *         .cover(Component.METHOD, Component.TARGET_URI)
 *         .cover(When.body(), Component.field("content-type"), Component.CONTENT_DIGEST)
 *         .cover(When.field("idempotency-key"), Component.field("idempotency-key"))
 *         .build();
 * }</pre>
 */
@CheckReturnValue
public final class When {
    private static final When ALWAYS = new When(false, null);
    private static final When BODY = new When(true, null);

    private final boolean body;
    private final @Nullable String field;

    private When(boolean body, @Nullable String field) {
        this.body = body;
        this.field = field;
    }

    /** For every message. */
    public static When always() {
        return ALWAYS;
    }

    /** For messages with a body of at least one byte. */
    public static When body() {
        return BODY;
    }

    /** For messages that have this field; the name's case does not matter. */
    public static When field(String name) {
        return new When(false, name.toLowerCase(Locale.ROOT));
    }

    /** Whether this is so; a body that is not known of yet is left to a later check. */
    boolean applies(HttpMessage message, BodyPresence presence) {
        if (body) {
            return presence == BodyPresence.ANNOUNCED;
        }
        return field == null || !message.fieldValues(field).isEmpty();
    }

    boolean isBody() {
        return body;
    }

    @Nullable
    String fieldName() {
        return field;
    }

    @Override
    public String toString() {
        return body ? "with a body" : field == null ? "always" : "with field " + field;
    }
}
