// SPDX-License-Identifier: Apache-2.0
/**
 * Keys, keysets, policy, replay guard, events and errors: what every format stands on. Core has no wire format of its own, and
 * knows {@code core.internal.base} only.
 *
 * <p>Floor plan, from below; a line sees those above it and its own:
 * <ul>
 *   <li>Errors: MessageSecurityException (sealed), InvalidMessageException, VerificationException with Reason,
 *       DecryptionException, UnavailableException.
 *   <li>Names: Algorithm, KeyUse, KeyStatus. Secrets and texts: SecretBytes, Pem.
 *   <li>Providers: Providers chooses and pins, SelfTest proves, CompositeProvider is all of them in one; Engine signs and
 *       verifies by one, EcdsaSignatures turns its signatures into the form of JOSE. CorePlumbing, opened by Providers, lets
 *       Signet's own modules in, by {@code Keys}, {@code Ciphers} and {@code Audit} of {@code core.internal}.
 *   <li>Keys: Key (sealed), KeyInfo (id, status, validity), VerificationKey, SigningKey, EncryptionKey, DecryptionKey,
 *       TokenizationKey. They are read by KeyCodec, weighed by KeyChecks, named by Thumbprint. PrivateKeySource holds handles;
 *       RemoteSigner and RemoteSigning ask a KMS.
 *   <li>Many keys: Keyset, KeyResolver.
 *   <li>Policy: SecurityPolicy with Limits and XmlLimits, both kept by Bounds; it carries the choice of providers.
 *   <li>Once only, and who hears of it: ReplayGuard, InMemoryReplayGuard; SecurityListener, SecurityEvent.
 * </ul>
 */
@NullMarked
package dev.signet.core;

import org.jspecify.annotations.NullMarked;
