// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A protected header that is well-formed, and whose critical names are understood. Nothing is known to be true of it yet. */
final class ProtectedHeader {
    final JsonObject members;
    final String alg;
    final @Nullable String keyId;
    final @Nullable String type;
    /** Whether the payload is in base64url (RFC 7797, 3). */
    final boolean encodedPayload;

    final List<String> critical;

    private ProtectedHeader(
            JsonObject members,
            String alg,
            @Nullable String keyId,
            @Nullable String type,
            boolean encodedPayload,
            List<String> critical) {
        this.members = members;
        this.alg = alg;
        this.keyId = keyId;
        this.type = type;
        this.encodedPayload = encodedPayload;
        this.critical = critical;
    }

    static ProtectedHeader parse(byte[] json, StrictJson.Reader reader, Limits limits, Set<String> understood) {
        Map<String, Object> members = reader.readObject(json);
        String alg = string(members, "alg");
        if (alg == null) {
            throw malformed("no alg in the protected header");
        }
        if (members.containsKey("enc")) {
            throw malformed("the header of a JWE, not of a JWS");
        }
        String keyId = string(members, "kid");
        if (keyId != null && keyId.length() > limits.maxKeyIdLength()) {
            throw InvalidMessageException.tooLarge("a kid of more than " + limits.maxKeyIdLength() + " characters");
        }
        string(members, "cty");
        checkEmbeddedKey(members.get("jwk"));
        List<String> critical = critical(members, understood);
        Object b64 = members.get("b64");
        if (b64 != null && (!(b64 instanceof Boolean) || !critical.contains("b64"))) {
            // RFC 7797, 6: whoever does not know b64 must refuse, which only crit achieves.
            throw malformed("b64 is not a boolean that crit names");
        }
        return new ProtectedHeader(
                new JsonObject(members, Reason.HEADER_UNEXPECTED),
                alg,
                keyId,
                string(members, "typ"),
                !Boolean.FALSE.equals(b64),
                critical);
    }

    /** RFC 7515, 4.1.3: never used here, but whoever sends a private key in it has a mishap that must not pass unnoticed. */
    private static void checkEmbeddedKey(@Nullable Object jwk) {
        if (jwk == null) {
            return;
        }
        if (!(jwk instanceof Map<?, ?> map) || !(map.get("kty") instanceof String)) {
            throw malformed("jwk is not a key");
        }
        @SuppressWarnings("unchecked") // StrictJson makes no other maps
        Map<String, Object> members = (Map<String, Object>) map;
        if (new Jwk(members).isPrivate()) {
            throw malformed("jwk holds a private key or a shared secret");
        }
    }

    /** RFC 7515, 4.1.11. */
    private static List<String> critical(Map<String, Object> members, Set<String> understood) {
        Object value = members.get("crit");
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw malformed("crit is not an array of at least one name");
        }
        Object[] names = list.toArray();
        for (int i = 0; i < names.length; i++) {
            if (!(names[i] instanceof String name) || !members.containsKey(name)) {
                throw malformed("crit names a header that is not there");
            }
            if (HeaderTemplate.REGISTERED.contains(name) && !name.equals("b64")) {
                throw malformed("crit names a header that everybody understands");
            }
            if (list.indexOf(name) != i) {
                throw malformed("crit names a header twice");
            }
            if (!understood.contains(name)) {
                throw new VerificationException(Reason.CRITICAL_NOT_UNDERSTOOD);
            }
        }
        return Arrays.asList(Arrays.copyOf(names, names.length, String[].class));
    }

    /** RFC 7515, 4.1.9 and 4.1.10: media types are compared without case, and without a lone "application/". */
    static String mediaType(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/") && lower.indexOf('/', 12) < 0 ? lower.substring(12) : lower;
    }

    private static @Nullable String string(Map<String, Object> members, String name) {
        Object value = members.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw malformed(name + " is not a string");
    }

    private static InvalidMessageException malformed(String what) {
        return InvalidMessageException.malformed("JWS: " + what);
    }

    /** Reads headers, and remembers the ones seen last, since most messages of a signer have the same one. */
    static final class Cache {
        private final StrictJson.Reader reader;
        private final Limits limits;
        private final Set<String> understood;
        private final RecentTexts<ProtectedHeader> recent = new RecentTexts<>();

        Cache(Limits limits, Set<String> understood) {
            this.limits = limits;
            reader = StrictJson.reader(limits);
            this.understood = Set.copyOf(understood);
        }

        /** The header whose base64url form stands at the start of {@code text}, up to before {@code end}. */
        ProtectedHeader get(byte[] text, int end) {
            ProtectedHeader known = recent.get(text, end);
            if (known != null) {
                return known;
            }
            if (end > limits.maxFieldBytes()) {
                throw InvalidMessageException.tooLarge("a header of more than " + limits.maxFieldBytes() + " bytes");
            }
            byte[] json = Base64Url.decode(text, 0, end);
            if (json == null) {
                throw malformed("the header is not base64url without padding");
            }
            ProtectedHeader header = parse(json, reader, limits, understood);
            recent.put(text, end, header);
            return header;
        }
    }
}
