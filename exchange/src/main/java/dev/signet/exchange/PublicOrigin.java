// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.internal.base.AddressBlock;
import dev.signet.http.HttpMessage;
import dev.signet.http.TargetUri;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the scheme and authority of a request's target URI come from. Behind a proxy that ends TLS, a server sees another
 * scheme, and perhaps another host, than the client signed.
 *
 * <p><b>Security properties.</b> {@link #of(URI)} is the safest: a request that was signed for another host fails, whatever its
 * Host field says. {@link #asReceived()} believes the Host field as far as the host does, so a server that answers to any host
 * name accepts requests that were signed for another server with the same keys. Forwarding fields count only if allowed, of
 * one family only, and only from a direct peer in the given address blocks; of several elements the last, which the nearest
 * proxy wrote, counts. That proxy must set or remove the fields itself, since it passes a client's on otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class PublicOrigin {
    private static final PublicOrigin AS_RECEIVED = new PublicOrigin(Source.RECEIVED, null, List.of());

    private enum Source {
        RECEIVED,
        CONFIGURED,
        FORWARDED,
        X_FORWARDED
    }

    private final Source source;
    private final @Nullable Origin configured;
    private final List<AddressBlock> trusted;

    private PublicOrigin(Source source, @Nullable Origin configured, List<AddressBlock> trusted) {
        this.source = source;
        this.configured = configured;
        this.trusted = trusted;
    }

    /** The connection's scheme and the request's own authority. */
    public static PublicOrigin asReceived() {
        return AS_RECEIVED;
    }

    /**
     * Always this origin, such as {@code https://api.example.com}.
     *
     * @throws IllegalArgumentException if the URI is not absolute http or https, or has more than scheme, host and port
     */
    public static PublicOrigin of(URI origin) {
        return new PublicOrigin(Source.CONFIGURED, Origin.of(origin), List.of());
    }

    /**
     * What the last element of the Forwarded field (RFC 7239) says, if the direct peer is a trusted proxy.
     *
     * @param trustedProxies address blocks such as {@code 10.0.0.0/8} or {@code 2001:db8::7}
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    public static PublicOrigin allowForwarded(String... trustedProxies) {
        return new PublicOrigin(Source.FORWARDED, null, blocks(trustedProxies));
    }

    /**
     * What the last values of the X-Forwarded-Proto and X-Forwarded-Host fields say, if the direct peer is a trusted proxy.
     *
     * @param trustedProxies address blocks such as {@code 10.0.0.0/8} or {@code 2001:db8::7}
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    public static PublicOrigin allowXForwarded(String... trustedProxies) {
        return new PublicOrigin(Source.X_FORWARDED, null, blocks(trustedProxies));
    }

    /**
     * The request with the target URI that its client meant.
     *
     * @param peerAddress the direct peer's IP address
     * @throws InvalidMessageException if a trusted proxy's field is malformed
     */
    HttpMessage resolve(HttpMessage received, String peerAddress) {
        Origin origin = switch (source) {
            case RECEIVED -> null;
            case CONFIGURED -> configured;
            case FORWARDED -> trusts(peerAddress) ? forwarded(received) : null;
            case X_FORWARDED -> trusts(peerAddress) ? xForwarded(received) : null;
        };
        return origin == null || received.method().equals("CONNECT") ? received : new Relocated(received, origin);
    }

    @Override
    public String toString() {
        String name = switch (source) {
            case RECEIVED -> "asReceived";
            case CONFIGURED -> "configured";
            case FORWARDED -> "allowForwarded";
            case X_FORWARDED -> "allowXForwarded";
        };
        return "PublicOrigin[" + name + "]";
    }

    private boolean trusts(String peerAddress) {
        byte[] address = AddressBlock.parseAddress(peerAddress);
        return address != null && trusted.stream().anyMatch(block -> block.contains(address));
    }

    private static @Nullable Origin forwarded(HttpMessage received) {
        Map<String, String> element = ForwardedField.last(received.fieldValues("forwarded"));
        return origin(received, element.get("proto"), element.get("host"));
    }

    private static @Nullable Origin xForwarded(HttpMessage received) {
        return origin(
                received,
                lastElement(received.fieldValues("x-forwarded-proto")),
                lastElement(received.fieldValues("x-forwarded-host")));
    }

    private static @Nullable Origin origin(HttpMessage received, @Nullable String proto, @Nullable String host) {
        if (proto == null && host == null) {
            return null;
        }
        // The part that the proxy is silent about is as received.
        TargetUri target = TargetUri.of(received);
        String scheme = proto == null ? target.scheme() : proto.toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw InvalidMessageException.malformed("the forwarded scheme is neither http nor https");
        }
        if (host == null) {
            return new Origin(scheme, target.authority());
        }
        if (host.isEmpty()) {
            throw InvalidMessageException.malformed("the forwarded host is empty");
        }
        return Origin.of(scheme, host);
    }

    private static @Nullable String lastElement(List<String> lines) {
        if (lines.isEmpty()) {
            return null;
        }
        String line = lines.get(lines.size() - 1);
        return line.substring(line.lastIndexOf(',') + 1).trim();
    }

    private static List<AddressBlock> blocks(String... texts) {
        if (texts.length == 0) {
            throw new IllegalArgumentException("at least one trusted address block is needed");
        }
        return Arrays.stream(texts).map(AddressBlock::parse).toList();
    }

    /** A request seen at another origin than it was received at. */
    private record Relocated(HttpMessage message, Origin origin) implements HttpMessage {
        @Override
        public boolean isRequest() {
            return true;
        }

        @Override
        public String method() {
            return message.method();
        }

        @Override
        public String scheme() {
            return origin.scheme();
        }

        @Override
        public String authority() {
            return origin.authority();
        }

        /** The absolute form names an origin itself, which must not win over the public one. */
        @Override
        public String requestTarget() {
            String target = message.requestTarget();
            int schemeEnd = target.indexOf("://");
            if (target.startsWith("/") || schemeEnd < 0) {
                return target;
            }
            TargetUri uri = TargetUri.of(message);
            if (uri.scheme().equals(origin.scheme()) && uri.authority().equals(origin.authority())) {
                return target;
            }
            return uri.query().map(query -> uri.path() + "?" + query).orElse(uri.path());
        }

        @Override
        public int status() {
            return message.status();
        }

        @Override
        public List<String> fieldValues(String name) {
            return message.fieldValues(name);
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
}
