// SPDX-License-Identifier: Apache-2.0
/** Format-preserving, authenticated and one-way tokens for personal data, with rotation and reveal policies. */
@NullMarked
package dev.signet.tokens;

import org.jspecify.annotations.NullMarked;
