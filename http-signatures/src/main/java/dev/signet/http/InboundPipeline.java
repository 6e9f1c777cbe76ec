// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyUnavailableException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What every server does with a signed request, whatever its host: find the target URI that the client meant, verify, name
 * the caller, and say which fields must not reach the application. Integrations adapt it to their host.
 *
 * <p><b>Security properties.</b> All those of {@link HttpVerifier}. A body that no signature covers is refused, unless {@link
 * Builder#allowUncoveredBody}. Fields that claim an identity are to be stripped even if a signature covers them: a caller's
 * word about who it is proves nothing but the caller's key. A covered one can still be had from {@link VerifiedMessage#field}.
 *
 * <p>That a request has one length and one Host field is the host's to see to. Immutable and thread-safe.
 */
public final class InboundPipeline {
    private final HttpVerifier verifier;
    private final PublicOrigin origin;
    private final Function<VerifiedMessage, String> callerName;
    private final IdentityFields identityFields;
    private final boolean uncoveredBody;
    private final List<AcceptSignature> acceptSignature;

    private InboundPipeline(Builder builder) {
        verifier = builder.verifier;
        origin = builder.origin;
        callerName = builder.callerName;
        identityFields = new IdentityFields(builder.stripped, builder.allowed);
        uncoveredBody = builder.uncoveredBody;
        acceptSignature = builder.acceptSignature;
    }

    /** Starts a pipeline around a verifier. */
    public static Builder builder(HttpVerifier verifier) {
        return new Builder(verifier);
    }

    /**
     * Admits a request, or throws. The body is read only after its declared length and a signature were found good.
     *
     * @param peerAddress the direct peer's IP address, as a literal; anything else is a peer that is not trusted
     * @throws InvalidMessageException if the request is malformed or over a limit
     * @throws VerificationException if it must not be trusted, with the reason
     * @throws KeyUnavailableException if a key source, the replay guard or the spool for bodies fails
     */
    public Admission admit(HttpMessage received, String peerAddress, InputStream body) {
        if (!received.isRequest()) {
            throw new IllegalArgumentException("a response is not admitted but verified");
        }
        HttpMessage request = origin.resolve(received, peerAddress);
        VerifiedMessage verified = verifier.verify(request, body, this::requireCoverage);
        try {
            String caller = callerName.apply(verified);
            if (caller == null || caller.isEmpty()) {
                throw new IllegalStateException("the caller has no name");
            }
            Body kept = verified.spooledBody();
            return new Admission(request, verified, kept, caller, identityFields);
        } catch (RuntimeException e) {
            verified.close();
            throw e;
        }
    }

    private void requireCoverage(VerifiedMessage verified) {
        if (!verified.isBodyCovered() && !uncoveredBody) {
            throw new VerificationException(Reason.COMPONENT_NOT_COVERED, Component.CONTENT_DIGEST.identifier());
        }
    }

    /** The answer to a request that was not admitted. */
    public Problem refusal(MessageSecurityException reason) {
        return Problem.of(reason).withAcceptSignature(acceptSignature);
    }

    /** Collects what is optional. Not thread-safe. */
    public static final class Builder {
        private final HttpVerifier verifier;
        private final Set<String> stripped = new HashSet<>();
        private final Set<String> allowed = new HashSet<>();
        private PublicOrigin origin = PublicOrigin.asReceived();
        private Function<VerifiedMessage, String> callerName = VerifiedMessage::keyId;
        private boolean uncoveredBody;
        private List<AcceptSignature> acceptSignature = List.of();

        private Builder(HttpVerifier verifier) {
            this.verifier = verifier;
        }

        /** Where the target URI's scheme and authority come from; as received by default. */
        public Builder publicOrigin(PublicOrigin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** Names the caller otherwise than by key id. The name is never empty; a failure refuses the request. */
        public Builder callerName(Function<VerifiedMessage, String> name) {
            callerName = name;
            return this;
        }

        /**
         * Strips more fields. Stripped already are {@code x-user}, {@code x-user-id} and their like, {@code remote-user}, {@code
         * x-remote-user}, {@code x-forwarded-user}, {@code x-authenticated-*}, {@code x-auth-request-*}, {@code x-consumer-*},
         * {@code x-client-id}, {@code x-client-cert}, {@code client-cert}, {@code x-signet-*} and others by which proxies name
         * callers; underscores count as hyphens.
         *
         * @param names in any case; a star at the end stands for anything
         * @throws IllegalArgumentException if one is no field name
         */
        public Builder stripFields(String... names) {
            for (String name : names) {
                String bare = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
                stripped.add(Component.field(bare).name() + name.substring(bare.length()));
            }
            return this;
        }

        /** Lets fields through that would be stripped: whoever calls can write them. */
        public Builder allowIdentityFields(String... names) {
            for (String name : names) {
                allowed.add(Component.field(name).name());
            }
            return this;
        }

        /**
         * Admits bodies that no signature covers, if the signature policy does not demand coverage either. They can be had
         * from {@link Admission#body()} only.
         */
        public Builder allowUncoveredBody() {
            uncoveredBody = true;
            return this;
        }

        /** Tells refused callers what to sign, by an Accept-Signature field (RFC 9421, 5.1). */
        public Builder acceptSignature(AcceptSignature... wanted) {
            AcceptSignature.fieldValue(List.of(wanted));
            acceptSignature = List.of(wanted);
            return this;
        }

        /** The pipeline. */
        public InboundPipeline build() {
            return new InboundPipeline(this);
        }
    }
}
