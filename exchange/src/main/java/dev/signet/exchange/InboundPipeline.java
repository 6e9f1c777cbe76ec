// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Boundary;
import dev.signet.http.AcceptSignature;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpVerifier;
import dev.signet.http.LastCheck;
import dev.signet.http.ReceivedBody;
import dev.signet.http.VerifiedMessage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every server does with a signed request, whatever its host: find the target URI that the client meant, verify, name
 * the caller, and say which fields must not reach the application. Integrations adapt it to their host.
 *
 * <pre>{@code
 * InboundPipeline pipeline = InboundPipeline.builder(verifier)
 *         .publicOrigin(PublicOrigin.of(URI.create("https://example.com")))
 *         .build();
 * try (Admission admission = pipeline.admit(request, peerAddress, body)) {
 *     handled.add(admission.caller() + " " + admission.body().readAllBytes().length);
 * } catch (MessageSecurityException e) {
 *     Problem problem = pipeline.refusal(e); // status, fields and JSON of the answer
 *     handled.add(problem.code());
 * }
 * }</pre>
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
    private final Set<String> identityFields;
    private final List<AcceptSignature> acceptSignature;

    private InboundPipeline(Builder builder) {
        verifier = builder.verifier;
        origin = builder.origin;
        callerName = builder.callerName;
        visible = new VisibleFields(new IdentityFields(builder.stripped, builder.allowed), builder.onlyCovered);
        uncoveredBody = builder.uncoveredBody;
        identityFields = Set.copyOf(builder.allowed);
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
        requireRequest(received);
        HostCheck check = new HostCheck();
        boolean isVerifying = false;
        try {
            HttpMessage request = origin.resolve(received, peerAddress);
            isVerifying = true;
            return check.admission(request, verifier.verify(request, body, check));
        } catch (Throwable e) {
            throw refusal(e, isVerifying, check);
        }
    }

    /**
     * Admits a request as {@link #admit} does, by the same steps, without a thread that waits for the body: for reactive hosts.
     * How the body is taken, and when it is cancelled, is as in {@link HttpVerifier#verifyAsync(HttpMessage, Flow.Publisher,
     * Executor)}. If the stage is cancelled before the verdict, nothing is claimed and nothing is kept.
     *
     * @param peerAddress the direct peer's IP address, as a literal; anything else is a peer that is not trusted
     * @param body gives buffers that are not changed afterwards; subscribed to once or never
     * @param blocking runs the steps: key resolver, replay guard, spool, listener and the function that names callers may
     *     wait on it. Not an event loop
     * @return a stage that fails as {@link #admit} throws
     */
    public CompletionStage<Admission> admitAsync(
            HttpMessage received, String peerAddress, Flow.Publisher<ByteBuffer> body, Executor blocking) {
        requireRequest(received);
        HostCheck check = new HostCheck();
        HttpMessage request;
        try {
            request = origin.resolve(received, peerAddress);
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(refusal(e, false, check));
        }
        CompletableFuture<VerifiedMessage> verifying =
                verifier.verifyAsync(request, body, blocking, check).toCompletableFuture();
        CompletableFuture<Admission> admitted = new CompletableFuture<>();
        var followed = verifying.whenComplete((verified, failure) -> {
            if (admitted.isDone()) {
                // Nobody waits any more, which is no verdict.
                check.forget();
            } else if (failure != null) {
                admitted.completeExceptionally(refusal(failure, true, check));
            } else if (!admitted.complete(check.admission(request, verified))) {
                check.forget();
            }
        });
        var watched = admitted.whenComplete((admission, failure) -> {
            if (failure != null) {
                verifying.cancel(true);
            }
        });
        return admitted;
    }

    private static void requireRequest(HttpMessage received) {
        if (!received.isRequest()) {
            throw new IllegalArgumentException("a response is not admitted but verified");
        }
    }

    private MessageSecurityException refusal(Throwable failure, boolean isVerifying, HostCheck check) {
        Throwable e =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (e instanceof MessageSecurityException verdict) {
            // The verifier has told of its own verdicts.
            return isVerifying ? verdict : verifier.refused(verdict);
        }
        check.forget();
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return verifier.refused(new UnavailableException("the request could not be judged", e));
    }

    /** What is asked of a verified request before it counts as accepted, so that a refusal uses nothing up. */
    private final class HostCheck implements LastCheck {
        /** Another thread's, if a stage is cancelled. */
        private volatile @Nullable ReceivedBody kept;

        private volatile String caller = "";

        @Override
        public void beforeBody(VerifiedMessage verified) {
            if (!verified.isBodyCovered() && !uncoveredBody) {
                throw new VerificationException(Reason.COMPONENT_NOT_COVERED, Component.CONTENT_DIGEST.identifier());
            }
        }

        @Override
        public void check(VerifiedMessage verified, ReceivedBody body) {
            kept = body;
            String name = Boundary.ask("function that names callers", () -> callerName.apply(verified));
            if (name.isEmpty()) {
                throw new UnavailableException("the function that names callers gave an empty name");
            }
            caller = name;
        }

        Admission admission(HttpMessage request, VerifiedMessage verified) {
            return new Admission(request, verified, Objects.requireNonNull(kept), caller, visible);
        }

        void forget() {
            ReceivedBody body = kept;
            if (body != null) {
                body.close();
            }
        }
    }

    /** The answer to a request that was not admitted. */
    public Problem refusal(MessageSecurityException reason) {
        return Problem.of(reason).withAcceptSignature(acceptSignature);
    }

    /** Where the target URI comes from, and what was allowed. */
    @Override
    public String toString() {
        return "InboundPipeline[" + origin + (uncoveredBody ? ", allowUncoveredBody" : "")
                + (identityFields.isEmpty() ? "" : ", allowIdentityFields " + new TreeSet<>(identityFields)) + "]";
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
