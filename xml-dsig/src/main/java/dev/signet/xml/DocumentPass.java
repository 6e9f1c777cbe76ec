// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Spool;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a document: holds every tag against the places of the profile, collects ids, reads the signature at its
 * place, and writes the canonical form of each part, with the signature left out of it.
 */
final class DocumentPass implements AutoCloseable {
    private final XmlEngine engine;
    private final XmlProfile profile;
    private final Plan plan;
    private final StrictReader reader;
    private final XMLStreamReader2 tag;
    private final long length;
    private final int capacity;
    private final Workspace workspace;
    private final NamespaceScope scope;
    private boolean closed;

    /** The steps of the profile that lead to the current element, as far as they do. */
    private final List<PlaceTree.Step> path = new ArrayList<>(8);

    private final boolean[] seen;
    private @Nullable Set<String> ids;

    private final PartState[] parts;
    private CanonicalWriter[] active = new CanonicalWriter[4];
    private int activeCount;
    /** Those below this index are around the signature and do not see it, if they leave it out. */
    private int aroundSignature;

    private final @Nullable SignatureReader signature;
    private boolean signatureSeen;
    private @Nullable CanonicalWriter signedInfo;
    private boolean outsideInstructions;
    private boolean rootSeen;

    private final @Nullable InsertionPoint insertion;

    /** What a pass found of one part. */
    static final class PartState {
        @Nullable
        CanonicalWriter writer;

        boolean found;
        /** Whether the signature stands in it. */
        boolean aroundSignature;

        boolean suspended;
        /** What its element is called by references. */
        List<String> ids = List.of();
        /** Elements in it, for an enveloping signature. */
        int elements;

        /** Characters of the document before the end of its start tag's name. */
        long afterName;

        String freePrefix = "";
    }

    /**
     * @param insertion null to verify; where to note the place for a signature otherwise
     * @param length bytes that the document has
     * @param capacity bytes that its canonical form is likely to have
     */
    DocumentPass(
            XmlEngine engine,
            Plan plan,
            StrictReader reader,
            long length,
            int capacity,
            @Nullable InsertionPoint insertion) {
        this.engine = engine;
        workspace = engine.workspaces.borrow().reset();
        scope = workspace.scope;
        this.profile = engine.profile;
        this.plan = plan;
        this.reader = reader;
        this.length = length;
        this.capacity = capacity;
        this.insertion = insertion;
        tag = reader.current();
        seen = new boolean[engine.places.steps];
        parts = new PartState[profile.parts.size()];
        Arrays.setAll(parts, i -> new PartState());
        signature = insertion == null ? new SignatureReader(engine.limits, engine.objects) : null;
        path.add(engine.places.root);
    }

    /** Reads the document to its end. */
    void run() throws IOException {
        startWholeDocument();
        for (int event = reader.next(); event != XMLStreamConstants.END_DOCUMENT; event = reader.next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> start();
                case XMLStreamConstants.END_ELEMENT -> end();
                case XMLStreamConstants.CHARACTERS -> text();
                default -> other(event);
            }
        }
    }

    // ---- the result ------------------------------------------------------------------------------------------------

    /** @throws VerificationException if there is none at its place */
    SignatureReader signature() {
        if (signature == null || !signatureSeen) {
            throw new VerificationException(Reason.SIGNATURE_MISSING);
        }
        return signature;
    }

    CanonicalOutput signedInfo() {
        if (signedInfo == null) {
            throw new VerificationException(Reason.SIGNATURE_MISSING);
        }
        return signedInfo.output();
    }

    /** Keeps the document's names for the next ones; it was found good. */
    void keepNames() {
        reader.keepNames();
    }

    PartState part(int index) {
        return parts[index];
    }

    /** Whether there are processing instructions outside the root. */
    boolean hasOutsideInstructions() {
        return outsideInstructions;
    }

    /** What the document is written in. */
    Charset charset() {
        return reader.charset();
    }

    /**
     * What the signature asks for.
     *
     * @param covering filled with the reference to each part; null where there is none
     * @throws VerificationException if it covers what the profile does not name, or not what it has to
     */
    Plan asked(@Nullable Reference[] covering) {
        SignatureReader read = signature();
        List<Plan.@Nullable PartPlan> asked = new ArrayList<>();
        for (Reference reference : read.references()) {
            int part = partOf(reference);
            if (covering[part] != null) {
                throw new VerificationException(Reason.COMPONENT_FORBIDDEN, "an element that is covered twice");
            }
            covering[part] = reference;
        }
        for (int i = 0; i < parts.length; i++) {
            Reference reference = covering[i];
            if (reference == null && profile.parts.get(i).required()) {
                throw new VerificationException(
                        parts[i].found ? Reason.COMPONENT_NOT_COVERED : Reason.COMPONENT_UNAVAILABLE,
                        profile.parts.get(i).name().getLocalPart());
            }
            asked.add(
                    reference == null
                            ? null
                            : new Plan.PartPlan(
                                    reference.c14n(),
                                    reference.enveloped(),
                                    reference.id().isEmpty(),
                                    reference.digest()));
            if (profile.enveloping && parts[i].elements == 0) {
                throw unavailable("no " + profile.parts.get(i).name().getLocalPart() + " in its Object");
            }
        }
        return new Plan(read.c14n(), asked);
    }

    /** Whether what this pass wrote is what is asked for. */
    boolean serves(Plan asked) {
        if (!plan.signedInfo().equals(asked.signedInfo())) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            Plan.PartPlan wanted = asked.parts().get(i);
            Plan.PartPlan done = plan.parts().get(i);
            if (wanted == null) {
                continue;
            }
            if (done == null
                    || !wanted.c14n().equals(done.c14n())
                    || parts[i].aroundSignature && wanted.enveloped() != done.enveloped()
                    || outsideInstructions && wanted.whole() != done.whole()
                    || wanted.digest() != done.digest() && !output(i).isInMemory()) {
                return false;
            }
        }
        return true;
    }

    CanonicalOutput output(int part) {
        CanonicalWriter writer = parts[part].writer;
        if (writer == null) {
            throw new IllegalStateException("the part was not written");
        }
        return writer.output();
    }

    /** The content of a part, which then belongs to the caller. */
    Spool take(int part) {
        return output(part).take(workspace);
    }

    /** Deletes what was spooled and not taken. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        engine.workspaces.giveBack(workspace);
        for (PartState part : parts) {
            if (part.writer != null) {
                part.writer.output().close();
            }
        }
    }

    private int partOf(Reference reference) {
        for (int i = 0; i < parts.length; i++) {
            boolean named = reference.id().isEmpty()
                    ? profile.parts.get(i).place().size() == 1 && !profile.enveloping
                    : parts[i].ids.contains(reference.id());
            if (named && parts[i].found) {
                return i;
            }
        }
        throw new VerificationException(
                Reason.COMPONENT_FORBIDDEN, "a reference to what the profile does not name, or to nothing");
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    private void start() throws IOException {
        scope.enter(reader);
        collectIds();
        PlaceTree.Step parent = path.get(path.size() - 1);
        // The path holds the root step and the steps of all open elements, as far as they match.
        boolean onPath = path.size() == reader.depth();
        if (signature != null) {
            startSignature(signature, onPath && parent.signatureParent);
        } else if (onPath && parent.signatureParent && !profile.enveloping && reader.is(XmlProfile.DSIG, "Signature")) {
            throw InvalidMessageException.malformed("the document has a signature at this place already");
        }
        if (onPath) {
            countInside(parent);
            PlaceTree.Step step = parent.child(reader.namespace(), reader.local());
            if (step != null) {
                enterStep(step);
            }
        }
        for (int i = 0; i < activeCount; i++) {
            if (!isSuspended(i)) {
                active[i].start(reader);
            }
        }
        if (insertion != null) {
            insertion.start(reader, scope, workspace.names, onPath ? parent : null, current());
        }
        rootSeen = true;
    }

    /** The step that the current element stands at; null if it stands at none. */
    private PlaceTree.@Nullable Step current() {
        return path.size() == reader.depth() + 1 ? path.get(reader.depth()) : null;
    }

    private void startSignature(SignatureReader open, boolean atPlace) throws IOException {
        boolean isSignature = false;
        if (!open.inSignature()) {
            if (!atPlace || !reader.is(XmlProfile.DSIG, "Signature")) {
                return;
            }
            if (signatureSeen) {
                throw new VerificationException(
                        Reason.SIGNATURE_NOT_ACCEPTABLE, "more than one signature at its place");
            }
            signatureSeen = true;
            isSignature = true;
        }
        open.start(reader);
        if (isSignature) {
            aroundSignature = activeCount;
            for (int i = 0; i < parts.length; i++) {
                PartState part = parts[i];
                Plan.PartPlan planned = plan.parts().get(i);
                if (part.writer != null && planned != null && !part.writer.isDone()) {
                    part.aroundSignature = true;
                    part.suspended = planned.enveloped();
                }
            }
        } else if (open.atSignedInfo()) {
            CanonicalWriter writer = new CanonicalWriter(
                    plan.signedInfo(),
                    CanonicalOutput.bounded(workspace.signedInfo(), engine.limits.maxSignedInfoBytes()),
                    scope,
                    workspace.names);
            signedInfo = writer;
            activate(writer);
        }
    }

    private void enterStep(PlaceTree.Step step) throws IOException {
        if (seen[step.number]) {
            throw unavailable("more than one " + step.local);
        }
        seen[step.number] = true;
        path.add(step);
        if (step.part < 0) {
            return;
        }
        PartState part = parts[step.part];
        part.found = true;
        part.ids = idsOfElement();
        if (insertion != null) {
            part.afterName = reader.startOffset()
                    + 1
                    + (reader.prefix().isEmpty() ? 0 : reader.prefix().length() + 1)
                    + reader.local().length();
            part.freePrefix = freePrefix();
        }
        Plan.PartPlan planned = plan.parts().get(step.part);
        if (planned != null && part.writer == null) {
            part.writer = open(planned);
            activate(part.writer);
        }
    }

    /** A prefix that a new namespace declaration of the current tag may use without a clash. */
    private String freePrefix() {
        String prefix = "wsu";
        for (int i = 1; !scope.uri(scope.numberOf(prefix)).isEmpty(); i++) {
            prefix = "wsu" + i;
        }
        return prefix;
    }

    private CanonicalWriter open(Plan.PartPlan planned) {
        return new CanonicalWriter(
                planned.c14n(),
                engine.output(planned.digest(), workspace.content(capacity), length, insertion != null),
                scope,
                workspace.names);
    }

    /** An enveloping signature's object holds the one element that the application means. */
    private void countInside(PlaceTree.Step parent) {
        if (profile.enveloping && parent.part >= 0) {
            PartState part = parts[parent.part];
            QName name = profile.parts.get(parent.part).name();
            part.elements++;
            if (part.elements > 1 || !reader.is(name.getNamespaceURI(), name.getLocalPart())) {
                throw unavailable("other elements in its Object than " + name.getLocalPart());
            }
        }
    }

    private void end() throws IOException {
        int depth = reader.depth();
        if (insertion != null) {
            PlaceTree.Step parent = path.size() >= depth ? path.get(depth - 1) : null;
            insertion.end(reader, scope, workspace.names, parent, current());
        }
        for (int i = activeCount - 1; i >= 0; i--) {
            if (!isSuspended(i)) {
                active[i].end();
            }
        }
        while (activeCount > 0 && active[activeCount - 1].isDone() && !isWholeDocument(active[activeCount - 1])) {
            activeCount--;
        }
        if (signature != null && signature.inSignature()) {
            signature.end();
            if (!signature.inSignature()) {
                for (PartState part : parts) {
                    part.suspended = false;
                }
            }
        }
        if (path.size() == depth + 1) {
            path.remove(depth);
        }
        scope.leave();
    }

    private void text() throws IOException {
        if (signature != null && signature.inSignature()) {
            signature.text(tag);
        }
        for (int i = 0; i < activeCount; i++) {
            if (!isSuspended(i) && reader.depth() > 0) {
                active[i].text(tag);
            }
        }
    }

    private void other(int event) throws IOException {
        if (signature != null && signature.inSignature()) {
            signature.other();
        }
        if (event != XMLStreamConstants.PROCESSING_INSTRUCTION) {
            return;
        }
        boolean outside = reader.depth() == 0;
        outsideInstructions |= outside;
        for (int i = 0; i < activeCount; i++) {
            if (isSuspended(i)) {
                continue;
            }
            if (outside && rootSeen) {
                active[i].output().ascii('\n');
            }
            active[i].instruction(tag);
            if (outside && !rootSeen) {
                active[i].output().ascii('\n');
            }
        }
    }

    // ---- writers ---------------------------------------------------------------------------------------------------

    /** A reference to the whole document takes in the processing instructions outside the root. */
    private void startWholeDocument() {
        for (int i = 0; i < parts.length; i++) {
            Plan.PartPlan planned = plan.parts().get(i);
            if (planned != null
                    && planned.whole()
                    && profile.parts.get(i).place().size() == 1) {
                parts[i].writer = open(planned);
                activate(parts[i].writer);
            }
        }
    }

    private boolean isWholeDocument(CanonicalWriter writer) {
        for (int i = 0; i < parts.length; i++) {
            Plan.PartPlan planned = plan.parts().get(i);
            if (parts[i].writer == writer) {
                return planned != null && planned.whole();
            }
        }
        return false;
    }

    private void activate(CanonicalWriter writer) {
        if (activeCount == active.length) {
            active = Arrays.copyOf(active, activeCount * 2);
        }
        active[activeCount++] = writer;
    }

    private boolean isSuspended(int index) {
        if (signature == null || !signature.inSignature() || index >= aroundSignature) {
            return false;
        }
        for (PartState part : parts) {
            if (part.writer == active[index]) {
                return part.suspended;
            }
        }
        return false;
    }

    // ---- ids -------------------------------------------------------------------------------------------------------

    private void collectIds() {
        int count = reader.attributes();
        for (int i = 0; i < count; i++) {
            if (isId(i)) {
                Set<String> all = ids;
                if (all == null) {
                    all = new HashSet<>();
                    ids = all;
                }
                if (!all.add(tag.getAttributeValue(i))) {
                    throw unavailable("an id that occurs more than once");
                }
            }
        }
    }

    /** What is not to be trusted when it is verified cannot be signed. */
    private MessageSecurityException unavailable(String what) {
        return insertion == null
                ? new VerificationException(Reason.COMPONENT_UNAVAILABLE, what)
                : InvalidMessageException.malformed("the document has " + what);
    }

    private boolean isId(int attribute) {
        String local = tag.getAttributeLocalName(attribute);
        for (int i = 0; i < engine.idNames.length; i++) {
            if (engine.idNames[i].equals(local)) {
                String namespace = tag.getAttributeNamespace(attribute);
                if (engine.idNamespaces[i].equals(namespace == null ? "" : namespace)) {
                    return true;
                }
            }
        }
        // XML Signature's own elements have theirs, whatever the profile says.
        return local.equals("Id") && reader.namespace().equals(XmlProfile.DSIG) && isUnprefixed(attribute);
    }

    private boolean isUnprefixed(int attribute) {
        String namespace = tag.getAttributeNamespace(attribute);
        return namespace == null || namespace.isEmpty();
    }

    private List<String> idsOfElement() {
        int count = reader.attributes();
        List<String> found = List.of();
        for (int i = 0; i < count; i++) {
            if (isId(i)) {
                if (found.isEmpty()) {
                    found = new ArrayList<>(1);
                }
                found.add(tag.getAttributeValue(i));
            }
        }
        return found;
    }
}
