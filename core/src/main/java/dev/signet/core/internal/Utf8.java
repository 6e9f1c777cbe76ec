// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import dev.signet.core.InvalidMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text of a message: UTF-8, or refused. What was changed silently is not what was signed. */
public final class Utf8 {
    private Utf8() {}

    /**
     * The text that bytes are.
     *
     * @param what names them in the error
     * @throws InvalidMessageException if they are not UTF-8
     */
    public static String decode(byte[] bytes, String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw InvalidMessageException.malformed("the " + what + " is not UTF-8 text");
        }
    }
}
