// SPDX-License-Identifier: Apache-2.0
/**
 * A servlet filter that lets only requests with a good RFC 9421 signature through. It stands on exchange, whose inbound pipeline
 * decides; here is only what is the servlet container's.
 *
 * <ul>
 *   <li>The way in: SignatureFilter asks the pipeline and calls the chain or answers.
 *   <li>To the pipeline: ServletMessage is the request as it came, ReceivedBody its body.
 *   <li>To the application: AdmittedRequest, with BodyStream and FormParameters; Completion removes what was kept.
 *   <li>Both directions: Authority.
 * </ul>
 *
 * <p>Only the filter knows all; the two directions do not know each other.
 */
@NullMarked
package dev.signet.servlet;

import org.jspecify.annotations.NullMarked;
