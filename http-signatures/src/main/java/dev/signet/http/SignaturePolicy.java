// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Algorithm;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.http.HttpMessage.BodyPresence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a signature must cover and say of itself to be accepted. Immutable; every method gives a new policy.
 *
 * <pre>{@code
 * SignaturePolicy policy = SignaturePolicy.recommended2026()
 *         .require(When.field("authorization"), Component.field("authorization"))
 *         .require(Name.EXPIRES)
 *         .tag("payments")
 *         .maxAge(Duration.ofSeconds(60));
 * }</pre>
 *
 * <p>Each component and each parameter is required, forbidden, or neither, always or in a circumstance ({@link When}). The
 * tag and the key ids select which of a message's signatures is meant; labels never do (RFC 9421, 7.2.5).
 */
@CheckReturnValue
public final class SignaturePolicy {
    private static final SignaturePolicy REQUESTS_2026 = new SignaturePolicy(new Rules()
            .add(Rule.component(When.always(), Component.METHOD, true))
            .add(Rule.component(When.always(), Component.TARGET_URI, true))
            .add(Rule.component(When.body(), Component.CONTENT_DIGEST, true))
            .add(Rule.present("content-type"))
            .add(Rule.present("content-encoding"))
            .add(Rule.present("authorization"))
            .add(Rule.present("cookie"))
            .add(Rule.parameter(When.always(), "created", true)));
    private static final SignaturePolicy RESPONSES_2026 = new SignaturePolicy(new Rules()
            .add(Rule.component(When.always(), Component.STATUS, true))
            .add(Rule.component(When.body(), Component.CONTENT_DIGEST, true))
            .add(Rule.present("content-type"))
            .add(Rule.present("content-encoding"))
            .add(Rule.component(When.always(), Component.METHOD.req(), true))
            .add(Rule.component(When.always(), Component.TARGET_URI.req(), true))
            .add(Rule.parameter(When.always(), "created", true))
            .bind(null));

    private final Rules rules;

    private SignaturePolicy(Rules rules) {
        this.rules = rules;
    }

    /**
     * For requests: {@code @method} and {@code @target-uri} (or {@code @authority} with {@code @path} and {@code @query}, or
     * with {@code @request-target}) covered, {@code content-digest} covered if there is a body, {@code created} present. Fields
     * that change what a body means or in whose name a request is made are covered if they are there: {@code content-type},
     * {@code content-encoding}, {@code authorization}, {@code cookie}.
     */
    public static SignaturePolicy recommended2026() {
        return REQUESTS_2026;
    }

    /**
     * For responses: {@code @status} covered, {@code content-digest} if there is a body, {@code content-type} and {@code
     * content-encoding} if they are there, method and target URI of the request ({@code ;req}), {@code created} present; and a
     * signature of the request ({@code "signature";key=…;req}, or the whole field), so that a response answers one request
     * only. If the request is not signed, the response's nonce must be one that the request asked for by Accept-Signature.
     */
    public static SignaturePolicy responses2026() {
        return RESPONSES_2026;
    }

    /**
     * Requires responses to cover their request's signature of this label; without it, any of the request's signatures will
     * do.
     */
    public SignaturePolicy requestLabel(String label) {
        SfSerializer.appendKey(new StringBuilder(), label);
        return new SignaturePolicy(rules.copy().bind(label));
    }

    /**
     * Accepts responses that do not cover their request's signature. They are as good an answer to every request that has
     * what they do cover of it, be it method and target only; a replay guard refuses the second use, not the first.
     */
    public SignaturePolicy allowUnboundToRequestSignature() {
        Rules copy = rules.copy();
        copy.lower("allowUnboundToRequestSignature");
        copy.bound = false;
        return new SignaturePolicy(copy);
    }

    /** Requires components to be covered. */
    public SignaturePolicy require(Component... components) {
        return require(When.always(), components);
    }

    /** Requires components to be covered in a circumstance. */
    public SignaturePolicy require(When when, Component... components) {
        return with(when, true, components);
    }

    /** Forbids components to be covered. */
    public SignaturePolicy forbid(Component... components) {
        return with(When.always(), false, components);
    }

    /** Requires parameters. */
    public SignaturePolicy require(SignatureParameters.Name... parameters) {
        return require(When.always(), parameters);
    }

    /** Requires parameters in a circumstance. */
    public SignaturePolicy require(When when, SignatureParameters.Name... parameters) {
        return with(when, true, parameters);
    }

    /** Forbids parameters. */
    public SignaturePolicy forbid(SignatureParameters.Name... parameters) {
        return with(When.always(), false, parameters);
    }

    /** Requires extension parameters, which RFC 9421 does not register. */
    public SignaturePolicy requireExtension(String... names) {
        Rules copy = rules.copy();
        for (String name : names) {
            copy.add(Rule.parameter(When.always(), name, true));
        }
        return new SignaturePolicy(copy);
    }

    /** Accepts only signatures with this tag. Without it, any tag is accepted. */
    public SignaturePolicy tag(String tag) {
        Rules copy = rules.copy();
        copy.tag = tag;
        return new SignaturePolicy(copy);
    }

    /** Accepts only signatures by these keys. */
    public SignaturePolicy keyIds(String... ids) {
        Rules copy = rules.copy();
        copy.keyIds = Set.of(ids);
        return new SignaturePolicy(copy);
    }

    /** Accepts only keys whose id is their RFC 7638 thumbprint, as Web Bot Auth demands. */
    public SignaturePolicy keyIdIsThumbprint() {
        Rules copy = rules.copy();
        copy.keyIdIsThumbprint = true;
        return new SignaturePolicy(copy);
    }

    /** Accepts only keys of these algorithms, among those of the security policy. */
    public SignaturePolicy algorithms(Algorithm... algorithms) {
        Rules copy = rules.copy();
        copy.algorithms = Set.of(algorithms);
        return new SignaturePolicy(copy);
    }

    /** Accepts signatures of at most this age, instead of the security policy's; longer ages are cut to the latter. */
    public SignaturePolicy maxAge(Duration age) {
        Rules copy = rules.copy();
        copy.maxAge = age;
        return new SignaturePolicy(copy);
    }

    /**
     * Takes a field, such as {@code idempotency-key}, in place of the nonce to tell messages of one key apart, and remembers
     * it for a time. The field must then be covered.
     */
    public SignaturePolicy replayBy(String field, Duration retention) {
        Component component = Component.field(field);
        Rules copy = rules.copy().add(Rule.component(When.always(), component, true));
        copy.replayField = component;
        copy.replayRetention = retention;
        return new SignaturePolicy(copy);
    }

    /**
     * Drops every requirement and prohibition for these components; for the request's signature, {@code "signature";req}, as
     * {@link #allowUnboundToRequestSignature} does.
     */
    public SignaturePolicy ignore(Component... components) {
        List<Component> dropped = Arrays.asList(components);
        Rules copy = rules.copy();
        for (Component component : components) {
            copy.lower("ignore " + component.identifier());
            copy.bound &= !(component.isOfRequest() && component.name().equals("signature"));
        }
        copy.list.removeIf(rule -> rule.component != null && dropped.contains(rule.component));
        return new SignaturePolicy(copy);
    }

    /** Drops every requirement and prohibition for these parameters. */
    public SignaturePolicy ignore(SignatureParameters.Name... parameters) {
        Rules copy = rules.copy();
        for (SignatureParameters.Name name : parameters) {
            copy.lower("ignore " + name.text());
            copy.list.removeIf(rule -> name.text().equals(rule.parameter));
        }
        return new SignaturePolicy(copy);
    }

    /** Drops every requirement for components, that for the request's signature too, to start a list of one's own. */
    public SignaturePolicy ignoreAllComponents() {
        Rules copy = rules.copy();
        copy.lower("ignoreAllComponents");
        copy.bound = false;
        copy.list.removeIf(rule -> rule.component != null);
        return new SignaturePolicy(copy);
    }

    /**
     * Accepts signatures that cover trailers, which a policy that requires one does by itself. They come behind the body, which
     * is so read and kept before such a signature can be judged: whoever knows a key id can make the verifier do that.
     */
    public SignaturePolicy allowTrailers() {
        Rules copy = rules.copy();
        copy.lower("allowTrailers");
        copy.trailers = true;
        return new SignaturePolicy(copy);
    }

    /** Accepts a signature that covers no component at all, which proves nothing about the message. */
    public SignaturePolicy dangerouslyAllowEmptyCoverage() {
        Rules copy = rules.copy();
        copy.lower("dangerouslyAllowEmptyCoverage");
        copy.emptyCoverage = true;
        return new SignaturePolicy(copy);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(rules.lowered);
        rules.list.forEach(rule -> parts.add(rule.toString()));
        if (rules.bound) {
            parts.add("require the request's signature" + (rules.boundLabel == null ? "" : " " + rules.boundLabel));
        }
        return "SignaturePolicy" + parts;
    }

    // ---- for the verifier ------------------------------------------------------------------------------------------

    /** Whether this policy means a signature; what it does not mean is passed over, not refused. */
    boolean selects(SignatureParameters parameters) {
        return (rules.tag == null || rules.tag.equals(parameters.tagOrNull()))
                && (rules.keyIds == null
                        || (parameters.keyIdOrNull() != null && rules.keyIds.contains(parameters.keyIdOrNull())));
    }

    boolean accepts(Algorithm algorithm) {
        return rules.algorithms == null || rules.algorithms.contains(algorithm);
    }

    boolean takesTrailers() {
        return rules.trailers;
    }

    boolean isThumbprintRequired() {
        return rules.keyIdIsThumbprint;
    }

    Duration effectiveMaxAge(Duration bound) {
        return rules.maxAge == null || rules.maxAge.compareTo(bound) > 0 ? bound : rules.maxAge;
    }

    @Nullable
    Component replayField() {
        return rules.replayField;
    }

    Duration replayRetention() {
        return rules.replayRetention;
    }

    /** Checks coverage and parameters, and nothing that needs a key or the clock. */
    void check(SignatureParameters parameters, HttpMessage message, BodyPresence presence, SecurityPolicy policy) {
        List<Component> covered = parameters.components();
        if (covered.isEmpty() && !rules.emptyCoverage) {
            throw new VerificationException(Reason.COMPONENT_NOT_COVERED, "the signature covers nothing");
        }
        for (Rule rule : rules.list) {
            if (!rule.when.applies(message, presence)) {
                continue;
            }
            Component component = rule.component;
            if (component != null) {
                checkComponent(component, rule.required, covered, message);
            } else {
                checkParameter(String.valueOf(rule.parameter), rule.required, parameters);
            }
        }
        if (rules.bound && !message.isRequest()) {
            RequestBinding.require(parameters, message, rules.boundLabel, policy);
        }
    }

    private static void checkComponent(
            Component component, boolean required, List<Component> covered, HttpMessage message) {
        if (!required) {
            if (covered.contains(component)) {
                throw new VerificationException(Reason.COMPONENT_FORBIDDEN, component.identifier());
            }
        } else if (!isCovered(component, covered, message)) {
            throw new VerificationException(Reason.COMPONENT_NOT_COVERED, component.identifier());
        }
    }

    private static void checkParameter(String name, boolean required, SignatureParameters parameters) {
        if (parameters.has(name) != required) {
            throw new VerificationException(required ? Reason.PARAMETER_MISSING : Reason.PARAMETER_FORBIDDEN, name);
        }
    }

    private static boolean isCovered(Component component, List<Component> covered, HttpMessage message) {
        if (covered.contains(component)) {
            return true;
        }
        if (component.equals(Component.TARGET_URI)) {
            return coversTarget(covered, false);
        }
        if (component.equals(Component.TARGET_URI.req())) {
            return coversTarget(covered, true);
        }
        if (component.equals(Component.CONTENT_DIGEST)) {
            return covered.stream().anyMatch(SignaturePolicy::bindsBody);
        }
        return false;
    }

    /** Authority, path and query make up the target URI; the scheme is the connection's, not the message's. */
    private static boolean coversTarget(List<Component> covered, boolean req) {
        Component authority = req ? Component.AUTHORITY.req() : Component.AUTHORITY;
        Component target = req ? Component.REQUEST_TARGET.req() : Component.REQUEST_TARGET;
        Component path = req ? Component.PATH.req() : Component.PATH;
        Component query = req ? Component.QUERY.req() : Component.QUERY;
        return covered.contains(authority)
                && (covered.contains(target) || (covered.contains(path) && covered.contains(query)));
    }

    /** Whether covering this component binds the message's own body. */
    static boolean bindsBody(Component component) {
        return component.name().equals("content-digest")
                && !component.isOfRequest()
                && !component.isTrailer()
                && (component.keyOrNull() == null
                        || DigestAlgorithm.ofKey(String.valueOf(component.keyOrNull()))
                                .isPresent());
    }

    private SignaturePolicy with(When when, boolean required, Component... components) {
        Rules copy = rules.copy();
        for (Component component : components) {
            copy.add(Rule.component(when, component, required));
        }
        return new SignaturePolicy(copy);
    }

    private SignaturePolicy with(When when, boolean required, SignatureParameters.Name... parameters) {
        Rules copy = rules.copy();
        for (SignatureParameters.Name name : parameters) {
            copy.add(Rule.parameter(when, name.text(), required));
        }
        return new SignaturePolicy(copy);
    }

    private record Rule(
            When when,
            @Nullable Component component,
            @Nullable String parameter,
            boolean required) {
        static Rule component(When when, Component component, boolean required) {
            return new Rule(when, component, null, required);
        }

        /** Required where the message has it. */
        static Rule present(String field) {
            return component(When.field(field), Component.field(field), true);
        }

        static Rule parameter(When when, String name, boolean required) {
            return new Rule(when, null, name.toLowerCase(Locale.ROOT), required);
        }

        /** Whether this takes the place of an earlier rule: of the same circumstance, or of all if it applies always. */
        boolean replaces(Rule other) {
            return (when == When.always() || when.toString().equals(other.when.toString()))
                    && java.util.Objects.equals(component, other.component)
                    && java.util.Objects.equals(parameter, other.parameter);
        }

        @Override
        public String toString() {
            return (required ? "require " : "forbid ")
                    + (component == null ? parameter : component.identifier())
                    + " "
                    + when;
        }
    }

    /** Mutable only until the policy around it is built. */
    private static final class Rules {
        private final List<Rule> list = new ArrayList<>();
        private @Nullable String tag;
        private @Nullable Set<String> keyIds;
        private boolean keyIdIsThumbprint;
        private @Nullable Set<Algorithm> algorithms;
        private @Nullable Duration maxAge;
        private @Nullable Component replayField;
        private Duration replayRetention = Duration.ZERO;
        private boolean emptyCoverage;
        private boolean trailers;
        /** Whether a response must be tied to its request's signature. */
        private boolean bound;

        private @Nullable String boundLabel;
        /** What the caller gave up, for those who read logs. */
        private final Set<String> lowered = new LinkedHashSet<>();

        Rules bind(@Nullable String label) {
            bound = true;
            boundLabel = label;
            lowered.remove("allowUnboundToRequestSignature");
            return this;
        }

        void lower(String what) {
            lowered.add(what);
        }

        /** The later rule for the same subject wins. */
        @CanIgnoreReturnValue
        Rules add(Rule rule) {
            list.removeIf(rule::replaces);
            list.add(rule);
            trailers |= rule.required && rule.component != null && rule.component.isTrailer();
            return this;
        }

        Rules copy() {
            Rules copy = new Rules();
            copy.list.addAll(list);
            copy.tag = tag;
            copy.keyIds = keyIds;
            copy.keyIdIsThumbprint = keyIdIsThumbprint;
            copy.algorithms = algorithms;
            copy.maxAge = maxAge;
            copy.replayField = replayField;
            copy.replayRetention = replayRetention;
            copy.emptyCoverage = emptyCoverage;
            copy.trailers = trailers;
            copy.bound = bound;
            copy.boundLabel = boundLabel;
            copy.lowered.addAll(lowered);
            return copy;
        }
    }
}
