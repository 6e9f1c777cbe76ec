// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The claims of a token (RFC 7519) whose signature holds and whose claims are what the verifier expects. Only {@link
 * JwtVerifier} makes one.
 *
 * <p>A read of a claim that has another type throws {@link VerificationException} with {@link Reason#CLAIM_UNEXPECTED}.
 * Immutable; {@link #toString()} shows the key's id only.
 */
public final class VerifiedJwt {
    private final VerifiedJws jws;
    private final JsonObject claims;

    VerifiedJwt(VerifiedJws jws, JsonObject claims) {
        this.jws = jws;
        this.claims = claims;
    }

    /** All claims. */
    public JsonObject claims() {
        return claims;
    }

    /** A copy of the JSON text of the claims, for a mapper of the caller's. */
    public byte[] claimsJson() {
        return jws.contentBytes();
    }

    /** The protected header. */
    public JsonObject header() {
        return jws.header();
    }

    /** The key that the token was verified with. */
    public VerificationKey key() {
        return jws.key();
    }

    /** {@code iss}. */
    public Optional<String> issuer() {
        return claims.string("iss");
    }

    /** {@code sub}. */
    public Optional<String> subject() {
        return claims.string("sub");
    }

    /** {@code aud}, whether it is one string or an array of them. */
    public List<String> audience() {
        return audience(claims);
    }

    /** {@code exp}. */
    public Optional<Instant> expiresAt() {
        return claims.instant("exp");
    }

    /** {@code nbf}. */
    public Optional<Instant> notBefore() {
        return claims.instant("nbf");
    }

    /** {@code iat}. */
    public Optional<Instant> issuedAt() {
        return claims.instant("iat");
    }

    /** {@code jti}. */
    public Optional<String> jwtId() {
        return claims.string("jti");
    }

    /** The client that an access token was issued to ({@code client_id}; RFC 9068, 2.2). */
    public Optional<String> clientId() {
        return claims.string("client_id");
    }

    /** The scopes of an access token ({@code scope}, separated by spaces; RFC 9068, 2.2.3); empty if there are none. */
    public Set<String> scopes() {
        Set<String> scopes = new LinkedHashSet<>();
        claims.string("scope").ifPresent(text -> scopes.addAll(Arrays.asList(text.split(" ", -1))));
        scopes.remove("");
        return Collections.unmodifiableSet(scopes);
    }

    @Override
    public String toString() {
        return "VerifiedJwt[key=" + key().id() + "]";
    }

    /** RFC 7519, 4.1.3. */
    static List<String> audience(JsonObject claims) {
        return claims.get("aud") instanceof String one ? List.of(one) : claims.strings("aud");
    }
}
