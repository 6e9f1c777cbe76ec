// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.concurrent.CompletionStage;

/**
 * Signs with a key that lives elsewhere, in a KMS or HSM client.
 *
 * <pre>{@code
 * RemoteSigner client = data -> kms.sign("alias/payments", data); // DER, as most KMS give it
 * SigningKey key = SigningKey.remote(publicKey, RemoteSigner.fromDer(Algorithm.ES256, client));
 * }</pre>
 *
 * <p><b>Security properties.</b> What it returns is verified before {@link SigningKey} hands it on.
 *
 * <p>It gets the bytes to be signed, not their digest, and returns the signature in the raw form that JOSE and RFC 9421
 * use: for ECDSA r and s, each padded to the field's length. A client that returns DER is wrapped by
 * {@link #fromDer}. A failing client throws {@link UnavailableException}.
 */
@FunctionalInterface
@CheckReturnValue
public interface RemoteSigner {
    /** Signs {@code data}; the array is the callee's to keep. */
    byte[] sign(byte[] data);

    /** Turns the DER signatures of an ECDSA client into the raw form. */
    static RemoteSigner fromDer(Algorithm algorithm, RemoteSigner client) {
        EcdsaSignatures.requireEcdsa(algorithm);
        return data -> EcdsaSignatures.fromDer(algorithm, client.sign(data));
    }

    /** The asynchronous kind, for clients that answer by a {@link CompletionStage}. */
    @FunctionalInterface
    interface Async {
        /** Signs {@code data}; the stage fails with {@link UnavailableException} if the client fails. */
        CompletionStage<byte[]> sign(byte[] data);

        /** Turns the DER signatures of an ECDSA client into the raw form. */
        static Async fromDer(Algorithm algorithm, Async client) {
            EcdsaSignatures.requireEcdsa(algorithm);
            return data -> client.sign(data).thenApply(der -> EcdsaSignatures.fromDer(algorithm, der));
        }
    }
}
