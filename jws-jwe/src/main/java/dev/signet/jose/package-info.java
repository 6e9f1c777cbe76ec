// SPDX-License-Identifier: Apache-2.0
/**
 * JWS, JWE, JWT (RFC 7515 to 7519), JWK sets and DPoP. It stands on core, and knows no other format.
 *
 * <p>Floor plan, from below; a line calls those above it and its own, constants and small helpers apart:
 * <ul>
 *   <li>Bytes: Base64Url, Base64UrlInputStream, CappedInputStream, Inflation. Remembered: RecentTexts.
 *   <li>JSON: StrictJson reads, JsonText writes; JsonObject is what verified bytes hold; JsonPointers finds and replaces.
 *   <li>JWKs: Jwk, read by JwkReader, written by JwkWriter, with Octets. Jwks is the way in, InspectedJwks what a tool is told of a set.
 *   <li>Headers: HeaderTemplate writes them; Compact cuts a token, ProtectedHeader reads its header. UnverifiedToken shows a
 *       token to people.
 *   <li>Keys of JWE: CekSealer and CekOpener, each one of DirectKeys, WrapKeys, AgreementKeys (with EphemeralKeys), OaepKeys,
 *       PasswordKeys. JweKeys and JweServices say what fits a key; ContentCipher encrypts content.
 *   <li>JWE: JweEncrypter; JweDecrypter, to which JweParser gives a JweMessage, and which makes DecryptedJwe. Fields of
 *       documents: FieldEncrypter, FieldDecrypter.
 *   <li>JWS: JwsSigner; JwsVerifier, which makes VerifiedJws and VerifiedDetachedJws. Both take JWE for what is
 *       signed and encrypted.
 *   <li>DPoP: DpopProver, DpopVerifier, both by DpopTarget; VerifiedDpop. ProofOfPossession takes a proof to a token's check.
 *   <li>JWT: JwtIssuer, JwtVerifier, VerifiedJwt. They stand on JWS as a user would.
 *   <li>Keysets in files: KeysetFile, opened by KeysetLock, kept by KeysetFiles.
 *   <li>Keysets of others: RemoteJwks asks JwkSetSource, which fetches by HttpsFetch (AddressRules, HttpsResponse,
 *       FetchException) and keeps MissingIds; Moment is when. Nothing else here opens a connection.
 * </ul>
 *
 * <p>Nimbus makes keys of JWKs and is the engine of JWE; no public type shows it, and JWS does without.
 */
@NullMarked
package dev.signet.jose;

import org.jspecify.annotations.NullMarked;
