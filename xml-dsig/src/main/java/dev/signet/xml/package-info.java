// SPDX-License-Identifier: Apache-2.0
/**
 * XML Signature and XML Encryption. It stands on core, and knows no other format.
 *
 * <p>Floor plan, from below; a line calls those above it and its own, constants and small helpers apart:
 * <ul>
 *   <li>Reading: StrictReader is the one parser for all, bounded by NameCounter and RunGuard. Places in bytes: CharacterCursor,
 *       ByteOffsets. Around an event: OpenElements, NamespaceScope. Texts: Base64Text, TextPath. For callers: DomBuilder.
 *   <li>What may be asked for: XmlProfile, XmlDigest, XmlCanonicalization; inside C14n, Reference, KeyHints, Plan, PlaceTree.
 *   <li>Canonical form: CanonicalWriter, to CanonicalOutput, with XmlBase and EncodedNames; Workspace is used again.
 *   <li>A pass: XmlEngine sets up and runs DocumentPass, which reads the signature by SignatureReader, or notes an
 *       InsertionPoint, where SignatureText comes in by an Edit. Signing and verifying meet here, and do not know each other.
 *   <li>Signing: XmlSigner.
 *   <li>Verifying: XmlVerifier, by keys alone or KnownCertificates; VerifiedXml.
 *   <li>Encrypted parts: EncryptedPart, read by EncryptedPartReader; EncryptionPlace names where; Xenc has the names.
 *   <li>Keys of encryption: CekSealer and CekOpener, each one of WrapKeys, AgreementKeys (with OriginatorKeys), OaepKeys.
 *       EncryptionKeys says what fits; ContentCipher encrypts content.
 *   <li>Encrypting: XmlEncrypter, to which Plaintexts gives what is encrypted.
 *   <li>Decrypting: XmlDecrypter takes an EncryptedDocument and makes a DecryptedDocument, from it DecryptedXml.
 *   <li>Both, in the right order: VerifyingXmlDecrypter, VerifiedDecryptedXml.
 * </ul>
 *
 * <p>Signatures and encryption share reading only; the last line alone knows both.
 */
@NullMarked
package dev.signet.xml;

import org.jspecify.annotations.NullMarked;
