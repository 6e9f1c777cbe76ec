// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

/** What a pass works with and the next one can use again. */
final class Workspace {
    private static final int SIGNED_INFO = 2 << 10;
    /** Larger documents get buffers of their own, which they then keep. */
    private static final int LARGEST = 64 << 10;

    private static final int OTHER_PART = 1 << 10;

    final NamespaceScope scope = new NamespaceScope();
    final EncodedNames names = new EncodedNames();
    private final byte[] signedInfo = new byte[SIGNED_INFO];
    private byte[] content = new byte[4 << 10];
    private boolean lent;

    /** Makes it ready for the next pass. */
    Workspace reset() {
        scope.reset();
        lent = false;
        return this;
    }

    byte[] signedInfo() {
        return signedInfo;
    }

    /** A buffer for the canonical form of a part: the first one is likely to be most of the document. */
    byte[] content(int capacity) {
        if (lent) {
            return new byte[Math.min(capacity, OTHER_PART)];
        }
        lent = true;
        if (capacity > LARGEST) {
            return new byte[capacity];
        }
        if (content.length < capacity) {
            content = new byte[Math.min(Math.max(capacity, content.length * 2), LARGEST)];
        }
        return content;
    }

    /** Whether a buffer is used again. */
    @SuppressWarnings("ReferenceEquality") // whose array it is
    boolean owns(byte[] buffer) {
        return buffer == content;
    }
}
