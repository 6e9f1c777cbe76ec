// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One connection on which a test decides about every byte. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    static RawClient connect(TestServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return new RawClient(socket);
    }

    RawClient write(String latin1) throws IOException {
        return write(latin1.getBytes(ISO_8859_1));
    }

    RawClient write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    Response exchange(Lines request) throws IOException {
        byte[] head = request.head().getBytes(ISO_8859_1);
        byte[] all = Arrays.copyOf(head, head.length + request.body.length);
        System.arraycopy(request.body, 0, all, head.length, request.body.length);
        return write(all).read(request.method.equals("HEAD"));
    }

    Response read() throws IOException {
        return read(false);
    }

    Response read(boolean isHead) throws IOException {
        String start = line();
        List<String> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            fields.add(line);
        }
        int status = Integer.parseInt(start.split(" ")[1]);
        Response response = new Response(status, fields, "");
        String length = response.field("content-length");
        if (isHead || status == 100) {
            return response;
        }
        if ("chunked".equals(response.field("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.write(in.readNBytes(size));
                line();
            }
            line();
            return new Response(status, fields, body.toString(ISO_8859_1));
        }
        byte[] body = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        return new Response(status, fields, new String(body, ISO_8859_1));
    }

    /** Whether the server closed the connection. */
    boolean isAtEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /** Ends the connection by a reset. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        while (c != '\n') {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            if (c != '\r') {
                line.write(c);
            }
            c = in.read();
        }
        return line.toString(ISO_8859_1);
    }

    /** What came back. */
    record Response(int status, List<String> fields, String body) {
        String field(String name) {
            return fields.stream()
                    .filter(f -> f.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(f -> f.substring(name.length() + 1).trim())
                    .findFirst()
                    .orElse(null);
        }

        String code() {
            int start = body.indexOf("\"code\":\"");
            return start < 0 ? "" : body.substring(start + 8, body.indexOf('"', start + 8));
        }
    }

    /** A request head, line by line, with its body. */
    static final class Lines {
        private final String method;
        private final String target;
        private final List<String> fields = new ArrayList<>();
        private byte[] body = new byte[0];
        private String version = "HTTP/1.1";

        Lines(String method, String target) {
            this.method = method;
            this.target = target;
        }

        /** A request to a server with a good signature over it. */
        static Lines signed(HttpSigner signer, String method, String host, String target, byte[] body, String... more) {
            Lines lines = new Lines(method, target).field("Host", host);
            HttpMessageBuilder message =
                    HttpMessage.request(method).scheme("http").authority(host).target(target);
            for (int i = 0; i < more.length; i += 2) {
                message.field(more[i], more[i + 1]);
                lines.field(more[i], more[i + 1]);
            }
            signer.sign(message.build(), body).forEach(lines::field);
            if (body.length > 0) {
                lines.field("Content-Length", Integer.toString(body.length));
                lines.body = body;
            }
            return lines;
        }

        Lines field(String name, String value) {
            fields.add(name + ": " + value);
            return this;
        }

        Lines replace(String name, String value) {
            fields.replaceAll(f -> f.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")
                    ? name + ": " + value
                    : f);
            return this;
        }

        Lines remove(String name) {
            fields.removeIf(f -> f.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"));
            return this;
        }

        Lines body(byte[] newBody) {
            body = newBody;
            return this;
        }

        Lines version(String newVersion) {
            version = newVersion;
            return this;
        }

        String value(String name) {
            return fields.stream()
                    .filter(f -> f.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(f -> f.substring(name.length() + 2))
                    .findFirst()
                    .orElseThrow();
        }

        String head() {
            return method + " " + target + " " + version + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
        }
    }
}
