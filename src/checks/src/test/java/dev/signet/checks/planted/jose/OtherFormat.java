// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.jose;

import com.nimbusds.jose.util.Base64URL;

/** Has a decoder of its own. */
public final class OtherFormat {
    public byte[] decode(String text) {
        return new Base64URL(text).decode();
    }
}
