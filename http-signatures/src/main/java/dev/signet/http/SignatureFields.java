// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The header fields that make a message a signed one. They are added to the message's own; none replaces one. */
@CheckReturnValue
public final class SignatureFields {
    private final String label;
    private final @Nullable String contentDigest;
    private final String signatureInput;
    private final String signature;
    private final SignatureBase base;

    SignatureFields(
            String label, @Nullable String contentDigest, String signatureInput, String signature, SignatureBase base) {
        this.label = label;
        this.contentDigest = contentDigest;
        this.signatureInput = signatureInput;
        this.signature = signature;
        this.base = base;
    }

    /** Gives each field line's name, in lower case, and value. */
    public void forEach(BiConsumer<String, String> line) {
        if (contentDigest != null) {
            line.accept("content-digest", contentDigest);
        }
        line.accept("signature-input", signatureInput);
        line.accept("signature", signature);
    }

    /** The signature's label in both dictionaries. */
    public String label() {
        return label;
    }

    /** The Content-Digest value; empty if the message has no body, or had the field already. */
    public Optional<String> contentDigest() {
        return Optional.ofNullable(contentDigest);
    }

    /** The Signature-Input value. */
    public String signatureInput() {
        return signatureInput;
    }

    /** The Signature value. */
    public String signature() {
        return signature;
    }

    /** The signature base, to compare with the other side's. It holds the values of the covered components. */
    public String signatureBase() {
        return base.toString();
    }

    /** The label only. */
    @Override
    public String toString() {
        return "SignatureFields[" + label + "]";
    }
}
