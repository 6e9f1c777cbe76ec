// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Texts;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.SecurityListener;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.exchange.InboundPipeline;
import dev.signet.exchange.PublicOrigin;
import dev.signet.http.HttpVerifier;
import dev.signet.http.VerifiedMessage;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JwsVerifier;
import dev.signet.servlet.SignatureFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A payment service on the loopback interface, behind Signet's servlet filter. */
final class DemoServer implements AutoCloseable {
    static final String PATH = "/payments";

    private static final String ADDRESS = "127.0.0.1";

    private final Server server = new Server();
    private final ServerConnector connector;
    private final ServletContextHandler context = new ServletContextHandler();
    private volatile @Nullable Received received;

    /** What the application was given of a request. */
    record Received(String caller, int bytes, String payment, VerifiedMessage verified) {}

    private DemoServer(int port) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        // Otherwise the container changes the case of well-known values, which are covered.
        configuration.setHeaderCacheCaseSensitive(true);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(ADDRESS);
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(context);
    }

    /**
     * Starts a server that knows one client.
     *
     * @param port 0 for a free one
     * @param tokens open what payments travel in
     * @param listener is told of each verdict
     */
    static DemoServer start(
            int port, VerificationKey client, DemoTokens tokens, InstantSource clock, SecurityListener listener) {
        DemoServer demo = new DemoServer(port);
        try {
            demo.connector.open();
            demo.handle(client, tokens, clock, listener);
            demo.server.start();
            return demo;
        } catch (Exception e) {
            demo.close();
            Throwable cause = e.getCause() instanceof IOException io ? io : e;
            throw Failure.input("cannot listen on " + ADDRESS + ":" + port + ": "
                    + (cause instanceof IOException io ? Texts.cause(io) : String.valueOf(cause.getMessage())));
        }
    }

    URI origin() {
        return URI.create("http://" + ADDRESS + ":" + connector.getLocalPort());
    }

    URI uri() {
        return origin().resolve(PATH);
    }

    /** What the application was given last, and nothing the next time it is asked. */
    @Nullable
    Received takeReceived() {
        Received last = received;
        received = null;
        return last;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            // The process ends soon, and the server with it.
        }
    }

    private void handle(VerificationKey client, DemoTokens tokens, InstantSource clock, SecurityListener listener) {
        HttpVerifier verifier = HttpVerifier.builder(KeyResolver.of(client))
                .clock(clock)
                .listener(listener)
                .build();
        InboundPipeline pipeline = InboundPipeline.builder(verifier)
                .publicOrigin(PublicOrigin.of(origin()))
                .build();
        FilterHolder filter = new FilterHolder(SignatureFilter.of(pipeline));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new Payments(tokens.verifier(clock), tokens.decrypter(clock))), "/*");
    }

    private final class Payments extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient JwsVerifier verifier;
        private final transient JweDecrypter decrypter;

        Payments(JwsVerifier verifier, JweDecrypter decrypter) {
            this.verifier = verifier;
            this.decrypter = decrypter;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String caller = request.getRemoteUser();
            try {
                String payment = verifier.decryptAndVerify(body, decrypter).contentText();
                SignatureFilter.verifiedMessage(request)
                        .ifPresent(verified -> received = new Received(caller, body.length(), payment, verified));
                answer(response, "application/json", "{\"accepted\":true}\n");
            } catch (VerificationException | InvalidMessageException | DecryptionException e) {
                response.setStatus(e instanceof VerificationException ? 401 : 400);
                answer(
                        response,
                        "application/problem+json",
                        "{\"code\":\"" + e.code() + "\",\"detail\":\"" + e.getMessage() + "\"}\n");
            }
        }

        private static void answer(HttpServletResponse response, String type, String text) throws IOException {
            byte[] answer = text.getBytes(StandardCharsets.UTF_8);
            response.setContentType(type);
            response.setContentLength(answer.length);
            response.getOutputStream().write(answer);
        }
    }
}
