// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detached payloads that are read as streams: bounded, in small pieces, and never kept. */
class JwsStreamingTest {
    private static final long SIZE = 64L << 20;
    private static final SecurityPolicy LARGE = SecurityPolicy.recommended2026()
            .withLimits(Limits.recommended2026().withMaxBodyBytes(SIZE).withMaxBodyBytesInMemory(1 << 10));

    @ParameterizedTest
    @CsvSource({"HS256, true", "HS256, false", "ES256, true"})
    void verifyDetached_largeStream_isReadInSmallPieces(Algorithm algorithm, boolean encoded) throws Exception {
        SigningKey key = SigningKey.generate(algorithm);
        JwsSigner.Builder signer = JwsSigner.builder(key).policy(LARGE);
        if (!encoded) {
            signer.unencodedPayload();
        }
        JwsVerifier verifier =
                JwsVerifier.builder(Tokens.resolver(key)).policy(LARGE).build();
        Counting signed = new Counting(SIZE, -1);
        String jws = signer.build().signDetached(signed);
        Counting verified = new Counting(SIZE, -1);
        long before = allocated();
        assertThat(verifier.verifyDetached(jws, verified).key().id()).isEqualTo(key.id());
        long during = allocated() - before;
        for (Counting stream : new Counting[] {signed, verified}) {
            assertThat(stream.position).isEqualTo(SIZE);
            assertThat(stream.largestRead).isLessThanOrEqualTo(64 << 10);
            assertThat(stream.closed).as("closed").isFalse();
        }
        // Pieces are made anew, but the whole is never put together, which would take several times its size at once.
        assertThat(during).isLessThan(8 * SIZE);
    }

    @Test
    void verifyDetached_oneOtherByte_isRejected() throws Exception {
        for (Algorithm algorithm : new Algorithm[] {Algorithm.HS256, Algorithm.ES256, Algorithm.ED25519}) {
            SigningKey key = SigningKey.generate(algorithm);
            String jws = JwsSigner.builder(key).build().signDetached(new Counting(100_000, -1));
            for (long different : new long[] {0, 50_000, 99_999}) {
                Tokens.assertRefused(
                        Reason.SIGNATURE_INVALID,
                        () -> Tokens.verifier(key).verifyDetached(jws, new Counting(100_000, different)));
            }
            for (long size : new long[] {0, 99_999, 100_001}) {
                Tokens.assertRefused(
                        Reason.SIGNATURE_INVALID,
                        () -> Tokens.verifier(key).verifyDetached(jws, new Counting(size, -1)));
            }
        }
    }

    @Test
    void verifyDetached_streamOverTheCap_isRefusedAtTheCap() throws Exception {
        for (Algorithm algorithm : new Algorithm[] {Algorithm.HS256, Algorithm.ES256, Algorithm.ED25519}) {
            SigningKey key = SigningKey.generate(algorithm);
            long cap = 1 << 20;
            SecurityPolicy policy = SecurityPolicy.recommended2026()
                    .withLimits(Limits.recommended2026().withMaxBodyBytes(cap).withMaxBodyBytesInMemory(1 << 10));
            JwsSigner signer = JwsSigner.builder(key).policy(policy).build();
            JwsVerifier verifier =
                    JwsVerifier.builder(Tokens.resolver(key)).policy(policy).build();
            String jws = signer.signDetached(new Counting(cap, -1));
            verifier.verifyDetached(jws, new Counting(cap, -1));
            Counting endless = new Counting(Long.MAX_VALUE, -1);
            Tokens.assertTooLarge(() -> verifier.verifyDetached(jws, endless));
            assertThat(endless.position).isLessThan(cap + (128 << 10));
            assertThatThrownBy(() -> signer.signDetached(new Counting(cap + 1, -1)))
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue());
        }
    }

    @Test
    void verifyDetached_streamThatBreaksOff_isAnErrorAndNoVerdict() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.HS256);
        String jws = JwsSigner.builder(key).build().signDetached(new Counting(1000, -1));
        InputStream broken = new Counting(1000, -1) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> Tokens.verifier(key).verifyDetached(jws, broken))
                .isInstanceOf(IOException.class)
                .hasMessage("connection reset");
    }

    /** Refused before a byte is read, so that strangers cannot make a server read. */
    @Test
    void verifyDetached_unknownKeyOrOtherAlgorithm_readsNothing() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.HS256);
        SigningKey other = SigningKey.generate(Algorithm.ES256);
        Counting stream = new Counting(1000, -1);
        String jws = JwsSigner.builder(other).build().signDetached(new byte[0]);
        Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> Tokens.verifier(key).verifyDetached(jws, stream));
        String mismatch = JwsSigner.builder(other).withoutKeyId().build().signDetached(new byte[0]);
        Tokens.assertRefused(
                Reason.ALGORITHM_MISMATCH, () -> Tokens.verifier(key).verifyDetached(mismatch, stream));
        String attached = JwsSigner.builder(key).build().sign(new byte[9]);
        Tokens.assertMalformed("payload", () -> Tokens.verifier(key).verifyDetached(attached, stream));
        assertThat(stream.position).isZero();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Bytes made while they are read; one of them may differ. */
    private static class Counting extends InputStream {
        private final long size;
        private final long different;
        long position;
        int largestRead;
        boolean closed;

        Counting(long size, long different) {
            this.size = size;
            this.different = different;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            largestRead = Math.max(largestRead, length);
            if (position == size) {
                return -1;
            }
            int n = (int) Math.min(length, size - position);
            Arrays.fill(buffer, offset, offset + n, (byte) 'x');
            if (different >= position && different < position + n) {
                buffer[offset + (int) (different - position)] = 'y';
            }
            position += n;
            return n;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
