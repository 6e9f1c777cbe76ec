// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.signet.core;

import org.jspecify.annotations.NullMarked;
