// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

/**
 * A reference of a signature, as far as it is accepted: the whole document or an id, transformed by leaving the signature
 * out and by one canonicalization (XML Signature, 4.4.3).
 *
 * @param id empty for the whole document
 */
record Reference(String id, boolean enveloped, C14n c14n, XmlDigest digest, byte[] value) {}
