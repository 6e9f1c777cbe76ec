// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.List;
import javax.xml.namespace.QName;

/**
 * A kind of document that is signed: where its signature stands, and what it covers.
 *
 * @param document without a signature; a mark is where it goes
 * @param parent of the signature; null if the signature is the root, and has the document in its Object
 * @param covered the elements, with the attribute by which a reference names them
 */
enum SignatureShape {
    ENVELOPED(
            XmlProfile.enveloped(Names.ORDER),
            Names.order("", SignatureShape.MARK),
            Names.ORDER,
            List.of(new Covered(Names.ORDER, null, "", true))),
    ENVELOPED_BY_ID(
            XmlProfile.enveloped(Names.ORDER),
            Names.order(" Id=\"order-1\"", SignatureShape.MARK),
            Names.ORDER,
            List.of(new Covered(Names.ORDER, new QName("Id"), "order-1", true))),
    ENVELOPING(
            XmlProfile.enveloping(Names.ORDER),
            Names.order("", ""),
            null,
            List.of(new Covered(new QName(XmlProfile.DSIG, "Object"), new QName("Id"), "object-1", false))),
    DETACHED(
            XmlProfile.builder(Names.BATCH)
                    .covers(Names.BATCH, Names.ORDER)
                    .covers(Names.BATCH, Names.ADDRESS)
                    .covers(Names.BATCH, new QName("urn:example:batch", "Note"))
                    .build(),
            "<b:Batch xmlns:b=\"urn:example:batch\" xmlns:v=\"urn:example:values\" xmlns=\"urn:example:other\" xml:lang=\"en\">"
                    + "<!-- not covered --><b:Before>free</b:Before>" + Names.order(" ID=\"order-1\"", "") + "\n"
                    + "<Address xmlns=\"\" xml:id=\"address-1\" v:kind=\"home\">1 &lt; 2 &amp; \u00e4\u20ac\ud83d\ude00</Address>"
                    + "<b:Note Id=\"note-1\" z=\"&#9;&#10;&#13;\" b:a=\"x\">text<![CDATA[ <data> ]]>&#13;</b:Note>"
                    + SignatureShape.MARK
                    + "</b:Batch>",
            Names.BATCH,
            List.of(
                    new Covered(Names.ORDER, new QName("ID"), "order-1", false),
                    new Covered(
                            Names.ADDRESS, new QName("http://www.w3.org/XML/1998/namespace", "id"), "address-1", false),
                    new Covered(new QName("urn:example:batch", "Note"), new QName("Id"), "note-1", false))),
    SOAP_11(
            XmlProfile.soap11(Names.ROUTE),
            Names.soap(XmlProfile.SOAP_11),
            Names.SECURITY,
            Names.soapParts(XmlProfile.SOAP_11)),
    SOAP_12(
            XmlProfile.soap12(Names.ROUTE),
            Names.soap(XmlProfile.SOAP_12),
            Names.SECURITY,
            Names.soapParts(XmlProfile.SOAP_12));

    static final String MARK = "{signature}";

    final XmlProfile profile;
    final String document;
    final QName parent;
    final List<Covered> covered;

    SignatureShape(XmlProfile profile, String document, QName parent, List<Covered> covered) {
        this.profile = profile;
        this.document = document;
        this.parent = parent;
        this.covered = covered;
    }

    /** The document, to be signed. */
    String unsigned() {
        return document.replace(MARK, "");
    }

    /** A covered element; the whole document has no id. */
    record Covered(QName element, QName attribute, String id, boolean enveloped) {
        String uri() {
            return id.isEmpty() ? "" : "#" + id;
        }
    }

    private static final class Names {
        static final QName ORDER = new QName("urn:example:order", "Order");
        static final QName BATCH = new QName("urn:example:batch", "Batch");
        static final QName ADDRESS = new QName("Address");
        static final QName ROUTE = new QName("urn:example:route", "Route");
        static final QName SECURITY = new QName(XmlProfile.WSSE, "Security");

        static String order(String id, String mark) {
            return "<o:Order xmlns:o=\"urn:example:order\" xmlns:u=\"urn:example:unused\" xmlns:v=\"urn:example:values\" b=\"2\""
                    + id + " v:c=\"3\" a=\"1\">\n  <o:Id>4<!-- no -->2</o:Id>"
                    + "<o:Item xmlns:o=\"urn:example:order\" xmlns:v=\"urn:example:shadowed\" v:type=\"v:Thing\"/>"
                    + "<Plain xmlns=\"\" xml:space=\"preserve\">  \u00e9 &gt; ]]&gt; </Plain>\n" + mark + "</o:Order>";
        }

        static String soap(String namespace) {
            return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:Envelope xmlns:s=\"" + namespace + "\" xmlns:wsu=\""
                    + XmlProfile.WSU
                    + "\" xmlns:v=\"urn:example:values\">\n<s:Header><r:Route xmlns:r=\"urn:example:route\" wsu:Id=\"route-1\">x</r:Route>"
                    + "<wsse:Security xmlns:wsse=\"" + XmlProfile.WSSE
                    + "\" s:mustUnderstand=\"1\"><wsu:Timestamp wsu:Id=\"ts-1\">"
                    + "<wsu:Created>2026-11-01T00:00:00Z</wsu:Created></wsu:Timestamp>" + MARK
                    + "</wsse:Security></s:Header>\n"
                    + "<s:Body wsu:Id=\"body-1\">" + order("", "") + "</s:Body></s:Envelope>";
        }

        static List<Covered> soapParts(String namespace) {
            QName id = new QName(XmlProfile.WSU, "Id");
            return List.of(
                    new Covered(new QName(namespace, "Body"), id, "body-1", false),
                    new Covered(ROUTE, id, "route-1", false),
                    new Covered(new QName(XmlProfile.WSU, "Timestamp"), id, "ts-1", false));
        }
    }
}
