// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * A tokenizer whose values can be revealed again, by a {@link Detokenizer} and under its {@link RevealPolicy}. Whoever
 * holds one holds the key that reveals.
 */
@CheckReturnValue
public sealed interface ReversibleTokenizer extends Tokenizer permits KeyedReversibleTokenizer {}
