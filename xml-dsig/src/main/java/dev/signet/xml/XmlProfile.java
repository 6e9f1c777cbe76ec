// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.namespace.QName;

/**
 * Where the signature of a kind of document stands, and which elements it covers, each named by its place: the qualified
 * names from the root down.
 *
 * <pre>{@code
 * String saml = "urn:oasis:names:tc:SAML:2.0:assertion";
 * QName response = new QName("urn:oasis:names:tc:SAML:2.0:protocol", "Response");
 * QName assertion = new QName(saml, "Assertion");
 *
 * // The signature is a child of the one assertion in the response, and covers that assertion.
 * XmlProfile profile = XmlProfile.builder(response, assertion)
 *         .covers(response, assertion)
 *         .build();
 * }</pre>
 *
 * <p><b>Security properties.</b> A signature counts only at its place, and only elements at the named places count as
 * signed, wherever an id may point (XML Signature Wrapping). Each place may occur once in a document. Ids are the
 * attributes that the profile names, and no id may occur twice.
 *
 * <p>Immutable and thread-safe. The same profile serves {@link XmlSigner} and {@link XmlVerifier}.
 */
@CheckReturnValue
public final class XmlProfile {
    /** The namespace of XML Signature. */
    static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";

    static final String WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    static final String WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    static final String SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/";
    static final String SOAP_12 = "http://www.w3.org/2003/05/soap-envelope";

    private static final QName SIGNATURE = new QName(DSIG, "Signature");
    private static final QName OBJECT = new QName(DSIG, "Object");
    private static final List<QName> DEFAULT_IDS = List.of(
            new QName("Id"),
            new QName("ID"),
            new QName(WSU, "Id"),
            new QName("http://www.w3.org/XML/1998/namespace", "id"));

    final List<QName> signatureParent;
    final List<Part> parts;
    final List<QName> idAttributes;
    /** For an enveloping signature: the element inside {@code ds:Object} that the application means. */
    final boolean enveloping;
    /** Whether a missing header and security header are made when a message is signed. */
    final boolean soap;

    private XmlProfile(Builder builder) {
        signatureParent = builder.signatureParent;
        parts = List.copyOf(builder.parts);
        idAttributes = List.copyOf(builder.idAttributes);
        enveloping = builder.enveloping;
        soap = builder.soap;
    }

    /** An enveloped signature: a child of the root, whose whole document it covers. */
    public static XmlProfile enveloped(QName root) {
        return builder(root).covers(root).build();
    }

    /** An enveloping signature: the root is {@code ds:Signature}, and its one {@code ds:Object} holds this element only. */
    public static XmlProfile enveloping(QName content) {
        Builder builder = builder();
        builder.enveloping = true;
        builder.parts.add(new Part(List.of(SIGNATURE, OBJECT), true, content));
        return builder.build();
    }

    /**
     * A SOAP 1.1 message by WS-Security 1.1: the signature stands in the one {@code wsse:Security} header and covers the
     * body and these header blocks. It may also cover the time stamp and the security token in that header.
     */
    public static XmlProfile soap11(QName... headers) {
        return soap(SOAP_11, headers);
    }

    /** As {@link #soap11}, for SOAP 1.2. */
    public static XmlProfile soap12(QName... headers) {
        return soap(SOAP_12, headers);
    }

    /**
     * Starts a profile for other documents.
     *
     * @param signatureParent the place of the element whose child the signature is; none if the signature is the root
     */
    public static Builder builder(QName... signatureParent) {
        return new Builder(List.of(signatureParent));
    }

    @Override
    public String toString() {
        return "XmlProfile[signature in " + signatureParent + ", covers " + parts + "]";
    }

    private static XmlProfile soap(String namespace, QName... headers) {
        QName envelope = new QName(namespace, "Envelope");
        QName header = new QName(namespace, "Header");
        Builder builder = builder(envelope, header, new QName(WSSE, "Security"));
        builder.soap = true;
        builder.covers(envelope, new QName(namespace, "Body"));
        for (QName block : headers) {
            builder.covers(envelope, header, block);
        }
        builder.mayCover(envelope, header, new QName(WSSE, "Security"), new QName(WSU, "Timestamp"));
        builder.mayCover(envelope, header, new QName(WSSE, "Security"), new QName(WSSE, "BinarySecurityToken"));
        return builder.build();
    }

    /**
     * A place that a signature covers.
     *
     * @param required whether it has to
     * @param name of the element that the application means: the last of the place, or the one inside {@code ds:Object}
     */
    record Part(List<QName> place, boolean required, QName name) {}

    /** Collects the places of a profile. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final List<QName> signatureParent;
        private final List<Part> parts = new ArrayList<>();
        private List<QName> idAttributes = DEFAULT_IDS;
        private boolean enveloping;
        private boolean soap;

        private Builder(List<QName> signatureParent) {
            this.signatureParent = signatureParent;
        }

        /** An element that must be signed; the first one is the content. */
        public Builder covers(QName... place) {
            return add(place, true);
        }

        /** An element that may be signed; it is given out only if it is. A signature over any other element is refused. */
        public Builder mayCover(QName... place) {
            return add(place, false);
        }

        /**
         * The attributes that are ids, instead of {@code Id}, {@code ID}, {@code wsu:Id} and {@code xml:id}. An attribute of
         * another name never is one. Where a signer has to add an id, it takes the first.
         *
         * @throws IllegalArgumentException if none is named
         */
        public Builder idAttributes(QName... names) {
            if (names.length == 0) {
                throw new IllegalArgumentException("at least one attribute is an id");
            }
            idAttributes = List.of(names);
            return this;
        }

        /**
         * The profile.
         *
         * @throws IllegalArgumentException if nothing has to be covered, a place is named twice, or it is the signature's own
         */
        @CheckReturnValue
        public XmlProfile build() {
            if (parts.isEmpty() || !parts.get(0).required()) {
                throw new IllegalArgumentException("a profile covers at least one element, and names it first");
            }
            if (parts.stream().map(Part::place).distinct().count() != parts.size()) {
                throw new IllegalArgumentException("a place is named twice");
            }
            List<QName> signature = new ArrayList<>(signatureParent);
            signature.add(SIGNATURE);
            if (parts.stream().anyMatch(part -> part.place().equals(signature))) {
                throw new IllegalArgumentException("a signature does not cover itself");
            }
            return new XmlProfile(this);
        }

        private Builder add(QName[] place, boolean required) {
            if (place.length == 0) {
                throw new IllegalArgumentException("a place has at least one name");
            }
            parts.add(new Part(List.copyOf(Arrays.asList(place)), required, place[place.length - 1]));
            return this;
        }
    }
}
