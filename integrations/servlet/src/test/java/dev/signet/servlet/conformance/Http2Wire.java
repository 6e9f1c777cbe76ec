// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * HTTP/2 by hand (RFC 9113), with as much of HPACK (RFC 7541) as that takes: what is sent is literal, so that it may hold any
 * byte, and of what comes back only the status is understood. One stream at a time, bodies within the first window.
 */
final class Http2Wire implements Wire {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int MAX_FRAME = 16 << 10;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int stream = -1;

    Http2Wire(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        // No dynamic table, so that nothing need be remembered of a response; and no push.
        frame(SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0});
    }

    @Override
    public void head(RawRequest request, boolean hasBody) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", request.method());
        literal(block, ":scheme", request.scheme());
        if (request.authority() != null) {
            literal(block, ":authority", request.authority());
        }
        literal(block, ":path", request.target());
        for (RawRequest.Field field : request.fields()) {
            literal(block, field.name().toLowerCase(Locale.ROOT), field.value());
        }
        if (hasBody && request.isLengthDeclared()) {
            literal(block, "content-length", Integer.toString(request.body().length));
        }
        stream += 2;
        byte[] all = block.toByteArray();
        int type = HEADERS;
        int flags = hasBody ? 0 : END_STREAM;
        for (int start = 0; start < all.length; start += MAX_FRAME) {
            int end = Math.min(all.length, start + MAX_FRAME);
            frame(type, flags | (end == all.length ? END_HEADERS : 0), stream, Arrays.copyOfRange(all, start, end));
            type = CONTINUATION;
            flags = 0;
        }
    }

    @Override
    public void body(byte[] part, boolean isLast) throws IOException {
        int start = 0;
        do {
            int end = Math.min(part.length, start + MAX_FRAME);
            frame(DATA, isLast && end == part.length ? END_STREAM : 0, stream, Arrays.copyOfRange(part, start, end));
            start = end;
        } while (start < part.length);
    }

    @Override
    public RawResponse read() throws IOException {
        List<Integer> interim = new ArrayList<>();
        int status = 0;
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            while (true) {
                int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int id = in.readInt() & 0x7fffffff;
                byte[] payload = new byte[length];
                in.readFully(payload);
                if (type == SETTINGS && (flags & ACK) == 0) {
                    frame(SETTINGS, ACK, 0, new byte[0]);
                } else if (type == PING && (flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                } else if (type == GOAWAY) {
                    // A last stream below ours will not be answered.
                    if (number(payload, 0) < stream || number(payload, 4) != 0) {
                        return RawResponse.brokenOff(interim);
                    }
                } else if (id != stream) {
                    continue;
                } else if (type == RST_STREAM) {
                    // RFC 9113, 8.1: a server may cut off a request whose response is complete.
                    return RawResponse.brokenOff(interim);
                } else if (type == HEADERS || type == CONTINUATION) {
                    headers.write(payload, 0, payload.length);
                    if ((flags & END_HEADERS) != 0 && status < 200) {
                        status = status(headers.toByteArray());
                        headers.reset();
                        if (status < 200) {
                            interim.add(status);
                        }
                    }
                } else if (type == DATA) {
                    body.write(payload, 0, payload.length);
                }
                if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
                    return new RawResponse(status, interim, body.toString(ISO_8859_1));
                }
            }
        } catch (EOFException | SocketException | SSLException e) {
            return RawResponse.brokenOff(interim);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void frame(int type, int flags, int id, byte[] payload) throws IOException {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >> 16);
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[5] = (byte) (id >> 24);
        frame[6] = (byte) (id >> 16);
        frame[7] = (byte) (id >> 8);
        frame[8] = (byte) id;
        System.arraycopy(payload, 0, frame, 9, payload.length);
        out.write(frame);
        out.flush();
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0x7f) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    // RFC 7541, 6.2.2: a literal without indexing and with a new name; 5.2: neither is compressed.
    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        string(block, name);
        string(block, value);
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            // RFC 7541, 5.1
            block.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>= 7) {
                block.write(rest & 0x7f | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** The status, which comes first (RFC 9113, 8.3). */
    private static int status(byte[] block) throws IOException {
        int at = 0;
        while ((block[at] & 0xe0) == 0x20) {
            // RFC 7541, 6.3: a table's size.
            boolean isLong = (block[at] & 0x1f) == 0x1f;
            at++;
            while (isLong && block[at++] < 0) {}
        }
        int first = block[at++] & 0xff;
        int[] known = {200, 204, 206, 304, 400, 404, 500};
        if ((first & 0x80) != 0 && (first & 0x7f) >= 8 && (first & 0x7f) <= 14) {
            return known[(first & 0x7f) - 8];
        }
        int index = (first & 0x40) != 0 ? first & 0x3f : first & 0x0f;
        if ((first & 0x80) != 0 || index > 14) {
            throw new IOException("a response starts with another field than its status");
        }
        if (index == 0) {
            at += 1 + (block[at] & 0x7f);
        }
        boolean isHuffman = (block[at] & 0x80) != 0;
        int length = block[at++] & 0x7f;
        return Integer.parseInt(isHuffman ? huffmanDigits(block, at) : new String(block, at, length, ISO_8859_1));
    }

    /** Three digits in the code of RFC 7541, B: 0 to 2 have five bits, the others six. */
    private static String huffmanDigits(byte[] block, int start) {
        StringBuilder digits = new StringBuilder();
        int bit = start * 8;
        while (digits.length() < 3) {
            int five = bits(block, bit, 5);
            if (five <= 2) {
                digits.append(five);
                bit += 5;
            } else {
                digits.append(bits(block, bit, 6) - 0x19 + 3);
                bit += 6;
            }
        }
        return digits.toString();
    }

    private static int bits(byte[] block, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 1 | (i / 8 < block.length ? block[i / 8] >> (7 - i % 8) & 1 : 1);
        }
        return value;
    }
}
