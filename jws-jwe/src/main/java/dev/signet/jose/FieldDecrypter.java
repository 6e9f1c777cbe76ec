// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decrypts what {@link FieldEncrypter} has encrypted: fields of JSON documents, or whole documents.
 *
 * <p><b>Security properties.</b> Each field must be there and must be an object with the wrapper as its only member, so that
 * nobody can put plain values in the place of encrypted ones. What comes out must be strict JSON within the limits. No field
 * is given back unless all are. Content is decrypted, not signed: anybody who has the public key can make it.
 *
 * <p>Immutable and thread-safe.
 */
public final class FieldDecrypter {
    private final JweDecrypter decrypter;
    private final String wrapper;
    private final JsonPointers fields;
    private final StrictJson.Reader reader;

    private FieldDecrypter(Builder builder) {
        decrypter = builder.decrypter;
        wrapper = builder.wrapper;
        fields = JsonPointers.of(builder.fields);
        reader = StrictJson.reader(builder.limits);
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
     * @throws InvalidMessageException if it is not strict JSON, or a field is absent or not encrypted
     * @throws DecryptionException if a field cannot be decrypted, or what is inside is no JSON value
     */
    public byte[] decrypt(byte[] json) {
        return fields.replace(json, reader, this::unwrap);
    }

    @Override
    public String toString() {
        return "FieldDecrypter[" + wrapper + "]";
    }

    private String unwrap(String value) {
        if (!value.startsWith("{")) {
            throw notEncrypted();
        }
        Map<String, Object> object = reader.readObject(value);
        if (object.size() != 1 || !(object.get(wrapper) instanceof String jwe)) {
            throw notEncrypted();
        }
        byte[] plaintext = decrypter.decrypt(jwe).content();
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
    public static final class Builder {
        private final JweDecrypter decrypter;
        private final String wrapper;
        private final List<String> fields = new ArrayList<>();
        private Limits limits = Limits.recommended2026();

        private Builder(JweDecrypter decrypter, String wrapper) {
            this.decrypter = decrypter;
            this.wrapper = wrapper;
        }

        /** A field by its JSON Pointer, as {@link FieldEncrypter.Builder#field} has it. */
        public Builder field(String pointer) {
            fields.add(pointer);
            return this;
        }

        /** Other limits for the document and the fields. */
        public Builder limits(Limits newLimits) {
            limits = newLimits;
            return this;
        }

        /**
         * Makes the decrypter.
         *
         * @throws IllegalArgumentException if there is no field, a pointer is malformed, or two fields overlap
         */
        public FieldDecrypter build() {
            return new FieldDecrypter(this);
        }
    }
}
