// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.http;

/** Proves nothing. */
public final class VerifiedByAnybody {
    public VerifiedByAnybody() {}
}
