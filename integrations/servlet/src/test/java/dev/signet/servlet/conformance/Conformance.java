// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SigningKey;
import dev.signet.exchange.InboundPipeline;
import dev.signet.exchange.PublicOrigin;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.servlet.SignatureFilter;
import dev.signet.testkit.TestClock;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The same requests over each way into each container. A test takes a {@link Lane} and says what must come of its request
 * there; a container's own refusal is as good as the filter's.
 */
abstract class Conformance {
    static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519).withId("client-1");
    static final HttpSigner SIGNER = HttpSigner.builder(KEY).build();
    static final String FORM = "application/x-www-form-urlencoded";
    static final byte[] BODY = "p=body&q=2".getBytes(UTF_8);
    /** What a failure in a key source says, and no stranger may read. */
    static final String SECRET = "jdbc:keys://10.1.2.3";

    /** Of the verifier at {@link #CLOCK_PATH}. */
    static final TestClock CLOCK = TestClock.at(Instant.parse("2026-12-01T00:00:00Z"));

    static final String CLOCK_PATH = "/clock";
    static final List<SecurityEvent> EVENTS = new CopyOnWriteArrayList<>();

    /** Leaves open what the default policy demands, so that it shows who sees what is not covered. */
    private static final SignaturePolicy UNCOVERED_ALLOWED = SignaturePolicy.recommended2026()
            .ignore(Component.field("content-type"), Component.field("authorization"), Component.field("cookie"));

    private static List<Container> containers = List.of();

    @BeforeAll
    static void start() throws Exception {
        HttpVerifier throwing = HttpVerifier.builder(id -> {
                    throw new IllegalStateException(SECRET);
                })
                .listener(EVENTS::add)
                .build();
        HttpVerifier failing = HttpVerifier.builder(id -> {
                    throw new AssertionError(SECRET);
                })
                .listener(EVENTS::add)
                .build();
        Container.Site site = new Container.Site()
                .filter("/swallow/*", new Swallow())
                .filter(
                        "/any/*",
                        SignatureFilter.of(
                                InboundPipeline.builder(verifier().build()).build()))
                .filter(
                        "/swallow/*",
                        SignatureFilter.of(
                                InboundPipeline.builder(verifier().build()).build()))
                .filter(
                        CLOCK_PATH + "/*",
                        SignatureFilter.of(
                                InboundPipeline.builder(verifier().clock(CLOCK).build())
                                        .build()))
                .filter(
                        "/origin/*",
                        SignatureFilter.of(InboundPipeline.builder(verifier().build())
                                .publicOrigin(PublicOrigin.of(URI.create("https://api.example.com")))
                                .build()))
                .filter(
                        "/covered/*",
                        SignatureFilter.of(InboundPipeline.builder(
                                        verifier().signature(UNCOVERED_ALLOWED).build())
                                .onlyCoveredFields("X-Trace")
                                .build()))
                .filter(
                        "/throwing/*",
                        SignatureFilter.of(InboundPipeline.builder(throwing).build()))
                .filter(
                        "/failing/*",
                        SignatureFilter.of(InboundPipeline.builder(failing).build()))
                .filter(
                        "/nameless/*",
                        SignatureFilter.of(InboundPipeline.builder(
                                        verifier().listener(EVENTS::add).build())
                                .callerName(verified -> {
                                    throw new IllegalStateException(SECRET);
                                })
                                .build()))
                .filter(
                        "/forwarded/*",
                        SignatureFilter.of(InboundPipeline.builder(
                                        verifier().listener(EVENTS::add).build())
                                .publicOrigin(PublicOrigin.allowForwarded("127.0.0.0/8"))
                                .build()))
                .filter(
                        "/mapped/*",
                        SignatureFilter.of(
                                InboundPipeline.builder(verifier().build()).build()),
                        EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ERROR))
                .servlet("/*", new Echo())
                .errorPage("/error");
        containers = Container.all(site);
    }

    @AfterAll
    static void stop() throws Exception {
        for (Container container : containers) {
            container.close();
        }
    }

    static Stream<Lane> lanes() {
        List<Lane> lanes = new ArrayList<>();
        for (Container container : containers) {
            for (Wire.Kind kind : Wire.Kind.values()) {
                lanes.add(new Lane(container, kind));
            }
        }
        return lanes.stream();
    }

    static Stream<Lane> http2Lanes() {
        return lanes().filter(Lane::isHttp2);
    }

    static HttpVerifier.Builder verifier() {
        return HttpVerifier.builder(KeyResolver.of(KEY.verificationKey()));
    }

    static HttpSigner covering(Component... more) {
        Component[] all = new Component[more.length + 2];
        all[0] = Component.METHOD;
        all[1] = Component.TARGET_URI;
        System.arraycopy(more, 0, all, 2, more.length);
        return HttpSigner.builder(KEY).cover(all).build();
    }

    static RawResponse send(Lane lane, RawRequest request) throws IOException {
        try (Wire wire = Wire.connect(lane)) {
            return wire.exchange(request);
        }
    }

    static void assertAdmitted(RawResponse response) {
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        assertThat(response.seen("user")).isEqualTo("client-1");
    }

    /** Whoever refused it, the application saw nothing. */
    static void assertRefused(RawResponse response) {
        assertThat(response.isRefused()).as("%s", response).isTrue();
        assertThat(response.seen("method")).isNull();
    }
}
