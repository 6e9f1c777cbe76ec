// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP Message Signatures (RFC 9421) and digests (RFC 9530). It stands on core, and knows neither hosts nor other formats.
 *
 * <p>Floor plan, from below; a line calls those above it and its own, constants and small helpers apart:
 * <ul>
 *   <li>Structured fields (RFC 9651): StructuredFields is the way in, SfParser reads, SfSerializer writes; SfChars, SfLimits,
 *       SfException. Their values: SfValue, SfItem, SfInnerList, SfMember, SfList, SfKeyed, SfDictionary, SfParameters.
 *   <li>Messages: HttpMessage, made by hand by HttpMessageBuilder; TargetUri, BodyFraming. Their parts: Component with
 *       FieldType, ComponentException; FieldValues (with QueryParams) gives the values of parts, writes into AsciiBuffer, and
 *       pays from WorkBudget.
 *   <li>Signatures: SignatureParameters, SignatureBase, SignatureFields. ComponentLists remembers lists of parts; only the
 *       parser looks up to it.
 *   <li>Digests: DigestAlgorithm, Digester, ContentDigest.
 *   <li>Bodies: Body is one of two, StreamedBody or ArrivingBody (which stops by BodyAwaited); both put what comes into
 *       BodyIntake. ReceivedBody shows one to hosts.
 *   <li>Policy: SignaturePolicy with When; RequestBinding ties responses to requests; AcceptSignature asks for signatures.
 *   <li>Results: VerifiedSignature, VerifiedMessage; before there is one LastCheck has the host's word.
 *   <li>Sending: HttpSigner. Receiving does not know it.
 *   <li>Receiving: HttpVerifier holds what is set up, Verification goes through one message, AsyncVerification does so without
 *       waiting, ReplayEntries is what a guard is asked.
 *   <li>Debugging: Explainer verifies again with Guesses, BodyGuesses and Reorderings; ParameterDifferences; Explanation.
 * </ul>
 *
 * <p>HttpVerifier and Verification know each other: the one is the other's configuration. What a stranger wrote is parsed by
 * the first line only.
 */
@NullMarked
package dev.signet.http;

import org.jspecify.annotations.NullMarked;
