// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.jose.RemoteJwks.FailureCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a small document by https without trusting where DNS or the server point.
 *
 * <p>The name is resolved once, every address must be permitted, and the socket is connected to one of the addresses that
 * were checked: nothing between check and connection looks the name up again. No proxy, cookie, credential, cache or other
 * setting of the process is involved, which no HTTP client of the JDK can promise.
 *
 * @param uri already checked by {@link #requireUsable}
 * @param redirectHosts hosts that a redirect may lead to, on the same port; empty if none is followed
 */
record HttpsFetch(
        URI uri,
        Set<String> redirectHosts,
        boolean allowPrivateAddresses,
        SSLContext tls,
        Duration connectTimeout,
        Duration readTimeout,
        Duration totalTimeout,
        int maxBytes,
        Names names) {
    private static final int MAX_REDIRECTS = 3;
    private static final int HTTPS_PORT = 443;

    /** Resolves host names. */
    @FunctionalInterface
    interface Names {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /** Says what is wrong with an address, without the address. */
    static URI requireUsable(URI uri) {
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("a JWK set is fetched by https only");
        }
        String host = uri.getHost();
        if (host == null || host.endsWith(".")) {
            throw new IllegalArgumentException("the address of the JWK set has no usable host");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the address of the JWK set has user information or a fragment");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("the address of the JWK set has an impossible port");
        }
        return uri;
    }

    static String host(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    /** The document, within the total timeout whatever the server does. */
    byte[] fetch() throws FetchException {
        Exchange exchange = new Exchange();
        FutureTask<byte[]> task = new FutureTask<>(exchange::run);
        // A thread of its own, since neither name resolution nor a handshake can be given a deadline.
        Thread thread = new Thread(null, task, "signet-jwk-set", 0, false);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(totalTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new FetchException(FailureCode.TIMED_OUT, "no complete response within the total timeout");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchException(FailureCode.INTERRUPTED, "interrupted while waiting for the response");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            exchange.abort();
        }
    }

    private static FetchException failure(@Nullable Throwable cause) {
        if (cause instanceof FetchException known) {
            return known;
        }
        Throwable thrown = cause == null ? new IOException("no cause") : cause;
        if (thrown instanceof SocketTimeoutException) {
            return new FetchException(FailureCode.TIMED_OUT, "the server was silent for too long", thrown);
        }
        if (thrown instanceof SSLException) {
            return new FetchException(FailureCode.TLS_FAILED, "TLS failed", thrown);
        }
        return new FetchException(FailureCode.CONNECTION_FAILED, "the connection failed", thrown);
    }

    /** One attempt, with all its redirects. */
    private final class Exchange {
        private @Nullable Socket socket;
        private boolean aborted;

        byte[] run() throws IOException {
            URI next = uri;
            for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
                try (Socket plain = connect(next);
                        SSLSocket secured = secure(plain, next)) {
                    secured.getOutputStream().write(request(next));
                    secured.getOutputStream().flush();
                    HttpsResponse response =
                            HttpsResponse.read(new BufferedInputStream(secured.getInputStream()), maxBytes);
                    switch (response.status()) {
                        case 200 -> {
                            return response.body();
                        }
                        case 301, 302, 303, 307, 308 -> next = redirect(next, response);
                        default -> throw new FetchException(FailureCode.STATUS_NOT_200, "status " + response.status());
                    }
                }
            }
            throw new FetchException(FailureCode.REDIRECT_REFUSED, "too many redirects");
        }

        /** Closes the socket under whatever is waiting for it. */
        synchronized void abort() {
            aborted = true;
            if (socket != null) {
                closeQuietly(socket);
            }
        }

        private synchronized void use(Socket opened) throws IOException {
            socket = opened;
            if (aborted) {
                closeQuietly(opened);
                throw new SocketTimeoutException("the total timeout is over");
            }
        }

        private Socket connect(URI to) throws IOException {
            List<InetAddress> addresses = permitted(host(to));
            IOException failure = new ConnectException();
            for (InetAddress address : addresses) {
                // NO_PROXY: a SOCKS proxy of the process would resolve and connect on its own.
                Socket plain = new Socket(Proxy.NO_PROXY);
                try {
                    use(plain);
                    plain.connect(new InetSocketAddress(address, port(to)), millis(connectTimeout));
                    plain.setSoTimeout(millis(readTimeout));
                    return plain;
                } catch (IOException e) {
                    closeQuietly(plain);
                    failure = e;
                }
            }
            throw failure;
        }

        private List<InetAddress> permitted(String host) throws FetchException {
            List<InetAddress> addresses;
            try {
                addresses = names.resolve(host);
            } catch (UnknownHostException e) {
                throw new FetchException(FailureCode.UNKNOWN_HOST, "the host has no address", e);
            }
            if (addresses.isEmpty()) {
                throw new FetchException(FailureCode.UNKNOWN_HOST, "the host has no address");
            }
            // One bad address refuses all: honest names do not point both inside and outside.
            for (InetAddress address : addresses) {
                if (!AddressRules.permits(address, allowPrivateAddresses)) {
                    throw new FetchException(FailureCode.ADDRESS_REFUSED, "the host has an address that is not public");
                }
            }
            return addresses;
        }

        private SSLSocket secure(Socket plain, URI to) throws IOException {
            String host = host(to);
            String peer = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(plain, peer, port(to), true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return secured;
        }
    }

    private URI redirect(URI from, HttpsResponse response) throws FetchException {
        try {
            URI to = requireUsable(
                    from.resolve(URI.create(response.location().orElseThrow(IllegalArgumentException::new))));
            if (redirectHosts.contains(host(to)) && port(to) == port(from)) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // Not an address to go to; what it was is the server's text, so it is not told.
        }
        throw new FetchException(FailureCode.REDIRECT_REFUSED, "a redirect that is not allowed");
    }

    private static byte[] request(URI to) {
        URI ascii = URI.create(to.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        String port = port(to) == HTTPS_PORT ? "" : ":" + port(to);
        return ("GET " + path + query + " HTTP/1.1\r\nHost: " + host(to) + port
                        + "\r\nAccept: application/jwk-set+json, application/json"
                        + "\r\nAccept-Encoding: identity\r\nUser-Agent: signet\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static int port(URI uri) {
        return uri.getPort() < 0 ? HTTPS_PORT : uri.getPort();
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing depends on an orderly end.
        }
    }
}
