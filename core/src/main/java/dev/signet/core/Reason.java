// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.util.Locale;

/** Why a message was refused. Names and codes are stable. */
public enum Reason {
    /** The message carries no signature. */
    SIGNATURE_MISSING("the message carries no signature"),
    /** Fewer acceptable signatures than the policy asks for. */
    SIGNATURE_NOT_ACCEPTABLE("no signature matches what the policy asks for"),
    /** The signature does not match the message. */
    SIGNATURE_INVALID("the signature does not match the message"),
    /** The key id names no known key. */
    KEY_UNKNOWN("the signature names no known key"),
    /** The key has been disabled. */
    KEY_DISABLED("the key is disabled"),
    /** The key is not yet or no longer valid. */
    KEY_NOT_VALID_NOW("the key is not valid at this time"),
    /** The message names another algorithm than the key has. */
    ALGORITHM_MISMATCH("the message's algorithm is not the key's"),
    /** The policy does not accept the key's algorithm. */
    ALGORITHM_NOT_ALLOWED("the policy does not accept the key's algorithm"),
    /** A component that must be signed is not covered. */
    COMPONENT_NOT_COVERED("a required component is not covered by the signature"),
    /** A component that must not be signed is covered. */
    COMPONENT_FORBIDDEN("the signature covers a forbidden component"),
    /** A covered component is absent from the message, or ambiguous in it. */
    COMPONENT_UNAVAILABLE("a covered component is absent from the message or ambiguous"),
    /** A required signature parameter is absent. */
    PARAMETER_MISSING("a required signature parameter is absent"),
    /** A forbidden signature parameter is present. */
    PARAMETER_FORBIDDEN("a forbidden signature parameter is present"),
    /** A signature parameter has another value than the policy asks for. */
    PARAMETER_UNEXPECTED("a signature parameter is not what the policy asks for"),
    /** The creation time lies in the future, beyond the allowed clock skew. */
    CREATED_IN_FUTURE("the signature was created in the future"),
    /** The expiry time has passed. */
    EXPIRED("the signature has expired"),
    /** The signature is older than the policy accepts. */
    TOO_OLD("the signature is older than the policy accepts"),
    /** The signature outlives the longest lifetime that the policy accepts. */
    LIFETIME_TOO_LONG("the signature's lifetime is longer than the policy accepts"),
    /** The same message was accepted before. */
    REPLAYED("the message was accepted before"),
    /** The key has too many messages in the replay window. */
    REPLAY_QUOTA_EXCEEDED("the key has used up its quota of messages in the replay window"),
    /** The body differs from its signed digest. */
    DIGEST_MISMATCH("the body does not match its digest"),
    /** No digest algorithm that the policy accepts. */
    DIGEST_NOT_SUPPORTED("no acceptable digest algorithm"),
    /** A header that must be understood ({@code crit}) is not. */
    CRITICAL_NOT_UNDERSTOOD("a critical header is not understood"),
    /** A header is absent, or has another value than the verifier asks for. */
    HEADER_UNEXPECTED("a header is not what the verifier asks for"),
    /** The type of the token ({@code typ}) is not the expected one. */
    TYPE_UNEXPECTED("the token is of another type"),
    /** A required claim is absent. */
    CLAIM_MISSING("a required claim is absent"),
    /** A claim has another value or type than the verifier asks for. */
    CLAIM_UNEXPECTED("a claim is not what the verifier asks for"),
    /** The token is not valid yet. */
    NOT_YET_VALID("the token is not valid yet"),
    /** The token is bound to a key, and its sender did not prove to hold it. */
    POSSESSION_NOT_PROVEN("the sender did not prove to hold the token's key"),
    /** The proof has no nonce that the server gave out, or one that is too old; the client may ask for another. */
    NONCE_UNEXPECTED("the proof has no nonce that the server accepts"),
    /** The reveal policy does not know the purpose, or does not grant it to the caller. */
    PURPOSE_NOT_ALLOWED("the reveal policy does not allow this purpose to this caller"),
    /** The caller has revealed as many values as the reveal policy allows in its window. */
    RATE_EXCEEDED("the caller has used up its rate of revealed values");

    private final String description;
    private final String code;

    Reason(String description) {
        this.description = description;
        this.code = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The stable identifier: the name in lower case with hyphens. */
    public String code() {
        return code;
    }

    /** One English clause for people. */
    public String description() {
        return description;
    }
}
