// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.jose.DpopProver;
import dev.signet.jose.DpopVerifier;
import dev.signet.jose.JwtIssuer;
import dev.signet.jose.JwtVerifier;
import dev.signet.jose.ProofOfPossession;
import dev.signet.jose.RemoteJwks;
import dev.signet.jose.VerifiedJwt;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/verify-access-tokens.md. */
class AccessTokenSnippetsTest {
    // tag::bearer[]
    /** Lets requests through that carry an access token with this scope (RFC 6750). */
    static final class BearerFilter extends HttpFilter {
        private static final long serialVersionUID = 1L;
        private final transient JwtVerifier verifier;
        private final String scope;

        BearerFilter(JwtVerifier verifier, String scope) {
            this.verifier = verifier;
            this.scope = scope;
        }

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String token = credentials(request, "Bearer");
            if (token == null) {
                refuse(response, 401, "Bearer"); // no error where no token was sent (RFC 6750, 3.1)
                return;
            }
            try {
                VerifiedJwt jwt = verifier.verify(token);
                if (!jwt.scopes().contains(scope)) {
                    refuse(response, 403, "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
                    return;
                }
                request.setAttribute("jwt", jwt);
            } catch (UnavailableException e) {
                response.sendError(503); // no verdict: the client may try again
                return;
            } catch (MessageSecurityException e) {
                refuse(response, 401, "Bearer error=\"invalid_token\"");
                return;
            }
            chain.doFilter(request, response);
        }
    }
    // end::bearer[]

    // tag::helpers[]
    /** What follows the name of the scheme in the one Authorization field, or null. */
    static String credentials(HttpServletRequest request, String scheme) {
        List<String> fields = Collections.list(request.getHeaders("Authorization"));
        String prefix = scheme + " ";
        return fields.size() == 1 && fields.get(0).regionMatches(true, 0, prefix, 0, prefix.length())
                ? fields.get(0).substring(prefix.length()).strip()
                : null;
    }

    static void refuse(HttpServletResponse response, int status, String challenge) throws IOException {
        response.setHeader("WWW-Authenticate", challenge);
        response.sendError(status);
    }
    // end::helpers[]

    // tag::dpop[]
    /** Lets requests through that carry an access token and a proof that the sender holds its key (RFC 9449). */
    static final class DpopFilter extends HttpFilter {
        private static final long serialVersionUID = 1L;
        private static final String ALGS = "algs=\"ES256 Ed25519\"";
        private final transient JwtVerifier verifier;
        private final transient DpopVerifier proofs;
        private final transient Nonces nonces;
        private final String origin;

        DpopFilter(JwtVerifier verifier, Nonces nonces, String origin) {
            this.verifier = verifier;
            this.proofs = DpopVerifier.builder().nonces(nonces::isOurs).build();
            this.nonces = nonces;
            this.origin = origin;
        }

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String token = credentials(request, "DPoP");
            if (token == null) {
                refuse(response, 401, "DPoP " + ALGS);
                return;
            }
            response.setHeader(
                    "DPoP-Nonce", nonces.current()); // also with good answers: the next nonce (RFC 9449, 8.2)
            try {
                List<String> fields = Collections.list(request.getHeaders("DPoP"));
                // The public origin is configured: the Host field is the sender's to choose.
                URI target = new URI(origin + request.getRequestURI());
                VerifiedJwt jwt =
                        verifier.verify(token, ProofOfPossession.dpop(proofs, fields, request.getMethod(), target));
                request.setAttribute("jwt", jwt);
            } catch (UnavailableException e) {
                response.sendError(503);
                return;
            } catch (URISyntaxException e) {
                response.sendError(400);
                return;
            } catch (MessageSecurityException e) {
                boolean nonce = e instanceof VerificationException v && v.reason() == Reason.NONCE_UNEXPECTED;
                refuse(response, 401, "DPoP error=\"" + (nonce ? "use_dpop_nonce" : "invalid_token") + "\", " + ALGS);
                return;
            }
            chain.doFilter(request, response);
        }
    }
    // end::dpop[]

    // tag::nonces[]
    /** The nonces that this server gives out; call rotate() every few minutes. */
    static final class Nonces {
        private volatile List<String> accepted = List.of(UUID.randomUUID().toString());

        String current() {
            return accepted.get(0);
        }

        boolean isOurs(String nonce) {
            return accepted.contains(nonce);
        }

        void rotate() {
            accepted = List.of(UUID.randomUUID().toString(), current());
        }
    }
    // end::nonces[]

    private static final class Accounts extends HttpServlet {
        private static final long serialVersionUID = 1L;

        // tag::handler[]
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            VerifiedJwt jwt = (VerifiedJwt) request.getAttribute("jwt");
            response.getWriter().print("accounts of " + jwt.subject().orElseThrow());
        }
        // end::handler[]
    }

    private final SigningKey key = SigningKey.generate(Algorithm.ES256);
    private final SigningKey clientKey = SigningKey.generate(Algorithm.ED25519);
    private final JwtIssuer issuer = JwtIssuer.accessTokens(key, "https://issuer.example.com", Duration.ofMinutes(5))
            .build();
    private final Nonces nonces = new Nonces();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @BeforeEach
    void start() throws Exception {
        JwtVerifier verifier = JwtVerifier.accessTokens(
                        KeyResolver.of(key.verificationKey()), "https://issuer.example.com", "https://api.example.com")
                .build();
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(
                new FilterHolder(new BearerFilter(verifier, "accounts")),
                "/bearer/*",
                EnumSet.of(DispatcherType.REQUEST));
        context.addFilter(
                new FilterHolder(new DpopFilter(verifier, nonces, "https://api.example.com")),
                "/dpop/*",
                EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new Accounts()), "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private JwtIssuer.Token token() {
        return issuer.token("https://api.example.com").subject("alice").clientId("app");
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static void assertRefused(HttpResponse<String> response, int status, String challenge) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains(challenge);
    }

    @Test
    void verifier_ofAnIssuersPublishedKeys_isBuiltBeforeTheyAreFetched() {
        // tag::verifier[]
        RemoteJwks keys = RemoteJwks.builder(URI.create("https://issuer.example.com/jwks"))
                .build();
        JwtVerifier verifier = JwtVerifier.accessTokens(keys, "https://issuer.example.com", "https://api.example.com")
                .build();
        // end::verifier[]
        assertThat(verifier.toString()).contains("https://issuer.example.com");
        keys.close();
    }

    @Test
    void bearer_goodToken_reachesTheHandler() throws Exception {
        String token = token().scopes("accounts", "other").issue();
        HttpResponse<String> response = get("/bearer/x", "Authorization", "bearer " + token);
        assertThat(response.body()).isEqualTo("accounts of alice");
    }

    @Test
    void bearer_anythingElse_isRefusedWithTheRightChallenge() throws Exception {
        assertRefused(get("/bearer/x"), 401, "Bearer");
        assertRefused(get("/bearer/x", "Authorization", "Basic YTpi"), 401, "Bearer");
        String good = token().scopes("accounts").issue();
        assertRefused(get("/bearer/x", "Authorization", "Bearer " + good, "Authorization", "Bearer x"), 401, "Bearer");
        String invalid = "Bearer error=\"invalid_token\"";
        assertRefused(get("/bearer/x", "Authorization", "Bearer " + good + "x"), 401, invalid);
        assertRefused(get("/bearer/x", "Authorization", "Bearer nonsense"), 401, invalid);
        String bound =
                token().scopes("accounts").boundTo(clientKey.verificationKey()).issue();
        assertRefused(get("/bearer/x", "Authorization", "Bearer " + bound), 401, invalid);
        assertRefused(
                get(
                        "/bearer/x",
                        "Authorization",
                        "Bearer " + token().scopes("other").issue()),
                403,
                "Bearer error=\"insufficient_scope\", scope=\"accounts\"");
    }

    @Test
    void dpop_proofWithTheServersNonce_reachesTheHandlerOnce() throws Exception {
        String token = token().boundTo(clientKey.verificationKey()).issue();
        URI target = URI.create("https://api.example.com/dpop/x");
        // tag::client[]
        DpopProver prover = DpopProver.of(clientKey);
        HttpResponse<String> first =
                get("/dpop/x", "Authorization", "DPoP " + token, "DPoP", prover.prove("GET", target, token));
        // 401 with error="use_dpop_nonce": once more, with the nonce of the answer
        prover = prover.withNonce(first.headers().firstValue("DPoP-Nonce").orElseThrow());
        String proof = prover.prove("GET", target, token);
        HttpResponse<String> second = get("/dpop/x", "Authorization", "DPoP " + token, "DPoP", proof);
        // end::client[]
        assertRefused(first, 401, "DPoP error=\"use_dpop_nonce\", algs=\"ES256 Ed25519\"");
        assertThat(second.body()).isEqualTo("accounts of alice");
        String invalid = "DPoP error=\"invalid_token\", algs=\"ES256 Ed25519\"";
        assertRefused(get("/dpop/x", "Authorization", "DPoP " + token, "DPoP", proof), 401, invalid);
        String other = prover.prove("GET", target, token);
        assertRefused(get("/dpop/y", "Authorization", "DPoP " + token, "DPoP", other), 401, invalid);
        assertRefused(get("/dpop/x", "Authorization", "DPoP " + token), 401, invalid);
        nonces.rotate();
        assertThat(get("/dpop/x?q=1", "Authorization", "DPoP " + token, "DPoP", prover.prove("GET", target, token))
                        .statusCode())
                .isEqualTo(200);
        nonces.rotate();
        assertRefused(
                get("/dpop/x", "Authorization", "DPoP " + token, "DPoP", prover.prove("GET", target, token)),
                401,
                "DPoP error=\"use_dpop_nonce\", algs=\"ES256 Ed25519\"");
    }

    @Test
    void dpop_bearerToken_isRefused() throws Exception {
        String unbound = token().issue();
        URI target = URI.create("https://api.example.com/dpop/x");
        String proof = DpopProver.of(clientKey).withNonce(nonces.current()).prove("GET", target, unbound);
        assertRefused(get("/dpop/x", "Authorization", "Bearer " + unbound), 401, "DPoP algs=\"ES256 Ed25519\"");
        assertRefused(
                get("/dpop/x", "Authorization", "DPoP " + unbound, "DPoP", proof),
                401,
                "DPoP error=\"invalid_token\", algs=\"ES256 Ed25519\"");
    }
}
