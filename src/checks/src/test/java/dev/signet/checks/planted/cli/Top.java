// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.cli;

/** The command itself. */
public final class Top {}
