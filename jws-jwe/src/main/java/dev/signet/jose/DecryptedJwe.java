// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.core.internal.Utf8;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a JWE, which only {@link JweDecrypter} makes.
 *
 * <p><b>Security properties.</b> Content, protected header and additional data are as the sender made them. With a public
 * key anybody may be the sender: encryption hides, it does not sign. Members that were not protected are left out.
 * Immutable and thread-safe; {@link #toString()} shows no content.
 */
public final class DecryptedJwe {
    private final byte[] plaintext;
    private final Map<String, Object> header;
    private final DecryptionKey key;
    private final Algorithm contentEncryption;
    private final byte @Nullable [] additionalData;

    DecryptedJwe(
            byte[] plaintext,
            Map<String, Object> header,
            DecryptionKey key,
            Algorithm contentEncryption,
            byte @Nullable [] additionalData) {
        this.plaintext = plaintext;
        this.header = header;
        this.key = key;
        this.contentEncryption = contentEncryption;
        this.additionalData = additionalData;
    }

    /** The content, as a copy. */
    public byte[] contentBytes() {
        return plaintext.clone();
    }

    /**
     * The content as UTF-8 text.
     *
     * @throws InvalidMessageException if it is not UTF-8
     */
    public String contentText() {
        return Utf8.decode(plaintext, "content");
    }

    /**
     * The protected header. Reading a member as another type than it has gives a {@link VerificationException} with {@link
     * Reason#HEADER_UNEXPECTED}.
     */
    public JsonObject header() {
        return new JsonObject(header, Reason.HEADER_UNEXPECTED);
    }

    /** The key that decrypted it. */
    public DecryptionKey key() {
        return key;
    }

    /** The algorithm of the content. */
    public Algorithm contentEncryption() {
        return contentEncryption;
    }

    /** What was authenticated beside the content and is not secret: {@code aad} of a JSON form, as a copy. */
    public Optional<byte[]> additionalData() {
        return Optional.ofNullable(additionalData).map(byte[]::clone);
    }

    @Override
    public String toString() {
        return "DecryptedJwe[key=" + key.id() + ", " + key.algorithm().joseName() + ", " + contentEncryption.joseName()
                + ", " + plaintext.length + " bytes]";
    }

    /** Not a copy, so that it can be wiped. */
    byte[] content() {
        return plaintext;
    }
}
