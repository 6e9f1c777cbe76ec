// SPDX-License-Identifier: Apache-2.0
package dev.signet.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Keys, signers and verifiers of both sides. */
final class Fixtures {
    static final SigningKey CLIENT_KEY = SigningKey.generate(Algorithm.ED25519).withId("client");
    static final SigningKey SERVER_KEY = SigningKey.generate(Algorithm.ED25519).withId("server");
    static final HttpSigner SIGNER = HttpSigner.builder(CLIENT_KEY).build();
    static final HttpSigner SERVER_SIGNER = HttpSigner.builder(SERVER_KEY).build();

    private Fixtures() {}

    /** What a server has. */
    static HttpVerifier requests() {
        return HttpVerifier.builder(KeyResolver.of(CLIENT_KEY.verificationKey()))
                .policy(SecurityPolicy.recommended2026()
                        .withLimits(Limits.recommended2026()
                                .withMaxBodyBytes(1L << 30)
                                .withMaxBodyBytesInMemory(256 << 10)))
                .build();
    }

    /** What a client has for responses. */
    static HttpVerifier responses() {
        return responses(SecurityPolicy.recommended2026());
    }

    static HttpVerifier responses(SecurityPolicy policy) {
        return HttpVerifier.builder(KeyResolver.of(SERVER_KEY.verificationKey()))
                .policy(policy)
                .signature(SignaturePolicy.responses2026())
                .ignoreReplay()
                .build();
    }

    static SigningHttpClient client() {
        return SigningHttpClient.wrap(HttpClient.newHttpClient(), SIGNER);
    }

    static SigningHttpClient verifyingClient() {
        return SigningHttpClient.builder(HttpClient.newHttpClient(), SIGNER)
                .verifyResponses(responses())
                .build();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Fails if spool files of either direction stay; a cancelled exchange may still be removing its own. */
    static void assertNoSpools() throws Exception {
        for (int i = 0; i < 100 && !spools().isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(spools()).isEmpty();
    }

    /** Files that this process has open, where the system shows them, else those with a name. */
    static List<String> spools() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        boolean shown = Files.isDirectory(descriptors);
        try (Stream<Path> files = Files.list(shown ? descriptors : Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(file -> shown ? target(file) : file.toString())
                    .filter(name -> name.contains("signet-spool-"))
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }

    /** A response under construction, signed by the server's key as the answer to a request. */
    static final class Reply {
        int signedStatus = 200;
        int sentStatus = 200;
        byte[] signedBody = ascii("hello");
        byte[] sentBody = signedBody;
        String contentType = "text/plain";
        String sentType = contentType;
        String contentEncoding = "";
        String extraFields = "";
        boolean chunked;
        HttpSigner signer = SERVER_SIGNER;
        HttpMessage answered;

        Reply(HttpMessage answered) {
            this.answered = answered;
        }

        Reply body(byte[] body) {
            signedBody = body;
            sentBody = body;
            return this;
        }

        void writeTo(OutputStream out) throws IOException {
            HttpMessageBuilder message = HttpMessage.response(signedStatus)
                    .field("content-type", contentType)
                    .answering(answered);
            if (!contentEncoding.isEmpty()) {
                message.field("content-encoding", contentEncoding);
                extraFields += "Content-Encoding: " + contentEncoding + "\r\n";
            }
            StringBuilder head = new StringBuilder("HTTP/1.1 " + sentStatus + " Whatever\r\nConnection: close\r\n");
            head.append("Content-Type: ").append(sentType).append("\r\n").append(extraFields);
            signer.sign(message.build(), signedBody)
                    .forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
            head.append(
                    chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + sentBody.length + "\r\n\r\n");
            if (chunked) {
                head.append(sentBody.length == 0 ? "0\r\n\r\n" : Integer.toHexString(sentBody.length) + "\r\n");
            }
            out.write(ascii(head.toString()));
            if (chunked) {
                out.write(sentBody);
                out.write(ascii(sentBody.length == 0 ? "" : "\r\n0\r\n\r\n"));
                return;
            }
            out.write(sentBody);
        }
    }
}
