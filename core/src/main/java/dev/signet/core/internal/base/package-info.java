// SPDX-License-Identifier: Apache-2.0
/**
 * The ground floor: knows the JDK and nothing of Signet, so that core itself stands on it. Not for users, and free to change at
 * any time.
 *
 * <p>Floor plan; none of these but Plumbing knows another:
 * <ul>
 *   <li>ObjectPool lends what is costly to make. Called by core and by all above.
 *   <li>AddressBlock reads and matches IP addresses. Called by whoever trusts a proxy or connects to a name.
 *   <li>WholeFile replaces a small file as a whole, under a lock. Called by keyset files and the command.
 *   <li>Plumbing says what core does for Signet's own modules only, without core's types. Core implements it and opens its
 *       Door; {@code core.internal} enters, and nobody else.
 * </ul>
 */
@NullMarked
package dev.signet.core.internal.base;

import org.jspecify.annotations.NullMarked;
