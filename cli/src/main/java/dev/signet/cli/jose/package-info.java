// SPDX-License-Identifier: Apache-2.0
/**
 * {@code signet jws}, {@code jwe} and {@code jwt}.
 *
 * <ul>
 *   <li>{@code JwsCommand}: {@code JwsSign}, {@code JwsVerify}.
 *   <li>{@code JweCommand}: {@code JweEncrypt}, {@code JweDecrypt}.
 *   <li>{@code JwtCommand}: {@code JwtIssue}, {@code JwtVerify}.
 *   <li>All three: {@code TokenInspect}.
 * </ul>
 */
@NullMarked
package dev.signet.cli.jose;

import org.jspecify.annotations.NullMarked;
