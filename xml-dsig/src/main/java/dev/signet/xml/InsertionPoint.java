// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import java.io.IOException;
import java.util.Arrays;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** What a signing pass notes of the places where a signature, or what is around it, may be set. Offsets are characters. */
final class InsertionPoint {
    private final XmlEngine engine;
    private final C14n signedInfo;
    private final @Nullable QName sibling;

    /** The elements from the root to the signature's parent, by their level. */
    private final Tag[] around;

    private long siblingEnd = -1;
    private byte[] signedInfoStart = new byte[0];

    /** Where an element's content begins and ends. */
    static final class Tag {
        boolean found;
        boolean empty;
        String name = "";
        long startTagEnd;
        long endTagStart;
    }

    /**
     * @param signedInfo the canonicalization of {@code SignedInfo}
     * @param sibling after which child of its parent the signature stands; null to be the last
     */
    InsertionPoint(XmlEngine engine, C14n signedInfo, @Nullable QName sibling) {
        this.engine = engine;
        this.signedInfo = signedInfo;
        this.sibling = sibling;
        around = new Tag[engine.signatureSteps.size()];
        Arrays.setAll(around, i -> new Tag());
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    /** @param parent the step that the element's parent stands at; null if it stands at none */
    void start(
            StrictReader reader,
            NamespaceScope scope,
            EncodedNames names,
            PlaceTree.@Nullable Step parent,
            PlaceTree.@Nullable Step step)
            throws IOException {
        if (reader.depth() == 1 && engine.profile.enveloping) {
            noteSignedInfo(scope, names);
        }
        int level = level(step);
        if (level >= 0) {
            Tag tag = around[level];
            tag.found = true;
            tag.empty = reader.isEmptyElement();
            tag.name = (reader.prefix().isEmpty() ? "" : reader.prefix() + ":") + reader.local();
            tag.startTagEnd = reader.endOffset();
        }
        if (isSibling(reader, parent) && reader.isEmptyElement()) {
            siblingEnd = reader.endOffset();
        }
    }

    void end(
            StrictReader reader,
            NamespaceScope scope,
            EncodedNames names,
            PlaceTree.@Nullable Step parent,
            PlaceTree.@Nullable Step step)
            throws IOException {
        int level = level(step);
        if (level >= 0) {
            around[level].endTagStart = reader.startOffset();
            if (level == around.length - 1) {
                noteSignedInfo(scope, names);
            }
        }
        if (isSibling(reader, parent) && siblingEnd < 0) {
            siblingEnd = reader.endOffset();
        }
    }

    private int level(PlaceTree.@Nullable Step step) {
        return step == null ? -1 : engine.signatureSteps.indexOf(step);
    }

    private boolean isSibling(StrictReader reader, PlaceTree.@Nullable Step parent) {
        return sibling != null
                && parent != null
                && parent.signatureParent
                && reader.is(sibling.getNamespaceURI(), sibling.getLocalPart());
    }

    /** The start tag of SignedInfo in canonical form, which may have all namespaces of the place in it. */
    private void noteSignedInfo(NamespaceScope scope, EncodedNames names) throws IOException {
        scope.enter(SignatureText.PREFIX, XmlProfile.DSIG);
        CanonicalOutput out = CanonicalOutput.bounded(new byte[256], engine.limits.maxSignedInfoBytes());
        new CanonicalWriter(signedInfo, out, scope, names).start(SignatureText.PREFIX, "SignedInfo");
        scope.leave();
        signedInfoStart = Arrays.copyOf(out.buffer(), out.length());
    }

    // ---- what was noted --------------------------------------------------------------------------------------------

    byte[] signedInfoStart() {
        return signedInfoStart;
    }

    /** The element around the signature at a level; 0 is the root. */
    Tag around(int level) {
        return around[level];
    }

    /** How many of the elements around the signature are there. */
    int depthFound() {
        int depth = 0;
        while (depth < around.length && around[depth].found) {
            depth++;
        }
        return depth;
    }

    /** Sets text at the signature's place. */
    Edit insert(String text) {
        if (sibling != null && siblingEnd < 0) {
            throw InvalidMessageException.malformed(
                    "the document has no " + sibling.getLocalPart() + " for the signature to follow");
        }
        if (siblingEnd >= 0) {
            return new Edit(siblingEnd, siblingEnd, text);
        }
        return insertLast(around[around.length - 1], text);
    }

    /** Sets text at the end of an element. */
    private static Edit insertLast(Tag tag, String text) {
        return tag.empty ? open(tag, text) : new Edit(tag.endTagStart, tag.endTagStart, text);
    }

    /** Sets text at the beginning of an element. */
    static Edit insertFirst(Tag tag, String text) {
        return tag.empty ? open(tag, text) : new Edit(tag.startTagEnd, tag.startTagEnd, text);
    }

    /** Makes a start and an end tag of a tag that is both. */
    private static Edit open(Tag tag, String text) {
        return new Edit(tag.startTagEnd - 2, tag.startTagEnd, ">" + text + "</" + tag.name + ">");
    }
}
