// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.List;
import javax.xml.namespace.QName;

/**
 * What is encrypted: an element with its tags, or what is between them.
 *
 * @param path from the root down; empty for the root itself, whatever its name
 */
record EncryptionPlace(List<QName> path, boolean content) {
    static final EncryptionPlace WHOLE = new EncryptionPlace(List.of(), false);

    static EncryptionPlace element(QName... path) {
        return new EncryptionPlace(checked(path), false);
    }

    static EncryptionPlace content(QName... path) {
        return new EncryptionPlace(checked(path), true);
    }

    /** @throws IllegalArgumentException if one place is in another */
    static List<EncryptionPlace> checked(List<EncryptionPlace> places) {
        for (EncryptionPlace outer : places) {
            for (EncryptionPlace inner : places) {
                if (inner != outer && startsWith(inner.path, outer.path)) {
                    throw new IllegalArgumentException("a place is named twice, or is in another one");
                }
            }
        }
        return places.isEmpty() ? List.of(WHOLE) : List.copyOf(places);
    }

    String type() {
        return content ? Xenc.TYPE_CONTENT : Xenc.TYPE_ELEMENT;
    }

    /** Whether the innermost of these elements is at this place. */
    boolean isAt(List<QName> open) {
        return path.isEmpty() ? open.size() == 1 : open.equals(path);
    }

    /** Whether the EncryptedData of this place is a child of the innermost of these elements. */
    boolean isIn(List<QName> open) {
        if (content) {
            return open.equals(path);
        }
        return path.isEmpty()
                ? open.isEmpty()
                : open.size() == path.size() - 1 && open.equals(path.subList(0, open.size()));
    }

    @Override
    public String toString() {
        return (content ? "content of " : "element ") + path;
    }

    private static List<QName> checked(QName[] path) {
        if (path.length == 0) {
            throw new IllegalArgumentException("a place has at least one name");
        }
        return List.of(path);
    }

    private static boolean startsWith(List<QName> path, List<QName> start) {
        return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
    }
}
