// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import java.util.Locale;
import javax.xml.namespace.QName;

/** Names of XML Encryption 1.0 and 1.1. */
final class Xenc {
    static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
    static final String XENC11 = "http://www.w3.org/2009/xmlenc11#";
    static final String DSIG11 = "http://www.w3.org/2009/xmldsig11#";

    static final String TYPE_ELEMENT = XENC + "Element";
    static final String TYPE_CONTENT = XENC + "Content";

    static final String RSA_OAEP = XENC11 + "rsa-oaep";
    static final String ECDH_ES = XENC11 + "ECDH-ES";
    static final String X25519 = "http://www.w3.org/2021/04/xmldsig-more#x25519";
    static final String CONCAT_KDF = XENC11 + "ConcatKDF";
    static final String SHA256 = XENC + "sha256";

    static final QName ENCRYPTED_DATA = new QName(XENC, "EncryptedData");
    static final QName ENCRYPTED_KEY = new QName(XENC, "EncryptedKey");
    static final QName ENCRYPTION_METHOD = new QName(XENC, "EncryptionMethod");
    static final QName CIPHER_DATA = new QName(XENC, "CipherData");
    static final QName CIPHER_VALUE = new QName(XENC, "CipherValue");
    static final QName CARRIED_KEY_NAME = new QName(XENC, "CarriedKeyName");
    static final QName AGREEMENT_METHOD = new QName(XENC, "AgreementMethod");
    static final QName ORIGINATOR_KEY_INFO = new QName(XENC, "OriginatorKeyInfo");
    static final QName RECIPIENT_KEY_INFO = new QName(XENC, "RecipientKeyInfo");
    static final QName MGF = new QName(XENC11, "MGF");
    static final QName KEY_DERIVATION_METHOD = new QName(XENC11, "KeyDerivationMethod");
    static final QName CONCAT_KDF_PARAMS = new QName(XENC11, "ConcatKDFParams");
    static final QName KEY_INFO = new QName(XmlProfile.DSIG, "KeyInfo");
    static final QName KEY_NAME = new QName(XmlProfile.DSIG, "KeyName");
    static final QName KEY_VALUE = new QName(XmlProfile.DSIG, "KeyValue");
    static final QName X509_DATA = new QName(XmlProfile.DSIG, "X509Data");
    static final QName DIGEST_METHOD = new QName(XmlProfile.DSIG, "DigestMethod");
    static final QName EC_KEY_VALUE = new QName(DSIG11, "ECKeyValue");
    static final QName NAMED_CURVE = new QName(DSIG11, "NamedCurve");
    static final QName PUBLIC_KEY = new QName(DSIG11, "PublicKey");
    static final QName DER_ENCODED_KEY_VALUE = new QName(DSIG11, "DEREncodedKeyValue");

    private Xenc() {}

    static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("XML Encryption: " + what);
    }

    /** As the value of an attribute in double quotes, or as text; in US-ASCII, which any document may be in. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        out.append((char) c);
                    } else {
                        out.append("&#x")
                                .append(Integer.toHexString(c).toUpperCase(Locale.ROOT))
                                .append(';');
                    }
                }
            }
        });
        return out.toString();
    }
}
