// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Limits;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** DEFLATE (RFC 1951) backwards, for {@code zip} (RFC 7516, 4.1.3), with an end to it. */
final class Inflation {
    private static final int BUFFER_BYTES = 8192;

    private Inflation() {}

    /**
     * The inflated bytes.
     *
     * @throws DataFormatException also if there would be more of them than the limits allow; no more are then made
     */
    static byte[] inflate(byte[] compressed, Limits limits) throws DataFormatException {
        long max = Math.min(limits.maxInflatedBytes(), (long) compressed.length * limits.maxInflationRatio());
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(compressed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 && !inflater.finished()) {
                    throw new DataFormatException("truncated, or with a dictionary");
                }
                if (out.size() + (long) count > max) {
                    throw new DataFormatException("more than the limits allow");
                }
                out.write(buffer, 0, count);
            }
            if (inflater.getRemaining() > 0) {
                throw new DataFormatException("bytes after the end");
            }
            return out.toByteArray();
        } finally {
            inflater.end();
        }
    }
}
