// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decrypts what {@link FieldEncrypter} has encrypted: fields of JSON documents, or whole documents.
 *
 * <pre>{@code
 * FieldDecrypter back = FieldDecrypter.builder(decrypter, "encryptedValue")
 *         .field("/card/number")
 *         .build();
 * byte[] plain = back.decrypt(received);
 * }</pre>
 *
 * <p><b>Security properties.</b> Each field must be there and must be an object with the wrapper as its only member, so that
 * nobody can put plain values in the place of encrypted ones. What comes out, each field and the whole document, must be
 * strict JSON within the limits. No field is given back unless all are. What one document may ask for is bounded before the
 * first private key is used: the number of its fields, and for passwords the sum of their iterations; fields that share an
 * encrypted key cost one operation. Content is decrypted, not signed: anybody who has the public key can make it.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class FieldDecrypter {
    private final JweDecrypter decrypter;
    private final String wrapper;
    private final JsonPointers fields;
    private final StrictJson.Reader reader;
    private final Limits limits;
    private final int maxFields;
    private final long maxPasswordIterations;

    private FieldDecrypter(Builder builder) {
        decrypter = builder.decrypter;
        wrapper = builder.wrapper;
        fields = JsonPointers.of(builder.fields);
        limits = builder.limits;
        reader = StrictJson.reader(limits);
        maxFields = builder.maxFields;
        maxPasswordIterations = builder.maxPasswordIterations;
    }

    /**
     * Starts a decrypter of fields.
     *
     * @param wrapper the name of the member that holds the JWE, such as {@code encData}
     */
    public static Builder builder(JweDecrypter decrypter, String wrapper) {
        return new Builder(decrypter, wrapper);
    }

    /**
     * Decrypts the fields of a document.
     *
     * @param json one object in UTF-8
     * @throws InvalidMessageException if it is not strict JSON, a field is absent or not encrypted, or there are too many
     * @throws DecryptionException if a field cannot be decrypted, or what is inside is no JSON value, or makes the document
     *     larger or deeper than the limits
     */
    public byte[] decrypt(byte[] json) {
        byte[] clear = fields.replace(json, reader, this::unwrap);
        try {
            reader.readObject(clear);
            return clear;
        } catch (InvalidMessageException e) {
            throw new DecryptionException();
        }
    }

    @Override
    public String toString() {
        return "FieldDecrypter[" + wrapper + ", " + decrypter + "]";
    }

    private List<String> unwrap(List<String> values) {
        if (values.size() > maxFields) {
            throw InvalidMessageException.tooLarge("a document of more than " + maxFields + " encrypted fields");
        }
        List<String> messages = values.stream().map(this::message).toList();
        List<String> texts = new ArrayList<>();
        long bytes = 0;
        for (DecryptedJwe decrypted : decrypter.decryptAll(messages, maxPasswordIterations)) {
            byte[] plaintext = decrypted.content();
            bytes += plaintext.length;
            if (bytes > limits.maxJsonBytes()) {
                throw new DecryptionException();
            }
            texts.add(value(plaintext));
        }
        return texts;
    }

    private String message(String value) {
        if (!value.startsWith("{")) {
            throw notEncrypted();
        }
        Map<String, Object> object = reader.readObject(value);
        if (object.size() != 1 || !(object.get(wrapper) instanceof String jwe)) {
            throw notEncrypted();
        }
        return jwe;
    }

    private String value(byte[] plaintext) {
        try {
            String text = new String(StrictJson.decode(plaintext));
            // As a member of an object, where any value may stand, and one only.
            if (reader.readObject("{\"v\":" + text + "}").size() != 1) {
                throw new DecryptionException();
            }
            return text;
        } catch (InvalidMessageException e) {
            throw new DecryptionException();
        }
    }

    private InvalidMessageException notEncrypted() {
        return InvalidMessageException.malformed("a field is not an object with " + wrapper + " as its only member");
    }

    /** Collects what a decrypter of fields needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final JweDecrypter decrypter;
        private final String wrapper;
        private final List<String> fields = new ArrayList<>();
        private Limits limits;
        private int maxFields = 64;
        private long maxPasswordIterations = 2_000_000;

        private Builder(JweDecrypter decrypter, String wrapper) {
            this.decrypter = decrypter;
            this.wrapper = wrapper;
            limits = decrypter.limits();
        }

        /** A field by its JSON Pointer, as {@link FieldEncrypter.Builder#field} has it. */
        public Builder field(String pointer) {
            fields.add(pointer);
            return this;
        }

        /** Other limits for the document and the fields than those of the decrypter's policy. */
        public Builder limits(Limits newLimits) {
            limits = newLimits;
            return this;
        }

        /** How many encrypted fields one document may have, all pointers together: 64 unless set. */
        public Builder maxFields(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("at least one field is needed");
            }
            maxFields = most;
            return this;
        }

        /**
         * How many iterations of PBKDF2 the fields of one document may ask for in sum, where the policy allows passwords:
         * 2,000,000 unless set, which is some nine fields of {@link FieldEncrypter} at 210,000.
         */
        public Builder maxPasswordIterations(long most) {
            if (most < 1) {
                throw new IllegalArgumentException("at least one iteration is needed");
            }
            maxPasswordIterations = most;
            return this;
        }

        /**
         * Makes the decrypter.
         *
         * @throws IllegalArgumentException if there is no field, a pointer is malformed, or two fields overlap
         */
        @CheckReturnValue
        public FieldDecrypter build() {
            return new FieldDecrypter(this);
        }
    }
}
