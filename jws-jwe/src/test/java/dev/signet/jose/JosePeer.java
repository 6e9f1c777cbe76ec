// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another implementation of JOSE. */
interface JosePeer {
    /** How a token is written. */
    enum Form {
        COMPACT,
        FLATTENED,
        /** {@code header..signature} over a payload in base64url. */
        DETACHED,
        /** {@code header..signature} over the payload itself (RFC 7797). */
        UNENCODED
    }

    /** What a peer is to do with a token. */
    enum Op {
        SIGN,
        VERIFY,
        ENCRYPT,
        DECRYPT
    }

    /**
     * One thing to do.
     *
     * @param alg the name that the header carries
     * @param enc of a JWE
     * @param jwk the private key or the secret
     * @param token what to verify or decrypt
     * @param content what to sign or encrypt, and what a detached signature covers
     */
    record Task(
            Op op,
            Form form,
            String alg,
            @Nullable String enc,
            String jwk,
            @Nullable String token,
            byte[] content) {}

    /** A token or a content, or what went wrong. */
    record Answer(
            @Nullable String token,
            byte @Nullable [] content,
            @Nullable String error) {}

    String name();

    boolean has(Op op, Form form, Algorithm algorithm, @Nullable Algorithm enc);

    /** Answers in the order of the tasks. */
    List<Answer> run(List<Task> tasks) throws Exception;
}
