// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamPumpTest {
    @Test
    void start_demandByOne_deliversAllInOrderAndCompletesOnce() {
        Recorder recorder = new Recorder(1);
        Source source = new Source(1_000_000);
        StreamPump.start(recorder, () -> source, Runnable::run);
        assertThat(recorder.bytes).isEqualTo(1_000_000);
        assertThat(recorder.events).hasSize(62 + 1).endsWith("complete");
        assertThat(source.closed).isTrue();
    }

    @Test
    void request_withoutBound_doesNotRecurse() {
        Recorder recorder = new Recorder(Long.MAX_VALUE);
        StreamPump.start(recorder, () -> new Source(50_000_000), Runnable::run);
        assertThat(recorder.bytes).isEqualTo(50_000_000);
        assertThat(recorder.deepest).isEqualTo(1);
    }

    @Test
    void request_later_deliversNothingBefore() {
        Recorder recorder = new Recorder(0);
        Source source = new Source(10);
        StreamPump.start(recorder, () -> source, Runnable::run);
        assertThat(recorder.events).isEmpty();
        recorder.subscription.request(1);
        assertThat(recorder.events).containsExactly("next");
        recorder.subscription.request(1);
        assertThat(recorder.events).containsExactly("next", "complete");
        recorder.subscription.request(1);
        assertThat(recorder.events).hasSize(2);
    }

    @Test
    void request_notPositive_isAnError() {
        Recorder recorder = new Recorder(0);
        Source source = new Source(10);
        StreamPump.start(recorder, () -> source, Runnable::run);
        recorder.subscription.request(0);
        assertThat(recorder.events).containsExactly("error IllegalArgumentException");
        assertThat(source.closed).isTrue();
    }

    @Test
    void cancel_closesTheStream() {
        Recorder recorder = new Recorder(0);
        Source source = new Source(10);
        StreamPump.start(recorder, () -> source, Runnable::run);
        recorder.subscription.cancel();
        recorder.subscription.request(5);
        assertThat(recorder.events).isEmpty();
        assertThat(source.closed).isTrue();
    }

    @Test
    void start_streamThatBreaks_isAnErrorAndNotAnEnd() {
        Recorder recorder = new Recorder(Long.MAX_VALUE);
        Source source = new Source(40_000);
        source.breaksAt = 20_000;
        StreamPump.start(recorder, () -> source, Runnable::run);
        assertThat(recorder.events).containsExactly("next", "error IOException");
        assertThat(source.closed).isTrue();
    }

    @Test
    void request_fromManyThreads_losesNothing() throws Exception {
        Recorder recorder = new Recorder(0);
        StreamPump.start(recorder, () -> new Source(16_384 * 400), Runnable::run);
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                        for (int k = 0; k < 101; k++) {
                            recorder.subscription.request(1);
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.events).hasSize(401).endsWith("complete");
        assertThat(recorder.deepest).isEqualTo(1);
    }

    private static final class Recorder implements Flow.Subscriber<ByteBuffer> {
        private final long wish;
        private final List<String> events = new ArrayList<>();
        private Flow.Subscription subscription;
        private long bytes;
        private int depth;
        private int deepest;

        Recorder(long wish) {
            this.wish = wish;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (wish > 0) {
                given.request(wish);
                assertThat(events).isEmpty();
            }
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            deepest = Math.max(deepest, ++depth);
            bytes += buffer.remaining();
            events.add("next");
            if (wish > 0) {
                subscription.request(wish);
            }
            depth--;
        }

        @Override
        public void onError(Throwable failure) {
            events.add("error " + failure.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            events.add("complete");
        }
    }

    private static final class Source extends FilterInputStream {
        private boolean closed;
        private long breaksAt = Long.MAX_VALUE;
        private long position;

        Source(int length) {
            super(new ByteArrayInputStream(new byte[length]));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            position += Math.max(0, read);
            if (position > breaksAt) {
                throw new IOException("broken");
            }
            return read;
        }

        @Override
        public int readNBytes(byte[] buffer, int offset, int length) throws IOException {
            int total = 0;
            int read = read(buffer, offset, length);
            while (read > 0) {
                total += read;
                read = total == length ? 0 : read(buffer, offset + total, length - total);
            }
            return total;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }
    }
}
