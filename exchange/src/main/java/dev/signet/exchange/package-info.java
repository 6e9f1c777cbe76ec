// SPDX-License-Identifier: Apache-2.0
/**
 * What every server and every client does with signed HTTP messages; hosts adapt it and know nothing else of Signet's formats.
 *
 * <ul>
 *   <li>Into a server: {@link InboundPipeline} admits a request, waiting for its body or not, and gives an {@link Admission} or
 *       a {@link Problem}. It asks {@link PublicOrigin} (with {@code ForwardedField}, {@code Origin}) for the target URI, {@link
 *       dev.signet.http.HttpVerifier} for the verdict, and {@code VisibleFields} (with {@code IdentityFields}) for what the
 *       application may see.
 *   <li>Out of a client: {@link OutboundPipeline} signs each attempt ({@link SignedRequest}) over the request as it is sent
 *       ({@code SentRequest}), and verifies the response ({@code ReceivedResponse}) into a {@link VerifiedResponse}.
 *   <li>Bodies: {@link BodyCollector} takes one from whoever gives or writes it, {@link KeptBody} has it as often as it is needed,
 *       {@code StreamPump} gives it to subscribers. Used by both directions; they know neither.
 * </ul>
 *
 * <p>The directions do not know each other. Nothing here knows a host's types. It stands on core and HTTP signatures; JWTs are left
 * out until a pipeline takes them.
 */
@NullMarked
package dev.signet.exchange;

import org.jspecify.annotations.NullMarked;
