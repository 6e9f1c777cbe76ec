// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Keyset;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Derived;
import dev.signet.core.internal.Keys;
import dev.signet.core.internal.Lowered;
import dev.signet.core.internal.Primaries;
import dev.signet.core.internal.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/**
 * Signs XML documents (XML Signature 1.1): enveloped, enveloping, by id, and SOAP messages by WS-Security.
 *
 * <p>The signature is set into the document as it was given; every other byte stays as it is, but for ids that covered
 * elements need and lack, and the header that a SOAP message needs and lacks. A covered element with an id is referred to by
 * it, and the root without one as the whole document.
 *
 * <p><b>Security properties.</b> A document type declaration is refused, since it could change what is signed; so is a
 * document that has a signature at the place already. The same limits hold as for {@link XmlVerifier}.
 *
 * <p>Immutable and thread-safe. Every method throws {@link InvalidMessageException} for what cannot be signed, and {@link
 * UnavailableException} if the key cannot be used or a temporary file not be written; then nothing has been written.
 */
public final class XmlSigner {
    private static final byte[] SIGNED_INFO_END = SignatureText.SIGNED_INFO_END.getBytes(StandardCharsets.US_ASCII);

    private final Derived<SigningKey, Keyed> keyed;
    private final XmlEngine engine;
    private final SecurityPolicy policy;
    private final XmlDigest digest;
    private final C14n c14n;
    private final String lowered;
    private final @Nullable QName sibling;
    private final Audit audit;
    private final SecureRandom random = new SecureRandom();

    /** A key, and what is written of it. */
    private record Keyed(SigningKey key, SignatureText text, String keyInfo) {}

    private XmlSigner(Builder builder) {
        policy = builder.policy;
        engine = new XmlEngine(builder.profile, policy, builder.instructions);
        digest = builder.digest;
        c14n = new C14n(builder.canonicalization, List.of());
        keyed = Derived.of(builder.source, builder.preparation());
        lowered = builder.lowered.toString();
        sibling = builder.sibling;
        audit = new Audit("xml", builder.listener, builder.clock);
    }

    /** Starts a signer with its key, and the kind of document that it signs. */
    public static Builder builder(SigningKey key, XmlProfile profile) {
        return new Builder(Derived.Source.fixed(key), profile);
    }

    /** Starts a signer with the primary key of a keyset. */
    public static Builder builder(Keyset<SigningKey> keys, XmlProfile profile) {
        return builder(keys.primary(), profile);
    }

    /**
     * Starts a signer with the primary key of the keyset of the time: the supplier, such as {@code file::signingKeys}, is asked
     * for each document, so that a rotation needs no new signer. A primary key that this signer cannot use is an {@link
     * IllegalStateException} then; a supplier that fails, an {@link UnavailableException}.
     */
    public static Builder builder(Supplier<Keyset<SigningKey>> keys, XmlProfile profile) {
        return new Builder(Primaries.of(keys), profile);
    }

    /**
     * Signs a document in UTF-8, US-ASCII or ISO-8859-1.
     *
     * @return the document with its signature, in the same encoding
     */
    public byte[] sign(byte[] xml) {
        try {
            return sign(Spool.of(xml, xml.length), (document, charset, edits) -> Edit.apply(document, charset, edits));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Signs a document of any size that the policy allows, in the memory that it allows. The streams are not closed.
     *
     * @throws IOException if a stream, or a temporary file again, cannot be read, or the result not be written
     */
    public void sign(InputStream xml, OutputStream signed) throws IOException {
        try (Spool content = engine.spool()) {
            try {
                content.fill(xml::read);
            } catch (MessageSecurityException e) {
                throw audit.refused(e, keyed.get().key);
            }
            sign(content, (document, charset, edits) -> {
                Edit.apply(document, charset, edits, signed);
                return signed;
            });
        }
    }

    @Override
    public String toString() {
        return "XmlSigner[" + keyed.get().key + ", " + engine.profile + lowered + "]";
    }

    // ---- signing ---------------------------------------------------------------------------------------------------

    @FunctionalInterface
    private interface Writing<T> {
        T write(Spool document, Charset charset, List<Edit> edits) throws IOException;
    }

    private <T> T sign(Spool document, Writing<T> writing) throws IOException {
        Keyed now = keyed.get();
        try {
            T result = engine.profile.enveloping
                    ? signEnveloping(document, now, writing)
                    : signPrepared(document, now, writing);
            audit.accepted(SecurityEvent.Type.SIGNED, now.key);
            return result;
        } catch (MessageSecurityException e) {
            throw audit.refused(e, now.key);
        }
    }

    private <T> T signPrepared(Spool document, Keyed now, Writing<T> writing) throws IOException {
        InsertionPoint place = new InsertionPoint(engine, c14n, sibling);
        try (DocumentPass pass = engine.run(document, plan(false), place)) {
            List<Edit> edits = preparations(pass, place);
            if (!edits.isEmpty()) {
                try (Spool prepared = edited(document, pass.charset(), edits)) {
                    return signPrepared(prepared, now, writing);
                }
            }
            if (pass.hasOutsideInstructions() && coversWhole(pass)) {
                try (DocumentPass whole = engine.run(document, plan(true), place)) {
                    return finish(document, now, whole, place, writing);
                }
            }
            return finish(document, now, pass, place, writing);
        }
    }

    private <T> T finish(Spool document, Keyed now, DocumentPass pass, InsertionPoint place, Writing<T> writing)
            throws IOException {
        pass.keepNames();
        String signature = signature(now, pass, place, SignatureText.START, SignatureText.END);
        return writing.write(document, pass.charset(), List.of(place.insert(signature)));
    }

    private String signature(Keyed now, DocumentPass pass, InsertionPoint place, String before, String after)
            throws IOException {
        StringBuilder inside = new StringBuilder(1024).append(now.text.methods());
        for (int i = 0; i < engine.profile.parts.size(); i++) {
            DocumentPass.PartState part = pass.part(i);
            if (part.found) {
                byte[] value = pass.output(i).digest(engine.digests(digest));
                String id = part.ids.isEmpty() ? "" : part.ids.get(0);
                inside.append(now.text.reference(id, engine.leavesOutSignature(i), value));
            }
        }
        byte[] start = place.signedInfoStart();
        byte[] rest = inside.toString().getBytes(StandardCharsets.UTF_8);
        byte[] end = SIGNED_INFO_END;
        byte[] signedInfo = Arrays.copyOf(start, start.length + rest.length + end.length);
        System.arraycopy(rest, 0, signedInfo, start.length, rest.length);
        System.arraycopy(end, 0, signedInfo, start.length + rest.length, end.length);
        byte[] value = Keys.sign(now.key, signedInfo, 0, signedInfo.length, policy.providers());
        return SignatureText.signature(before, inside, value, now.keyInfo, after);
    }

    private <T> T signEnveloping(Spool document, Keyed now, Writing<T> writing) throws IOException {
        long[] root = rootOf(document);
        String before = SignatureText.START + "<ds:Object Id=\"" + newId() + "\">";
        List<Edit> wrapping =
                List.of(new Edit(0, root[0], before), new Edit(root[1], Edit.END, "</ds:Object>" + SignatureText.END));
        try (Spool wrapped = edited(document, StandardCharsets.UTF_8, wrapping)) {
            InsertionPoint place = new InsertionPoint(engine, c14n, null);
            try (DocumentPass pass = engine.run(wrapped, plan(false), place)) {
                requireParts(pass);
                long at = SignatureText.START.length();
                return writing.write(
                        wrapped,
                        StandardCharsets.UTF_8,
                        List.of(new Edit(at, at, signature(now, pass, place, "", ""))));
            }
        }
    }

    /** Where the root element begins and ends; nothing around it is signed, or kept. */
    private long[] rootOf(Spool document) throws IOException {
        QName name = engine.profile.parts.get(0).name();
        try (InputStream file = document.openFile()) {
            StrictReader reader = engine.readers.open(document, file);
            long start = 0;
            long end = 0;
            for (int event = reader.next(); event != XMLStreamConstants.END_DOCUMENT; event = reader.next()) {
                if (event == XMLStreamConstants.START_ELEMENT && reader.depth() == 1) {
                    start = reader.startOffset();
                    if (reader.charset().equals(StandardCharsets.ISO_8859_1)
                            || !reader.is(name.getNamespaceURI(), name.getLocalPart())) {
                        throw InvalidMessageException.malformed(
                                "the document is not a " + name.getLocalPart() + " in UTF-8, which is to be enveloped");
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT && reader.depth() == 1) {
                    end = reader.endOffset();
                }
            }
            return new long[] {start, end};
        }
    }

    private Plan plan(boolean whole) {
        Plan.PartPlan part = new Plan.PartPlan(c14n, true, whole, digest);
        return new Plan(c14n, Collections.nCopies(engine.profile.parts.size(), part));
    }

    private boolean coversWhole(DocumentPass pass) {
        for (int i = 0; i < engine.profile.parts.size(); i++) {
            if (engine.profile.parts.get(i).place().size() == 1
                    && pass.part(i).ids.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    // ---- what a document lacks -------------------------------------------------------------------------------------

    private List<Edit> preparations(DocumentPass pass, InsertionPoint place) {
        requireParts(pass);
        List<Edit> edits = new ArrayList<>();
        int found = place.depthFound();
        int needed = engine.signatureSteps.size();
        if (found < needed) {
            if (!engine.profile.soap || found == 0) {
                throw InvalidMessageException.malformed("the document has no "
                        + engine.profile.signatureParent.get(found).getLocalPart() + " for the signature to stand in");
            }
            edits.add(InsertionPoint.insertFirst(place.around(found - 1), missing(found, place.around(0).name)));
        }
        for (int i = 0; i < engine.profile.parts.size(); i++) {
            DocumentPass.PartState part = pass.part(i);
            if (part.found
                    && part.ids.isEmpty()
                    && engine.profile.parts.get(i).place().size() > 1) {
                edits.add(new Edit(part.afterName, part.afterName, idAttribute(part)));
            }
        }
        return edits;
    }

    private void requireParts(DocumentPass pass) {
        for (int i = 0; i < engine.profile.parts.size(); i++) {
            XmlProfile.Part part = engine.profile.parts.get(i);
            if (part.required() && !pass.part(i).found) {
                throw InvalidMessageException.malformed(
                        "the document has no " + part.name().getLocalPart() + " at the place that is to be signed");
            }
        }
    }

    /** The header blocks of WS-Security 1.1, 6, from a level down; the envelope's prefix is the header's, too. */
    private static String missing(int level, String envelope) {
        String security = "<wsse:Security xmlns:wsse=\"" + XmlProfile.WSSE + "\"></wsse:Security>";
        String header = envelope.substring(0, envelope.lastIndexOf(':') + 1) + "Header";
        return level == 1 ? "<" + header + ">" + security + "</" + header + ">" : security;
    }

    private String idAttribute(DocumentPass.PartState part) {
        QName name = engine.profile.soap ? new QName(XmlProfile.WSU, "Id") : engine.profile.idAttributes.get(0);
        if (name.getNamespaceURI().isEmpty()) {
            return " " + name.getLocalPart() + "=\"" + newId() + "\"";
        }
        if (name.getNamespaceURI().equals(NamespaceScope.XML)) {
            return " xml:" + name.getLocalPart() + "=\"" + newId() + "\"";
        }
        String prefix = part.freePrefix;
        return " xmlns:" + prefix + "=\"" + SignatureText.escape(name.getNamespaceURI()) + "\" " + prefix + ":"
                + name.getLocalPart() + "=\"" + newId() + "\"";
    }

    private String newId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return "id-" + HexFormat.of().formatHex(bytes);
    }

    private Spool edited(Spool document, Charset charset, List<Edit> edits) throws IOException {
        if (document.isInMemory()) {
            byte[] bytes = Edit.apply(document, charset, edits);
            return Spool.of(bytes, bytes.length);
        }
        Spool file = Spool.upTo(0, "XML");
        try {
            Edit.apply(document, charset, edits, file.output());
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Collects what a signer needs. */
    public static final class Builder {
        private final Derived.Source<SigningKey> source;
        private final XmlProfile profile;
        private final Lowered lowered = new Lowered();
        private XmlCanonicalization canonicalization = XmlCanonicalization.EXCLUSIVE;
        private XmlDigest digest = XmlDigest.SHA_256;
        private final List<List<X509Certificate>> certificates = new ArrayList<>();
        private boolean named = true;
        private boolean instructions;
        private @Nullable QName sibling;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(Derived.Source<SigningKey> source, XmlProfile profile) {
            this.source = source;
            this.profile = profile;
        }

        /** Another canonicalization than the exclusive one, for all parts and for the signature itself. */
        public Builder canonicalization(XmlCanonicalization canonicalization) {
            this.canonicalization = canonicalization;
            return this;
        }

        /** Another digest than SHA-256. */
        public Builder digest(XmlDigest digest) {
            this.digest = digest;
            return this;
        }

        /**
         * The key's certificate, followed by those above it if they are wanted: {@code KeyInfo} carries them, not a name. For a
         * keyset it is called for each key that may become primary.
         */
        public Builder certificates(X509Certificate first, X509Certificate... above) {
            List<X509Certificate> chain = new ArrayList<>(List.of(above));
            chain.add(0, first);
            certificates.add(chain);
            return this;
        }

        /** No {@code KeyInfo}: the other side knows which key to take. Without this, it names the key by its id. */
        public Builder withoutKeyInfo() {
            named = false;
            return this;
        }

        /** The signature follows this child of its parent, as SAML wants it after the issuer; without this, it is the last. */
        public Builder after(QName sibling) {
            this.sibling = sibling;
            return this;
        }

        /** Signs processing instructions, too, which verifiers refuse if they are not told otherwise. */
        public Builder allowProcessingInstructions() {
            instructions = true;
            lowered.add("allowProcessingInstructions");
            return this;
        }

        /** Another policy than the recommended one. */
        public Builder policy(SecurityPolicy policy) {
            this.policy = policy;
            return this;
        }

        /** Hears of every signature. */
        public Builder listener(SecurityListener listener) {
            this.listener = listener;
            return this;
        }

        /** Another clock than the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * The signer.
         *
         * @throws IllegalArgumentException if the policy does not accept the key's algorithm or XML Signature has no name for
         *     it, or the certificate is another key's
         */
        public XmlSigner build() {
            return new XmlSigner(this);
        }

        /** What is done for each key, with the settings of now. */
        private Function<SigningKey, Keyed> preparation() {
            SecurityPolicy accepted = policy;
            XmlCanonicalization form = canonicalization;
            XmlDigest hash = digest;
            List<List<X509Certificate>> chains = List.copyOf(certificates);
            boolean isNamed = named;
            return key -> {
                if (!accepted.algorithms().contains(key.algorithm())) {
                    throw new IllegalArgumentException(
                            "the policy does not accept " + key.algorithm().joseName());
                }
                String keyInfo = !chains.isEmpty()
                        ? ownCertificates(key, chains)
                        : isNamed ? SignatureText.keyName(key.id()) : "";
                return new Keyed(key, new SignatureText(key, form, hash), keyInfo);
            };
        }

        private static String ownCertificates(SigningKey key, List<List<X509Certificate>> chains) {
            byte[] own = key.verificationKey()
                    .publicKey()
                    .orElseThrow(() -> new IllegalArgumentException("a shared secret has no certificate"))
                    .getEncoded();
            for (List<X509Certificate> chain : chains) {
                if (MessageDigest.isEqual(own, chain.get(0).getPublicKey().getEncoded())) {
                    return SignatureText.certificates(chain);
                }
            }
            throw new IllegalArgumentException("the first certificate is not the key's");
        }
    }
}
