// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the sender of a token has shown of the key that the token is bound to ({@code cnf}; RFC 7800). Given to {@link
 * JwtVerifier#verify(String, ProofOfPossession)}, and used for one request only.
 */
public final class ProofOfPossession {
    private final Check check;

    private ProofOfPossession(Check check) {
        this.check = check;
    }

    /**
     * The certificate by which the sender authenticated in TLS (RFC 8705, 3). It comes from the TLS connection, or from a
     * header field that a trusted proxy has set and that no client can.
     */
    public static ProofOfPossession certificate(X509Certificate peer) {
        return new ProofOfPossession(
                (confirmation, token) -> requireOnly(confirmation, "x5t#S256", Thumbprints.of(peer)));
    }

    /**
     * A DPoP proof (RFC 9449, 4.3 and 7).
     *
     * @param dpopFields the values of all {@code DPoP} header fields of the request
     * @param method of the request
     * @param target URI of the request, as the client saw it
     */
    public static ProofOfPossession dpop(DpopVerifier verifier, List<String> dpopFields, String method, URI target) {
        List<String> fields = List.copyOf(dpopFields);
        return new ProofOfPossession(
                (confirmation, token) -> verifier.verifyBound(fields, method, target, token, confirmation));
    }

    void check(JsonObject confirmation, String token) {
        check.run(confirmation, token);
    }

    /** The one member of {@code cnf} that is proven; another one beside it would stay unproven. */
    static void requireOnly(JsonObject confirmation, String member, String proven) {
        String bound = confirmation
                .string(member)
                .filter(value -> confirmation.names().size() == 1)
                .orElseThrow(ProofOfPossession::notProven);
        if (!MessageDigest.isEqual(bound.getBytes(StandardCharsets.UTF_8), proven.getBytes(StandardCharsets.UTF_8))) {
            throw notProven();
        }
    }

    private static VerificationException notProven() {
        return new VerificationException(Reason.POSSESSION_NOT_PROVEN);
    }

    @FunctionalInterface
    private interface Check {
        void run(JsonObject confirmation, String token);
    }
}
