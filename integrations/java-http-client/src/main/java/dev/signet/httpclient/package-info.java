// SPDX-License-Identifier: Apache-2.0
/** Signing and verifying with the JDK's HttpClient. */
@NullMarked
package dev.signet.httpclient;

import org.jspecify.annotations.NullMarked;
