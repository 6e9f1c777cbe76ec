// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.VerificationKey;

/** A signature that held. Made by {@link HttpVerifier} only. */
@CheckReturnValue
public final class VerifiedSignature {
    private final String label;
    private final SignatureParameters parameters;
    private final VerificationKey key;
    private final SignatureBase base;

    VerifiedSignature(String label, SignatureParameters parameters, VerificationKey key, SignatureBase base) {
        this.label = label;
        this.parameters = parameters;
        this.key = key;
        this.base = base;
    }

    /** The label, which means nothing beyond this message. */
    public String label() {
        return label;
    }

    /** What the signature covers and says of itself. */
    public SignatureParameters parameters() {
        return parameters;
    }

    /** The key that made it. */
    public VerificationKey key() {
        return key;
    }

    /** The signature base. It holds the values of the covered components. */
    public String signatureBase() {
        return base.toString();
    }

    /** The base's line for a covered component, by the component's place: what other lines hold is the sender's text. */
    String baseLine(Component component) {
        int place = parameters.components().indexOf(component);
        if (place < 0) {
            throw new IllegalArgumentException("the component is not covered");
        }
        return base.line(place);
    }

    @Override
    public String toString() {
        return "VerifiedSignature[" + label + ", " + key + "]";
    }
}
