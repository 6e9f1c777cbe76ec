// SPDX-License-Identifier: Apache-2.0
/** XML Signature and XML Encryption. */
@NullMarked
package dev.signet.xml;

import org.jspecify.annotations.NullMarked;
