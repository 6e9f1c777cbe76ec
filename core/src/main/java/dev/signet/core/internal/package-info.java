// SPDX-License-Identifier: Apache-2.0
/**
 * Shared by Signet's own modules; not for users, and free to change at any time. It stands on core, which never looks up here.
 *
 * <p>Floor plan:
 * <ul>
 *   <li>What core keeps from users: Keys signs, verifies and checks keys by the policy's providers; Ciphers gives ciphers and
 *       digests of them. Both enter by Core, the one door, and so does Audit.
 *   <li>Keys in use: ProviderKeys makes a provider's own objects of keys and finds handles that live; Agreement is ECDH.
 *   <li>Talking to others: Boundary asks code that is not ours, Replays asks replay guards by it, Audit tells listeners.
 *   <li>Long content: Spool, in memory or in a SpoolFile, which nobody else uses.
 * </ul>
 *
 * <p>Formats, seams and hosts call all of these; Core and SpoolFile are the package's own.
 */
@NullMarked
package dev.signet.core.internal;

import org.jspecify.annotations.NullMarked;
