// SPDX-License-Identifier: Apache-2.0
/**
 * What Signet costs, beside the bare primitives and the libraries that it replaces. Never published.
 *
 * <ul>
 *   <li>What is measured: HttpSignatureBenchmark, JwsBenchmark, JweBenchmark, JwtBenchmark, TokenizationBenchmark,
 *       RecordFilesBenchmark, XmlSignatureBenchmark. They do not know each other.
 *   <li>What it is held against: Floor, the bare primitives; Rival, the client of others.
 * </ul>
 */
@NullMarked
package dev.signet.benchmarks;

import org.jspecify.annotations.NullMarked;
