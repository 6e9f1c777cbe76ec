// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Boundary;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sender of a token has shown of the key that the token is bound to ({@code cnf}; RFC 7800). Given to {@link
 * JwtVerifier#verify(String, ProofOfPossession)}, and used for one request only.
 *
 * <pre>{@code
 * DpopVerifier proofs = DpopVerifier.builder().build(); // once: it remembers the proofs
 * VerifiedJwt jwt = verifier.verify(accessToken, ProofOfPossession.dpop(proofs, dpopFields, "GET", target));
 * }</pre>
 *
 * <p><b>Security properties.</b> A token counts only if what its {@code cnf} names is all proven: a second binding
 * beside the proven one refuses it. A DPoP proof is accepted once.
 */
@CheckReturnValue
public final class ProofOfPossession {
    /** Nothing that has an end, or has to be remembered. */
    static final Proven NOTHING = new Proven() {};

    private final Check check;

    private ProofOfPossession(Check check) {
        this.check = check;
    }

    /**
     * The certificate by which the sender authenticated in TLS (RFC 8705, 3). It comes from the TLS connection, or from a
     * header field that a trusted proxy has set and that no client can.
     */
    public static ProofOfPossession certificate(X509Certificate peer) {
        return new ProofOfPossession((confirmation, token) -> {
            requireOnly(confirmation, "x5t#S256", Boundary.ask("certificate", () -> Thumbprints.of(peer)));
            return NOTHING;
        });
    }

    /**
     * A DPoP proof (RFC 9449, 4.3 and 7).
     *
     * @param dpopFields the values of all {@code DPoP} header fields of the request
     * @param method of the request
     * @param target URI of the request, as the client saw it; one that names no host is a refusal
     */
    public static ProofOfPossession dpop(DpopVerifier verifier, List<String> dpopFields, String method, URI target) {
        List<String> fields = List.copyOf(dpopFields);
        return new ProofOfPossession(
                (confirmation, token) -> verifier.verifyBound(fields, method, target, token, confirmation));
    }

    /** Everything but what comes last: the caller claims the entry, checks the time again, and says that it accepts. */
    Proven check(JsonObject confirmation, String token) {
        return check.run(confirmation, token);
    }

    /** A proof that holds, if it was not used before. */
    interface Proven {
        default @Nullable ReplayGuard guard() {
            return null;
        }

        default ReplayGuard.@Nullable Entry entry() {
            return null;
        }

        /** Passes if the proof is not too old by now. */
        default void recheck() {}

        /** The guard did not take the proof. */
        default void refused(MessageSecurityException reason) {}

        /** The message as a whole is accepted. */
        default void accepted() {}
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
        Proven run(JsonObject confirmation, String token);
    }
}
