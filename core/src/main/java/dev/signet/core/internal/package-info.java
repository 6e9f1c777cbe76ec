// SPDX-License-Identifier: Apache-2.0
/** Shared by Signet's own modules; not for users, and free to change at any time. */
@NullMarked
package dev.signet.core.internal;

import org.jspecify.annotations.NullMarked;
