// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.XmlLimits;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.Spool;
import dev.signet.core.internal.base.ObjectPool;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** What signing and verifying by one profile and policy share, made once. */
final class XmlEngine {
    private static final int ANY = Integer.MAX_VALUE;
    /** A {@code >} becomes four characters, and a namespace may have to be written again in many tags. */
    private static final int GROWTH = 2;

    private static final int FREE_GROWTH = 1 << 20;
    private static final XmlLimits WIDE = XmlLimits.recommended2026()
            .withMaxBytes(Long.MAX_VALUE)
            .withMaxBytesInMemory(1)
            .withMaxDepth(ANY)
            .withMaxElements(ANY)
            .withMaxChildren(ANY)
            .withMaxAttributes(4096)
            .withMaxNamespaces(256)
            .withMaxNames(ANY)
            .withMaxNameLength(ANY)
            .withMaxTextLength(ANY)
            .withMaxAttributeLength(ANY)
            .withMaxSignedInfoBytes(ANY)
            .withMaxReferences(ANY);

    final XmlProfile profile;
    final XmlLimits limits;
    final PlaceTree places;
    /** From the root's to the signature's parent's. */
    final List<PlaceTree.Step> signatureSteps;

    final boolean objects;
    final String[] idNames;
    final String[] idNamespaces;
    final ObjectPool<Workspace> workspaces = new ObjectPool<>(Workspace::new);
    final StrictReader.Factory readers;
    /** For what was verified, and so held to the limits: its canonical form may be longer than it was. */
    final StrictReader.Factory verifiedReaders;

    private final Map<XmlDigest, ObjectPool<MessageDigest>> digests = new EnumMap<>(XmlDigest.class);

    XmlEngine(XmlProfile profile, SecurityPolicy policy, boolean instructions) {
        this.profile = profile;
        limits = policy.limits().xml();
        readers = new StrictReader.Factory(limits, instructions);
        verifiedReaders = new StrictReader.Factory(WIDE, instructions);
        places =
                new PlaceTree(profile.parts.stream().map(XmlProfile.Part::place).toList(), profile.signatureParent);
        signatureSteps = places.steps(profile.signatureParent);
        QName signature = new QName(XmlProfile.DSIG, "Signature");
        QName object = new QName(XmlProfile.DSIG, "Object");
        int signatureDepth = profile.signatureParent.size();
        objects = profile.parts.stream()
                .map(XmlProfile.Part::place)
                .anyMatch(place -> place.size() > signatureDepth + 1
                        && place.subList(0, signatureDepth).equals(profile.signatureParent)
                        && place.subList(signatureDepth, signatureDepth + 2).equals(List.of(signature, object)));
        idNames = profile.idAttributes.stream().map(QName::getLocalPart).toArray(String[]::new);
        idNamespaces = profile.idAttributes.stream().map(QName::getNamespaceURI).toArray(String[]::new);
        Providers providers = policy.providers();
        for (XmlDigest digest : XmlDigest.values()) {
            digests.put(digest, new ObjectPool<>(() -> Ciphers.messageDigest(providers, digest.jcaName)));
        }
    }

    /** @param document bytes that it has, which bound those of its canonical form */
    CanonicalOutput output(XmlDigest digest, byte[] buffer, long document, boolean digestOnly) {
        long most = Math.min(document, Long.MAX_VALUE / GROWTH - FREE_GROWTH) * GROWTH + FREE_GROWTH;
        return digestOnly
                ? CanonicalOutput.digesting(buffer, digests(digest), most)
                : CanonicalOutput.keeping(buffer, digests(digest), limits.maxBytesInMemory(), most);
    }

    /** For a document of the size that the policy allows. */
    Spool spool() {
        return Spool.upTo(limits.maxBytesInMemory(), "XML", limits.maxBytes());
    }

    /** Runs a pass over a document; the caller closes it. */
    DocumentPass run(Spool document, Plan plan, @Nullable InsertionPoint insertion) throws IOException {
        try (InputStream file = document.openFile()) {
            int capacity = (int) Math.min(document.size(), 64 << 20);
            int roomy = document.isInMemory() ? capacity + Math.min(capacity / 4, 8 << 10) + 256 : 64 << 10;
            DocumentPass pass =
                    new DocumentPass(this, plan, readers.open(document, file), document.size(), roomy, insertion);
            try {
                pass.run();
                return pass;
            } catch (IOException | RuntimeException e) {
                pass.close();
                throw e;
            }
        }
    }

    /** Whether the signature's place is inside a part, which it is then left out of. */
    boolean leavesOutSignature(int part) {
        List<QName> place = profile.parts.get(part).place();
        return profile.signatureParent.size() >= place.size()
                && profile.signatureParent.subList(0, place.size()).equals(place);
    }

    /** Idle message digests of a kind. */
    ObjectPool<MessageDigest> digests(XmlDigest digest) {
        ObjectPool<MessageDigest> pool = digests.get(digest);
        if (pool == null) {
            throw new IllegalStateException("an unknown digest");
        }
        return pool;
    }
}
