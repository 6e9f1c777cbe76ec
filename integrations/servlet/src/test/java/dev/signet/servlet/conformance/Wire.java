// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection that writes requests as they are told, one after another. */
interface Wire extends AutoCloseable {
    /** How the bytes travel. */
    enum Kind {
        HTTP1(false, false),
        HTTP1_TLS(false, true),
        H2C(true, false),
        H2_TLS(true, true);

        final boolean isHttp2;
        final boolean isTls;

        Kind(boolean isHttp2, boolean isTls) {
            this.isHttp2 = isHttp2;
            this.isTls = isTls;
        }
    }

    /** Sends all but the body, which follows by {@link #body} if there is one. */
    void head(RawRequest request, boolean hasBody) throws IOException;

    void body(byte[] part, boolean isLast) throws IOException;

    /** Waits for the final response. */
    RawResponse read() throws IOException;

    @Override
    void close() throws IOException;

    default RawResponse exchange(RawRequest request) throws IOException {
        try {
            head(request, request.body().length > 0);
            if (request.body().length > 0) {
                body(request.body(), true);
            }
        } catch (IOException e) {
            // The server may have answered and hung up before it had all.
        }
        return read();
    }

    static Wire connect(Lane lane) throws IOException {
        Socket socket = lane.kind().isTls
                ? TestTls.clientContext().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), lane.port())
                : new Socket(InetAddress.getLoopbackAddress(), lane.port());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        if (socket instanceof SSLSocket tls) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {lane.kind().isHttp2 ? "h2" : "http/1.1"});
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            if (lane.kind().isHttp2 && !"h2".equals(tls.getApplicationProtocol())) {
                throw new IOException("the server does not speak HTTP/2 over TLS");
            }
        }
        return lane.kind().isHttp2 ? new Http2Wire(socket) : new Http1Wire(socket);
    }
}
