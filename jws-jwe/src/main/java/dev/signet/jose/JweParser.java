// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes JWEs apart (RFC 7516, 5.2, steps 1 to 5), within limits and before any cryptography. Immutable. */
final class JweParser {
    /** An RSA modulus of 16384 bits, which is more than any other encrypted key. */
    private static final int MAX_KEY_BYTES = 2048;

    private static final int MAX_IV_BYTES = 16;
    private static final int MAX_TAG_BYTES = 32;
    /** CBC pads up to a block. */
    private static final int MAX_PADDING_BYTES = 16;

    private static final int COMPACT_PARTS = 5;

    /** What makes a JWS (RFC 7515, 7.2): a text that is both is a trap for one of its readers. */
    private static final Set<String> OF_JWS = Set.of("payload", "signatures", "signature");

    /** What describes the shared content: never one recipient's affair, so outside the protected header never needed. */
    private static final Set<String> OF_CONTENT = Set.of("enc", "zip", "crit", "typ", "cty");

    /** Keys, addresses and certificates, which are not looked at wherever they are. */
    private static final Set<String> UNUSED = Set.of("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256");

    private final Limits limits;
    private final Set<String> understood;
    private final boolean compression;
    private final StrictJson.Reader headers;
    private final StrictJson.Reader documents;
    private final long maxCiphertextBytes;
    private final long maxCharacters;

    JweParser(Limits limits, boolean compression, Set<String> understood) {
        this.limits = limits;
        this.compression = compression;
        this.understood = Set.copyOf(understood);
        headers = StrictJson.reader(limits);
        maxCiphertextBytes = Math.min(limits.maxBodyBytes(), Integer.MAX_VALUE / 2) + MAX_PADDING_BYTES;
        long octets = maxCiphertextBytes + limits.maxFieldBytes() + (MAX_KEY_BYTES + MAX_IV_BYTES + MAX_TAG_BYTES);
        maxCharacters = encoded(octets) + 2L * COMPACT_PARTS;
        documents =
                StrictJson.reader(limits.withMaxJsonBytes((int) Math.min(Integer.MAX_VALUE / 2, maxJsonCharacters())));
    }

    // ---- compact form
    // ------------------------------------------------------------------------------------------------

    JweMessage compact(String text) {
        if (text.length() > maxCharacters) {
            throw InvalidMessageException.tooLarge("a JWE of more than " + maxCharacters + " characters");
        }
        // What is not Latin-1 becomes a question mark, which base64url does not have.
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        int[] dots = dots(ascii);
        byte[] authenticated = Arrays.copyOf(ascii, dots[0]);
        Map<String, Object> header = protectedHeader(authenticated);
        byte[] encryptedKey = part(ascii, dots[0] + 1, dots[1], "encrypted key", MAX_KEY_BYTES);
        byte[] iv = part(ascii, dots[1] + 1, dots[2], "iv", MAX_IV_BYTES);
        byte[] ciphertext = part(ascii, dots[2] + 1, dots[3], "ciphertext", maxCiphertextBytes);
        byte[] tag = part(ascii, dots[3] + 1, ascii.length, "tag", MAX_TAG_BYTES);
        JweMessage.Recipient recipient = new JweMessage.Recipient(header, encryptedKey);
        return checked(new JweMessage(header, List.of(recipient), iv, ciphertext, tag, authenticated, null));
    }

    /** RFC 7516, 5.2, step 1: four dots, no more and no fewer. */
    private static int[] dots(byte[] text) {
        int[] dots = new int[COMPACT_PARTS - 1];
        int count = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '.') {
                if (count == dots.length) {
                    throw InvalidMessageException.malformed("JWE: more than five parts");
                }
                dots[count++] = i;
            }
        }
        if (count < dots.length) {
            throw InvalidMessageException.malformed("JWE: fewer than five parts");
        }
        return dots;
    }

    // ---- JSON forms
    // --------------------------------------------------------------------------------------------------

    JweMessage json(String text) {
        if (text.length() > maxJsonCharacters()) {
            throw InvalidMessageException.tooLarge("a JWE of more than " + maxJsonCharacters() + " characters");
        }
        Map<String, Object> document = documents.readObject(text);
        if (!Collections.disjoint(document.keySet(), OF_JWS)) {
            throw InvalidMessageException.malformed("JWE: members of a JWS");
        }
        byte[] authenticated = JweMessage.string(document, "protected").getBytes(StandardCharsets.ISO_8859_1);
        Map<String, Object> header = protectedHeader(authenticated);
        Map<String, Object> unprotected = object(document, "unprotected");
        List<JweMessage.Recipient> recipients = new ArrayList<>();
        List<Map<String, Object>> elements = recipients(document);
        for (Map<String, Object> element : elements) {
            Map<String, Object> own = object(element, "header");
            requirePlaces(unprotected, own, elements.size() == 1);
            byte[] encryptedKey =
                    element.containsKey("encrypted_key") ? bytes(element, "encrypted_key", MAX_KEY_BYTES) : new byte[0];
            recipients.add(new JweMessage.Recipient(join(header, unprotected, own), encryptedKey));
        }
        byte[] additionalData = null;
        if (document.containsKey("aad")) {
            additionalData = bytes(document, "aad", maxCiphertextBytes);
            authenticated = withAdditional(authenticated, JweMessage.string(document, "aad"));
        }
        return checked(new JweMessage(
                header,
                List.copyOf(recipients),
                bytes(document, "iv", MAX_IV_BYTES),
                // RFC 7516, 7.2.1: the ciphertext may be empty.
                JweMessage.string(document, "ciphertext").isEmpty()
                        ? new byte[0]
                        : bytes(document, "ciphertext", maxCiphertextBytes),
                bytes(document, "tag", MAX_TAG_BYTES),
                authenticated,
                additionalData));
    }

    /** RFC 7516, 5.1, step 14. */
    static byte[] withAdditional(byte[] header, String additionalData) {
        byte[] data = additionalData.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(header, header.length + 1 + data.length);
        all[header.length] = '.';
        System.arraycopy(data, 0, all, header.length + 1, data.length);
        return all;
    }

    /** The members for each recipient: elements of the general form, or of the flattened form the document itself. */
    private List<Map<String, Object>> recipients(Map<String, Object> document) {
        Object list = document.get("recipients");
        if (list == null) {
            return List.of(document);
        }
        // RFC 7516, 7.2.2: never both, or two readers would see two messages.
        if (document.containsKey("header") || document.containsKey("encrypted_key")) {
            throw InvalidMessageException.malformed("JWE: both the general and the flattened form");
        }
        if (!(list instanceof List<?> elements) || elements.isEmpty()) {
            throw InvalidMessageException.malformed("JWE: recipients is not an array of objects");
        }
        if (elements.size() > limits.maxSignatures()) {
            throw InvalidMessageException.tooLarge("a JWE for more than " + limits.maxSignatures() + " recipients");
        }
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object element : elements) {
            objects.add(object(element, "recipients"));
        }
        return objects;
    }

    /**
     * With one recipient, every parameter that has a meaning can be protected, and so it must be. With several, what
     * differs between them cannot, and is believed only where the key agrees.
     */
    private static void requirePlaces(Map<String, Object> unprotected, Map<String, Object> own, boolean single) {
        for (String name : unprotected.keySet()) {
            boolean harmless = UNUSED.contains(name) || (!single && (name.equals("typ") || name.equals("cty")));
            if (HeaderTemplate.REGISTERED.contains(name) && !harmless) {
                throw InvalidMessageException.malformed("JWE: " + name + " is not protected");
            }
        }
        for (String name : own.keySet()) {
            boolean misplaced = single
                    ? HeaderTemplate.REGISTERED.contains(name) && !UNUSED.contains(name)
                    : OF_CONTENT.contains(name);
            if (misplaced) {
                throw InvalidMessageException.malformed("JWE: " + name + " is not protected");
            }
        }
    }

    /** RFC 7516, 4: the names in the three headers are disjoint. */
    @SafeVarargs
    private static Map<String, Object> join(Map<String, Object>... headers) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Map<String, Object> header : headers) {
            header.forEach((name, value) -> {
                if (all.put(name, value) != null) {
                    throw InvalidMessageException.malformed("JWE: a parameter is in two headers");
                }
            });
        }
        return Collections.unmodifiableMap(all);
    }

    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        Object value = parent.get(name);
        return value == null ? Map.of() : object(value, name);
    }

    @SuppressWarnings("unchecked") // StrictJson makes no other maps
    private static Map<String, Object> object(Object value, String name) {
        if (!(value instanceof Map<?, ?> map)) {
            throw InvalidMessageException.malformed("JWE: " + name + " is not an object");
        }
        return (Map<String, Object>) map;
    }

    private static byte[] bytes(Map<String, Object> members, String name, long max) {
        byte[] ascii = JweMessage.string(members, name).getBytes(StandardCharsets.ISO_8859_1);
        // RFC 7516, 7.2.1: a member whose value would be empty is absent.
        if (ascii.length == 0) {
            throw InvalidMessageException.malformed("JWE: " + name + " is empty");
        }
        return part(ascii, 0, ascii.length, name, max);
    }

    // ---- both forms
    // --------------------------------------------------------------------------------------------------

    private Map<String, Object> protectedHeader(byte[] encoded) {
        return headers.readObject(part(encoded, 0, encoded.length, "header", limits.maxFieldBytes()));
    }

    private JweMessage checked(JweMessage message) {
        Map<String, Object> header = message.protectedHeader();
        message.contentEncryption();
        for (JweMessage.Recipient recipient : message.recipients()) {
            recipient.algorithm();
            String keyId = recipient.keyId();
            if (keyId != null && keyId.length() > limits.maxKeyIdLength()) {
                throw InvalidMessageException.tooLarge(
                        "a JWE with a kid of more than " + limits.maxKeyIdLength() + " characters");
            }
        }
        for (String name : List.of("typ", "cty")) {
            if (header.containsKey(name)) {
                JweMessage.string(header, name);
            }
        }
        if (message.isCompressed() && !(compression && "DEF".equals(header.get("zip")))) {
            throw InvalidMessageException.malformed("JWE: zip is not accepted");
        }
        if (header.containsKey("crit")) {
            checkCritical(header);
        }
        return message;
    }

    /** RFC 7516, 4.1.13. */
    private void checkCritical(Map<String, Object> header) {
        if (!(header.get("crit") instanceof List<?> names) || names.isEmpty()) {
            throw InvalidMessageException.malformed("JWE: crit is not an array of names");
        }
        Set<Object> seen = new HashSet<>();
        for (Object name : names) {
            if (!(name instanceof String text)
                    || !seen.add(text)
                    || HeaderTemplate.REGISTERED.contains(text)
                    || !header.containsKey(text)) {
                throw InvalidMessageException.malformed(
                        "JWE: crit is not an array of different names of extensions that are there");
            }
            if (!understood.contains(text)) {
                throw InvalidMessageException.malformed("JWE: crit names an extension that is not understood");
            }
        }
    }

    private static byte[] part(byte[] text, int start, int end, String name, long max) {
        if (end - start > encoded(max)) {
            throw InvalidMessageException.tooLarge("a JWE whose " + name + " has more than " + max + " bytes");
        }
        byte @Nullable [] bytes = Base64Url.decode(text, start, end);
        if (bytes == null) {
            throw InvalidMessageException.malformed("JWE: the " + name + " is not base64url without padding");
        }
        return bytes;
    }

    /** Ciphertext and additional data, the shared headers, and those of each recipient. */
    private long maxJsonCharacters() {
        return 2 * encoded(maxCiphertextBytes)
                + (limits.maxSignatures() + 2L) * encoded(limits.maxFieldBytes() + MAX_KEY_BYTES);
    }

    private static long encoded(long bytes) {
        return (bytes * 4 + 2) / 3;
    }
}
