// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureParameters;
import dev.signet.http.SignaturePolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What verifying and explaining have in common: keys, policy and time. */
final class VerifyOptions {
    private static final Pattern QUOTED = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"");
    private static final Pattern LABEL = Pattern.compile("(?:^|,)[ \t]*([a-z*][a-z0-9_.*-]*)=");

    @Option(names = "--keys", required = true, paramLabel = "FILE", description = "Keyset, JWK set or PEM to trust.")
    private String keys = "";

    @Option(
            names = "--key-id",
            paramLabel = "ID",
            description = "Accept only this key's signature; also names the key of a PEM file.")
    private @Nullable String keyId;

    @Option(
            names = "--require",
            paramLabel = "COMPONENTS",
            description = "Demand these components too, such as '\"date\" \"x-id\"'. Repeatable.")
    private List<String> require = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "TAG", description = "Accept only signatures with this tag.")
    private @Nullable String tag;

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            description = "Accept signatures of at most this age; 5m by default.")
    private @Nullable String maxAge;

    @Option(names = "--at", paramLabel = "TIME", description = "Verify as if it were that time, instead of now.")
    private @Nullable String at;

    @Option(names = "--allow-max-age", paramLabel = "TIME", description = "Accept signatures of more than 5 minutes.")
    private @Nullable String allowMaxAge;

    @Option(
            names = "--ignore-components",
            paramLabel = "COMPONENTS",
            description = "Do not demand these of the recommended components. Repeatable.")
    private List<String> ignoreComponents = new ArrayList<>();

    @Option(names = "--ignore-coverage", description = "Demand only the components that --require names.")
    private boolean ignoreCoverage;

    @Option(names = "--ignore-created", description = "Do not demand a creation time.")
    private boolean ignoreCreated;

    @Option(
            names = "--allow-empty-coverage",
            description = "Accept a signature that covers nothing; implies --ignore-coverage.")
    private boolean allowEmptyCoverage;

    @Mixin
    private KeyReading reading = new KeyReading();

    /**
     * A verifier and what it was built of.
     *
     * @param keys that are trusted
     * @param leftOut keys that cannot be used, each with the reason
     */
    record Setting(HttpVerifier verifier, Instant now, List<VerificationKey> keys, List<String> leftOut) {}

    String keyFile() {
        return keys;
    }

    Setting setting(Shell shell, MessageOptions message, MessageOptions.Loaded loaded) {
        SignaturePolicy policy = policy(loaded.message().isRequest());
        SecurityPolicy security = security();
        Instant now = at == null ? shell.clock().instant() : Texts.instant("--at", at);
        if (Inputs.isStandardInput(keys) && Inputs.isStandardInput(message.name())) {
            throw Failure.input("the keys and the message cannot both be standard input");
        }
        KeyFile file = KeyFile.read(shell, keys, reading.options(shell, keyId));
        HttpVerifier.Builder builder = HttpVerifier.builder(file.resolver())
                .policy(security)
                .signature(policy)
                .clock(InstantSource.fixed(now))
                // One run sees one message; there is nothing to compare it with.
                .ignoreReplay();
        message.types().forEach(builder::structuredField);
        return new Setting(builder.build(), now, file.verificationKeys(), file.leftOut());
    }

    /** What may help to put right what was refused; empty if there is nothing to say. */
    String hint(VerificationException e, Setting setting, MessageOptions message, MessageOptions.Loaded loaded) {
        Optional<SignatureParameters> claim =
                setting.verifier().unverifiedSignatures(loaded.message()).values().stream()
                        .findFirst();
        Reason reason = e.reason();
        if (reason == Reason.KEY_UNKNOWN) {
            String named = claim.flatMap(SignatureParameters::keyId)
                    .map(id -> "it names '" + id + "'")
                    .orElse("it names none");
            String known = String.join(
                    ", ", setting.keys().stream().map(VerificationKey::id).toList());
            return " (" + named + ", " + Inputs.display(keys) + " has " + known
                    + (setting.leftOut().isEmpty()
                            ? ""
                            : "; left out " + setting.leftOut().get(0)) + ")";
        }
        if ((reason == Reason.TOO_OLD || reason == Reason.CREATED_IN_FUTURE)
                && claim.flatMap(SignatureParameters::created).isPresent()) {
            Instant created = claim.flatMap(SignatureParameters::created).orElseThrow();
            Duration age = Duration.between(created, setting.now());
            return " (created " + created + ", " + Texts.roughly(age) + (age.isNegative() ? " ahead)" : " ago)");
        }
        if (reason == Reason.EXPIRED
                && claim.flatMap(SignatureParameters::expires).isPresent()) {
            Instant expired = claim.flatMap(SignatureParameters::expires).orElseThrow();
            return " (" + expired + ", " + Texts.roughly(Duration.between(expired, setting.now())) + " ago)";
        }
        if ((reason == Reason.COMPONENT_NOT_COVERED || reason == Reason.COMPONENT_UNAVAILABLE)
                && !loaded.raw().isRequest()
                && !message.hasRequest()) {
            return " (--request names the request that the response answers)";
        }
        return "";
    }

    /** Which labels there are, where those of the two fields differ; empty for any other refusal. */
    static String hint(InvalidMessageException e, MessageOptions.Loaded loaded) {
        if (!String.valueOf(e.getMessage()).contains("the labels of signature-input and signature differ")) {
            return "";
        }
        List<String> inputs = labels(loaded.message().fieldValues("signature-input"));
        List<String> signatures = labels(loaded.message().fieldValues("signature"));
        if (signatures.isEmpty()) {
            return " (the message has no Signature field)";
        }
        return inputs.isEmpty()
                ? " (the message has no Signature-Input field)"
                : " (Signature-Input has " + String.join(", ", inputs) + ", Signature has "
                        + String.join(", ", signatures) + ")";
    }

    private static List<String> labels(List<String> lines) {
        String unquoted = QUOTED.matcher(String.join(",", lines)).replaceAll("");
        return LABEL.matcher(unquoted).results().map(match -> match.group(1)).toList();
    }

    private SignaturePolicy policy(boolean isRequest) {
        SignaturePolicy policy = isRequest ? SignaturePolicy.recommended2026() : SignaturePolicy.responses2026();
        if (ignoreCoverage || allowEmptyCoverage) {
            policy = policy.ignoreAllComponents();
        }
        for (String components : ignoreComponents) {
            policy = policy.ignore(Components.parse("--ignore-components", components));
        }
        for (String components : require) {
            policy = policy.require(Components.parse("--require", components));
        }
        if (allowEmptyCoverage) {
            policy = policy.dangerouslyAllowEmptyCoverage();
        }
        if (ignoreCreated) {
            policy = policy.ignore(SignatureParameters.Name.CREATED);
        }
        if (tag != null) {
            policy = policy.tag(tag);
        }
        return keyId == null ? policy : policy.keyIds(keyId);
    }

    private SecurityPolicy security() {
        SecurityPolicy policy = SecurityPolicy.recommended2026();
        if (maxAge != null && allowMaxAge != null) {
            throw Failure.input("--max-age and --allow-max-age exclude each other");
        }
        if (allowMaxAge != null) {
            return policy.allowMaxAge(Texts.duration("--allow-max-age", allowMaxAge));
        }
        if (maxAge == null) {
            return policy;
        }
        Duration age = Texts.duration("--max-age", maxAge);
        if (age.compareTo(policy.maxAge()) > 0) {
            throw Failure.input("--max-age is at most 5m; --allow-max-age takes more");
        }
        return policy.withMaxAge(age);
    }
}
