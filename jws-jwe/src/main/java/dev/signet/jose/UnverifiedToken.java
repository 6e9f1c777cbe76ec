// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a JWS or JWE in compact form says of itself, read without any key: for logs of problems, tools and support.
 *
 * <pre>{@code
 * UnverifiedToken claimed = UnverifiedToken.peek(token);
 * System.out.println(claimed.kind() + " " + claimed.unverifiedHeader()); // to look at, not to decide on
 * }</pre>
 *
 * <p><b>Security properties.</b> None. Nothing here was verified; anybody can have written every byte of it. A decision that
 * is made on it (which user, which key, which tenant) is the attacker's decision: take {@link JwsVerifier}, {@link
 * JwtVerifier} or {@link JweDecrypter} for that. The payload of a JWS may be personal or secret, and so may a header.
 *
 * <p>The text is read strictly and within a policy's {@link Limits}, nothing is inflated, and no address in it is
 * looked at. Immutable; {@link #toString()} shows nothing of the content.
 */
@CheckReturnValue
public final class UnverifiedToken {
    private static final int JWS_PARTS = 3;
    private static final int JWE_PARTS = 5;

    private final Kind kind;
    private final byte[] header;
    private final byte[] payload;

    /** What a compact text is by its number of parts. */
    public enum Kind {
        /** Signed: header, payload, signature. The signature may be empty, and the payload elsewhere. */
        JWS,
        /** Encrypted. Whether a signed token is inside is not known before it is decrypted, whatever the header says. */
        JWE
    }

    private UnverifiedToken(Kind kind, byte[] header, byte[] payload) {
        this.kind = kind;
        this.header = header;
        this.payload = payload;
    }

    /**
     * Looks at a token within the limits of {@link SecurityPolicy#recommended2026()}, without believing it.
     *
     * @throws InvalidMessageException if it is neither a JWS nor a JWE in compact form, or is over a limit
     */
    public static UnverifiedToken peek(String token) {
        return peek(token, SecurityPolicy.recommended2026());
    }

    /**
     * Looks at a token within the limits of a policy, without believing it.
     *
     * @throws InvalidMessageException if it is neither a JWS nor a JWE in compact form, or is over a limit
     */
    public static UnverifiedToken peek(String token, SecurityPolicy policy) {
        Limits limits = policy.limits();
        long max = limits.maxBodyBytes() / 3 * 4 + 2L * limits.maxFieldBytes();
        if (token.length() > max) {
            throw InvalidMessageException.tooLarge("a token of more than " + max + " characters");
        }
        // What is not Latin-1 becomes a question mark, which is no base64url.
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        int[] starts = new int[JWE_PARTS + 1];
        int parts = 1;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '.') {
                if (parts == JWE_PARTS) {
                    throw malformed("more than five parts");
                }
                starts[parts++] = i + 1;
            }
        }
        if (parts != JWS_PARTS && parts != JWE_PARTS) {
            throw malformed("neither three parts nor five");
        }
        starts[parts] = text.length + 1;
        if (starts[1] - 1 > limits.maxFieldBytes()) {
            throw InvalidMessageException.tooLarge("a header of more than " + limits.maxFieldBytes() + " bytes");
        }
        byte[] header = part(text, starts, 0);
        StrictJson.reader(limits).readObject(header);
        byte[] payload = part(text, starts, 1);
        for (int i = 2; i < parts; i++) {
            part(text, starts, i);
        }
        return new UnverifiedToken(parts == JWS_PARTS ? Kind.JWS : Kind.JWE, header, payload);
    }

    /** What it is by its form. */
    public Kind kind() {
        return kind;
    }

    /** The protected header, one JSON object as the sender wrote it; not verified. */
    public String unverifiedHeader() {
        return new String(header, StandardCharsets.UTF_8);
    }

    /** The payload of a JWS, empty if it is detached; not verified. A JWE has none that can be seen. */
    public Optional<byte[]> unverifiedPayload() {
        return kind == Kind.JWS && payload.length > 0 ? Optional.of(payload.clone()) : Optional.empty();
    }

    @Override
    public String toString() {
        return "UnverifiedToken[" + kind + "]";
    }

    @CanIgnoreReturnValue
    private static byte[] part(byte[] text, int[] starts, int index) {
        byte[] bytes = Base64Url.decode(text, starts[index], starts[index + 1] - 1);
        if (bytes == null) {
            throw malformed("a part that is not base64url without padding");
        }
        return bytes;
    }

    private static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("token: " + what);
    }
}
