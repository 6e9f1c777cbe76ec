// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.core.XmlLimits;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ds:Signature} from the same events that are canonicalized: children in the order of the schema, nothing
 * beside them, no comment anywhere, and only the algorithms that need no trust in the message (XML Signature 1.1, 4).
 */
final class SignatureReader {
    private static final String DSIG = XmlProfile.DSIG;
    private static final String DSIG11 = "http://www.w3.org/2009/xmldsig11#";
    private static final String ENVELOPED = DSIG + "enveloped-signature";
    private static final String MANIFEST = DSIG + "Manifest";
    private static final String EXCLUSIVE_NAMESPACE = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private static final int MAX_LEVELS = 8;
    private static final int MAX_PREFIXES = 32;
    private static final Map<String, XmlCanonicalization> CANONICALIZATIONS = canonicalizations();
    private static final Map<String, XmlDigest> DIGESTS = digests();
    private static final Set<String> ALGORITHM = Set.of("Algorithm");
    private static final Set<String> ID = Set.of("Id");

    private enum Kind {
        SIGNATURE,
        SIGNED_INFO,
        SIGNATURE_VALUE,
        KEY_INFO,
        OBJECT,
        CANONICALIZATION_METHOD,
        SIGNATURE_METHOD,
        HMAC_OUTPUT_LENGTH,
        REFERENCE,
        TRANSFORMS,
        TRANSFORM,
        INCLUSIVE_NAMESPACES,
        DIGEST_METHOD,
        DIGEST_VALUE,
        KEY_NAME,
        X509_DATA,
        X509_CERTIFICATE,
        X509_ISSUER_SERIAL,
        X509_ISSUER_NAME,
        X509_SERIAL_NUMBER,
        X509_SKI,
        /** Not looked at: what stands in {@code ds:Object}, or in {@code ds:KeyInfo} besides the names of keys. */
        OTHER
    }

    private final XmlLimits limits;
    private final boolean objects;
    private Kind[] stack = new Kind[MAX_LEVELS + 2];
    private int level;
    private final StringBuilder text = new StringBuilder();

    // What has been seen of the element whose order matters.
    private @Nullable Kind lastOfSignature;
    private @Nullable Kind lastOfSignedInfo;
    private @Nullable Kind lastOfReference;

    private String signatureMethod = "";
    private int hmacOutputLength = -1;
    private @Nullable C14n c14n;
    private byte[] signatureValue = new byte[0];
    private final List<Reference> references = new ArrayList<>(2);
    private final KeyHints hints = new KeyHints();

    // The reference and the canonicalization that are being read.
    private @Nullable String uri;
    private boolean enveloped;
    private @Nullable C14n referenceC14n;
    private @Nullable XmlDigest digest;
    private byte @Nullable [] digestValue;
    private @Nullable XmlCanonicalization algorithm;
    private @Nullable List<String> prefixes;
    private String issuer = "";

    /** @param objects whether the profile has a place inside {@code ds:Object} */
    SignatureReader(XmlLimits limits, boolean objects) {
        this.limits = limits;
        this.objects = objects;
    }

    // ---- the result ------------------------------------------------------------------------------------------------

    String signatureMethod() {
        return signatureMethod;
    }

    /** Bits; -1 if it is absent. */
    int hmacOutputLength() {
        return hmacOutputLength;
    }

    C14n c14n() {
        return c14n == null ? C14n.DEFAULT : c14n;
    }

    byte[] signatureValue() {
        return signatureValue;
    }

    List<Reference> references() {
        return references;
    }

    KeyHints hints() {
        return hints;
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    /** Whether the current tag is that of {@code SignedInfo}. */
    boolean atSignedInfo() {
        return level == 2 && stack[2] == Kind.SIGNED_INFO;
    }

    boolean inSignature() {
        return level > 0;
    }

    void start(StrictReader reader) {
        Kind kind = level == 0 ? Kind.SIGNATURE : kindWithin(stack[level], reader);
        if (level == 0) {
            checkAttributes(reader.current(), ID);
        }
        level++;
        if (level > MAX_LEVELS && stack[2] != Kind.OBJECT) {
            throw InvalidMessageException.tooLarge("Signature: more than " + MAX_LEVELS + " levels");
        }
        if (level == stack.length) {
            stack = Arrays.copyOf(stack, level * 2);
        }
        stack[level] = kind;
        text.setLength(0);
    }

    void end() {
        Kind kind = stack[level];
        switch (kind) {
            case SIGNATURE -> require(lastOfSignature != Kind.SIGNED_INFO && lastOfSignature != null, "SignatureValue");
            case SIGNED_INFO -> require(lastOfSignedInfo == Kind.REFERENCE, "a Reference");
            case SIGNATURE_VALUE -> signatureValue = Base64Text.decode(text, "SignatureValue");
            case CANONICALIZATION_METHOD -> c14n = finishC14n();
            case HMAC_OUTPUT_LENGTH ->
                hmacOutputLength = parseLength(text.toString().strip());
            case TRANSFORM -> {
                if (algorithm != null) {
                    referenceC14n = finishC14n();
                }
            }
            case TRANSFORMS -> require(enveloped || referenceC14n != null, "a Transform");
            case DIGEST_VALUE -> digestValue = Base64Text.decode(text, "DigestValue");
            case REFERENCE -> finishReference();
            case KEY_NAME -> hints.addName(text.toString().strip(), limits);
            case X509_CERTIFICATE -> hints.addCertificate(Base64Text.decode(text, "X509Certificate"));
            case X509_ISSUER_NAME -> issuer = text.toString().strip();
            case X509_SERIAL_NUMBER ->
                hints.addIssuerSerial(issuer, parseSerial(text.toString().strip()));
            case X509_SKI -> hints.addSubjectKeyId(Base64Text.decode(text, "X509SKI"));
            default -> {}
        }
        level--;
    }

    void text(XMLStreamReader2 reader) {
        switch (stack[level]) {
            case SIGNATURE_VALUE,
                    DIGEST_VALUE,
                    HMAC_OUTPUT_LENGTH,
                    KEY_NAME,
                    X509_CERTIFICATE,
                    X509_ISSUER_NAME,
                    X509_SERIAL_NUMBER,
                    X509_SKI -> {
                if (text.length() + reader.getTextLength() > limits.maxSignedInfoBytes()) {
                    throw InvalidMessageException.tooLarge(
                            "Signature: a value of more than " + limits.maxSignedInfoBytes() + " characters");
                }
                text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
            }
            case OTHER, OBJECT -> {}
            default -> {
                if (!reader.isWhiteSpace()) {
                    throw malformed("text between elements");
                }
            }
        }
    }

    /** A comment or processing instruction, which no value may be split by, and no signer writes. */
    void other() {
        if (stack[2] != Kind.OBJECT || level < 2) {
            throw malformed("a comment or processing instruction");
        }
    }

    // ---- structure -------------------------------------------------------------------------------------------------

    private Kind kindWithin(Kind parent, StrictReader reader) {
        XMLStreamReader2 tag = reader.current();
        return switch (parent) {
            case SIGNATURE -> inSignature(reader);
            case SIGNED_INFO -> inSignedInfo(reader);
            case REFERENCE -> inReference(reader);
            case CANONICALIZATION_METHOD, TRANSFORM -> inclusiveNamespaces(reader);
            case SIGNATURE_METHOD -> {
                expect(reader, "HMACOutputLength");
                checkAttributes(tag, Set.of());
                require(hmacOutputLength < 0, "one HMACOutputLength");
                yield Kind.HMAC_OUTPUT_LENGTH;
            }
            case TRANSFORMS -> {
                expect(reader, "Transform");
                transform(attribute(tag));
                yield Kind.TRANSFORM;
            }
            case KEY_INFO -> inKeyInfo(reader);
            case X509_DATA -> {
                Kind kind = !reader.namespace().equals(DSIG)
                        ? Kind.OTHER
                        : switch (tag.getLocalName()) {
                            case "X509Certificate" -> Kind.X509_CERTIFICATE;
                            case "X509IssuerSerial" -> Kind.X509_ISSUER_SERIAL;
                            case "X509SKI" -> Kind.X509_SKI;
                            default -> Kind.OTHER;
                        };
                yield kind;
            }
            case X509_ISSUER_SERIAL -> {
                if (reader.is(DSIG, "X509IssuerName")) {
                    yield Kind.X509_ISSUER_NAME;
                }
                expect(reader, "X509SerialNumber");
                yield Kind.X509_SERIAL_NUMBER;
            }
            case OBJECT, OTHER -> Kind.OTHER;
            default -> throw malformed("an element inside a value");
        };
    }

    private Kind inSignature(StrictReader reader) {
        Kind kind;
        if (lastOfSignature == null) {
            expect(reader, "SignedInfo");
            checkAttributes(reader.current(), ID);
            kind = Kind.SIGNED_INFO;
        } else if (lastOfSignature == Kind.SIGNED_INFO) {
            expect(reader, "SignatureValue");
            checkAttributes(reader.current(), ID);
            kind = Kind.SIGNATURE_VALUE;
        } else if (lastOfSignature == Kind.SIGNATURE_VALUE && reader.is(DSIG, "KeyInfo")) {
            kind = Kind.KEY_INFO;
        } else {
            expect(reader, "Object");
            require(objects, "no Object");
            kind = Kind.OBJECT;
        }
        lastOfSignature = kind;
        return kind;
    }

    private Kind inSignedInfo(StrictReader reader) {
        XMLStreamReader2 tag = reader.current();
        Kind kind;
        if (lastOfSignedInfo == null) {
            expect(reader, "CanonicalizationMethod");
            beginC14n(CANONICALIZATIONS.get(attribute(tag)), "canonicalization of SignedInfo");
            kind = Kind.CANONICALIZATION_METHOD;
        } else if (lastOfSignedInfo == Kind.CANONICALIZATION_METHOD) {
            expect(reader, "SignatureMethod");
            signatureMethod = attribute(tag);
            kind = Kind.SIGNATURE_METHOD;
        } else {
            expect(reader, "Reference");
            beginReference(tag);
            kind = Kind.REFERENCE;
        }
        lastOfSignedInfo = kind;
        return kind;
    }

    private void beginReference(XMLStreamReader2 tag) {
        if (references.size() == limits.maxReferences()) {
            throw InvalidMessageException.tooLarge("Signature: more than " + limits.maxReferences() + " references");
        }
        checkAttributes(tag, Set.of("Id", "URI", "Type"));
        if (MANIFEST.equals(tag.getAttributeValue("", "Type"))) {
            // What a manifest lists would look signed and never be checked (XML Signature, 5.1).
            throw new VerificationException(Reason.COMPONENT_FORBIDDEN, "a Manifest");
        }
        uri = tag.getAttributeValue("", "URI");
        enveloped = false;
        referenceC14n = null;
        digest = null;
        digestValue = null;
        lastOfReference = null;
    }

    private Kind inReference(StrictReader reader) {
        XMLStreamReader2 tag = reader.current();
        Kind kind;
        if (lastOfReference == null && reader.is(DSIG, "Transforms")) {
            checkAttributes(tag, Set.of());
            kind = Kind.TRANSFORMS;
        } else if (lastOfReference == null || lastOfReference == Kind.TRANSFORMS) {
            expect(reader, "DigestMethod");
            digest = DIGESTS.get(attribute(tag));
            if (digest == null) {
                throw new VerificationException(Reason.DIGEST_NOT_SUPPORTED);
            }
            kind = Kind.DIGEST_METHOD;
        } else {
            require(lastOfReference == Kind.DIGEST_METHOD, "one DigestValue");
            expect(reader, "DigestValue");
            checkAttributes(tag, Set.of());
            kind = Kind.DIGEST_VALUE;
        }
        lastOfReference = kind;
        return kind;
    }

    private void transform(String name) {
        algorithm = null;
        if (name.equals(ENVELOPED) && !enveloped && referenceC14n == null) {
            enveloped = true;
            return;
        }
        require(referenceC14n == null, "no transform after a canonicalization");
        beginC14n(CANONICALIZATIONS.get(name), "transform");
    }

    private void beginC14n(@Nullable XmlCanonicalization known, String what) {
        if (known == null) {
            // Whatever else it is, such as XPath or XSLT, it is not run.
            throw new VerificationException(Reason.ALGORITHM_NOT_ALLOWED, what);
        }
        algorithm = known;
        prefixes = null;
    }

    private C14n finishC14n() {
        C14n finished = new C14n(
                algorithm == null ? XmlCanonicalization.INCLUSIVE_10 : algorithm,
                prefixes == null ? List.of() : prefixes);
        algorithm = null;
        return finished.equals(C14n.EXCLUSIVE) ? C14n.EXCLUSIVE : finished;
    }

    private Kind inclusiveNamespaces(StrictReader reader) {
        require(
                reader.is(EXCLUSIVE_NAMESPACE, "InclusiveNamespaces")
                        && algorithm == XmlCanonicalization.EXCLUSIVE
                        && prefixes == null,
                "no such parameter of an algorithm");
        XMLStreamReader2 tag = reader.current();
        checkAttributes(tag, Set.of("PrefixList"));
        String list = tag.getAttributeValue("", "PrefixList");
        if (list == null || list.isBlank()) {
            prefixes = List.of();
        } else {
            String[] names = list.strip().split("[ \t\r\n]+");
            if (names.length > MAX_PREFIXES) {
                throw InvalidMessageException.tooLarge("Signature: more than " + MAX_PREFIXES + " listed prefixes");
            }
            prefixes = Arrays.stream(names)
                    .map(name -> name.equals("#default") ? "" : name)
                    .distinct()
                    .toList();
        }
        return Kind.INCLUSIVE_NAMESPACES;
    }

    private void finishReference() {
        if (uri == null || digest == null || digestValue == null) {
            throw malformed("a Reference without URI, DigestMethod or DigestValue");
        }
        boolean whole = uri.isEmpty();
        if (!whole && (uri.length() < 2 || uri.charAt(0) != '#' || uri.indexOf('(') >= 0)) {
            // Nothing is fetched, and XPointer selects no more than ids do.
            throw new VerificationException(Reason.COMPONENT_FORBIDDEN, "a reference that is not an id");
        }
        if (digestValue.length != digest.length) {
            throw malformed("a DigestValue of another length than its algorithm's");
        }
        references.add(new Reference(
                whole ? "" : uri.substring(1),
                enveloped,
                referenceC14n == null ? C14n.DEFAULT : referenceC14n,
                digest,
                digestValue));
    }

    private Kind inKeyInfo(StrictReader reader) {
        String name = reader.current().getLocalName();
        String namespace = reader.namespace();
        if (namespace.equals(DSIG) && name.equals("RetrievalMethod")
                || namespace.equals(DSIG11) && name.equals("KeyInfoReference")) {
            throw new VerificationException(Reason.PARAMETER_FORBIDDEN, name);
        }
        if (namespace.equals(DSIG) && name.equals("KeyName")) {
            return Kind.KEY_NAME;
        }
        return namespace.equals(DSIG) && name.equals("X509Data") ? Kind.X509_DATA : Kind.OTHER;
    }

    // ---- values ----------------------------------------------------------------------------------------------------

    private static void expect(StrictReader reader, String local) {
        require(reader.is(DSIG, local), local);
    }

    private static String attribute(XMLStreamReader2 tag) {
        checkAttributes(tag, ALGORITHM);
        String value = tag.getAttributeValue("", "Algorithm");
        if (value == null) {
            throw malformed("an element without Algorithm");
        }
        return value;
    }

    private static void checkAttributes(XMLStreamReader2 tag, Set<String> allowed) {
        for (int i = 0; i < tag.getAttributeCount(); i++) {
            String namespace = tag.getAttributeNamespace(i);
            if (namespace != null && !namespace.isEmpty() || !allowed.contains(tag.getAttributeLocalName(i))) {
                throw malformed("an attribute that the schema does not have");
            }
        }
    }

    private static int parseLength(String value) {
        try {
            return Math.max(Integer.parseInt(value), 0);
        } catch (NumberFormatException e) {
            throw malformed("an HMACOutputLength that is no number");
        }
    }

    private static BigInteger parseSerial(String value) {
        if (value.length() > 64 || !value.matches("[0-9]+")) {
            throw malformed("an X509SerialNumber that is no number");
        }
        return new BigInteger(value);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw malformed("expected " + what);
        }
    }

    private static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("Signature: " + what);
    }

    private static Map<String, XmlCanonicalization> canonicalizations() {
        Map<String, XmlCanonicalization> byUri = new HashMap<>();
        for (XmlCanonicalization each : XmlCanonicalization.values()) {
            byUri.put(each.uri(), each);
            // References to the same document have no comments to begin with (XML Signature, 4.4.3.3).
            byUri.put(each.uri() + (each.uri().endsWith("#") ? "WithComments" : "#WithComments"), each);
        }
        return Map.copyOf(byUri);
    }

    private static Map<String, XmlDigest> digests() {
        Map<String, XmlDigest> byUri = new HashMap<>();
        for (XmlDigest each : XmlDigest.values()) {
            byUri.put(each.uri(), each);
        }
        return Map.copyOf(byUri);
    }
}
