// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.ReplayGuard;
import dev.signet.core.SecurityPolicy;
import dev.signet.http.Verification.Accepted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a replay guard is asked for a message: under which names, and until when, it must not be accepted again. */
final class ReplayEntries {
    private final List<SignaturePolicy> policies;
    private final SecurityPolicy policy;
    private final Digester digester;

    ReplayEntries(List<SignaturePolicy> policies, SecurityPolicy policy, Digester digester) {
        this.policies = policies;
        this.policy = policy;
        this.digester = digester;
    }

    /**
     * The entries of a message.
     *
     * @param accepted the signatures that count
     * @param besides others that hold, by which the message could be accepted without those that count
     */
    List<ReplayGuard.Entry> of(List<Accepted> accepted, List<Accepted> besides, Instant now) {
        List<ReplayGuard.Entry> entries = new ArrayList<>(accepted.size() + besides.size());
        for (int i = 0; i < accepted.size(); i++) {
            add(accepted.get(i), now, entries);
        }
        for (int i = 0; i < besides.size(); i++) {
            // One that ends meanwhile refuses nothing: nobody takes it any more.
            if (end(besides.get(i), now).isAfter(now)) {
                add(besides.get(i), now, entries);
            }
        }
        return entries;
    }

    private void add(Accepted one, Instant now, List<ReplayGuard.Entry> entries) {
        Instant end = end(one, now);
        add(ReplayGuard.Entry.of(one.key(), id(one), end), entries);
        if (one.policy().replayField() != null && policies.size() > 1) {
            // Another policy, which knows the message by this only, may be the one that takes it next time.
            add(ReplayGuard.Entry.of(one.key(), messageId(one.signature()), end), entries);
        }
    }

    /** Two signatures of one key may have one nonce, and the guard is asked for it once, until the later end. */
    private static void add(ReplayGuard.Entry entry, List<ReplayGuard.Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            ReplayGuard.Entry other = entries.get(i);
            if (other.keyId().equals(entry.keyId()) && other.nonce().equals(entry.nonce())) {
                if (entry.expiresAt().isAfter(other.expiresAt())) {
                    entries.set(i, entry);
                }
                return;
            }
        }
        entries.add(entry);
    }

    /**
     * When each of the policies would refuse the message as too old or expired anyhow, or later if the policy's field is kept for
     * longer.
     */
    private Instant end(Accepted accepted, Instant now) {
        SignatureParameters parameters = accepted.signature().parameters();
        Duration maxAge = Duration.ZERO;
        for (SignaturePolicy wanted : policies) {
            Duration age = wanted.effectiveMaxAge(policy.maxAge());
            maxAge = age.compareTo(maxAge) > 0 ? age : maxAge;
        }
        // A signature counts through the whole of its last second.
        long end = parameters.createdSecond() >= 0
                ? parameters.createdSecond() + maxAge.toSeconds() + 1
                : now.getEpochSecond()
                        + policy.maxAge().toSeconds()
                        + policy.clockSkew().toSeconds()
                        + 1;
        if (parameters.expiresSecond() >= 0) {
            end = Math.min(end, parameters.expiresSecond() + 1);
        }
        Instant known = Instant.ofEpochSecond(end);
        if (accepted.policy().replayField() == null) {
            return known;
        }
        Instant kept = now.plus(accepted.policy().replayRetention());
        return kept.isAfter(known) ? kept : known;
    }

    /** What tells two messages of one key apart. The signature itself does not: ECDSA has a second valid form. */
    private String id(Accepted accepted) {
        VerifiedSignature signature = accepted.signature();
        Component field = accepted.policy().replayField();
        if (field != null) {
            return "f:" + hash(signature.baseLine(field).getBytes(StandardCharsets.US_ASCII));
        }
        return messageId(signature);
    }

    private String messageId(VerifiedSignature signature) {
        String nonce = signature.parameters().nonceOrNull();
        if (nonce != null) {
            return nonce;
        }
        return "b:" + hash(signature.signatureBase().getBytes(StandardCharsets.US_ASCII));
    }

    private String hash(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digester.digest(DigestAlgorithm.SHA_256, bytes));
    }
}
