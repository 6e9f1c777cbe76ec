// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.records;

/** Is known to whom it should not be. */
public final class OtherSeam {}
