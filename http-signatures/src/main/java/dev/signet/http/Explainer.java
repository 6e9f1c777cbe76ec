// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.http.Explanation.Difference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out which component was changed on the way, by trying what proxies and frameworks do: if the signature holds over a
 * base in which one value is replaced by a guess, the guess is what was signed.
 */
final class Explainer {
    /** Bounds the work that a message can cause here. */
    private static final int MAX_TRIALS = 400;

    private final HttpVerifier verifier;
    private final Map<String, FieldType> types;
    private final SfLimits limits;
    private int trials;

    Explainer(HttpVerifier verifier, Map<String, FieldType> types, SfLimits limits) {
        this.verifier = verifier;
        this.types = types;
        this.limits = limits;
    }

    Explanation explain(HttpMessage message, byte[] body) {
        List<HttpVerifier.Candidate> candidates;
        try {
            candidates = verifier.candidates(message);
        } catch (MessageSecurityException e) {
            return verdict(String.valueOf(e.getMessage()));
        }
        if (candidates.isEmpty()) {
            return verdict(Reason.SIGNATURE_MISSING.description());
        }
        Explanation last = null;
        for (HttpVerifier.Candidate candidate : candidates) {
            last = explain(candidate, message, body);
            if (!last.differences().isEmpty()) {
                return last;
            }
        }
        return last == null ? verdict("nothing to explain") : last;
    }

    Explanation compare(HttpMessage message, byte[] body, String signerBase) {
        List<HttpVerifier.Candidate> candidates;
        try {
            candidates = verifier.candidates(message);
        } catch (MessageSecurityException e) {
            return verdict(String.valueOf(e.getMessage()));
        }
        String[] theirs = signerBase.replace("\r\n", "\n").stripTrailing().split("\n", -1);
        for (HttpVerifier.Candidate candidate : candidates) {
            try {
                String[] ours =
                        verifier.base(message, candidate.parameters).toString().split("\n", -1);
                if (ours[ours.length - 1].equals(theirs[theirs.length - 1])) {
                    return compare(candidate, ours, theirs, message, body);
                }
            } catch (ComponentException e) {
                return verdict("a covered component has no value here: " + e.rule());
            }
        }
        return verdict("the signer's base belongs to none of the message's signatures: "
                + "the last line, \"@signature-params\", differs from each");
    }

    // ---- comparing with the signer's base --------------------------------------------------------------------------

    private Explanation compare(
            HttpVerifier.Candidate candidate, String[] ours, String[] theirs, HttpMessage message, byte[] body) {
        if (ours.length != theirs.length) {
            return verdict("the signer's base has " + theirs.length + " lines, this side's has " + ours.length);
        }
        List<Difference> differences = new ArrayList<>();
        List<String> details = new ArrayList<>();
        List<Component> components = candidate.parameters.components();
        for (int i = 0; i < components.size(); i++) {
            if (ours[i].equals(theirs[i])) {
                continue;
            }
            Component component = components.get(i);
            String prefix = component.identifier() + ": ";
            String signed = theirs[i].startsWith(prefix) ? theirs[i].substring(prefix.length()) : theirs[i];
            String here = ours[i].substring(prefix.length());
            String cause = guesses(component, here, message, body).getOrDefault(signed, "the values differ");
            differences.add(new Difference(component, cause));
            details.add("  signed:   " + prefix + signed + "\n  received: " + prefix + here);
        }
        return differences.isEmpty()
                ? verdict("both sides have the same signature base: the key or the signature itself is wrong")
                : new Explanation("the message differs from what was signed", differences, details);
    }

    // ---- guessing without it ---------------------------------------------------------------------------------------

    private Explanation explain(HttpVerifier.Candidate candidate, HttpMessage message, byte[] body) {
        VerificationKey key = verifier.lookUp(candidate.parameters).orElse(null);
        if (key == null) {
            return verdict(Reason.KEY_UNKNOWN.description());
        }
        String[] lines;
        try {
            lines = verifier.base(message, candidate.parameters).toString().split("\n", -1);
        } catch (ComponentException e) {
            return verdict("a covered component has no value here: " + e.rule());
        } catch (MessageSecurityException e) {
            return verdict(String.valueOf(e.getMessage()));
        }
        if (holds(key, lines, candidate)) {
            return explainBeyondSignature(candidate, message, body);
        }
        List<Component> components = candidate.parameters.components();
        List<Map<String, String>> guesses = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            String here = lines[i].substring(components.get(i).identifier().length() + 2);
            guesses.add(guesses(components.get(i), here, message, body));
        }
        Explanation found = trySingles(candidate, key, lines, guesses);
        if (found == null) {
            found = tryPairs(candidate, key, lines, guesses);
        }
        return found != null
                ? found
                : verdict("the signature does not match, and no usual change of a single component explains it: "
                        + "compare this side's signature base with the signer's");
    }

    private @org.jspecify.annotations.Nullable Explanation trySingles(
            HttpVerifier.Candidate candidate, VerificationKey key, String[] lines, List<Map<String, String>> guesses) {
        for (int i = 0; i < guesses.size(); i++) {
            Component component = candidate.parameters.components().get(i);
            for (Map.Entry<String, String> guess : guesses.get(i).entrySet()) {
                String[] changed = with(lines, i, component, guess.getKey());
                if (holds(key, changed, candidate)) {
                    return new Explanation(
                            "one component differs from what was signed",
                            List.of(new Difference(component, guess.getValue())),
                            List.of("  signed:   " + changed[i] + "\n  received: " + lines[i]));
                }
            }
        }
        return null;
    }

    private @org.jspecify.annotations.Nullable Explanation tryPairs(
            HttpVerifier.Candidate candidate, VerificationKey key, String[] lines, List<Map<String, String>> guesses) {
        List<Component> components = candidate.parameters.components();
        for (int i = 0; i < guesses.size(); i++) {
            for (int k = i + 1; k < guesses.size(); k++) {
                for (Map.Entry<String, String> one : guesses.get(i).entrySet()) {
                    String[] first = with(lines, i, components.get(i), one.getKey());
                    for (Map.Entry<String, String> two : guesses.get(k).entrySet()) {
                        String[] changed = with(first, k, components.get(k), two.getKey());
                        if (holds(key, changed, candidate)) {
                            return new Explanation(
                                    "two components differ from what was signed",
                                    List.of(
                                            new Difference(components.get(i), one.getValue()),
                                            new Difference(components.get(k), two.getValue())),
                                    List.of(
                                            "  signed:   " + changed[i] + "\n  received: " + lines[i],
                                            "  signed:   " + changed[k] + "\n  received: " + lines[k]));
                        }
                    }
                }
            }
        }
        return null;
    }

    private Explanation explainBeyondSignature(HttpVerifier.Candidate candidate, HttpMessage message, byte[] body) {
        boolean bindsBody = candidate.parameters.components().stream().anyMatch(SignaturePolicy::bindsBody);
        if (bindsBody) {
            try {
                ContentDigest.parse(message.fieldValues("content-digest")).verify(body);
            } catch (VerificationException e) {
                return new Explanation(
                        "the signature holds, the body does not",
                        List.of(new Difference(
                                Component.CONTENT_DIGEST,
                                "the body was changed after it was signed; compression, a changed character set or a "
                                        + "re-formatted document on the way are usual")),
                        List.of());
            } catch (MessageSecurityException e) {
                return verdict(String.valueOf(e.getMessage()));
            }
        }
        return verdict("the signature and the body hold; the refusal comes from the policy: "
                + "coverage, parameters, time, key status or replay");
    }

    private boolean holds(VerificationKey key, String[] lines, HttpVerifier.Candidate candidate) {
        if (trials++ >= MAX_TRIALS) {
            return false;
        }
        byte[] base = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        try {
            key.verify(
                    base, 0, base.length, candidate.signature, verifier.policy().providers());
            return true;
        } catch (VerificationException e) {
            return false;
        }
    }

    private static String[] with(String[] lines, int i, Component component, String value) {
        String[] changed = lines.clone();
        changed[i] = component.identifier() + ": " + value;
        return changed;
    }

    /** Values that may have been signed in place of the one here, each with what would have changed it. */
    private Map<String, String> guesses(Component component, String here, HttpMessage message, byte[] body) {
        Map<String, String> guesses = new LinkedHashMap<>();
        HttpMessage subject = component.isOfRequest() ? message.request().orElse(message) : message;
        if (component.isDerived()) {
            Guesses.derived(guesses, component, here, subject);
        } else {
            Guesses.field(guesses, component, here, subject, body);
        }
        guesses.remove(here);
        return guesses;
    }

    private static Explanation verdict(String text) {
        return new Explanation(text, List.of(), List.of());
    }
}
