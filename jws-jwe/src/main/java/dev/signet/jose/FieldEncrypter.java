// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Encrypts chosen fields of JSON documents, or whole documents, into a member that wraps a compact JWE, as payment networks
 * ask for: {@code {"encData": "eyJ…"}} with Visa, {@code {"encryptedValue": "eyJ…"}} with Mastercard.
 *
 * <pre>{@code
 * FieldEncrypter fields = FieldEncrypter.builder(encrypter, "encryptedValue")
 *         .field("/card/number")
 *         .build();
 * byte[] sent = fields.encrypt(document); // {"id":7,"card":{"number":{"encryptedValue":"eyJ…"}}}
 * }</pre>
 *
 * <p>The value of a field becomes an object with the wrapper as its only member; everything else stays as it is, byte for
 * byte. {@link FieldDecrypter} is the way back.
 *
 * <p><b>Security properties.</b> A field that is absent refuses the document, so that a misspelt pointer sends nothing in
 * the clear. An encrypted field does not know where it stands: whoever may change the document can exchange two of them, so
 * sign the document too.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class FieldEncrypter {
    private final JweEncrypter encrypter;
    private final String wrapper;
    private final JsonPointers fields;
    private final StrictJson.Reader reader;

    private FieldEncrypter(Builder builder) {
        encrypter = builder.encrypter;
        wrapper = builder.wrapper;
        fields = JsonPointers.of(builder.fields);
        reader = StrictJson.reader(builder.limits);
    }

    /**
     * Starts an encrypter of fields.
     *
     * @param wrapper the name of the member that holds the JWE, such as {@code encData}
     */
    public static Builder builder(JweEncrypter encrypter, String wrapper) {
        return new Builder(encrypter, wrapper);
    }

    /**
     * Encrypts the fields of a document.
     *
     * @param json one object in UTF-8
     * @throws InvalidMessageException if it is not strict JSON, or a field is absent
     */
    public byte[] encrypt(byte[] json) {
        return fields.replace(
                json, reader, values -> values.stream().map(this::wrap).toList());
    }

    @Override
    public String toString() {
        return "FieldEncrypter[" + wrapper + ", " + encrypter + "]";
    }

    private String wrap(String value) {
        String jwe = encrypter.encrypt(value.getBytes(StandardCharsets.UTF_8));
        return new String(JsonText.write(Map.of(wrapper, jwe)), StandardCharsets.UTF_8);
    }

    /** Collects what an encrypter of fields needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final JweEncrypter encrypter;
        private final String wrapper;
        private final List<String> fields = new ArrayList<>();
        private Limits limits;

        private Builder(JweEncrypter encrypter, String wrapper) {
            this.encrypter = encrypter;
            this.wrapper = wrapper;
            limits = encrypter.limits();
        }

        /**
         * A field by its JSON Pointer (RFC 6901), with {@code *} for every element of an array: {@code /card/number},
         * {@code /items/{@literal *}/name}. Where {@code *} meets an object, the document is refused. The empty pointer is
         * the whole document.
         */
        public Builder field(String pointer) {
            fields.add(pointer);
            return this;
        }

        /** Other limits for the document than those of the encrypter's policy. */
        public Builder limits(Limits newLimits) {
            limits = newLimits;
            return this;
        }

        /**
         * Makes the encrypter.
         *
         * @throws IllegalArgumentException if there is no field, a pointer is malformed, or two fields overlap
         */
        @CheckReturnValue
        public FieldEncrypter build() {
            return new FieldEncrypter(this);
        }
    }
}
