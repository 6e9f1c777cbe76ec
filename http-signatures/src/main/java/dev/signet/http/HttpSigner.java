// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.internal.Audit;
import dev.signet.core.internal.Derived;
import dev.signet.core.internal.Keys;
import dev.signet.core.internal.Primaries;
import dev.signet.core.internal.base.ObjectPool;
import dev.signet.http.SfValue.SfString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs HTTP messages (RFC 9421).
 *
 * <p><b>Security properties.</b> Used as it comes, a signature covers {@code @method}, {@code @target-uri}, the fields
 * {@code content-type}, {@code content-encoding}, {@code authorization} and {@code cookie} where they are present, and {@code
 * content-digest} (SHA-256 over the given body, RFC 9530) where there is a body; it carries {@code created}, a random {@code
 * nonce} and {@code keyid}. A response covers {@code @status}, content type and encoding, its digest, and of its request the
 * method, the target and every signature, so that it answers this one request only.
 *
 * <p>Immutable and thread-safe; build one per key, or one for a keyset, and keep it.
 */
public final class HttpSigner {
    private static final byte[] CREATED = ";created=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXPIRES = ";expires=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONCE = ";nonce=".getBytes(StandardCharsets.US_ASCII);

    private final Derived<SigningKey, Keyed> keyed;
    private final Builder settings;
    private final List<Cover> requestCover;
    private final List<Cover> responseCover;
    private final Map<String, FieldType> types;
    private final SfLimits sfLimits;
    private final Digester digester;
    private final Audit audit;
    private final ObjectPool<Nonces> nonces = new ObjectPool<>(Nonces::new);
    /** Serialised lists of components, by the rules that applied. */
    private final Map<Long, Prepared> prepared = new ConcurrentHashMap<>();

    private HttpSigner(Builder builder) {
        settings = builder;
        keyed = Derived.of(builder.source, builder::keyed);
        requestCover = builder.coverOr(Builder.REQUEST_COVER);
        responseCover = builder.coverOr(Builder.RESPONSE_COVER);
        types = Map.copyOf(builder.types);
        sfLimits = HttpVerifier.sfLimits(builder.policy.limits());
        digester = Digester.of(builder.policy.providers());
        audit = new Audit("http", builder.listener, builder.clock);
    }

    /**
     * Starts a signer.
     *
     * @throws IllegalArgumentException if the key is not active, or the policy's recommendations do not know its algorithm
     */
    public static Builder builder(SigningKey key) {
        if (key.status() != KeyStatus.ACTIVE) {
            throw new IllegalArgumentException("the key is not active and does not sign");
        }
        return new Builder(Derived.Source.fixed(key));
    }

    /** Starts a signer with the primary key of a keyset. */
    public static Builder builder(Keyset<SigningKey> keys) {
        return builder(keys.primary());
    }

    /**
     * Starts a signer with the primary key of the keyset of the time: the supplier, such as {@code file::signingKeys}, is asked
     * for each signature, so that a rotation needs no new signer. A primary key that this signer cannot use is an {@link
     * IllegalStateException} then; a supplier that fails, an {@link UnavailableException}.
     */
    public static Builder builder(Supplier<Keyset<SigningKey>> keys) {
        return new Builder(Primaries.of(keys));
    }

    /** Signs a message that has no body, or whose Content-Digest field is already set. */
    public SignatureFields sign(HttpMessage message) {
        return finish(prepare(message, null, null));
    }

    /** Signs a message with its body. The body must be sent exactly as it is here. */
    public SignatureFields sign(HttpMessage message, byte[] body) {
        return finish(prepare(message, body, null));
    }

    /** Signs a message whose body was digested as a stream, by {@link #digest} or {@link ContentDigest#of}. */
    public SignatureFields sign(HttpMessage message, ContentDigest bodyDigest) {
        return finish(prepare(message, null, bodyDigest));
    }

    /** Signs without blocking on a remote signer. The stage fails as {@link #sign(HttpMessage, byte[])} throws. */
    public CompletionStage<SignatureFields> signAsync(HttpMessage message, byte[] body) {
        return finishAsync(prepare(message, body, null));
    }

    /** Signs a message whose body was digested as a stream, without blocking on a remote signer. */
    public CompletionStage<SignatureFields> signAsync(HttpMessage message, ContentDigest bodyDigest) {
        return finishAsync(prepare(message, null, bodyDigest));
    }

    /**
     * The digest that signing this message will need, of a body read as a stream to its end in constant memory: by this
     * signer's algorithm, or by those of the Content-Digest field that the message has already.
     *
     * @param maxBytes after which reading stops
     * @throws InvalidMessageException if the stream is longer, or the message's Content-Digest field is malformed
     */
    public ContentDigest digest(HttpMessage message, InputStream body, long maxBytes) throws IOException {
        List<String> present = message.fieldValues("content-digest");
        Set<DigestAlgorithm> algorithms =
                present.isEmpty() ? Set.of(settings.digest) : parse(present).algorithms();
        ContentDigest.Computation computation = new ContentDigest.Computation(algorithms, maxBytes, digester);
        computation.readAll(body);
        return computation.digest();
    }

    /**
     * A signer that makes the signature that another party asked for by Accept-Signature (RFC 9421, 5.2). What this signer
     * covers stays covered: the other party can ask for more, never for less. It keeps the key of now, which was asked for.
     *
     * @throws IllegalArgumentException if another key or algorithm than this signer's is asked for, a tag or nonce that it was
     *     not {@linkplain Builder#allowRequestedTag allowed} to take over, or too many components
     */
    public HttpSigner answering(AcceptSignature requested) {
        SigningKey key = keyed.get().key;
        Builder builder = new Builder(Derived.Source.fixed(key), settings);
        builder.label = requested.label();
        builder.requested.clear();
        builder.requested.addAll(requested.components());
        builder.checkCover();
        requested.keyId().filter(id -> !id.equals(settings.keyId(key))).ifPresent(id -> {
            throw new IllegalArgumentException("a signature by another key is asked for");
        });
        requested
                .alg()
                .filter(alg -> !alg.equals(key.algorithm().httpName().orElse(null)))
                .ifPresent(alg -> {
                    throw new IllegalArgumentException("a signature with another algorithm is asked for");
                });
        builder.includeAlg |= requested.alg().isPresent();
        builder.includeKeyId |= requested.keyId().isPresent();
        requested.tag().filter(tag -> !tag.equals(settings.tag)).ifPresent(tag -> {
            if (!settings.allowTag) {
                throw new IllegalArgumentException("a signature with another tag is asked for");
            }
            builder.tag(tag);
        });
        requested.nonce().ifPresent(nonce -> {
            if (!settings.allowNonce) {
                throw new IllegalArgumentException("a signature with a nonce of the other side is asked for");
            }
            builder.nonceSource = () -> nonce;
        });
        if (requested.isExpiresWanted() && builder.lifetime == null) {
            builder.lifetime = settings.policy.maxAge();
        }
        return new HttpSigner(builder);
    }

    /** The key's id and algorithm, and what was allowed. */
    @Override
    public String toString() {
        SigningKey key = keyed.get().key;
        return "HttpSigner[" + settings.keyId(key) + " " + key.algorithm().joseName()
                + (settings.includeNonce ? "" : ", allowMissingNonce")
                + (settings.includeCreated ? "" : ", allowMissingCreated")
                + (settings.allowUnbound ? ", allowUnboundToRequestSignature" : "")
                + (settings.allowTag ? ", allowRequestedTag" : "")
                + (settings.allowNonce ? ", allowRequestedNonce" : "")
                + "]";
    }

    private Pending prepare(HttpMessage message, byte @Nullable [] body, @Nullable ContentDigest bodyDigest) {
        boolean hasBody = bodyDigest != null
                || (body != null && body.length > 0)
                || (body == null && !message.fieldValues("content-digest").isEmpty());
        List<Cover> cover = message.isRequest() ? requestCover : responseCover;
        Prepared list = select(cover, message, hasBody);
        if (!message.isRequest() && settings.cover.isEmpty() && !settings.allowUnbound) {
            list = list.with(RequestBinding.components(
                    message,
                    settings.requestLabels,
                    sfLimits,
                    settings.policy.limits().maxSignatures()));
        }
        String digestField = null;
        HttpMessage signed = message;
        if (list.coversDigest) {
            List<String> present = message.fieldValues("content-digest");
            if (present.isEmpty()) {
                ContentDigest digest = bodyDigest != null
                        ? bodyDigest
                        : ContentDigest.of(settings.digest, body == null ? new byte[0] : body, digester);
                digestField = digest.fieldValue();
                signed = new WithContentDigest(message, List.of(digestField));
            } else {
                checkPresent(present, body, bodyDigest);
            }
        }
        Keyed now = keyed.get();
        long created = settings.clock.instant().getEpochSecond();
        try {
            FieldValues values = new FieldValues(signed, types, sfLimits);
            SignatureBase base = SignatureBase.of(
                    values, list.components, list.serialized, out -> appendParameters(out, created, now.suffix));
            return new Pending(now.key, label(message), digestField, base);
        } catch (ComponentException e) {
            throw InvalidMessageException.malformed("cannot be signed: " + e.rule());
        }
    }

    /** A digest that the caller set must be that of the body, or the other side will refuse. */
    private void checkPresent(List<String> field, byte @Nullable [] body, @Nullable ContentDigest bodyDigest) {
        if (body != null) {
            parse(field).verify(body);
        } else if (bodyDigest != null) {
            parse(field).requireEqual(bodyDigest);
        }
    }

    private ContentDigest parse(List<String> field) {
        return ContentDigest.parse("content-digest", field, settings.policy.limits(), digester);
    }

    private Prepared select(List<Cover> cover, HttpMessage message, boolean hasBody) {
        long applied = cover == responseCover && cover != requestCover ? 1L << 62 : 0;
        for (int i = 0; i < cover.size(); i++) {
            When when = cover.get(i).when;
            boolean applies = when.isBody()
                    ? hasBody
                    : when.fieldName() == null
                            || !message.fieldValues(when.fieldName()).isEmpty();
            if (applies) {
                applied |= 1L << i;
            }
        }
        Prepared known = prepared.get(applied);
        if (known == null) {
            known = Prepared.of(cover, applied);
            prepared.put(applied, known);
        }
        return known;
    }

    private void appendParameters(AsciiBuffer out, long created, byte[] suffix) {
        if (settings.includeCreated) {
            out.append(CREATED).append(created);
        }
        if (settings.lifetime != null) {
            out.append(EXPIRES).append(created + settings.lifetime.toSeconds());
        }
        if (settings.nonceSource != null) {
            SfItem nonce = new SfItem(new SfString(settings.nonceSource.get()));
            out.append(NONCE).append(SfSerializer.serialize(nonce));
        } else if (settings.includeNonce) {
            Nonces source = nonces.borrow();
            out.append(NONCE).append('"').append(source.next()).append('"');
            nonces.giveBack(source);
        }
        out.append(suffix);
    }

    /** The wanted label, or the next free one if the message is signed already. */
    private String label(HttpMessage message) {
        List<String> present = message.fieldValues("signature-input");
        if (present.isEmpty()) {
            return settings.label;
        }
        SfDictionary taken;
        try {
            taken = StructuredFields.parseDictionary(present, sfLimits);
        } catch (SfException e) {
            throw FieldValues.invalid("signature-input", e);
        }
        String label = settings.label;
        for (int i = 2; taken.contains(label); i++) {
            label = settings.label + i;
        }
        return label;
    }

    private SignatureFields finish(Pending pending) {
        SignatureBase base = pending.base;
        byte[] signature = Keys.sign(pending.key, base.array(), 0, base.length(), settings.policy.providers());
        return complete(pending, signature);
    }

    private CompletionStage<SignatureFields> finishAsync(Pending pending) {
        return Keys.signAsync(pending.key, pending.base.toByteArray(), settings.policy.providers())
                .handle((signature, failure) -> {
                    if (failure != null) {
                        throw failure instanceof CompletionException wrapped
                                ? wrapped
                                : new CompletionException(failure);
                    }
                    return complete(pending, signature);
                });
    }

    private SignatureFields complete(Pending pending, byte[] signature) {
        SignatureFields fields = new SignatureFields(
                pending.label,
                pending.contentDigest,
                pending.label + "=" + pending.base.signatureParams(),
                pending.label + "=:" + Base64.getEncoder().encodeToString(signature) + ":",
                pending.base);
        audit.accepted(SecurityEvent.Type.SIGNED, pending.key);
        return fields;
    }

    /** A key, and the parameters that never change with it. */
    private record Keyed(SigningKey key, byte[] suffix) {}

    private record Pending(
            SigningKey key, String label, @Nullable String contentDigest, SignatureBase base) {}

    private record Cover(When when, Component component) {
        static Cover present(String field) {
            return new Cover(When.field(field), Component.field(field));
        }
    }

    /** The components of one combination of circumstances, with their serialised list. */
    private record Prepared(List<Component> components, byte[] serialized, boolean coversDigest) {
        static Prepared of(List<Cover> cover, long applied) {
            List<Component> components = new ArrayList<>();
            for (int i = 0; i < cover.size(); i++) {
                Component component = cover.get(i).component;
                if ((applied & 1L << i) != 0 && !components.contains(component)) {
                    components.add(component);
                }
            }
            return of(components);
        }

        /** Not kept for the next message: labels are the other side's choice, and there is no end of them. */
        Prepared with(List<Component> more) {
            if (more.isEmpty()) {
                return this;
            }
            Set<Component> all = new LinkedHashSet<>(components);
            all.addAll(more);
            return of(new ArrayList<>(all));
        }

        private static Prepared of(List<Component> components) {
            AsciiBuffer list = new AsciiBuffer(256);
            SignatureParameters.appendList(list, components);
            boolean coversDigest = components.stream().anyMatch(SignaturePolicy::bindsBody);
            return new Prepared(List.copyOf(components), list.toByteArray(), coversDigest);
        }
    }

    /** Random bytes fetched by the block, since each request to the generator is a system call. */
    private static final class Nonces {
        private static final int LENGTH = 18;

        private final SecureRandom random = new SecureRandom();
        private final byte[] block = new byte[64 * LENGTH];
        private int used = block.length;

        byte[] next() {
            if (used == block.length) {
                random.nextBytes(block);
                used = 0;
            }
            byte[] nonce = Arrays.copyOfRange(block, used, used + LENGTH);
            used += LENGTH;
            return Base64.getUrlEncoder().encode(nonce);
        }
    }

    /** The message with the digest field that the signature will cover. */
    private record WithContentDigest(HttpMessage message, List<String> digest) implements HttpMessage {
        @Override
        public boolean isRequest() {
            return message.isRequest();
        }

        @Override
        public String method() {
            return message.method();
        }

        @Override
        public String scheme() {
            return message.scheme();
        }

        @Override
        public String authority() {
            return message.authority();
        }

        @Override
        public String requestTarget() {
            return message.requestTarget();
        }

        @Override
        public int status() {
            return message.status();
        }

        @Override
        public List<String> fieldValues(String name) {
            return name.equals("content-digest") ? digest : message.fieldValues(name);
        }

        @Override
        public List<String> trailerValues(String name) {
            return message.trailerValues(name);
        }

        @Override
        public BodyPresence bodyPresence() {
            return message.bodyPresence();
        }

        @Override
        public int httpVersion() {
            return message.httpVersion();
        }

        @Override
        public Optional<HttpMessage> request() {
            return message.request();
        }
    }

    /** Collects what is optional. Not thread-safe. */
    public static final class Builder {
        private static final int MOST_COVERED = 60;
        private static final List<Cover> REQUEST_COVER = List.of(
                new Cover(When.always(), Component.METHOD),
                new Cover(When.always(), Component.TARGET_URI),
                Cover.present("content-type"),
                Cover.present("content-encoding"),
                Cover.present("authorization"),
                Cover.present("cookie"),
                new Cover(When.body(), Component.CONTENT_DIGEST));
        private static final List<Cover> RESPONSE_COVER = List.of(
                new Cover(When.always(), Component.STATUS),
                Cover.present("content-type"),
                Cover.present("content-encoding"),
                new Cover(When.body(), Component.CONTENT_DIGEST),
                new Cover(When.always(), Component.METHOD.req()),
                new Cover(When.always(), Component.TARGET_URI.req()));

        private final Derived.Source<SigningKey> source;
        private final List<Cover> cover = new ArrayList<>();
        /** What another party asked for, beyond the cover. */
        private final List<Component> requested = new ArrayList<>();

        private Set<String> requestLabels = Set.of();
        private boolean allowUnbound;
        private boolean allowTag;
        private boolean allowNonce;
        private final Map<String, FieldType> types = new LinkedHashMap<>(FieldType.KNOWN);
        private final Map<String, SfValue> extensions = new LinkedHashMap<>();
        private String label = "sig";
        private @Nullable String keyId;
        private @Nullable String tag;
        private @Nullable Duration lifetime;
        private @Nullable Supplier<String> nonceSource;
        private boolean includeCreated = true;
        private boolean includeNonce = true;
        private boolean includeKeyId = true;
        private boolean includeAlg;
        private DigestAlgorithm digest = DigestAlgorithm.SHA_256;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(Derived.Source<SigningKey> source) {
            this.source = source;
        }

        private Builder(Derived.Source<SigningKey> source, Builder other) {
            this.source = source;
            cover.addAll(other.cover);
            requested.addAll(other.requested);
            requestLabels = other.requestLabels;
            allowUnbound = other.allowUnbound;
            allowTag = other.allowTag;
            allowNonce = other.allowNonce;
            types.putAll(other.types);
            extensions.putAll(other.extensions);
            label = other.label;
            keyId = other.keyId;
            tag = other.tag;
            lifetime = other.lifetime;
            nonceSource = other.nonceSource;
            includeCreated = other.includeCreated;
            includeNonce = other.includeNonce;
            includeKeyId = other.includeKeyId;
            includeAlg = other.includeAlg;
            digest = other.digest;
            policy = other.policy;
            listener = other.listener;
            clock = other.clock;
        }

        /** Covers these components, which replace those covered by default; each call adds to the list. */
        public Builder cover(Component... components) {
            return cover(When.always(), components);
        }

        /** Covers these components in a circumstance. */
        public Builder cover(When when, Component... components) {
            for (Component component : components) {
                cover.add(new Cover(when, component));
            }
            checkCover();
            return this;
        }

        /**
         * Binds a response to these of its request's signatures only, instead of to all: for a server behind one that adds a
         * signature, which the client does not know. Without effect if {@link #cover} was called.
         */
        public Builder requestLabels(String... labels) {
            for (String each : labels) {
                SfSerializer.appendKey(new StringBuilder(), each);
            }
            requestLabels = Set.of(labels);
            return this;
        }

        /** Leaves the request's signatures out of a response's cover, which can then be shown to whoever sent a like request. */
        public Builder allowUnboundToRequestSignature() {
            allowUnbound = true;
            return this;
        }

        /** Lets {@link HttpSigner#answering} take over a tag, by which the other side says for which application the signature is. */
        public Builder allowRequestedTag() {
            allowTag = true;
            return this;
        }

        /** Lets {@link HttpSigner#answering} take over a nonce, by which the other side knows that the signature is made for it now. */
        public Builder allowRequestedNonce() {
            allowNonce = true;
            return this;
        }

        /** The signature's label, {@code sig} by default. A number is added if a message has that label already. */
        public Builder label(String newLabel) {
            SfSerializer.appendKey(new StringBuilder(), newLabel);
            label = newLabel;
            return this;
        }

        /** The key id to write, if not the key's own. */
        public Builder keyId(String id) {
            keyId = checked(id);
            includeKeyId = true;
            return this;
        }

        /** Leaves the key id out, for profiles that forbid it. */
        public Builder withoutKeyId() {
            includeKeyId = false;
            return this;
        }

        /** The application's tag. */
        public Builder tag(String newTag) {
            tag = checked(newTag);
            return this;
        }

        /** Writes the algorithm's RFC 9421 name, which is left out by default: the key says it. */
        public Builder withAlg() {
            algName(source.get());
            includeAlg = true;
            return this;
        }

        /** Adds an expiry so long after the creation. */
        public Builder expiresAfter(Duration duration) {
            if (duration.toSeconds() < 1) {
                throw new IllegalArgumentException("a signature lives at least one second");
            }
            lifetime = duration;
            return this;
        }

        /** Takes nonces from the caller instead of 144 random bits. */
        public Builder nonces(Supplier<String> source) {
            nonceSource = source;
            includeNonce = true;
            return this;
        }

        /** Leaves the nonce out; verifiers then tell messages apart by their signature base. */
        public Builder allowMissingNonce() {
            includeNonce = false;
            nonceSource = null;
            return this;
        }

        /** Leaves the creation time out, for profiles that forbid it. */
        public Builder allowMissingCreated() {
            includeCreated = false;
            return this;
        }

        /** Adds an extension parameter with a string value. */
        public Builder extension(String name, String value) {
            if (SignatureParameters.registered().contains(name)) {
                throw new IllegalArgumentException(name + " is no extension parameter");
            }
            SfSerializer.appendKey(new StringBuilder(), name);
            extensions.put(name, new SfString(checked(value)));
            return this;
        }

        /** Names the structured type of a field, for {@link Component#sf()} and {@link Component#key}. */
        public Builder structuredField(String name, FieldType type) {
            types.put(Component.field(name).name(), type);
            return this;
        }

        /** The digest algorithm for bodies, SHA-256 by default. */
        public Builder digest(DigestAlgorithm algorithm) {
            digest = algorithm;
            return this;
        }

        /** Another policy, whose limits and providers are used. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** Is told of each signature. */
        public Builder listener(SecurityListener newListener) {
            listener = newListener;
            return this;
        }

        /** Another clock. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** The signer. */
        public HttpSigner build() {
            return new HttpSigner(new Builder(source, this));
        }

        private void checkCover() {
            if (cover.size() + requested.size() > MOST_COVERED
                    || REQUEST_COVER.size() + requested.size() > MOST_COVERED) {
                throw new IllegalArgumentException("a signature covers at most " + MOST_COVERED + " components");
            }
        }

        /** What was asked for comes first, in the order of the asking. */
        private List<Cover> coverOr(List<Cover> byDefault) {
            List<Cover> all = new ArrayList<>();
            requested.forEach(component -> all.add(new Cover(When.always(), component)));
            all.addAll(cover.isEmpty() ? byDefault : cover);
            return List.copyOf(all);
        }

        private Keyed keyed(SigningKey key) {
            if (!policy.algorithms().contains(key.algorithm())) {
                throw new IllegalArgumentException(
                        "the policy does not accept " + key.algorithm().joseName());
            }
            return new Keyed(key, suffix(key).getBytes(StandardCharsets.US_ASCII));
        }

        private String keyId(SigningKey key) {
            return keyId == null ? key.id() : keyId;
        }

        private static String algName(SigningKey key) {
            return key.algorithm()
                    .httpName()
                    .orElseThrow(() -> new IllegalArgumentException(
                            key.algorithm().joseName() + " has no name in the HTTP Signature Algorithms registry"));
        }

        private String suffix(SigningKey key) {
            StringBuilder out = new StringBuilder();
            if (includeKeyId) {
                SfSerializer.append(out.append(";keyid="), new SfString(keyId(key)));
            }
            if (includeAlg) {
                SfSerializer.append(out.append(";alg="), new SfString(algName(key)));
            }
            if (tag != null) {
                SfSerializer.append(out.append(";tag="), new SfString(tag));
            }
            SfParameters.Builder more = SfParameters.builder();
            extensions.forEach(more::put);
            SfSerializer.append(out, more.build());
            return out.toString();
        }

        private static String checked(String value) {
            SfSerializer.append(new StringBuilder(), new SfString(value));
            return value;
        }
    }
}
