// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.VerificationKey;
import java.net.URI;
import java.time.Instant;

/**
 * A DPoP proof (RFC 9449) that holds for one request. Only {@link DpopVerifier} makes one. Immutable; {@link #toString()}
 * shows the key's id only.
 */
public final class VerifiedDpop {
    private final VerificationKey key;
    private final JsonObject claims;
    private final String method;
    private final URI target;

    VerifiedDpop(VerificationKey key, JsonObject claims, String method, URI target) {
        this.key = key;
        this.claims = claims;
        this.method = method;
        this.target = target;
    }

    /**
     * The key that the sender holds, of the sender's own choosing; its id is its thumbprint, whatever the proof calls it. A
     * token is bound to it by {@link JwtIssuer.Token#boundTo(VerificationKey)}.
     */
    public VerificationKey key() {
        return key;
    }

    /** {@code jti}, by which the proof is told from the key's others. */
    public String jwtId() {
        return claims.string("jti").orElseThrow();
    }

    /** {@code iat}. */
    public Instant issuedAt() {
        return claims.instant("iat").orElseThrow();
    }

    /** The method of the request, which {@code htm} names. */
    public String method() {
        return method;
    }

    /** The target of the request as the server knows it, which {@code htu} names but for query and fragment. */
    public URI target() {
        return target;
    }

    @Override
    public String toString() {
        return "VerifiedDpop[" + key.id() + "]";
    }
}
