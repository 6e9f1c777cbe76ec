// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Keys;
import dev.signet.http.Explanation.Difference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out which component was changed on the way, by trying what proxies and frameworks do: if the signature holds over a
 * base in which one value is replaced by a guess, the guess is what was signed.
 */
final class Explainer {
    /** Bounds the work that a message can cause here. */
    private static final int MAX_TRIALS = 800;

    /** Bytes of a signature, where every one of an algorithm has as many. */
    private static final Map<String, Integer> LENGTHS = Map.of(
            "Ed25519",
            64,
            "ES256",
            64,
            "ES384",
            96,
            "ES512",
            132,
            "HS256",
            32,
            "HS384",
            48,
            "HS512",
            64,
            "ML-DSA-44",
            2420,
            "ML-DSA-65",
            3309,
            "ML-DSA-87",
            4627);

    private final HttpVerifier verifier;
    private final Map<String, FieldType> types;
    private final SecurityPolicy policy;
    private final SfLimits limits;
    private int trials;

    Explainer(HttpVerifier verifier, Map<String, FieldType> types, SecurityPolicy policy) {
        this.verifier = verifier;
        this.types = types;
        this.policy = policy;
        limits = HttpVerifier.sfLimits(policy.limits());
    }

    Explanation explain(HttpMessage message, byte[] body) {
        List<Verification.Candidate> candidates;
        try {
            candidates = verifier.candidates(message);
        } catch (MessageSecurityException e) {
            return verdict(String.valueOf(e.getMessage()));
        }
        if (candidates.isEmpty()) {
            return verdict(Reason.SIGNATURE_MISSING.description());
        }
        Explanation last = null;
        for (Verification.Candidate candidate : candidates) {
            last = explain(candidate, message, body);
            if (!last.differences().isEmpty()) {
                return last;
            }
        }
        return last == null ? verdict("nothing to explain") : last;
    }

    Explanation compare(HttpMessage message, byte[] body, String signerBase) {
        List<Verification.Candidate> candidates;
        try {
            candidates = verifier.candidates(message);
        } catch (MessageSecurityException e) {
            return verdict(String.valueOf(e.getMessage()));
        }
        if (candidates.isEmpty()) {
            return verdict(Reason.SIGNATURE_MISSING.description());
        }
        String[] theirs = signerBase.replace("\r\n", "\n").stripTrailing().split("\n", -1);
        List<String> lastLines = new ArrayList<>();
        for (Verification.Candidate candidate : candidates) {
            try {
                String[] ours =
                        verifier.base(message, candidate.parameters).toString().split("\n", -1);
                if (ours[ours.length - 1].equals(theirs[theirs.length - 1])) {
                    return compare(candidate, ours, theirs, message, body);
                }
                lastLines.add(ours[ours.length - 1]);
            } catch (ComponentException e) {
                return verdict("a covered component has no value here: " + e.rule());
            }
        }
        return otherParameters(theirs[theirs.length - 1], lastLines);
    }

    // ---- comparing with the signer's base --------------------------------------------------------------------------

    /** Of several signatures the one is meant that differs least. */
    private Explanation otherParameters(String theirs, List<String> ours) {
        String none = "the signer's base belongs to none of the message's signatures: ";
        SfInnerList signed = ParameterDifferences.parse(theirs, limits).orElse(null);
        if (signed == null) {
            return verdict(none + "its last line is no \"@signature-params\"");
        }
        return ours.stream()
                .flatMap(line -> ParameterDifferences.parse(line, limits).stream())
                .map(here -> ParameterDifferences.between(signed, here))
                .min(Comparator.comparingInt(ParameterDifferences::count))
                .map(least -> verdict(none + "\"@signature-params\" differs"
                        + (ours.size() == 1 ? "" : " from each, least so") + ": " + least))
                .orElseGet(() -> verdict(none + "\"@signature-params\" differs from each"));
    }

    private Explanation compare(
            Verification.Candidate candidate, String[] ours, String[] theirs, HttpMessage message, byte[] body) {
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
            Map<String, String> guesses = guesses(component, here, message, body);
            guesses.putAll(reorderings(component, here, message));
            differences.add(new Difference(component, guesses.getOrDefault(signed, "the values differ")));
            details.add("  signed:   " + prefix + signed + "\n  received: " + prefix + here);
        }
        VerificationKey key = verifier.lookUp(candidate.parameters).orElse(null);
        boolean holds = key != null && holds(key, theirs, candidate);
        if (differences.isEmpty()) {
            return holds
                    ? explainBeyondSignature(candidate, message, body)
                    : verdict("both sides have the same signature base"
                            + (key == null
                                    ? ", and the signature was not tried: " + Reason.KEY_UNKNOWN.description()
                                    : ", and the signature does not hold with " + named(key)
                                            + ": it was made with another key, or it was changed itself"
                                            + lengthNote(candidate, key)));
        }
        String verdict = holds
                ? "the message differs from what was signed"
                : "the message differs from the signer's base"
                        + (key == null
                                ? "; whether that was signed was not tried: " + Reason.KEY_UNKNOWN.description()
                                : ", and the signature does not hold over that either with " + named(key)
                                        + lengthNote(candidate, key));
        return new Explanation(verdict, differences, details);
    }

    // ---- guessing without it ---------------------------------------------------------------------------------------

    private Explanation explain(Verification.Candidate candidate, HttpMessage message, byte[] body) {
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
        String length = lengthNote(candidate, key);
        if (!length.isEmpty()) {
            return verdict("the signature does not hold with " + named(key) + length);
        }
        List<Component> components = candidate.parameters.components();
        List<Map<String, String>> guesses = new ArrayList<>();
        List<Map<String, String>> reorderings = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            String here = lines[i].substring(components.get(i).identifier().length() + 2);
            guesses.add(guesses(components.get(i), here, message, body));
            reorderings.add(reorderings(components.get(i), here, message));
        }
        Explanation found = trySingles(candidate, key, lines, guesses);
        if (found == null) {
            found = trySingles(candidate, key, lines, reorderings);
        }
        if (found == null) {
            found = tryWithoutOne(candidate, key, lines);
        }
        if (found == null) {
            found = tryPairs(candidate, key, lines, guesses);
        }
        return found != null ? found : verdict(unexplained(components, key));
    }

    private String unexplained(List<Component> components, VerificationKey key) {
        boolean isAboutTarget = components.stream()
                .map(Component::name)
                .anyMatch(name -> Set.of("@authority", "@path", "@target-uri", "@request-target", "host")
                        .contains(name));
        return "the signature does not hold with " + named(key) + ", and "
                + (trials >= MAX_TRIALS
                        ? "of the many usual changes those that were tried do not explain it. "
                        : "no usual change of one component, or of two, explains it. ")
                + "What cannot be tried here: another key under this id, and a change of the signature, of its parameters "
                + "or of a whole value"
                + (isAboutTarget ? ", likely a host or a path prefix that a proxy replaced" : "")
                + ". To find it, compare this side's signature base with the signer's";
    }

    /** A component may have been added to the list. */
    private @org.jspecify.annotations.Nullable Explanation tryWithoutOne(
            Verification.Candidate candidate, VerificationKey key, String[] lines) {
        List<Component> components = candidate.parameters.components();
        String last = lines[lines.length - 1];
        String list = ParameterDifferences.PREFIX + list(components);
        if (!last.startsWith(list)) {
            return null;
        }
        for (int i = 0; i < components.size(); i++) {
            List<Component> fewer = new ArrayList<>(components);
            Component dropped = fewer.remove(i);
            List<String> changed = new ArrayList<>(List.of(lines));
            changed.remove(i);
            changed.set(changed.size() - 1, ParameterDifferences.PREFIX + list(fewer) + last.substring(list.length()));
            if (holds(key, changed.toArray(String[]::new), candidate)) {
                return new Explanation(
                        "the list of components differs from what was signed",
                        List.of(new Difference(dropped, "the component was added to the list after it was signed")),
                        List.of());
            }
        }
        return null;
    }

    private static String list(List<Component> components) {
        return components.stream().map(Component::identifier).collect(Collectors.joining(" ", "(", ")"));
    }

    private static String named(VerificationKey key) {
        return "the key '" + key.id() + "' (" + key.algorithm().joseName() + ")";
    }

    /** That a signature is of another algorithm shows in its length, for some. */
    private static String lengthNote(Verification.Candidate candidate, VerificationKey key) {
        Integer length = LENGTHS.get(key.algorithm().joseName());
        return length == null || length == candidate.signature.length
                ? ""
                : ": it has " + candidate.signature.length + " bytes, where those of this algorithm have " + length
                        + ", so that it was made by another algorithm, or was cut";
    }

    private @org.jspecify.annotations.Nullable Explanation trySingles(
            Verification.Candidate candidate, VerificationKey key, String[] lines, List<Map<String, String>> guesses) {
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
            Verification.Candidate candidate, VerificationKey key, String[] lines, List<Map<String, String>> guesses) {
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

    private Explanation explainBeyondSignature(Verification.Candidate candidate, HttpMessage message, byte[] body) {
        boolean bindsBody = candidate.parameters.components().stream().anyMatch(SignaturePolicy::bindsBody);
        if (bindsBody) {
            ContentDigest digest;
            try {
                digest = ContentDigest.parse(message.fieldValues("content-digest"), policy);
            } catch (MessageSecurityException e) {
                return verdict(String.valueOf(e.getMessage()));
            }
            try {
                digest.verify(body);
            } catch (VerificationException e) {
                return new Explanation(
                        "the signature holds, the body does not",
                        List.of(new Difference(Component.CONTENT_DIGEST, BodyGuesses.cause(digest, body, message))),
                        List.of());
            }
        }
        return verdict("the signature and the body hold; the refusal comes from the policy: "
                + "coverage, parameters, time, key status or replay");
    }

    private boolean holds(VerificationKey key, String[] lines, Verification.Candidate candidate) {
        if (trials++ >= MAX_TRIALS) {
            return false;
        }
        byte[] base = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        try {
            Keys.verify(
                    key,
                    base,
                    0,
                    base.length,
                    candidate.signature,
                    verifier.policy().providers());
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

    private Map<String, String> reorderings(Component component, String here, HttpMessage message) {
        HttpMessage subject = component.isOfRequest() ? message.request().orElse(message) : message;
        Map<String, String> reorderings = component.isDerived()
                ? Reorderings.derived(component, here)
                : Reorderings.field(here, subject.fieldValues(component.name()));
        reorderings.remove(here);
        return reorderings;
    }

    private static Explanation verdict(String text) {
        return new Explanation(text, List.of(), List.of());
    }
}
