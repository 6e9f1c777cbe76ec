// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty on the loopback interface with filters before handlers. */
final class TestServer implements AutoCloseable {
    /** What a servlet does. */
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    private final Server server = new Server();
    private final ServletContextHandler context = new ServletContextHandler();
    private final HttpConfiguration configuration = new HttpConfiguration();
    private final ServerConnector connector;
    private final List<Throwable> failures = new ArrayList<>();

    private TestServer() {
        configuration.setSendServerVersion(false);
        connector = new ServerConnector(
                server,
                1,
                1,
                new HttpConnectionFactory(configuration),
                new HTTP2CServerConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(5000);
        server.addConnector(connector);
        server.setHandler(context);
    }

    static TestServer create() {
        return new TestServer();
    }

    static TestServer start(Filter filter, Handler handler) {
        return create().filter(filter, DispatcherType.REQUEST)
                .servlet("/*", handler)
                .start();
    }

    TestServer filter(Filter filter, DispatcherType first, DispatcherType... rest) {
        return filter("/*", filter, first, rest);
    }

    TestServer filter(String path, Filter filter, DispatcherType first, DispatcherType... rest) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, path, EnumSet.of(first, rest));
        return this;
    }

    TestServer servlet(String path, Handler handler) {
        ServletHolder holder = new ServletHolder(new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                try {
                    handler.handle(request, response);
                } catch (IOException | RuntimeException e) {
                    note(e);
                    throw e;
                } catch (Exception e) {
                    note(e);
                    throw new IllegalStateException(e);
                }
            }
        });
        holder.setAsyncSupported(true);
        context.addServlet(holder, path);
        return this;
    }

    TestServer errorPage(String path) {
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, path);
        context.setErrorHandler(errors);
        return this;
    }

    /** Lets encoded slashes and their like through, as some applications must. */
    TestServer anyUri() {
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        return this;
    }

    /** Without it, this container gives some well-known values in another case than they came in. */
    TestServer exactFields() {
        configuration.setHeaderCacheCaseSensitive(true);
        return this;
    }

    TestServer start() {
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    int port() {
        return connector.getLocalPort();
    }

    String authority() {
        return "127.0.0.1:" + port();
    }

    URI uri(String target) {
        return URI.create("http://" + authority() + target);
    }

    /** What handlers threw. */
    synchronized List<Throwable> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void note(Throwable failure) {
        failures.add(failure);
    }
}
