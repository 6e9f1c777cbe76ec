// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Boundary;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    private final VisibleFields visible;
    private final boolean uncoveredBody;
    private final List<AcceptSignature> acceptSignature;

    private InboundPipeline(Builder builder) {
        verifier = builder.verifier;
        origin = builder.origin;
        callerName = builder.callerName;
        visible = new VisibleFields(new IdentityFields(builder.stripped, builder.allowed), builder.onlyCovered);
        uncoveredBody = builder.uncoveredBody;
        acceptSignature = builder.acceptSignature;
    }

    /** Starts a pipeline around a verifier. */
    public static Builder builder(HttpVerifier verifier) {
        return new Builder(verifier);
    }

    /**
     * Admits a request, or throws. Nothing is read of the body before its framing and a signature were found good. Whatever
     * fails otherwise than by a verdict, be it a key resolver, the replay guard, the function that names callers, or the host
     * as it is asked about the request, is an answer that could not be had, and no more than that is told to the sender.
     *
     * @param peerAddress the direct peer's IP address, as a literal; anything else is a peer that is not trusted
     * @throws InvalidMessageException if the request is malformed or over a limit
     * @throws VerificationException if it must not be trusted, with the reason
     * @throws UnavailableException if something fails that the verdict needs, with the failure as its cause
     */
    public Admission admit(HttpMessage received, String peerAddress, InputStream body) {
        if (!received.isRequest()) {
            throw new IllegalArgumentException("a response is not admitted but verified");
        }
        LastCheck check = new LastCheck();
        boolean isVerifying = false;
        try {
            HttpMessage request = origin.resolve(received, peerAddress);
            isVerifying = true;
            VerifiedMessage verified = verifier.verify(request, body, check);
            return new Admission(request, verified, check.kept(), check.caller, visible);
        } catch (MessageSecurityException e) {
            // The verifier has told of its own verdicts.
            throw isVerifying ? e : verifier.refused(e);
        } catch (Throwable e) {
            check.forget();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw verifier.refused(new UnavailableException("the request could not be judged", e));
        }
    }

    /** What is asked of a verified request before it counts as accepted, so that a refusal uses nothing up. */
    private final class LastCheck implements Consumer<VerifiedMessage> {
        private @Nullable Body kept;
        private String caller = "";

        @Override
        public void accept(VerifiedMessage verified) {
            if (!verified.isBodyCovered() && !uncoveredBody) {
                throw new VerificationException(Reason.COMPONENT_NOT_COVERED, Component.CONTENT_DIGEST.identifier());
            }
            kept = verified.spooledBody();
            caller = Boundary.ask("function that names callers", () -> callerName.apply(verified));
            if (caller.isEmpty()) {
                throw new UnavailableException("the function that names callers gave an empty name");
            }
        }

        Body kept() {
            return Objects.requireNonNull(kept);
        }

        void forget() {
            if (kept != null) {
                kept.close();
            }
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
        private @Nullable Set<String> onlyCovered;
        private List<AcceptSignature> acceptSignature = List.of();

        private Builder(HttpVerifier verifier) {
            this.verifier = verifier;
        }

        /** Where the target URI's scheme and authority come from; as received by default. */
        public Builder publicOrigin(PublicOrigin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /**
         * Names the caller otherwise than by key id. The name is never empty. It is asked before the request is accepted: a
         * {@link MessageSecurityException} is the verdict, and any other failure means that there is none.
         */
        public Builder callerName(Function<VerifiedMessage, String> name) {
            callerName = name;
            return this;
        }

        /**
         * Strips more fields. Stripped already are {@code x-user}, {@code x-user-*}, {@code remote-user}, {@code x-remote-user},
         * {@code x-forwarded-user}, {@code x-authenticated-*}, {@code x-auth-request-*}, {@code x-consumer-*}, {@code
         * x-client-id}, {@code x-client-cert}, {@code client-cert}, {@code x-signet-*} and others by which proxies name callers;
         * underscores count as hyphens. No list of names has all; {@link #onlyCoveredFields} needs none.
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
         * Lets the application see no field but those that a signature covers as a whole, {@code host}, {@code content-length},
         * {@code transfer-encoding}, and these. What is invisible has no effect either where an integration can help it: an
         * uncovered content type makes no form, an uncovered cookie no session. Identity fields are stripped all the same.
         *
         * @param alsoVisible fields that whoever passes the request on may write, such as {@code traceparent}; in any case
         * @throws IllegalArgumentException if one is no field name
         */
        public Builder onlyCoveredFields(String... alsoVisible) {
            Set<String> names = new HashSet<>();
            for (String name : alsoVisible) {
                names.add(Component.field(name).name());
            }
            onlyCovered = names;
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

        /**
         * The pipeline.
         *
         * @throws IllegalArgumentException if an identity field is to be visible though it is not allowed
         */
        public InboundPipeline build() {
            return new InboundPipeline(this);
        }
    }
}
