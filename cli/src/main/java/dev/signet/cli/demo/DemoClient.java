// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import dev.signet.cli.http.RawMessage;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Algorithm;
import dev.signet.core.SigningKey;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.SignatureFields;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A client that signs its payments, and what an attacker makes of them. */
final class DemoClient {
    static final String KEY_ID = "demo-client";
    static final String BODY = "{\"to\":\"Alice\",\"amount\":100}";
    static final String CONTENT_TYPE = "application/jose";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI uri;
    private final InstantSource clock;
    private final DemoTokens tokens;

    DemoClient(URI uri, DemoTokens tokens, InstantSource clock) {
        this.uri = uri;
        this.tokens = tokens;
        this.clock = clock;
    }

    static SigningKey newKey(String id) {
        return SigningKey.generate(Algorithm.ES256).withId(id);
    }

    /** A field line. */
    record Line(String name, String value) {}

    /** A request as it goes over the wire; immutable. */
    record Payment(String method, List<Line> fields, String body) {
        Payment withBody(String other) {
            return new Payment(method, fields, other);
        }

        Payment withMethod(String other) {
            return new Payment(other, fields, body);
        }

        Payment with(String name, String value) {
            List<Line> changed = new ArrayList<>(without(name).fields);
            changed.add(new Line(name, value));
            return new Payment(method, changed, body);
        }

        Payment without(String name) {
            return new Payment(
                    method,
                    fields.stream()
                            .filter(line -> !line.name().equalsIgnoreCase(name))
                            .toList(),
                    body);
        }

        String value(String name) {
            return fields.stream()
                    .filter(line -> line.name().equalsIgnoreCase(name))
                    .map(Line::value)
                    .findFirst()
                    .orElse("");
        }
    }

    /** The answer to a request. */
    record Answer(int status, String body) {}

    Payment unsigned() {
        return unsigned(tokens.seal(BODY));
    }

    private static Payment unsigned(String body) {
        return new Payment("POST", List.of(new Line("Content-Type", CONTENT_TYPE)), body);
    }

    /** A request that is in order, around a body that may not be. */
    Payment signedAround(SigningKey key, String body) {
        return sign(HttpSigner.builder(key).clock(clock).build(), unsigned(body));
    }

    Payment signed(SigningKey key) {
        return signed(HttpSigner.builder(key));
    }

    /** Signed at another time, and dead a minute later. */
    Payment signedAt(SigningKey key, Instant time) {
        return sign(
                HttpSigner.builder(key)
                        .clock(InstantSource.fixed(time))
                        .expiresAfter(Duration.ofMinutes(1))
                        .build(),
                unsigned());
    }

    Payment signed(HttpSigner.Builder signer) {
        return sign(signer.clock(clock).build(), unsigned());
    }

    private Payment sign(HttpSigner signer, Payment payment) {
        HttpMessage message = HttpMessage.request(payment.method(), uri)
                .field("content-type", CONTENT_TYPE)
                .build();
        SignatureFields signature = signer.sign(message, payment.body().getBytes(StandardCharsets.UTF_8));
        List<Line> fields = new ArrayList<>(payment.fields());
        signature.forEach((name, value) -> fields.add(new Line(RawMessage.usualCase(name), value)));
        return new Payment(payment.method(), fields, payment.body());
    }

    Answer send(Payment payment) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .method(payment.method(), HttpRequest.BodyPublishers.ofString(payment.body()));
        payment.fields().forEach(line -> request.header(line.name(), line.value()));
        try {
            return answer(request.build());
        } catch (IOException e) {
            throw Failure.input("the demo's server does not answer: " + Texts.cause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.input("interrupted");
        }
    }

    private Answer answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            // A kept connection may be closed just when it is used again; the next one is new.
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        }
        return new Answer(response.statusCode(), response.body());
    }
}
