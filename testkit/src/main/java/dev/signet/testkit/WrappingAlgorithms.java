// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import static dev.signet.testkit.SignatureDraft.DS;
import static dev.signet.testkit.SignatureDraft.EXCLUSIVE;
import static dev.signet.testkit.SignatureDraft.MORE;
import static dev.signet.testkit.SignatureDraft.algorithm;

import dev.signet.testkit.WrappingCase.Verdict;
import java.security.cert.CertificateEncodingException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** What is done with keys, algorithms and the signature's value. */
final class WrappingAlgorithms {
    private static final String HMAC = MORE + "hmac-sha256";

    private final WrappingCollector out;
    private final WrappingSubject subject;

    private WrappingAlgorithms(WrappingCollector out, WrappingSubject subject) {
        this.out = out;
        this.subject = subject;
    }

    static void add(WrappingCollector out, WrappingSubject subject) {
        WrappingAlgorithms algorithms = new WrappingAlgorithms(out, subject);
        algorithms.controls();
        algorithms.keys();
        algorithms.attackersKeys();
        algorithms.methods();
        algorithms.canonicalizations();
        algorithms.values();
        algorithms.secrets();
    }

    private void controls() {
        out.attack("control");
        out.accepted(subject, "signed", "a document as it was signed", subject.signed());
        key("key-name", "so, with the key's name", Verdict.ACCEPTED, keyName(XmlWrappingCorpus.KEY_NAME));
        key("certificate", "so, with the signer's certificate", Verdict.ACCEPTED, certificate(false));
    }

    /** A good signature with something in KeyInfo that does not lead to the key. */
    private void keys() {
        out.attack("key-info");
        key("unknown-name", "the key's name is unknown", Verdict.REFUSED, keyName("evil"));
        key("empty-name", "the key's name is empty", Verdict.REFUSED, keyName(""));
        key("attacker-certificate", "the certificate is the attacker's", Verdict.REFUSED, certificate(true));
        key("broken-certificate", "the certificate is none", Verdict.REFUSED, x509("AAAA"));
        key("retrieval-http", "the key would be fetched", Verdict.REFUSED, retrieval("http://127.0.0.1:9/key"));
        key("retrieval-file", "the key would be read from a file", Verdict.REFUSED, retrieval("file:///etc/passwd"));
        key("retrieval-self", "the key is where the document is", Verdict.REFUSED, retrieval(""));
        key(
                "retrieval-loop",
                "the key is where it is referred to",
                Verdict.REFUSED,
                "<ds:RetrievalMethod Id=\"loop-1\" URI=\"#loop-1\"></ds:RetrievalMethod>");
        key(
                "retrieval-xslt",
                "a style sheet makes the key",
                Verdict.REFUSED,
                "<ds:RetrievalMethod URI=\"\"><ds:Transforms>"
                        + SignatureDraft.transform("http://www.w3.org/TR/1999/REC-xslt-19991116")
                        + "</ds:Transforms></ds:RetrievalMethod>");
        key(
                "reference",
                "KeyInfo is elsewhere",
                Verdict.REFUSED,
                "<k:KeyInfoReference xmlns:k=\"http://www.w3.org/2009/xmldsig11#\" URI=\"#key-1\"></k:KeyInfoReference>");
        key(
                "reference-http",
                "KeyInfo would be fetched",
                Verdict.REFUSED,
                "<k:KeyInfoReference xmlns:k=\"http://www.w3.org/2009/xmldsig11#\" URI=\"http://127.0.0.1:9/k\"></k:KeyInfoReference>");
        key("value-attacker", "KeyInfo has the attacker's key", Verdict.EITHER, keyValue());
        key(
                "foreign",
                "KeyInfo has a foreign element",
                Verdict.EITHER,
                "<x:Key xmlns:x=\"urn:example:key\">evil</x:Key>");
        key(
                "pgp",
                "KeyInfo has a PGP key",
                Verdict.EITHER,
                "<ds:PGPData><ds:PGPKeyID>AAAAAAAAAAA=</ds:PGPKeyID></ds:PGPData>");
        key(
                "spki",
                "KeyInfo has an SPKI key",
                Verdict.EITHER,
                "<ds:SPKIData><ds:SPKISexp>AAAA</ds:SPKISexp></ds:SPKIData>");
        key("management", "KeyInfo has what it should not have", Verdict.EITHER, "<ds:MgmtData>evil</ds:MgmtData>");
    }

    /** The attacker forged and signed, and KeyInfo says that all is well. */
    private void attackersKeys() {
        out.attack("attacker-key");
        attacker("unnamed", "nothing is said of the key", "");
        attacker("named", "KeyName is the signer's", keyName(XmlWrappingCorpus.KEY_NAME));
        attacker("certificate", "the certificate is the attacker's", certificate(true));
        attacker("signers-certificate", "the certificate is the signer's", certificate(false));
        attacker("value", "KeyInfo has the attacker's key", keyValue());
        attacker(
                "value-named",
                "KeyInfo has the signer's name and the attacker's key",
                keyName(XmlWrappingCorpus.KEY_NAME) + keyValue());
        attacker(
                "value-first",
                "KeyInfo has the attacker's key and the signer's name",
                keyValue() + keyName(XmlWrappingCorpus.KEY_NAME));
        attacker(
                "certificate-named",
                "KeyInfo has the signer's name and the attacker's certificate",
                keyName(XmlWrappingCorpus.KEY_NAME) + certificate(true));
        attacker(
                "chain",
                "the attacker's certificate precedes the signer's",
                Texts.insertBefore(certificate(true), "</ds:X509Data>", inner(certificate(false))));
        attacker(
                "chain-last",
                "the attacker's certificate follows the signer's",
                Texts.insertBefore(certificate(false), "</ds:X509Data>", inner(certificate(true))));
        attacker(
                "two-data",
                "the attacker's and the signer's certificate are apart",
                certificate(true) + certificate(false));
    }

    private void methods() {
        out.attack("algorithm");
        method("rsa-sha1", "the signer's key signed with SHA-1", DS + "rsa-sha1", draft().hash("SHA1withRSA"));
        method("rsa-md5", "the signer's key signed with MD5", MORE + "rsa-md5", draft().hash("MD5withRSA"));
        method(
                "rsa-sha512",
                "the signer's key signed with SHA-512, but is for SHA-256",
                MORE + "rsa-sha512",
                draft().hash("SHA512withRSA"));
        method(
                "pss",
                "the algorithm is PSS, the signature is not",
                "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
                draft());
        method("ecdsa", "the algorithm is for another kind of key", MORE + "ecdsa-sha256", draft());
        method("dsa", "the algorithm is DSA", DS + "dsa-sha1", draft());
        method("ed25519", "the algorithm is Ed25519", "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519", draft());
        method("unknown", "the algorithm is unknown", "urn:example:evil", draft());
        method(
                "none",
                "the algorithm is the one of JWS that signs nothing",
                "none",
                draft().change(value -> new byte[0]));
        method("empty", "the algorithm is empty", "", draft());
        method("hmac-certificate", "the secret is the certificate", HMAC, draft().bySecret(encoded()));
        method(
                "hmac-key",
                "the secret is the public key",
                HMAC,
                draft().bySecret(subject.keys().certificate.getPublicKey().getEncoded()));
        method("hmac-modulus", "the secret is the public modulus", HMAC, draft().bySecret(modulus()));
        method(
                "hmac-name",
                "the secret is the key's name",
                HMAC,
                draft().bySecret(WrappingSubject.bytes(XmlWrappingCorpus.KEY_NAME)));
        out.refused(
                subject,
                "rsa-length",
                "an RSA signature has a length of output",
                subject.with(
                        draft().method(outputLength(MORE + "rsa-sha256", "256")).build()));
    }

    private void canonicalizations() {
        out.attack("canonicalization");
        out.accepted(
                subject,
                "prefixes",
                "the canonicalization of SignedInfo names a prefix",
                subject.with(draft().canonicalization(algorithm(
                                "CanonicalizationMethod",
                                EXCLUSIVE,
                                "<ec:InclusiveNamespaces xmlns:ec=\"" + EXCLUSIVE
                                        + "\" PrefixList=\"ds\"></ec:InclusiveNamespaces>"))
                        .build()));
        out.either(
                subject,
                "comments",
                "the canonicalization of SignedInfo would take comments in, if there were any",
                subject.with(draft().canonicalization(algorithm("CanonicalizationMethod", EXCLUSIVE + "WithComments"))
                        .build()));
        for (String[] method : new String[][] {
            {"unknown", "urn:example:evil"},
            {"empty", ""},
            {"enveloped", SignatureDraft.ENVELOPED},
            {"base64", DS + "base64"},
            {"xpath", "http://www.w3.org/TR/1999/REC-xpath-19991116"},
            {"xslt", "http://www.w3.org/TR/1999/REC-xslt-19991116"},
            {"minimal", "http://www.w3.org/2000/09/xmldsig#minimal"},
            {"case", EXCLUSIVE.toUpperCase(Locale.ROOT)}
        }) {
            out.refused(
                    subject,
                    method[0],
                    "the canonicalization of SignedInfo is not to be used",
                    subject.with(draft().canonicalization(algorithm("CanonicalizationMethod", method[1]))
                            .build()));
        }
    }

    private void values() {
        out.attack("value");
        String signature = draft().build();
        int start = signature.indexOf("<ds:SignatureValue>") + "<ds:SignatureValue>".length();
        int end = signature.indexOf("</ds:SignatureValue>");
        String value = signature.substring(start, end);
        for (String junk : new String[] {"*", "!", "-", "_", ".", "%", "\\", "\u00a0", "\u2028"}) {
            String label = Integer.toHexString(junk.charAt(0));
            value(
                    "junk-" + label,
                    "a character is not of Base64",
                    value,
                    value.substring(0, 9) + junk + value.substring(9));
        }
        value("equals", "there is padding in the middle", value, value.substring(0, 8) + "====" + value.substring(8));
        value("padding", "there is too much padding", value, value + "=");
        value("no-padding", "the padding is missing", value, value.replace("=", ""));
        value("bits", "the last bits, which nobody reads, are set", value, WrappingReference.lastBits(value));
        value("trailing", "characters follow the padding", value, value + "AAAA");
        value("twice", "the value is there twice", value, value + value);
        value("empty", "the value is empty", value, "");
        value("cut", "the value is cut", value, value.substring(0, 341));
        changed("flipped", "a bit of the signature is flipped", bytes -> {
            bytes[100] ^= 1;
            return bytes;
        });
        changed("zero", "the signature is zero", bytes -> new byte[bytes.length]);
        changed("one", "the signature is one", bytes -> {
            byte[] one = new byte[bytes.length];
            one[one.length - 1] = 1;
            return one;
        });
        changed("prefixed", "a zero byte precedes the signature", bytes -> {
            byte[] longer = new byte[bytes.length + 1];
            System.arraycopy(bytes, 0, longer, 1, bytes.length);
            return longer;
        });
        changed("suffixed", "a zero byte follows the signature", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
        changed("short", "the signature is a byte shorter", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    }

    private void secrets() {
        out.attack("hmac");
        String plain = algorithm("SignatureMethod", HMAC);
        hmac("control", "as it was authenticated", Verdict.ACCEPTED, plain, 32);
        hmac("length-256", "it says the length that it has", Verdict.EITHER, outputLength(HMAC, "256"), 32);
        hmac("cut", "the value is cut, without saying so", Verdict.REFUSED, plain, 16);
        hmac("empty", "the value is empty", Verdict.REFUSED, plain, 0);
        for (int bits : new int[] {0, 1, 8, 80, 128, 160, 248}) {
            hmac(
                    "length-" + bits,
                    "it says that the value is cut",
                    Verdict.REFUSED,
                    outputLength(HMAC, "" + bits),
                    (bits + 7) / 8);
        }
        for (String length : new String[] {
            "0", "8", "128", "255", "257", "512", "-1", "-256", "abc", "", "256.0", "0x100", "4294967552"
        }) {
            hmac(
                    "length-" + (length.isEmpty() ? "none" : length) + "-whole",
                    "it says another length than the value has",
                    Verdict.REFUSED,
                    outputLength(HMAC, length),
                    32);
        }
        hmac(
                "length-twice",
                "it says two lengths",
                Verdict.REFUSED,
                Texts.insertBefore(
                        outputLength(HMAC, "256"),
                        "</ds:SignatureMethod>",
                        "<ds:HMACOutputLength>8</ds:HMACOutputLength>"),
                32);
        hmac(
                "sha1",
                "the algorithm is with SHA-1",
                Verdict.REFUSED,
                algorithm("SignatureMethod", DS + "hmac-sha1"),
                32);
        hmac("rsa", "the algorithm is RSA", Verdict.REFUSED, algorithm("SignatureMethod", MORE + "rsa-sha256"), 32);
        out.bySecret(
                subject, "signed", "it is signed by RSA, and not authenticated", Verdict.REFUSED, subject.signed());
        out.bySecret(
                subject,
                "other-secret",
                "the secret is another",
                Verdict.REFUSED,
                subject.with(draft().method(plain).bySecret(new byte[32]).build()));
        SignatureDraft good = draft().method(plain).bySecret(WrappingKeys.secret());
        out.bySecret(subject, "forged", "the content is forged", Verdict.REFUSED, subject.forgedWith(good.build()));
    }

    private void hmac(String variant, String description, Verdict verdict, String method, int bytes) {
        SignatureDraft draft =
                draft().method(method).bySecret(WrappingKeys.secret()).change(mac -> Arrays.copyOf(mac, bytes));
        out.bySecret(subject, variant, description, verdict, subject.with(draft.build()));
    }

    private void key(String variant, String description, Verdict verdict, String keyInfo) {
        String xml = subject.with(
                draft().after("<ds:KeyInfo>" + keyInfo + "</ds:KeyInfo>").build());
        switch (verdict) {
            case ACCEPTED -> out.accepted(subject, variant, description, xml);
            case REFUSED -> out.refused(subject, variant, description, xml);
            case EITHER -> out.either(subject, variant, description, xml);
        }
    }

    private void attacker(String variant, String description, String keyInfo) {
        String forged = Texts.replaceOnce(subject.document(), subject.victim(), subject.evil());
        String signature = draft().references(subject.reference(forged))
                .byAttacker()
                .after(keyInfo.isEmpty() ? "" : "<ds:KeyInfo>" + keyInfo + "</ds:KeyInfo>")
                .build();
        out.forged(subject, variant, "the attacker forged and signed; " + description, subject.forgedWith(signature));
    }

    private void method(String variant, String description, String uri, SignatureDraft draft) {
        out.refused(
                subject,
                variant,
                description,
                subject.with(draft.method(algorithm("SignatureMethod", uri)).build()));
    }

    private void value(String variant, String description, String value, String other) {
        out.refused(subject, variant, description, Texts.replaceOnce(subject.signed(), value, other));
    }

    private void changed(String variant, String description, UnaryOperator<byte[]> change) {
        out.refused(
                subject,
                variant,
                description,
                subject.with(draft().change(change).build()));
    }

    private SignatureDraft draft() {
        return subject.draft();
    }

    private byte[] encoded() {
        try {
            return subject.keys().certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] modulus() {
        return ((RSAPublicKey) subject.keys().certificate.getPublicKey())
                .getModulus()
                .toByteArray();
    }

    private String certificate(boolean attacker) {
        try {
            return x509(SignatureDraft.base64(
                    (attacker ? subject.keys().attackerCertificate : subject.keys().certificate).getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String keyValue() {
        RSAPublicKey key = (RSAPublicKey) subject.keys().attackerCertificate.getPublicKey();
        byte[] modulus = key.getModulus().toByteArray();
        return "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>"
                + SignatureDraft.base64(Arrays.copyOfRange(modulus, 1, modulus.length))
                + "</ds:Modulus><ds:Exponent>AQAB"
                + "</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>";
    }

    private static String keyName(String name) {
        return "<ds:KeyName>" + name + "</ds:KeyName>";
    }

    private static String x509(String base64) {
        return "<ds:X509Data><ds:X509Certificate>" + base64 + "</ds:X509Certificate></ds:X509Data>";
    }

    private static String inner(String data) {
        return data.replace("<ds:X509Data>", "").replace("</ds:X509Data>", "");
    }

    private static String retrieval(String uri) {
        return "<ds:RetrievalMethod URI=\"" + uri + "\"></ds:RetrievalMethod>";
    }

    private static String outputLength(String uri, String bits) {
        return algorithm("SignatureMethod", uri, "<ds:HMACOutputLength>" + bits + "</ds:HMACOutputLength>");
    }
}
