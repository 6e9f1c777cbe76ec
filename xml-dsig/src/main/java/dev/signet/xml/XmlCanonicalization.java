// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

/** How a part of a document becomes the bytes that are signed. Comments are never among them. */
public enum XmlCanonicalization {
    /** Exclusive XML Canonicalization 1.0: only the namespaces that a part uses, so that it can move between documents. */
    EXCLUSIVE("http://www.w3.org/2001/10/xml-exc-c14n#"),
    /** Canonical XML 1.0: all namespaces and {@code xml:} attributes in scope. */
    INCLUSIVE_10("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    /** Canonical XML 1.1: as 1.0, but {@code xml:id} is not inherited and {@code xml:base} is joined. */
    INCLUSIVE_11("http://www.w3.org/2006/12/xml-c14n11");

    private final String uri;

    XmlCanonicalization(String uri) {
        this.uri = uri;
    }

    /** The algorithm identifier. */
    public String uri() {
        return uri;
    }
}
