// SPDX-License-Identifier: Apache-2.0
/** What knows nothing of Signet, and what Signet's own modules, core included, stand on; not for users. */
@NullMarked
package dev.signet.core.internal.base;

import org.jspecify.annotations.NullMarked;
