// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.nowhere;

/** Lies on no floor. */
public final class Lost {}
