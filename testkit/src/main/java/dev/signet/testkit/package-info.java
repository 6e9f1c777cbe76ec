// SPDX-License-Identifier: Apache-2.0
/** Helps users to test their own use of Signet: keys, a clock, tampering, attacked XML documents, and what to expect of a refusal. */
@NullMarked
package dev.signet.testkit;

import org.jspecify.annotations.NullMarked;
