// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.signet.benchmarks;

import org.jspecify.annotations.NullMarked;
