// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.http.HttpMessage.BodyPresence;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A body that is read, once, from a stream that may wait. */
final class StreamedBody extends Body {
    private final PushbackInputStream in;
    private final BodyIntake intake;
    private BodyFraming framing = BodyFraming.UNKNOWN;
    private @Nullable Boolean present;
    private @Nullable ContentDigest computed;

    StreamedBody(InputStream in, BodyIntake intake) {
        this.in = new PushbackInputStream(in, 1);
        this.intake = intake;
    }

    @Override
    void announce(BodyFraming newFraming) {
        framing = newFraming;
    }

    @Override
    BodyPresence presence() {
        return presence(present, framing);
    }

    @Override
    boolean isPresent() {
        Boolean known = present;
        if (known == null) {
            byte[] first = new byte[1];
            known = read(first, 0, 1) > 0;
            if (known) {
                unread(first);
            }
            requirePresence(framing, known);
            present = known;
        }
        return known;
    }

    private void unread(byte[] first) {
        try {
            in.unread(first);
        } catch (IOException e) {
            throw brokenOff();
        }
    }

    @Override
    void consume(@Nullable ContentDigest expected) {
        ContentDigest known = computed;
        if (known == null) {
            boolean isPresent = isPresent();
            known = read(wanted(expected), isPresent);
            computed = known;
        }
        if (expected != null) {
            expected.requireEqual(known);
        }
    }

    private ContentDigest read(Set<DigestAlgorithm> algorithms, boolean isPresent) {
        intake.begin(algorithms);
        if (isPresent) {
            try {
                intake.takeAll(this::read);
            } catch (IOException e) {
                throw brokenOff();
            }
            compare(framing, intake.size());
        }
        return intake.digest();
    }

    /** A client that hangs up is not the verifier's failure. */
    private int read(byte[] into, int offset, int length) {
        intake.startTime();
        int read;
        try {
            read = in.read(into, offset, length);
        } catch (IOException e) {
            throw brokenOff();
        }
        intake.checkTime();
        return read;
    }

    @Override
    InputStream open() {
        return intake.open();
    }

    @Override
    long size() {
        return intake.size();
    }

    @Override
    byte[] bytes() {
        return intake.bytes();
    }

    @Override
    public void close() {
        intake.close();
    }
}
