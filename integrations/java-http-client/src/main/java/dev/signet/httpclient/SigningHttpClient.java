// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.MessageSecurityException;
import dev.signet.exchange.BodyCollector;
import dev.signet.exchange.KeptBody;
import dev.signet.exchange.OutboundPipeline;
import dev.signet.exchange.SignedRequest;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.VerifiedMessage;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An {@link HttpClient} that signs every request it sends (RFC 9421) and, if it is given a verifier, verifies every response.
 *
 * <pre>{@code
 * HttpClient client = SigningHttpClient.wrap(
 *         HttpClient.newHttpClient(), HttpSigner.builder(key).build());
 * HttpRequest request = HttpRequest.newBuilder(uri)
 *         .header("Content-Type", "application/json")
 *         .POST(BodyPublishers.ofString("{\"amount\":\"12.50\"}"))
 *         .build();
 * HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
 * }</pre>
 *
 * <p><b>Security properties.</b> What is sent is what was signed: the body is taken once from its publisher, kept in memory up
 * to a bound and in a temporary file beyond it, and sent with its length from there; the URI is sent in ASCII, without its
 * fragment and without an empty query. A response is verified as the answer to this very request: its signature must cover the
 * one that the request was sent with. A body handler sees neither status nor body before that has succeeded; a response whose
 * signature does not cover its body is refused. Status, URI and fields of the {@link HttpResponse} are as received: those that
 * are proven are in {@link #verified}. Where responses are verified, a request's timeout ends the whole exchange, from taking its
 * body to verifying the response.
 *
 * <p>The wrapped client must not follow redirects nor answer challenges, since either would send the signature with a request
 * that it was not made for; follow a redirect by sending a new request, and set {@code Authorization} or {@code
 * Proxy-Authorization} on the request. Cookies of a {@link CookieHandler} are added later and cannot be covered,
 * so a verifier that demands coverage of cookies, as by default, refuses them. A client
 * that sends a request again by itself after a lost connection sends the same signature, which a server refuses if it has
 * accepted the first. Server push is declined where responses are verified.
 *
 * <p>{@code send} throws, and the future of {@code sendAsync} fails with, {@link MessageSecurityException} if a response must
 * not be trusted, and {@link IOException} as other clients do. Requests with a field that is not ASCII, user information in
 * the URI or another Host than the URI's are refused with {@link IllegalArgumentException}. WebSocket handshakes would not be
 * signed, so {@link #newWebSocketBuilder} is not supported. Immutable and thread-safe.
 */
@CheckReturnValue
public final class SigningHttpClient extends HttpClient {
    private final HttpClient client;
    private final OutboundPipeline pipeline;
    private final Executor executor;

    private SigningHttpClient(Builder builder) {
        client = builder.client;
        pipeline = builder.pipeline();
        // Not the client's own: keys may be looked up and publishers may block.
        executor = builder.executor != null
                ? builder.executor
                : Executors.newCachedThreadPool(task -> {
                    Thread thread = new Thread(task, "signet-http-client");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Signs the requests of a client, and takes its responses unverified.
     *
     * @throws IllegalArgumentException as {@link Builder#build}
     */
    public static SigningHttpClient wrap(HttpClient client, HttpSigner signer) {
        return builder(client, signer).build();
    }

    /** Starts a client that signs the requests of another one. */
    public static Builder builder(HttpClient client, HttpSigner signer) {
        return new Builder(client, signer);
    }

    /**
     * What may be trusted of a response; empty if this response was not verified. A body beyond the verifier's bound for
     * memory has been given to the body handler and cannot be read here again.
     */
    public static Optional<VerifiedMessage> verified(HttpResponse<?> response) {
        return response instanceof CheckedResponse<?> checked ? Optional.of(checked.verified()) : Optional.empty();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Objects.requireNonNull(handler, "handler");
        HttpRequest.Builder builder = WireRequest.prepare(request);
        long start = System.nanoTime();
        try (KeptBody body = collect(request)) {
            SignedRequest sent = pipeline.sign(WireRequest.of(builder.build(), body.length()), body);
            HttpRequest signed = complete(builder, request, body, sent);
            if (!pipeline.verifiesResponses()) {
                return client.send(signed, handler);
            }
            Cancellable<HttpResponse<T>> exchange = new Cancellable<>();
            request.timeout().ifPresent(time -> exchange.expireAfter(time.minusNanos(System.nanoTime() - start)));
            follow(sendAndCheck(exchange, signed, sent, handler), exchange);
            return join(exchange);
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return start(request, handler, null);
    }

    /** Without a verifier for responses as the wrapped client does it; with one, pushes are declined. */
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushPromiseHandler) {
        return start(request, handler, pushPromiseHandler);
    }

    // ---- synchronous -----------------------------------------------------------------------------------------------

    private KeptBody collect(HttpRequest request) throws IOException, InterruptedException {
        Optional<BodyPublisher> publisher = request.bodyPublisher();
        if (publisher.isEmpty()) {
            return KeptBody.none();
        }
        BodyCollector collector = pipeline.collector(publisher.get().contentLength());
        Cancellable<KeptBody> collected = new Cancellable<>();
        collected.onStop(() -> collector.result().cancel(true));
        request.timeout().ifPresent(collected::expireAfter);
        follow(collector.result(), collected);
        collector.subscribeTo(publisher.get());
        return join(collected);
    }

    private static <T> T join(Cancellable<T> running) throws IOException, InterruptedException {
        try {
            return running.get();
        } catch (InterruptedException e) {
            running.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof MessageSecurityException refused) {
                throw refused;
            }
            if (cause instanceof IOException broken) {
                throw broken;
            }
            throw new IOException(cause.getMessage(), cause);
        }
    }

    // ---- asynchronous ----------------------------------------------------------------------------------------------

    private <T> CompletableFuture<HttpResponse<T>> start(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
        Objects.requireNonNull(handler, "handler");
        HttpRequest.Builder builder = WireRequest.prepare(request);
        Cancellable<HttpResponse<T>> exchange = new Cancellable<>();
        Runnable disarm = request.timeout().map(exchange::expireAfter).orElse(() -> {});
        Function<KeptBody, CompletionStage<HttpResponse<T>>> rest =
                body -> pipeline.signAsync(WireRequest.of(builder.build(), body.length()), body)
                        .thenCompose(sent -> {
                            if (exchange.isDone()) {
                                throw new CancellationException();
                            }
                            HttpRequest signed = complete(builder, request, body, sent);
                            if (pipeline.verifiesResponses()) {
                                return sendAndCheck(exchange, signed, sent, handler);
                            }
                            // From here on the wrapped client counts, up to the response's header section.
                            disarm.run();
                            return sendUnchecked(exchange, signed, handler, pushes);
                        });
        CompletableFuture<KeptBody> collected = collectAsync(request, exchange);
        CompletableFuture<HttpResponse<T>> received = request.bodyPublisher().isEmpty()
                ? collected.thenCompose(rest)
                : collected.thenComposeAsync(rest, executor);
        follow(
                received.whenComplete((response, failure) -> {
                    var closed = collected.thenAccept(KeptBody::close);
                }),
                exchange);
        return exchange;
    }

    private CompletableFuture<KeptBody> collectAsync(HttpRequest request, Cancellable<?> exchange) {
        Optional<BodyPublisher> publisher = request.bodyPublisher();
        if (publisher.isEmpty()) {
            return CompletableFuture.completedFuture(KeptBody.none());
        }
        BodyCollector collector = pipeline.collector(publisher.get().contentLength());
        exchange.onStop(() -> collector.result().cancel(true));
        executor.execute(() -> collector.subscribeTo(publisher.get()));
        return collector.result();
    }

    private <T> CompletionStage<HttpResponse<T>> sendUnchecked(
            Cancellable<HttpResponse<T>> exchange,
            HttpRequest signed,
            BodyHandler<T> handler,
            @Nullable PushPromiseHandler<T> pushes) {
        CompletableFuture<HttpResponse<T>> sent =
                pushes == null ? client.sendAsync(signed, handler) : client.sendAsync(signed, handler, pushes);
        exchange.onStop(() -> sent.cancel(true));
        return sent;
    }

    private <T> CompletionStage<HttpResponse<T>> sendAndCheck(
            Cancellable<HttpResponse<T>> exchange, HttpRequest signed, SignedRequest sent, BodyHandler<T> handler) {
        ResponseCollector collector = new ResponseCollector(pipeline);
        CompletableFuture<HttpResponse<KeptBody>> received = client.sendAsync(signed, collector);
        exchange.onStop(() -> {
            received.cancel(true);
            collector.stop();
        });
        return received.thenCompose(response -> CompletableFuture.supplyAsync(
                                () -> ResponseCheck.check(response, sent, handler, () -> !exchange.isDone()), executor)
                        .thenCompose(Function.identity()))
                .whenComplete((response, failure) -> collector.stop());
    }

    /** Completes the caller's future, and stops what goes on if that is to no avail. */
    private static <T> void follow(CompletionStage<T> running, Cancellable<T> exchange) {
        var followed = running.whenComplete((value, failure) -> {
            if (failure == null) {
                exchange.complete(value);
            } else {
                exchange.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
                exchange.stop();
            }
        });
    }

    // ---- both ------------------------------------------------------------------------------------------------------

    private static HttpRequest complete(
            HttpRequest.Builder builder, HttpRequest request, KeptBody body, SignedRequest sent) {
        if (request.bodyPublisher().isPresent()) {
            builder.method(request.method(), publisher(body));
        }
        sent.fields().forEach(builder::header);
        return builder.build();
    }

    private static BodyPublisher publisher(KeptBody body) {
        return body.length() == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(body.publisher(Runnable::run), body.length());
    }

    // ---- the wrapped client's --------------------------------------------------------------------------------------

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    /**
     * Closes the wrapped client where a client can be closed: since JDK 21, whose method this overrides. The other methods
     * about shutting down are to be called on the wrapped client.
     */
    public void close() {
        if (client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("the client cannot be closed", e);
            }
        }
    }

    @Override
    public String toString() {
        return "SigningHttpClient[" + client + ", " + pipeline + "]";
    }

    /** Collects what is optional. Not thread-safe. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final HttpClient client;
        private final OutboundPipeline.Builder outbound;
        private @Nullable Executor executor;

        private Builder(HttpClient client, HttpSigner signer) {
            this.client = Objects.requireNonNull(client, "client");
            outbound = OutboundPipeline.builder(Objects.requireNonNull(signer, "signer"));
        }

        /**
         * Verifies every response, within the limits of this verifier. It needs a policy for responses, such as {@link
         * dev.signet.http.SignaturePolicy#responses2026()}. Beyond the policy, each signature that it accepts must cover this
         * request's own, {@code "signature";key=…;req}: no other response fits then, so no replay guard is needed, as long as
         * the signer makes no two equal signatures, which its nonce prevents.
         */
        public Builder verifyResponses(HttpVerifier verifier) {
            outbound.verifyResponses(verifier);
            return this;
        }

        /**
         * Accepts responses that are tied to less of their request than its signature, as their policy wants it: then a recorded
         * response to a like request is taken for the answer, once if the verifier has a replay guard. The policy must {@linkplain
         * dev.signet.http.SignaturePolicy#allowUnboundToRequestSignature allow} it, too.
         */
        public Builder allowUnboundToRequestSignature() {
            outbound.allowUnboundToRequestSignature();
            return this;
        }

        /** Bytes of a request's body that are kept in memory, 256 KiB by default; a longer one is spooled to a file. */
        public Builder maxBodyBytesInMemory(int bytes) {
            outbound.maxBodyBytesInMemory(bytes);
            return this;
        }

        /**
         * Runs the reading of request bodies in {@code sendAsync}, the verifying of responses, and what body handlers do. By
         * default threads are made as needed; virtual ones are fit for it. A bounded pool may be shared with the wrapped client,
         * since no thread of it waits for a response.
         */
        public Builder executor(Executor newExecutor) {
            executor = newExecutor;
            return this;
        }

        /**
         * The client.
         *
         * @throws IllegalArgumentException if the wrapped client follows redirects or has an authenticator
         */
        @CheckReturnValue
        public SigningHttpClient build() {
            if (client.followRedirects() != Redirect.NEVER) {
                throw new IllegalArgumentException(
                        "the wrapped client follows redirects, with a signature for another URI");
            }
            if (client.authenticator().isPresent()) {
                throw new IllegalArgumentException(
                        "the wrapped client has an authenticator, which changes requests after they are signed");
            }
            return new SigningHttpClient(this);
        }

        private OutboundPipeline pipeline() {
            if (client.cookieHandler().isPresent()) {
                // It adds them after the request was signed.
                outbound.fieldsOfClient("cookie");
            }
            return outbound.build();
        }
    }
}
