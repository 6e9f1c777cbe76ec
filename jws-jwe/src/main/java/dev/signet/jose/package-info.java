// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.signet.jose;

import org.jspecify.annotations.NullMarked;
