// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** HTTP/1.1 by hand (RFC 9112). */
final class Http1Wire implements Wire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean chunked;

    Http1Wire(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    @Override
    public void head(RawRequest request, boolean hasBody) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        if (request.authority() != null) {
            head.append("Host: ").append(request.authority()).append("\r\n");
        }
        for (RawRequest.Field field : request.fields()) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        chunked = hasBody && !request.isLengthDeclared();
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (hasBody) {
            head.append("Content-Length: ").append(request.body().length).append("\r\n");
        }
        write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    @Override
    public void body(byte[] part, boolean isLast) throws IOException {
        if (!chunked) {
            write(part);
            return;
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        if (part.length > 0) {
            chunk.writeBytes((Integer.toHexString(part.length) + "\r\n").getBytes(ISO_8859_1));
            chunk.writeBytes(part);
            chunk.writeBytes("\r\n".getBytes(ISO_8859_1));
        }
        if (isLast) {
            chunk.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        }
        write(chunk.toByteArray());
    }

    @Override
    public RawResponse read() throws IOException {
        List<Integer> interim = new ArrayList<>();
        try {
            while (true) {
                int status = Integer.parseInt(line().split(" ", -1)[1]);
                long length = -1;
                boolean chunks = false;
                for (String line = line(); !line.isEmpty(); line = line()) {
                    String lower = line.toLowerCase(Locale.ROOT);
                    if (lower.startsWith("content-length:")) {
                        length = Long.parseLong(lower.substring(15).trim());
                    }
                    chunks |= lower.startsWith("transfer-encoding:");
                }
                if (status >= 200) {
                    return new RawResponse(status, interim, new String(body(length, chunks), ISO_8859_1));
                }
                interim.add(status);
            }
        } catch (EOFException | SocketException | SSLException e) {
            return RawResponse.brokenOff(interim);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] body(long length, boolean chunks) throws IOException {
        if (!chunks) {
            return length < 0 ? in.readAllBytes() : in.readNBytes((int) length);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.writeBytes(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
