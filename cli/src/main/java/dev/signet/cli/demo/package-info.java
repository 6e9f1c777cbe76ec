// SPDX-License-Identifier: Apache-2.0
/**
 * {@code signet demo}: {@code DemoCommand} runs a server ({@code DemoServer}, {@code DemoTokens}) and a client
 * ({@code DemoClient}, {@code DemoWorkshop}), then shows signed XML ({@code DemoPayments}, {@code DemoNaiveReader}) and
 * a tokenized file ({@code DemoCustomers}). It is no example to copy: those are in the guide.
 */
@NullMarked
package dev.signet.cli.demo;

import org.jspecify.annotations.NullMarked;
