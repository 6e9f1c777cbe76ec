// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signed;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies that do not fit into memory. */
class StreamingTest implements Ways {
    private static final int HUNDRED_MB = 100 << 20;

    @Test
    void example() throws IOException {
        KeyResolver keys = KeyResolver.of(Fixture.KEY.verificationKey());
        HttpMessage request = signed(HttpSigner.builder(Fixture.KEY), BODY);
        InputStream body = new ByteArrayInputStream(BODY);
        List<String> seen = new ArrayList<>();
        // tag::verify[]
        HttpVerifier verifier = HttpVerifier.builder(keys).build();
        try (VerifiedMessage verified = verifier.verify(request, body)) {
            seen.add(verified.keyId() + " " + verified.targetUri().orElseThrow());
            seen.add(new String(verified.contentStream().readAllBytes(), UTF_8));
        }
        // end::verify[]
        assertThat(seen).containsExactly("client-1 https://api.example.com/payments?run=17", new String(BODY, UTF_8));
    }

    @Test
    void signAndVerify_100MB_inConstantMemory() throws IOException {
        HttpVerifier verifier = verifier()
                .policy(SecurityPolicy.recommended2026()
                        .withLimits(Limits.recommended2026()
                                .withMaxBodyBytes(HUNDRED_MB)
                                .withMaxBodyBytesInMemory(64 << 10)))
                .build();
        // Warm up, so that class loading is not counted.
        signer().build().sign(request().build(), ContentDigest.of(DigestAlgorithm.SHA_256, new Pattern(10), 10));
        verify(verifier, signed(), new ByteArrayInputStream(BODY)).close();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        ContentDigest digest = ContentDigest.of(DigestAlgorithm.SHA_256, new Pattern(HUNDRED_MB), HUNDRED_MB);
        HttpMessage message = request()
                .fields(signer().build().sign(request().build(), digest))
                .build();
        try (VerifiedMessage verified = verify(verifier, message, new Pattern(HUNDRED_MB));
                InputStream body = verified.contentStream()) {
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isLessThan(2L << 20);
            assertThat(Spools.open()).hasSize(1);
            assertThat(ContentDigest.of(DigestAlgorithm.SHA_256, body, HUNDRED_MB)
                            .fieldValue())
                    .isEqualTo(digest.fieldValue());
            assertThatThrownBy(verified::contentBytes).isInstanceOf(IllegalStateException.class);
        }
        assertThat(Spools.open()).isEmpty();
    }

    @Test
    void verify_declaredLengthOverTheCap_isRefusedUnread() {
        Pattern body = new Pattern(HUNDRED_MB);
        HttpMessage message = request()
                .field("content-length", Integer.toString(HUNDRED_MB))
                .field("signature-input", "s=()")
                .field("signature", "s=:AA==:")
                .build();
        assertTooLarge(message, body);
        assertThat(body.position).isZero();
    }

    @Test
    void verify_undeclaredLengthOverTheCap_stopsAtTheCap() throws IOException {
        ContentDigest digest = ContentDigest.of(DigestAlgorithm.SHA_256, new Pattern(HUNDRED_MB), HUNDRED_MB);
        HttpMessage message = request()
                .fields(signer().build().sign(request().build(), digest))
                .build();
        Pattern body = new Pattern(HUNDRED_MB);
        assertTooLarge(message, body);
        assertThat(body.position).isLessThan((10 << 20) + (64 << 10));
        assertThat(Spools.open()).isEmpty();
    }

    @Test
    void verify_badSignature_leavesTheBodyUnread() {
        Pattern body = new Pattern(1 << 20);
        HttpMessage message = request()
                .field("content-digest", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")
                .field(
                        "signature-input",
                        "s=(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\")" + Fixture.created())
                .field("signature", "s=:" + "A".repeat(43) + "=:")
                .build();
        assertRejected(Reason.SIGNATURE_INVALID, () -> verify(verifier().build(), message, body));
        assertThat(body.position).isZero();
    }

    @Test
    void verify_spooledBodyThatWasChanged_isRejectedAndRemoved() throws IOException {
        ContentDigest digest = ContentDigest.of(DigestAlgorithm.SHA_256, new Pattern(1 << 20), 1 << 20);
        HttpMessage message = request()
                .fields(signer().build().sign(request().build(), digest))
                .build();
        Pattern changed = new Pattern(1 << 20);
        changed.seed = 1;
        assertRejected(Reason.DIGEST_MISMATCH, () -> verify(verifier().build(), message, changed));
        assertThat(Spools.open()).isEmpty();
    }

    @Test
    void verify_streamThatBreaksOff_isInvalid() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> verify(verifier().build(), signed(), broken))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void verify_trailersComeAfterTheBody() {
        String digest = ContentDigest.of(DigestAlgorithm.SHA_256, BODY).fieldValue();
        HttpMessage unsigned = request()
                .field("content-digest", digest)
                .trailer("x-checksum", "17")
                .build();
        HttpSigner signer = signer().cover(
                        Component.METHOD,
                        Component.TARGET_URI,
                        Component.field("content-type"),
                        Component.CONTENT_DIGEST,
                        Component.field("x-checksum").tr())
                .build();
        SignatureFields fields = signer.sign(unsigned, BODY);
        ByteArrayInputStream body = new ByteArrayInputStream(BODY);
        HttpMessage received = new TrailersAfterBody(
                request().field("content-digest", digest).fields(fields).build(), body);
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026().allowTrailers())
                .build();
        try (VerifiedMessage verified = verify(verifier, received, body)) {
            assertThat(verified.value(Component.field("x-checksum").tr())).contains("17");
            assertThat(verified.contentBytes()).isEqualTo(BODY);
        }
    }

    @Test
    void verify_trailersClaimedUnderAnUnknownKey_leaveTheBodyUnread() {
        Pattern body = new Pattern(1 << 20);
        HttpMessage message = request()
                .field("content-digest", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")
                .field(
                        "signature-input",
                        "s=(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\" \"x\";tr)"
                                + Fixture.created().replace("client-1", "nobody"))
                .field("signature", "s=:AA==:")
                .build();
        HttpVerifier verifier = verifier()
                .signature(SignaturePolicy.recommended2026().allowTrailers())
                .build();
        assertRejected(Reason.KEY_UNKNOWN, () -> verify(verifier, message, body));
        assertThat(body.position).isZero();
    }

    private void assertTooLarge(HttpMessage message, InputStream body) {
        assertThatThrownBy(() -> verify(verifier().build(), message, body))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    /** Bytes that are made as they are read. */
    private static final class Pattern extends InputStream {
        private final int length;
        private int seed;
        private int position;

        Pattern(int length) {
            this.length = length;
        }

        @Override
        public int read() {
            return position == length ? -1 : (position++ * 31 + seed) & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) {
            if (position == length) {
                return -1;
            }
            int most = Math.min(count, length - position);
            for (int i = 0; i < most; i++) {
                bytes[offset + i] = (byte) (position++ * 31 + seed);
            }
            return most;
        }
    }

    /** As on a connection: there are no trailers while the body is not at its end. */
    private record TrailersAfterBody(HttpMessage message, InputStream body) implements HttpMessage {
        @Override
        public boolean isRequest() {
            return true;
        }

        @Override
        public String method() {
            return message.method();
        }

        @Override
        public String scheme() {
            return message.scheme();
        }

        @Override
        public String authority() {
            return message.authority();
        }

        @Override
        public String requestTarget() {
            return message.requestTarget();
        }

        @Override
        public int status() {
            return 0;
        }

        @Override
        public List<String> fieldValues(String name) {
            return message.fieldValues(name);
        }

        @Override
        public List<String> trailerValues(String name) {
            try {
                return body.available() > 0 ? List.of() : name.equals("x-checksum") ? List.of("17") : List.of();
            } catch (IOException e) {
                return List.of();
            }
        }
    }
}
