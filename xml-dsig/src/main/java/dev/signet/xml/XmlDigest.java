// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

/** The digest of a signed part (XML Signature 1.1, 6.2; RFC 9231, 2.1). */
public enum XmlDigest {
    /** SHA-256. */
    SHA_256("SHA-256", "http://www.w3.org/2001/04/xmlenc#sha256", 32),
    /** SHA-384. */
    SHA_384("SHA-384", "http://www.w3.org/2001/04/xmldsig-more#sha384", 48),
    /** SHA-512. */
    SHA_512("SHA-512", "http://www.w3.org/2001/04/xmlenc#sha512", 64),
    /** SHA3-256. */
    SHA3_256("SHA3-256", "http://www.w3.org/2007/05/xmldsig-more#sha3-256", 32),
    /** SHA3-384. */
    SHA3_384("SHA3-384", "http://www.w3.org/2007/05/xmldsig-more#sha3-384", 48),
    /** SHA3-512. */
    SHA3_512("SHA3-512", "http://www.w3.org/2007/05/xmldsig-more#sha3-512", 64);

    final String jcaName;
    final int length;
    private final String uri;

    XmlDigest(String jcaName, String uri, int length) {
        this.jcaName = jcaName;
        this.uri = uri;
        this.length = length;
    }

    /** The algorithm identifier. */
    public String uri() {
        return uri;
    }
}
