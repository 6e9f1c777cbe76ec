// SPDX-License-Identifier: Apache-2.0
/**
 * Helps users to test their own use of Signet: keys, a clock, tampering, attacked XML documents, and what to expect of a
 * refusal. Requests stand on HTTP signatures; the corpus needs the JDK only, so that any verifier can be held against it.
 *
 * <p>Floor plan, from below; a line calls those above it and its own, constants and small helpers apart:
 * <ul>
 *   <li>For any test: RfcKeys, TestClock, MovingClock, WorkMeter, SignetAssertions.
 *   <li>Signed requests: TestRequest, changed by MessageMutator.
 *   <li>Guards of one's own: ReplayGuardContract.
 *   <li>Documents of the corpus: WrappingSubject is one, signed as a SignatureDraft with WrappingKeys; Canonical and Texts make
 *       and change them. A WrappingCase is one with its verdict; WrappingCollector takes them up.
 *   <li>Attacks, each a list of cases: WrappingXsw, WrappingStructure, WrappingReference, WrappingNames, WrappingText,
 *       WrappingAlgorithms.
 *   <li>The corpus: XmlWrappingCorpus, which calls all attacks.
 * </ul>
 */
@NullMarked
package dev.signet.testkit;

import org.jspecify.annotations.NullMarked;
