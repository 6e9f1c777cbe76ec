// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.SigningKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes {@code ds:Signature} so that what is inside {@code SignedInfo} is in canonical form already. */
final class SignatureText {
    static final String PREFIX = "ds";
    static final String START = "<ds:Signature xmlns:ds=\"" + XmlProfile.DSIG + "\">";
    static final String END = "</ds:Signature>";
    static final String SIGNED_INFO_END = "</ds:SignedInfo>";

    private final String methods;
    private final String transforms;
    private final String digest;

    SignatureText(SigningKey key, XmlCanonicalization canonicalization, XmlDigest digest) {
        methods = algorithm("CanonicalizationMethod", canonicalization.uri())
                + algorithm(
                        "SignatureMethod",
                        key.algorithm()
                                .xmlUri()
                                .orElseThrow(() -> new IllegalArgumentException(
                                        key.algorithm().joseName() + " has no name in XML Signature")));
        transforms = algorithm("Transform", canonicalization.uri());
        this.digest = algorithm("DigestMethod", digest.uri());
    }

    /** The inside of SignedInfo but for its references. */
    String methods() {
        return methods;
    }

    /** @param id empty for the whole document */
    String reference(String id, boolean enveloped, byte[] value) {
        return "<ds:Reference URI=\"" + (id.isEmpty() ? "" : "#" + escape(id)) + "\"><ds:Transforms>"
                + (enveloped ? algorithm("Transform", XmlProfile.DSIG + "enveloped-signature") : "")
                + transforms + "</ds:Transforms>" + digest + "<ds:DigestValue>" + Base64Text.encode(value)
                + "</ds:DigestValue></ds:Reference>";
    }

    /**
     * What is in a signature, between two other texts.
     *
     * @param keyInfo empty if there is none
     */
    static String signature(String before, CharSequence inSignedInfo, byte[] signature, String keyInfo, String after) {
        return before + "<ds:SignedInfo>" + inSignedInfo + SIGNED_INFO_END + "<ds:SignatureValue>"
                + Base64Text.encode(signature) + "</ds:SignatureValue>" + keyInfo + after;
    }

    static String keyName(String id) {
        return "<ds:KeyInfo><ds:KeyName>" + escape(id) + "</ds:KeyName></ds:KeyInfo>";
    }

    static String certificates(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder("<ds:KeyInfo><ds:X509Data>");
        for (X509Certificate certificate : chain) {
            try {
                text.append("<ds:X509Certificate>")
                        .append(Base64Text.encode(certificate.getEncoded()))
                        .append("</ds:X509Certificate>");
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("a certificate that cannot be encoded", e);
            }
        }
        return text.append("</ds:X509Data></ds:KeyInfo>").toString();
    }

    private static String algorithm(String element, String uri) {
        return "<ds:" + element + " Algorithm=\"" + uri + "\"></ds:" + element + ">";
    }

    /** For text and attribute values, in the spelling of both canonical forms as far as ids and names need it. */
    static String escape(@Nullable String value) {
        if (value == null) {
            return "";
        }
        StringBuilder escaped = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '"' -> escaped.append("&quot;");
                case '\t' -> escaped.append("&#x9;");
                case '\n' -> escaped.append("&#xA;");
                case '\r' -> escaped.append("&#xD;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
