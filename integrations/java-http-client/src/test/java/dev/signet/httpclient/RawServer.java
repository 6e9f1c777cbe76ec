// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A loopback server that keeps the very bytes it gets, and answers with bytes. One request a connection. */
final class RawServer implements Closeable {
    private final ServerSocket listener = new ServerSocket();
    private final Answer answer;
    final BlockingQueue<Captured> captured = new LinkedBlockingQueue<>();

    private RawServer(Answer answer, String host) throws IOException {
        this.answer = answer;
        listener.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
        Thread thread = new Thread(this::acceptAll, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    static RawServer answering(Answer answer) throws IOException {
        return new RawServer(answer, "127.0.0.1");
    }

    static RawServer onIpv6(Answer answer) throws IOException {
        return new RawServer(answer, "::1");
    }

    URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    int port() {
        return listener.getLocalPort();
    }

    Captured only() throws InterruptedException {
        Captured first = captured.poll(5, java.util.concurrent.TimeUnit.SECONDS);
        if (first == null || !captured.isEmpty()) {
            throw new AssertionError("exactly one request is expected");
        }
        return first;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread thread = new Thread(() -> serve(socket), "raw-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            OutputStream out = socket.getOutputStream();
            Captured request = new Captured(head, new byte[0]);
            if (request.values("expect").stream().anyMatch("100-continue"::equalsIgnoreCase)) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            request = new Captured(head, body(in, request));
            captured.add(request);
            answer.to(request, out);
            out.flush();
        } catch (Exception e) {
            // The client sees a broken connection.
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int c = in.read();
        while (c >= 0) {
            head.write(c);
            if (c == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
            c = in.read();
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(InputStream in, Captured request) throws IOException {
        if (!request.values("transfer-encoding").isEmpty()) {
            throw new IOException("chunked");
        }
        List<String> length = request.values("content-length");
        return length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length.get(0)));
    }

    /** Writes a whole response. */
    interface Answer {
        void to(Captured request, OutputStream out) throws IOException;

        static Answer ok() {
            return text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        }

        static Answer text(String response) {
            return (request, out) -> out.write(response.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** A request as it came over the wire. */
    record Captured(String head, byte[] body) {
        String startLine() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        String target() {
            return startLine().split(" ")[1];
        }

        List<String> values(String name) {
            return lines().stream()
                    .filter(line -> line.substring(0, line.indexOf(':')).equalsIgnoreCase(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .toList();
        }

        /** Built from the start line and the Host field only, as a server does it. */
        HttpMessage message() {
            HttpMessageBuilder builder = HttpMessage.request(startLine().split(" ")[0])
                    .scheme("http")
                    .authority(values("host").get(0))
                    .target(target());
            lines().forEach(line ->
                    builder.field(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1)));
            return builder.build();
        }

        private List<String> lines() {
            return Arrays.stream(head.split("\r\n")).skip(1).toList();
        }
    }
}
