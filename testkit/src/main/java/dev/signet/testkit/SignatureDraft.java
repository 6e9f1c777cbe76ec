// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * A {@code ds:Signature} as text, of which every part can be another one than it should be, and the signature still be valid:
 * what is within SignedInfo is written in its canonical form, and signed as it stands.
 */
final class SignatureDraft {
    static final String DS = "http://www.w3.org/2000/09/xmldsig#";
    static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
    static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";
    static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
    static final String INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    static final String INCLUSIVE_11 = "http://www.w3.org/2006/12/xml-c14n11";
    static final String ENVELOPED = DS + "enveloped-signature";
    static final String SHA_256 = XENC + "sha256";

    private final WrappingKeys keys;
    private UnaryOperator<byte[]> signer;
    private String canonicalization = algorithm("CanonicalizationMethod", EXCLUSIVE);
    private String method = algorithm("SignatureMethod", MORE + "rsa-sha256");
    private String references = "";
    private String after = "";
    private String attributes = "";

    SignatureDraft(WrappingKeys keys) {
        this.keys = keys;
        signer = data -> keys.sign("SHA256withRSA", data);
    }

    SignatureDraft canonicalization(String element) {
        canonicalization = element;
        return this;
    }

    SignatureDraft method(String element) {
        method = element;
        return this;
    }

    SignatureDraft references(String elements) {
        references = elements;
        return this;
    }

    /** What follows SignatureValue: KeyInfo, Object. */
    SignatureDraft after(String elements) {
        after = elements;
        return this;
    }

    SignatureDraft attributes(String text) {
        attributes = text;
        return this;
    }

    /** Signs by RSA with another hash. */
    SignatureDraft hash(String jcaName) {
        signer = data -> keys.sign(jcaName, data);
        return this;
    }

    SignatureDraft byAttacker() {
        signer = keys::signAsAttacker;
        return this;
    }

    /** Authenticates by HMAC-SHA-256. */
    SignatureDraft bySecret(byte[] secret) {
        signer = data -> WrappingKeys.mac(secret, data);
        return this;
    }

    /** Changes the signature's bytes before they are written. */
    SignatureDraft change(UnaryOperator<byte[]> change) {
        UnaryOperator<byte[]> before = signer;
        signer = data -> change.apply(before.apply(data));
        return this;
    }

    String inner() {
        return canonicalization + method + references;
    }

    /** The whole element. */
    String build() {
        return build(inner());
    }

    /** The whole element, with this inside of SignedInfo; it is signed. */
    String build(String inner) {
        return element(signedInfo(inner), signatureValue(inner));
    }

    /** The whole element in the default namespace. */
    String buildUnprefixed() {
        String inner = inner().replace("ds:", "");
        String canonical = "<SignedInfo xmlns=\"" + DS + "\">" + inner + "</SignedInfo>";
        byte[] signature = signer.apply(canonical.getBytes(StandardCharsets.UTF_8));
        return "<Signature xmlns=\"" + DS + "\"><SignedInfo>" + inner + "</SignedInfo><SignatureValue>"
                + base64(signature) + "</SignatureValue></Signature>";
    }

    String element(String signedInfo, String signatureValue) {
        return "<ds:Signature xmlns:ds=\"" + DS + "\"" + attributes + ">" + signedInfo + signatureValue + after
                + "</ds:Signature>";
    }

    static String signedInfo(String inner) {
        return "<ds:SignedInfo>" + inner + "</ds:SignedInfo>";
    }

    String signatureValue(String inner) {
        String canonical = "<ds:SignedInfo xmlns:ds=\"" + DS + "\">" + inner + "</ds:SignedInfo>";
        byte[] signature = signer.apply(canonical.getBytes(StandardCharsets.UTF_8));
        return "<ds:SignatureValue>" + base64(signature) + "</ds:SignatureValue>";
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** An element that has an algorithm and nothing else, in canonical form. */
    static String algorithm(String element, String uri) {
        return algorithm(element, uri, "");
    }

    static String algorithm(String element, String uri, String content) {
        return "<ds:" + element + " Algorithm=\"" + uri + "\">" + content + "</ds:" + element + ">";
    }

    static String transform(String uri) {
        return algorithm("Transform", uri);
    }

    /**
     * A reference in canonical form.
     *
     * @param attributes in the order of canonical XML, each with a space before it
     * @param transforms none leaves Transforms out
     */
    static String reference(String attributes, String transforms, String digestMethod, String digestValue) {
        return "<ds:Reference" + attributes + ">"
                + (transforms.isEmpty() ? "" : "<ds:Transforms>" + transforms + "</ds:Transforms>") + digestMethod
                + "<ds:DigestValue>" + digestValue + "</ds:DigestValue></ds:Reference>";
    }

    static String reference(String uri, String transforms, byte[] digested) {
        return reference(
                " URI=\"" + uri + "\"",
                transforms,
                algorithm("DigestMethod", SHA_256),
                base64(WrappingKeys.digest("SHA-256", digested)));
    }
}
