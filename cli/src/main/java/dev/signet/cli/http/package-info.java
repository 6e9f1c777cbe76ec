// SPDX-License-Identifier: Apache-2.0
/**
 * {@code signet http}: {@code HttpCommand} with {@code HttpSign}, {@code HttpVerify} and {@code HttpExplain}.
 *
 * <p>{@code MessageOptions} reads the message, {@code RawMessage} parses its bytes, {@code Components} names what is
 * covered, {@code VerifyOptions} holds what verifying and explaining share. The demo borrows {@code RawMessage}.
 */
@NullMarked
package dev.signet.cli.http;

import org.jspecify.annotations.NullMarked;
