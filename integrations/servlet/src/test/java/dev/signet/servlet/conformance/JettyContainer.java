// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty as it comes, but for the case of well-known field values. */
final class JettyContainer extends Container {
    private final Server server = new Server();
    private final ServerConnector plain;
    private final ServerConnector tls;

    JettyContainer(Site site) throws Exception {
        this(site, new HttpConfiguration());
    }

    /** One that believes forwarding fields, and lets a Host field differ from what it goes by. */
    static JettyContainer lenient(Site site) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new ForwardedRequestCustomizer());
        configuration.setHttpCompliance(
                HttpCompliance.RFC9110.with("lenient", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        return new JettyContainer(site, configuration);
    }

    private JettyContainer(Site site, HttpConfiguration clear) throws Exception {
        clear.setHeaderCacheCaseSensitive(true);
        plain = new ServerConnector(
                server, 1, 1, new HttpConnectionFactory(clear), new HTTP2CServerConnectionFactory(clear));
        HttpConfiguration secure = new HttpConfiguration(clear);
        // The certificate names no host that SNI could.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(TestTls.serverContext());
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
        alpn.setDefaultProtocol("http/1.1");
        tls = new ServerConnector(
                server,
                1,
                1,
                new SslConnectionFactory(ssl, "alpn"),
                alpn,
                new HTTP2ServerConnectionFactory(secure),
                new HttpConnectionFactory(secure));
        for (ServerConnector connector : new ServerConnector[] {plain, tls}) {
            connector.setHost("127.0.0.1");
            connector.setIdleTimeout(5000);
            server.addConnector(connector);
        }
        ServletContextHandler context = new ServletContextHandler();
        for (Guard guard : site.guards) {
            FilterHolder holder = new FilterHolder(guard.filter());
            holder.setAsyncSupported(true);
            context.addFilter(holder, guard.path(), guard.types());
        }
        site.servlets.forEach((path, servlet) -> {
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, path);
        });
        if (!site.errorPage.isEmpty()) {
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, site.errorPage);
            context.setErrorHandler(errors);
        }
        server.setHandler(context);
        server.start();
    }

    @Override
    int plainPort() {
        return plain.getLocalPort();
    }

    @Override
    int tlsPort() {
        return tls.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    @Override
    public String toString() {
        return "Jetty";
    }
}
