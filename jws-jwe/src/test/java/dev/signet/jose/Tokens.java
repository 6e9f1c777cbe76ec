// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Tokens that no signer would make, and what must become of them. */
final class Tokens {
    private Tokens() {}

    /** Signs a header as it stands, good or bad. */
    static String sign(SigningKey key, String header, byte[] payload) {
        return signParts(key, part(header), Base64Url.encode(payload));
    }

    /** Signs two parts as they stand. */
    static String signParts(SigningKey key, String header, String payload) {
        String input = header + "." + payload;
        return input + "." + Base64Url.encode(key.sign(input.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Flattened JSON form of a compact one, with an unprotected header if {@code unprotected} is not empty. */
    static String flattened(String compact, String unprotected) {
        String[] parts = compact.split("\\.", -1);
        return "{\"payload\":\"" + parts[1] + "\",\"protected\":\"" + parts[0] + "\","
                + (unprotected.isEmpty() ? "" : "\"header\":" + unprotected + ",") + "\"signature\":\"" + parts[2]
                + "\"}";
    }

    /** General JSON form of compact ones over the same payload. */
    static String general(String... compact) {
        StringBuilder json =
                new StringBuilder("{\"payload\":\"" + compact[0].split("\\.", -1)[1] + "\",\"signatures\":[");
        for (int i = 0; i < compact.length; i++) {
            String[] parts = compact[i].split("\\.", -1);
            json.append(i == 0 ? "" : ",").append("{\"protected\":\"" + parts[0] + "\",");
            json.append("\"signature\":\"" + parts[2] + "\"}");
        }
        return json.append("]}").toString();
    }

    static String part(String text) {
        return Base64Url.encode(RfcKeys.utf8(text));
    }

    static JwsVerifier verifier(SigningKey... keys) {
        return JwsVerifier.builder(resolver(keys)).build();
    }

    static KeyResolver resolver(SigningKey... keys) {
        VerificationKey[] halves = new VerificationKey[keys.length];
        for (int i = 0; i < keys.length; i++) {
            halves[i] = keys[i].verificationKey();
        }
        return KeyResolver.of(halves);
    }

    /** What cannot be parsed; {@code why} is a part of the message. */
    static void assertMalformed(String why, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining(why)
                .matches(e -> !((InvalidMessageException) e).isTooLarge(), "not too large");
    }

    static void assertTooLarge(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
