// SPDX-License-Identifier: Apache-2.0
/**
 * Format-preserving, authenticated and one-way tokens for personal data, with rotation and reveal policies. It stands on core,
 * and knows no other format.
 *
 * <p>Floor plan, from below; a line calls those above it and its own, constants and small helpers apart:
 * <ul>
 *   <li>Values: Token, TokenContext, TokenDomain, Alphabet, Access, Reveal, Revealed; checked by Names and Utf8.
 *   <li>FF1 (SP 800-38G): Ff1Core runs the rounds of an Ff1Plan over Work, the value on its way, in a worker of Aes; for halves
 *       of two words WideRounds does. Numerals and Modulus count. Ff1 is the low-level way in. LegacyFf31 reads what FF3-1 made.
 *   <li>Formats: TokenFormat makes a Shape: TextShape, CardShape, PhoneShape, EmailShape, IbanShape, SsnShape, UuidShape,
 *       DateShape, TemplateShape. A shape goes from characters to digits and back; it knows no key.
 *   <li>Columns: ColumnJob, over strings (TextJob) or bytes (ByteJob, ByteColumn); ColumnOptions, ColumnResult.
 *   <li>Engines, one mode and one key version each: TokenEngine, ReversibleEngine; FormatPreservingEngine, SivEngine,
 *       DateShiftEngine, OneWayEngine. KeyedHash is beneath the last two and BlindIndex.
 *   <li>Tokenizers: Tokenizer, ReversibleTokenizer are the way in; KeyedTokenizer and KeyedReversibleTokenizer choose the engine
 *       of a token's version.
 *   <li>The log of reveals: RevealLog takes a RevealNote, gives a RevealEvent, chained by RevealChain, spelled by RevealLine,
 *       kept by RevealFile.
 *   <li>The way out: RevealGate asks RevealPolicy and RateLimiter, and logs before anything passes.
 *   <li>What passes the gate: Detokenizer; TokenTranslator and Retokenizer (with RetokenizeJob and CheckpointText), which make
 *       tokens of tokens by TokenMover, where values stay inside.
 * </ul>
 *
 * <p>No value of a token leaves but by the gate: engines and keyed tokenizers are nobody's but the package's. Ff1 and LegacyFf31
 * have the caller's own keys, and no gate.
 */
@NullMarked
package dev.signet.tokens;

import org.jspecify.annotations.NullMarked;
