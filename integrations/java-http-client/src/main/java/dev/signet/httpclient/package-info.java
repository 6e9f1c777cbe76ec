// SPDX-License-Identifier: Apache-2.0
/**
 * Signing and verifying with the JDK's own HTTP client. It stands on exchange, whose outbound pipeline signs each attempt and
 * verifies its response; here is only what is the JDK's.
 *
 * <ul>
 *   <li>The way in: SigningHttpClient, a client as the JDK knows it; Cancellable stops what goes on behind its futures.
 *   <li>Out: WireRequest is a request as it is sent.
 *   <li>Back: ResponseCollector takes a body as it comes, ResponseCheck shows the caller's handler what was verified, in a
 *       CheckedResponse.
 * </ul>
 *
 * <p>Only the client knows both directions.
 */
@NullMarked
package dev.signet.httpclient;

import org.jspecify.annotations.NullMarked;
