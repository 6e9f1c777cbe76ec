// SPDX-License-Identifier: Apache-2.0

/** A servlet filter that lets only requests with a good RFC 9421 signature through. */
@NullMarked
package dev.signet.servlet;

import org.jspecify.annotations.NullMarked;
