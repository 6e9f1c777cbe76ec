// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import dev.signet.exchange.InboundPipeline;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Signs what it sends over a JDK client, and lets a test spoil it in between. */
final class SignedClient {
    static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519).withId("client-1");

    private final HttpSigner signer;
    private final HttpClient client;

    SignedClient(HttpSigner signer, HttpClient.Version version) {
        this.signer = signer;
        client = HttpClient.newBuilder()
                .version(version)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    static SignedClient create() {
        return new SignedClient(HttpSigner.builder(KEY).build(), HttpClient.Version.HTTP_1_1);
    }

    static HttpVerifier.Builder verifier() {
        return HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()));
    }

    static InboundPipeline pipeline() {
        return InboundPipeline.builder(verifier().build()).build();
    }

    static SignatureFilter filter() {
        return SignatureFilter.of(pipeline());
    }

    Call get(URI uri) {
        return new Call("GET", uri, new byte[0]);
    }

    Call post(URI uri, String type, byte[] body) {
        return new Call("POST", uri, body).field("content-type", type);
    }

    Call call(String method, URI uri, byte[] body) {
        return new Call(method, uri, body);
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    /** A request on its way. */
    final class Call {
        private final String method;
        private final URI uri;
        private final byte[] signedBody;
        private final Map<String, String> fields = new LinkedHashMap<>();
        private URI signedUri;
        private byte[] sentBody;
        private boolean chunked;
        private Consumer<Map<String, String>> spoiler = sent -> {};

        private Call(String method, URI uri, byte[] body) {
            this.method = method;
            this.uri = uri;
            this.signedUri = uri;
            this.signedBody = body;
            this.sentBody = body;
        }

        /** A field that is there when the message is signed. */
        Call field(String name, String value) {
            fields.put(name, value);
            return this;
        }

        Call signedFor(URI other) {
            signedUri = other;
            return this;
        }

        Call sending(byte[] otherBody) {
            sentBody = otherBody;
            return this;
        }

        Call chunked() {
            chunked = true;
            return this;
        }

        /** Changes the fields after they were signed. */
        Call spoil(Consumer<Map<String, String>> change) {
            spoiler = change;
            return this;
        }

        HttpRequest build() {
            HttpMessageBuilder message = HttpMessage.request(method, signedUri);
            fields.forEach(message::field);
            Map<String, String> sent = new LinkedHashMap<>(fields);
            signer.sign(message.build(), signedBody).forEach(sent::put);
            spoiler.accept(sent);
            byte[] body = sentBody;
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(20))
                    .method(
                            method,
                            body.length == 0
                                    ? BodyPublishers.noBody()
                                    : chunked
                                            ? BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))
                                            : BodyPublishers.ofByteArray(body));
            sent.forEach(request::header);
            return request.build();
        }

        HttpResponse<String> send() throws Exception {
            return SignedClient.this.send(build());
        }
    }
}
