// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.signet.http;

import org.jspecify.annotations.NullMarked;
