// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.KeyUse;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes DPoP proofs (RFC 9449, 4.2): for each HTTP request a small token, signed by the client's own key, which travels in
 * the {@code DPoP} header field.
 *
 * <p>It has one key and no keyset: tokens are bound to the key of the proof with which they were asked for, so that a new
 * key goes with a new token.
 *
 * <p>Immutable and thread-safe; no two proofs share an id.
 */
public final class DpopProver {
    private final SigningKey key;
    private final JwsSigner signer;
    private final InstantSource clock;
    private final @Nullable String nonce;

    private DpopProver(SigningKey key, JwsSigner signer, InstantSource clock, @Nullable String nonce) {
        this.key = key;
        this.signer = signer;
        this.clock = clock;
        this.nonce = nonce;
    }

    /**
     * A prover with the client's key.
     *
     * @throws IllegalArgumentException if the key is a shared secret
     */
    public static DpopProver of(SigningKey key) {
        return of(key, SecurityPolicy.recommended2026(), InstantSource.system());
    }

    /** A prover with another policy and clock. */
    public static DpopProver of(SigningKey key, SecurityPolicy policy, InstantSource clock) {
        if (key.algorithm().use() == KeyUse.MAC) {
            throw new IllegalArgumentException("a shared secret cannot be proven to be held");
        }
        JwsSigner signer = JwsSigner.builder(key)
                .type(DpopVerifier.TYPE)
                .withoutKeyId()
                .embeddedKey(JwkWriter::publicMembers)
                .policy(policy)
                .build();
        return new DpopProver(key, signer, clock, null);
    }

    /** The same with the nonce that the server has asked for ({@code DPoP-Nonce}; RFC 9449, 8). */
    public DpopProver withNonce(String serverNonce) {
        return new DpopProver(key, signer, clock, serverNonce);
    }

    /** A proof for a request without an access token, such as that for a token. */
    public String prove(String method, URI target) {
        return signer.sign(JsonText.write(claims(method, target)));
    }

    /** A proof for a request with an access token, which is bound to this key. */
    public String prove(String method, URI target, String accessToken) {
        Map<String, Object> claims = claims(method, target);
        claims.put("ath", Thumbprints.sha256(accessToken.getBytes(StandardCharsets.US_ASCII)));
        return signer.sign(JsonText.write(claims));
    }

    @Override
    public String toString() {
        return "DpopProver[" + key + "]";
    }

    private Map<String, Object> claims(String method, URI target) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", JwtIssuer.randomId());
        claims.put("htm", method);
        claims.put("htu", DpopTarget.of(target));
        claims.put("iat", clock.instant().getEpochSecond());
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        return claims;
    }
}
