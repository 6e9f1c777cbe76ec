// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.http.HttpMessage;
import dev.signet.http.SignatureFields;
import dev.signet.http.VerifiedMessage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * One attempt to send a request: the fields that sign it, and the way to verify the response to it. Made by {@link
 * OutboundPipeline}. Send it once; to send the request again is another attempt. Immutable and thread-safe.
 */
public final class SignedRequest {
    private final OutboundPipeline pipeline;
    private final HttpMessage unsigned;
    private final SignatureFields fields;
    private final Map<String, String> own = new LinkedHashMap<>();

    SignedRequest(OutboundPipeline pipeline, HttpMessage unsigned, SignatureFields fields) {
        this.pipeline = pipeline;
        this.unsigned = unsigned;
        this.fields = fields;
        fields.forEach(own::put);
    }

    /** The field lines to add to the request; none replaces one. */
    public SignatureFields fields() {
        return fields;
    }

    /** The request as it is sent, with these fields. */
    public HttpMessage message() {
        return unsigned instanceof SentRequest sent ? sent.with(own) : new WithFields(unsigned, own);
    }

    /** Whether a field line is one of {@link #fields}, and so to be left out of a copy that is signed anew. */
    public boolean isOwn(String fieldName, String value) {
        return own.entrySet().stream()
                .anyMatch(line -> line.getKey().equalsIgnoreCase(fieldName)
                        && line.getValue().equals(value));
    }

    /**
     * Verifies the response to this attempt.
     *
     * @param responseFields as they were received, by names in any case
     * @throws InvalidMessageException if the response is malformed or over a limit of the verifier
     * @throws VerificationException if it must not be trusted, with the reason; also if no signature covers its body, or one is not
     *     tied to this attempt
     * @throws UnavailableException if a key source or the spool gives no answer
     * @throws IllegalStateException if the pipeline has no verifier for responses
     */
    public VerifiedResponse verify(int status, Map<String, List<String>> responseFields, KeptBody body) {
        ReceivedResponse response = ReceivedResponse.of(status, responseFields, message(), body.length());
        return new VerifiedResponse(body.verify(pipeline.verifier(), response, pipeline.responseCheck(fields.label())));
    }

    /**
     * Verifies the response to this attempt as it is read: nothing of its body is, before a signature holds.
     *
     * @throws InvalidMessageException as {@link #verify(int, Map, KeptBody)} does, and so on
     */
    public VerifiedResponse verify(int status, Map<String, List<String>> responseFields, InputStream body) {
        ReceivedResponse response = ReceivedResponse.of(status, responseFields, message(), -1);
        return new VerifiedResponse(pipeline.verifier().verify(response, body, pipeline.responseCheck(fields.label())));
    }

    /**
     * Verifies the response to this attempt as it comes, without a thread that waits for it; {@link
     * dev.signet.http.HttpVerifier#verifyAsync(HttpMessage, Flow.Publisher, Executor)} says how the body is taken.
     *
     * @param blocking runs the steps: key resolver, spool and listener may wait on it. Not an event loop
     * @return a stage that fails as {@link #verify(int, Map, KeptBody)} throws
     */
    public CompletionStage<VerifiedResponse> verifyAsync(
            int status, Map<String, List<String>> responseFields, Flow.Publisher<ByteBuffer> body, Executor blocking) {
        ReceivedResponse response = ReceivedResponse.of(status, responseFields, message(), -1);
        CompletableFuture<VerifiedMessage> verifying = pipeline.verifier()
                .verifyAsync(response, body, blocking, pipeline.responseCheck(fields.label()))
                .toCompletableFuture();
        CompletableFuture<VerifiedResponse> checked = new CompletableFuture<>();
        var followed = verifying.whenComplete((verified, failure) -> {
            if (failure != null) {
                checked.completeExceptionally(failure);
            } else if (!checked.complete(new VerifiedResponse(verified))) {
                verified.close();
            }
        });
        var watched = checked.whenComplete((value, failure) -> {
            if (failure != null) {
                verifying.cancel(true);
            }
        });
        return checked;
    }

    /** The signature's label only. */
    @Override
    public String toString() {
        return "SignedRequest[" + fields.label() + "]";
    }

    /** A host's own message with the lines of a signature. */
    private record WithFields(HttpMessage message, Map<String, String> more) implements HttpMessage {
        @Override
        public boolean isRequest() {
            return true;
        }

        @Override
        public String method() {
            return message.method();
        }

        @Override
        public String scheme() {
            return message.scheme();
        }

        @Override
        public String authority() {
            return message.authority();
        }

        @Override
        public String requestTarget() {
            return message.requestTarget();
        }

        @Override
        public int status() {
            return message.status();
        }

        @Override
        public List<String> fieldValues(String name) {
            String added = more.get(name);
            List<String> values = message.fieldValues(name);
            if (added == null) {
                return values;
            }
            List<String> all = new ArrayList<>(values);
            all.add(added);
            return all;
        }

        @Override
        public BodyPresence bodyPresence() {
            return message.bodyPresence();
        }

        @Override
        public int httpVersion() {
            return message.httpVersion();
        }
    }
}
