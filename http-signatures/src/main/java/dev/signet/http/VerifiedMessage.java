// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Utf8;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may be trusted of a message: the components that its signatures cover, and the body if they cover its digest. Made by
 * {@link HttpVerifier} only.
 *
 * <p>Values come from the signature bases that were verified, so they are as RFC 9421 normalises them. What is not covered
 * cannot be reached from here. Thread-safe. Close it to remove a spooled body.
 */
public final class VerifiedMessage implements AutoCloseable {
    private final List<VerifiedSignature> signatures;
    private final Body body;
    private final boolean bodyCovered;
    private volatile @Nullable Map<Component, String> values;

    VerifiedMessage(List<VerifiedSignature> signatures, Body body, boolean bodyCovered) {
        this.signatures = List.copyOf(signatures);
        this.body = body;
        this.bodyCovered = bodyCovered;
    }

    /** The signatures that satisfied the policies; at least one. */
    public List<VerifiedSignature> signatures() {
        return signatures;
    }

    /**
     * The key of the first signature: the caller's. Where several signatures are demanded, it is that of the first policy which
     * is satisfied.
     */
    public VerificationKey key() {
        return signatures.get(0).key();
    }

    /** The id of {@link #key()}: the caller's identity. */
    public String keyId() {
        return key().id();
    }

    /** Whether a signature covers this component. */
    public boolean covers(Component component) {
        return values().containsKey(component);
    }

    /** The value of a covered component; empty if no signature covers it. */
    public Optional<String> value(Component component) {
        return Optional.ofNullable(values().get(component));
    }

    /** The combined value of a field covered without parameters; empty if no signature covers it so. */
    public Optional<String> field(String name) {
        return value(Component.field(name.toLowerCase(Locale.ROOT)));
    }

    /** The request method; empty if no signature covers it. */
    public Optional<String> method() {
        return value(Component.METHOD);
    }

    /** The target URI; empty if no signature covers it, be it as a whole or by scheme, authority, path and query. */
    public Optional<String> targetUri() {
        Optional<String> whole = value(Component.TARGET_URI);
        if (whole.isPresent()) {
            return whole;
        }
        if (!covers(Component.SCHEME)
                || !covers(Component.AUTHORITY)
                || !covers(Component.PATH)
                || !covers(Component.QUERY)) {
            return Optional.empty();
        }
        String query = values().getOrDefault(Component.QUERY, "?");
        return Optional.of(values().get(Component.SCHEME)
                + "://"
                + values().get(Component.AUTHORITY)
                + values().get(Component.PATH)
                + (query.equals("?") ? "" : query));
    }

    /** Whether the body, which may be empty, is bound by a covered and matching digest. */
    public boolean isBodyCovered() {
        return bodyCovered;
    }

    /**
     * The body that was digested, from its start.
     *
     * @throws IllegalStateException if no signature covers the body's digest
     */
    public InputStream contentStream() {
        requireBody();
        return body.open();
    }

    /**
     * All bytes of the body that was digested.
     *
     * @throws IllegalStateException if no signature covers the body's digest, or the body was too long for memory
     */
    public byte[] contentBytes() {
        requireBody();
        return body.bytes();
    }

    /**
     * The body that was digested, as UTF-8 text.
     *
     * @throws InvalidMessageException if it is not UTF-8
     * @throws IllegalStateException as {@link #contentBytes()}
     */
    public String contentText() {
        return Utf8.decode(contentBytes(), "body");
    }

    /** Removes a spooled body; streams already open go on where the system allows it. */
    @Override
    public void close() {
        body.close();
    }

    /** The signatures; no values. */
    @Override
    public String toString() {
        return "VerifiedMessage" + signatures;
    }

    /** The body, covered or not, read to its end and kept. */
    Body spooledBody() {
        if (body.isPresent()) {
            body.consume(null);
        }
        return body;
    }

    private void requireBody() {
        if (!bodyCovered) {
            throw new IllegalStateException("no signature covers the body");
        }
    }

    /** Read back from the verified bytes; a base's lines are in the order of the covered components. */
    private Map<Component, String> values() {
        Map<Component, String> known = values;
        if (known == null) {
            known = new HashMap<>();
            for (VerifiedSignature signature : signatures) {
                String[] lines = signature.signatureBase().split("\n", -1);
                List<Component> components = signature.parameters().components();
                for (int i = 0; i < components.size(); i++) {
                    Component component = components.get(i);
                    int skip = component.identifier().length() + 2;
                    known.put(component, lines[i].substring(skip));
                }
            }
            values = known;
        }
        return known;
    }
}
