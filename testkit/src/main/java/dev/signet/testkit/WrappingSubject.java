// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static dev.signet.testkit.SignatureDraft.EXCLUSIVE;

import dev.signet.testkit.WrappingCase.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document that can be signed. Its texts have a mark where the signature goes.
 *
 * @param document all of it
 * @param covered the element that is signed, as it stands in the document
 * @param uri of the reference
 * @param victim a text of the covered element that an attacker wants to be another one
 * @param header a tag after which foreign elements may be added outside of what is covered, or empty
 */
record WrappingSubject(
        WrappingKeys keys,
        String name,
        Kind kind,
        String document,
        String covered,
        String uri,
        String victim,
        String evil,
        String header) {
    static final String MARK = "{signature}";
    static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
    static final String SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol";
    static final String WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    static final String WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    static final String SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/";
    static final String SOAP_12 = "http://www.w3.org/2003/05/soap-envelope";
    static final String PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

    private static final Pattern ID = Pattern.compile(" (ID|Id|wsu:Id)=\"([^\"]*)\"");

    /** The ids of a forged copy. */
    enum Ids {
        SAME("same-id", "with the ids of the original"),
        FRESH("fresh-id", "with ids of its own"),
        NONE("no-id", "without ids");

        final String label;
        final String words;

        Ids(String label, String words) {
            this.label = label;
            this.words = words;
        }
    }

    static List<WrappingSubject> all(WrappingKeys keys) {
        return List.of(
                samlResponse(keys),
                samlAssertion(keys),
                soap(keys, false),
                soap(keys, true),
                iso(keys, true),
                iso(keys, false));
    }

    /** Whether the signature is inside of what it covers. */
    boolean enveloped() {
        return covered.contains(MARK);
    }

    boolean coversRoot() {
        return document.equals(covered);
    }

    boolean isSoap() {
        return kind == Kind.SOAP_11_BODY || kind == Kind.SOAP_12_BODY;
    }

    /** The id of the covered element. */
    String id() {
        Matcher id = ID.matcher(covered);
        if (!id.find()) {
            throw new IllegalStateException("no id in " + name);
        }
        return id.group(2);
    }

    String idAttribute() {
        Matcher id = ID.matcher(covered);
        if (!id.find()) {
            throw new IllegalStateException("no id in " + name);
        }
        return id.group(1);
    }

    String transforms() {
        return (enveloped() ? SignatureDraft.transform(SignatureDraft.ENVELOPED) : "")
                + SignatureDraft.transform(EXCLUSIVE);
    }

    /** What the signature covers, in exclusive canonical form. */
    byte[] content() {
        return content(document);
    }

    /** The same of a changed document. */
    byte[] content(String changed) {
        return Canonical.bytes(changed.replace(MARK, ""), uri, EXCLUSIVE);
    }

    String reference() {
        return reference(document);
    }

    String reference(String changed) {
        return SignatureDraft.reference(uri, transforms(), content(changed));
    }

    /** A signature over the document. */
    SignatureDraft draft() {
        return new SignatureDraft(keys).references(reference());
    }

    String signature() {
        return draft().build();
    }

    String signed() {
        return with(signature());
    }

    /** The document with this for a signature. */
    String with(String signature) {
        return document.replace(MARK, signature);
    }

    /** The document with the text that the attacker wants, and this for a signature. */
    String forgedWith(String signature) {
        return Texts.replaceOnce(document, victim, evil).replace(MARK, signature);
    }

    /** The covered element without a signature. */
    String original() {
        return covered.replace(MARK, "");
    }

    /** The covered element as an attacker would have it; a mark stays. */
    String forged(Ids ids) {
        String changed = Texts.replaceOnce(covered, victim, evil);
        return switch (ids) {
            case SAME -> changed;
            case FRESH -> ID.matcher(changed).replaceAll(" $1=\"$2-forged\"");
            case NONE -> ID.matcher(changed).replaceAll("");
        };
    }

    /** The document with another element, or none, or several, in place of the covered one; a mark outside stays. */
    String replaceCovered(String elements) {
        return Texts.replaceOnce(document, covered, elements);
    }

    static byte[] bytes(String xml) {
        return xml.getBytes(StandardCharsets.UTF_8);
    }

    private static WrappingSubject samlResponse(WrappingKeys keys) {
        String response = response(MARK, assertion(""));
        return new WrappingSubject(
                keys,
                "saml-response",
                Kind.SAML_RESPONSE,
                response,
                response,
                "#resp-1",
                "user@example.com",
                "admin@example.com",
                "");
    }

    private static WrappingSubject samlAssertion(WrappingKeys keys) {
        String assertion = assertion(MARK);
        return new WrappingSubject(
                keys,
                "saml-assertion",
                Kind.SAML_ASSERTION,
                response("", assertion),
                assertion,
                "#asrt-1",
                "user@example.com",
                "admin@example.com",
                "</samlp:Status>");
    }

    private static String response(String signature, String assertion) {
        return "<samlp:Response xmlns:samlp=\"" + SAMLP + "\" xmlns:saml=\"" + SAML
                + "\" Destination=\"https://sp.example/acs\" ID=\"resp-1\" IssueInstant=\"2026-11-01T00:00:00Z\" Version=\"2.0\">"
                + "<saml:Issuer>https://idp.example</saml:Issuer>" + signature
                + "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>"
                + assertion + "</samlp:Response>";
    }

    private static String assertion(String signature) {
        return "<saml:Assertion xmlns:saml=\"" + SAML
                + "\" ID=\"asrt-1\" IssueInstant=\"2026-11-01T00:00:00Z\" Version=\"2.0\">"
                + "<saml:Issuer>https://idp.example</saml:Issuer>" + signature
                + "<saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">"
                + "user@example.com</saml:NameID></saml:Subject>\n"
                + "<saml:Conditions NotBefore=\"2026-11-01T00:00:00Z\" NotOnOrAfter=\"2026-11-01T00:05:00Z\">"
                + "<saml:AudienceRestriction><saml:Audience>https://sp.example</saml:Audience></saml:AudienceRestriction>"
                + "</saml:Conditions></saml:Assertion>";
    }

    private static WrappingSubject soap(WrappingKeys keys, boolean twelve) {
        String body = "<soap:Body xmlns:wsu=\"" + WSU
                + "\" wsu:Id=\"body-1\"><m:Transfer xmlns:m=\"urn:example:bank\" currency=\"EUR\">\n"
                + "<m:To>DE02120300000000202051</m:To><m:Amount>100.00</m:Amount><m:Note/></m:Transfer></soap:Body>";
        String envelope = "<soap:Envelope xmlns:soap=\"" + (twelve ? SOAP_12 : SOAP_11)
                + "\"><soap:Header><wsse:Security xmlns:wsse=\"" + WSSE + "\">" + MARK
                + "</wsse:Security></soap:Header>" + body + "</soap:Envelope>";
        return new WrappingSubject(
                keys,
                twelve ? "soap12-body" : "soap11-body",
                twelve ? Kind.SOAP_12_BODY : Kind.SOAP_11_BODY,
                envelope,
                body,
                "#body-1",
                "DE02120300000000202051",
                "GB33BUKB20201555555555",
                "</wsse:Security>");
    }

    private static WrappingSubject iso(WrappingKeys keys, boolean byId) {
        String document = "<Document xmlns=\"" + PAIN + "\"" + (byId ? " Id=\"doc-1\"" : "") + ">\n"
                + "  <CstmrCdtTrfInitn>\n    <GrpHdr><MsgId>MSG-2026-0001</MsgId><CreDtTm>2026-11-01T00:00:00</CreDtTm>"
                + "<NbOfTxs>1</NbOfTxs></GrpHdr>\n    <PmtInf><CdtTrfTxInf><Amt><InstdAmt Ccy=\"EUR\">100.00</InstdAmt></Amt>"
                + "<Cdtr><Nm>Example Ltd</Nm></Cdtr><CdtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></CdtrAcct>"
                + "<Purp/></CdtTrfTxInf></PmtInf>\n  </CstmrCdtTrfInitn>\n" + MARK + "</Document>";
        return new WrappingSubject(
                keys,
                byId ? "iso20022-by-id" : "iso20022-whole",
                Kind.ISO_20022,
                document,
                document,
                byId ? "#doc-1" : "",
                "DE02120300000000202051",
                "GB33BUKB20201555555555",
                "");
    }
}
