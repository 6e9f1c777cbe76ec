// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * Texts of ASCII characters that lie in one array, as column stores and wire formats have them. Nothing is copied: the array
 * must not change while it is worked on.
 *
 * <pre>{@code
 * byte[] tokens = new byte[column.length];
 * Map<Integer, MessageSecurityException> errors =
 *         cards.tokenizeAll(ByteColumn.fixedWidth(column, 16), tokens, ColumnOptions.defaults());
 * }</pre>
 */
@CheckReturnValue
public final class ByteColumn {
    final byte[] bytes;

    private final int width;
    private final int[] offsets;
    private final int size;

    private ByteColumn(byte[] bytes, int width, int[] offsets, int size) {
        this.bytes = bytes;
        this.width = width;
        this.offsets = offsets;
        this.size = size;
    }

    /**
     * Texts of one length, one behind the other.
     *
     * @param width bytes of each
     * @throws IllegalArgumentException if the array is no multiple of the width
     */
    public static ByteColumn fixedWidth(byte[] bytes, int width) {
        if (width < 1 || bytes.length % width != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes are no multiple of the width " + width);
        }
        return new ByteColumn(bytes, width, new int[0], bytes.length / width);
    }

    /**
     * Texts of different lengths: row i lies from {@code offsets[i]}, inclusive, to {@code offsets[i + 1]}, exclusive.
     *
     * @throws IllegalArgumentException if the offsets do not ascend within the array
     */
    public static ByteColumn of(byte[] bytes, int[] offsets) {
        int[] copy = offsets.clone();
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] < (i == 0 ? 0 : copy[i - 1]) || copy[i] > bytes.length) {
                throw new IllegalArgumentException("offset " + i + " does not ascend within the array");
            }
        }
        if (copy.length == 0) {
            throw new IllegalArgumentException("there is one offset more than rows");
        }
        return new ByteColumn(bytes, 0, copy, copy.length - 1);
    }

    /** The number of rows. */
    public int size() {
        return size;
    }

    int start(int row) {
        return width > 0 ? row * width : offsets[row];
    }

    int end(int row) {
        return width > 0 ? (row + 1) * width : offsets[row + 1];
    }

    void requireTarget(byte[] target) {
        if (target == bytes || target.length != bytes.length) {
            throw new IllegalArgumentException("the target is another array of the same length");
        }
    }

    @Override
    public String toString() {
        return "ByteColumn[" + size + " rows]";
    }
}
