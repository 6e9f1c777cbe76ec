// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.SigningKey;
import dev.signet.exchange.InboundPipeline;
import dev.signet.exchange.PublicOrigin;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.VerifiedMessage;
import dev.signet.servlet.SignatureFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/verify-requests.md for servlets. */
class ServletSnippetsTest {
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519).withId("client-7");
    private final KeyResolver keys = KeyResolver.of(key.verificationKey());

    private void onStartup(ServletContext context) {
        // tag::filter[]
        InboundPipeline pipeline = InboundPipeline.builder(
                        HttpVerifier.builder(keys).build())
                .publicOrigin(PublicOrigin.of(URI.create("https://api.example.com")))
                .build();
        FilterRegistration.Dynamic filter = context.addFilter("signatures", SignatureFilter.of(pipeline));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        // end::filter[]
    }

    private static final class Rates extends HttpServlet {
        private static final long serialVersionUID = 1L;

        // tag::handler[]
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            VerifiedMessage verified = SignatureFilter.verifiedMessage(request).orElseThrow();
            response.getWriter()
                    .print(request.getRemoteUser() + " asked for "
                            + verified.targetUri().orElseThrow());
        }
        // end::handler[]
    }

    @Test
    void filter_admitsSignedRequestsOnly() throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer((classes, servletContext) -> onStartup(servletContext));
        context.addServlet(new ServletHolder(new Rates()), "/*");
        server.setHandler(context);
        server.start();
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/rates"));
            HttpClient client = HttpClient.newHttpClient();
            assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
            HttpSigner.builder(key)
                    .build()
                    .sign(HttpMessage.request("GET", URI.create("https://api.example.com/rates"))
                            .build())
                    .forEach(request::header);
            assertThat(client.send(request.build(), BodyHandlers.ofString()).body())
                    .isEqualTo("client-7 asked for https://api.example.com/rates");
        } finally {
            server.stop();
        }
    }
}
