// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.LastCheck;
import dev.signet.http.ReceivedBody;
import dev.signet.http.SignatureFields;
import dev.signet.http.VerifiedMessage;
import dev.signet.http.VerifiedSignature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What every client does with a request it signs, whatever its host: keep the body, sign what will be sent, once for each attempt,
 * and verify the response as the answer to that attempt. Integrations adapt it to their host.
 *
 * <pre>{@code
 * OutboundPipeline pipeline =
 *         OutboundPipeline.builder(signer).verifyResponses(verifier).build();
 * try (KeptBody body = pipeline.keep(bytes)) {
 *     HttpMessage request = OutboundPipeline.request("POST", uri, fields, body.length());
 *     SignedRequest attempt = pipeline.sign(request, body); // anew for each attempt
 *     Answer answer = client.send(uri, fields, attempt.fields(), body);
 *     try (VerifiedResponse response = attempt.verify(answer.status(), answer.fields(), answer.body())) {
 *         response.body().transferTo(System.out);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Security properties.</b> What is sent is what was signed: a {@link KeptBody} has the same bytes for the signature and for
 * each attempt, {@link #request} takes the URI and the fields as the wire has them, and a signature that covers a field which the
 * client writes later is never made ({@link Builder#fieldsOfClient}). Every {@link #sign} has a creation time, nonce and signature of
 * its own, so a client that tries again signs again: an honest server takes no signature twice. A signature leads nowhere but where
 * it was made for ({@link Builder#origins}). A response must cover its body and the signature of the very attempt that it
 * answers, unless {@link Builder#allowUnboundToRequestSignature}; otherwise a recorded one could be put in its place.
 *
 * <p>A host must not follow a redirect, nor answer a challenge, with fields of a {@link SignedRequest}. Immutable and thread-safe.
 */
public final class OutboundPipeline {
    private final HttpSigner signer;
    private final @Nullable HttpVerifier responses;
    private final boolean allowUnbound;
    private final int maxBodyBytesInMemory;
    private final Set<String> fieldsOfClient;
    private final Set<Origin> origins;

    private OutboundPipeline(Builder builder) {
        signer = builder.signer;
        responses = builder.responses;
        allowUnbound = builder.allowUnbound;
        maxBodyBytesInMemory = builder.maxBodyBytesInMemory;
        fieldsOfClient = new TreeSet<>(builder.fieldsOfClient);
        origins = Set.copyOf(builder.origins);
    }

    /** Starts a pipeline around a signer. */
    public static Builder builder(HttpSigner signer) {
        return new Builder(signer);
    }

    // ---- the request -----------------------------------------------------------------------------------------------

    /**
     * A request as its client will put it on the wire. The Host and Content-Length fields are those that follow from the URI and
     * the body; a host that has set them must have set these.
     *
     * @param uri taken as by {@link #canonical}
     * @param fields all that are sent, by names in any case; copied
     * @param bodyLength in bytes, 0 if there is no body
     * @throws IllegalArgumentException if it cannot be signed as it will be sent: a field that is not ASCII, another Host or
     *     Content-Length, or a URI that is not absolute or has user information
     */
    public static HttpMessage request(String method, URI uri, Map<String, List<String>> fields, long bodyLength) {
        return SentRequest.of(method, uri, fields, bodyLength);
    }

    /**
     * The URI to send, in the one form that all versions of HTTP and all proxies put on the wire alike: in ASCII, with a path,
     * without fragment and without an empty query.
     *
     * @throws IllegalArgumentException if it is not absolute, or has user information
     */
    public static URI canonical(URI uri) {
        return SentRequest.canonical(uri);
    }

    /** A copy of a body, in memory. */
    public KeptBody keep(byte[] body) {
        return KeptBody.of(body);
    }

    /** Reads a body to its end, which may wait; the stream is left open. */
    public KeptBody keep(InputStream body) throws IOException {
        BodyCollector collector = collector(-1);
        OutputStream out = collector.output();
        try {
            body.transferTo(out);
            out.close();
        } catch (IOException | RuntimeException e) {
            collector.result().cancel(true);
            throw e;
        }
        return collector.result().join();
    }

    /**
     * Takes a request's body from one who gives or writes it, into memory up to the bound and into a temporary file beyond it.
     *
     * @param declaredLength in bytes, which the body must have; -1 if it is not known
     */
    public BodyCollector collector(long declaredLength) {
        return BodyCollector.ofRequest(declaredLength, maxBodyBytesInMemory);
    }

    /**
     * Whether a request goes to an origin that this signs for. It asks nothing else, so a host that meets a redirect asks this
     * before it goes on.
     */
    public boolean signsFor(HttpMessage request) {
        return origins.isEmpty() || origins.contains(Origin.of(request));
    }

    /**
     * Signs one attempt to send a request. A client that sends again signs again, over the request without the fields of the
     * attempt before ({@link SignedRequest#isOwn}).
     *
     * @throws IllegalStateException if the signature would cover a field that the client writes later, or the request goes to an
     *     origin that this does not sign for
     * @throws InvalidMessageException if the request cannot be signed
     * @throws UnavailableException if a remote signer or the file of a long body gives no answer
     */
    public SignedRequest sign(HttpMessage request, KeptBody body) {
        requireOrigin(request);
        return signed(request, body.sign(signer, request));
    }

    /** Signs without blocking on a remote signer; a long body is read from its file before this returns. */
    public CompletionStage<SignedRequest> signAsync(HttpMessage request, KeptBody body) {
        try {
            requireOrigin(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return body.signAsync(signer, request).thenApply(fields -> signed(request, fields));
    }

    private void requireOrigin(HttpMessage request) {
        if (!signsFor(request)) {
            throw new IllegalStateException("the request goes to an origin that nothing is signed for");
        }
    }

    private SignedRequest signed(HttpMessage request, SignatureFields fields) {
        for (String field : fieldsOfClient) {
            if (covers(fields, field)) {
                throw new IllegalStateException(
                        "the field " + field + " is the client's to write, and cannot be covered");
            }
        }
        return new SignedRequest(this, request, fields);
    }

    private static boolean covers(SignatureFields fields, String name) {
        String input = fields.signatureInput();
        int at = input.indexOf('"' + name + '"');
        return at >= 0 && at < input.indexOf(')');
    }

    // ---- the response ----------------------------------------------------------------------------------------------

    /** Whether responses are verified. */
    public boolean verifiesResponses() {
        return responses != null;
    }

    /**
     * Takes a response's body from one who gives it, within the limits of the verifier.
     *
     * @throws IllegalStateException if responses are not verified
     */
    public BodyCollector responseCollector() {
        return BodyCollector.ofResponse(verifier().limits());
    }

    HttpVerifier verifier() {
        if (responses == null) {
            throw new IllegalStateException("the pipeline has no verifier for responses");
        }
        return responses;
    }

    /** What a response must be like beyond its policy. It is asked before the response counts as accepted. */
    LastCheck responseCheck(String label) {
        return new LastCheck() {
            @Override
            public void beforeBody(VerifiedMessage verified) {
                if (!verified.isBodyCovered()) {
                    throw new VerificationException(
                            Reason.COMPONENT_NOT_COVERED, Component.CONTENT_DIGEST.identifier());
                }
                if (!allowUnbound) {
                    requireBinding(verified, label);
                }
            }

            @Override
            public void check(VerifiedMessage verified, ReceivedBody body) {}
        };
    }

    /** Each signature counts: one that is not tied to this request may have been taken from another response. */
    private static void requireBinding(VerifiedMessage verified, String label) {
        Component wanted = Component.field("signature").key(label).req();
        for (VerifiedSignature signature : verified.signatures()) {
            List<Component> covered = signature.parameters().components();
            if (!covered.contains(wanted)
                    && !covered.contains(Component.field("signature").req())) {
                throw new VerificationException(Reason.COMPONENT_NOT_COVERED, wanted.identifier());
            }
        }
    }

    /** What was allowed. */
    @Override
    public String toString() {
        return "OutboundPipeline[" + signer + (allowUnbound ? ", allowUnboundToRequestSignature" : "") + "]";
    }

    /** Collects what is optional. Not thread-safe. */
    public static final class Builder {
        private final HttpSigner signer;
        private final Set<String> fieldsOfClient = new HashSet<>();
        private final Set<Origin> origins = new HashSet<>();
        private @Nullable HttpVerifier responses;
        private boolean allowUnbound;
        private int maxBodyBytesInMemory = Limits.recommended2026().maxBodyBytesInMemory();

        private Builder(HttpSigner signer) {
            this.signer = signer;
        }

        /**
         * Verifies responses, within the limits of this verifier. It needs a policy for responses, such as {@link
         * dev.signet.http.SignaturePolicy#responses2026()}. Beyond the policy, each signature that it accepts must cover the
         * attempt's own, {@code "signature";key=…;req}: no other response fits then, so no replay guard is needed, as long as
         * the signer makes no two equal signatures, which its nonce prevents.
         */
        public Builder verifyResponses(HttpVerifier verifier) {
            responses = verifier;
            return this;
        }

        /**
         * Accepts responses that are tied to less of their request than its signature, as their policy wants it: then a recorded
         * response to a like request is taken for the answer, once if the verifier has a replay guard. The policy must {@linkplain
         * dev.signet.http.SignaturePolicy#allowUnboundToRequestSignature allow} it, too.
         */
        public Builder allowUnboundToRequestSignature() {
            allowUnbound = true;
            return this;
        }

        /** Bytes of a request's body that are kept in memory, 256 KiB by default; a longer one is spooled to a file. */
        public Builder maxBodyBytesInMemory(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("a number of bytes is not negative");
            }
            maxBodyBytesInMemory = bytes;
            return this;
        }

        /**
         * Fields that the client adds or changes after a request was signed, such as {@code cookie} where it has a cookie store, or
         * {@code accept-encoding}: a signature that covers one of them is not made.
         *
         * @param names in any case
         * @throws IllegalArgumentException if one is no field name
         */
        public Builder fieldsOfClient(String... names) {
            for (String name : names) {
                fieldsOfClient.add(
                        Component.field(name.toLowerCase(Locale.ROOT)).name());
            }
            return this;
        }

        /**
         * Signs only for these origins, such as {@code https://api.example.com}; for all if this is not called. Each call adds to
         * the list. Name them where the client follows redirects by itself, since a redirect chooses where the next request goes.
         *
         * @throws IllegalArgumentException if one is none: not absolute http or https, or with more than scheme, host and port
         */
        public Builder origins(URI... allowed) {
            Arrays.stream(allowed).map(Origin::of).forEach(origins::add);
            return this;
        }

        /** The pipeline. */
        public OutboundPipeline build() {
            return new OutboundPipeline(this);
        }
    }
}
