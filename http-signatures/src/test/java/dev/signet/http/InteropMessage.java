// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A message that both sides can build; a response has no method and URL. */
record InteropMessage(
        String method,
        String url,
        int status,
        Map<String, List<String>> fields,
        byte @Nullable [] body,
        @Nullable InteropMessage request) {
    static InteropMessage request(String method, String url) {
        return new InteropMessage(method, url, 0, Map.of(), null, null);
    }

    static InteropMessage response(int status, InteropMessage request) {
        return new InteropMessage("", "", status, Map.of(), null, request);
    }

    boolean isRequest() {
        return status == 0;
    }

    InteropMessage with(String field, String... values) {
        Map<String, List<String>> changed = new TreeMap<>(fields);
        changed.put(field, List.of(values));
        return new InteropMessage(method, url, status, changed, body, request);
    }

    InteropMessage withBody(byte[] newBody) {
        return new InteropMessage(method, url, status, fields, newBody, request);
    }

    InteropMessage withUrl(String newUrl) {
        return new InteropMessage(method, newUrl, status, fields, body, request);
    }

    InteropMessage withRequest(InteropMessage newRequest) {
        return new InteropMessage(method, url, status, fields, body, newRequest);
    }

    InteropMessage with(SignatureFields signature) {
        InteropMessage[] signed = {this};
        signature.forEach((name, value) -> {
            List<String> values = new ArrayList<>(fields.getOrDefault(name, List.of()));
            values.add(value);
            signed[0] = signed[0].with(name, values.toArray(new String[0]));
        });
        return signed[0];
    }

    /** This message with the header fields that the peer gives for it. */
    InteropMessage with(JsonNode headers) {
        InteropMessage[] signed = {this};
        headers.fields().forEachRemaining(field -> {
            List<String> values = new ArrayList<>();
            if (field.getValue().isArray()) {
                field.getValue().forEach(value -> values.add(value.asText()));
            } else {
                values.add(field.getValue().asText());
            }
            signed[0] = signed[0].with(field.getKey().toLowerCase(Locale.ROOT), values.toArray(new String[0]));
        });
        return signed[0];
    }

    byte[] bodyOrEmpty() {
        return body == null ? new byte[0] : body;
    }

    HttpMessage message() {
        HttpMessageBuilder builder =
                isRequest() ? HttpMessage.request(method, URI.create(url)) : HttpMessage.response(status);
        fields.forEach((name, values) -> values.forEach(value -> builder.field(name, value)));
        if (request != null) {
            builder.answering(request.message());
        }
        return builder.build();
    }

    /** This message with another value for a component. */
    InteropMessage tampered(Component component) {
        if (component.isOfRequest() && request != null) {
            String identifier = component.identifier().replace(";req", "");
            Component own = Component.parse(StructuredFields.parseItem(identifier, new SfLimits(1000, 10)));
            return withRequest(request.tampered(own));
        }
        return switch (component.name()) {
            case "@method" -> new InteropMessage(method + "X", url, status, fields, body, request);
            case "@status" -> new InteropMessage(method, url, status + 1, fields, body, request);
            case "@authority" -> withUrl(url.replaceFirst("//[^/]", "//evil"));
            case "@scheme" -> withUrl(url.replaceFirst("https", "http"));
            case "@query" -> withUrl(url + (url.contains("?") ? "&" : "?") + "z=1");
            case "@query-param" -> withUrl(url.replaceFirst("([?&])" + component.queryParamName() + "=", "$0z"));
            case "@path", "@target-uri", "@request-target" -> withUrl(url.replaceFirst("[^/]/[^/]", "$0z"));
            default -> tamperedField(component.name());
        };
    }

    InteropMessage withFlippedSignature() {
        String value = fields.getOrDefault("signature", List.of("")).get(0);
        int start = value.indexOf(':') + 1;
        byte[] signature = Base64.getDecoder().decode(value.substring(start, value.indexOf(':', start)));
        signature[signature.length / 2] ^= 4;
        return with(
                "signature",
                value.substring(0, start)
                        + Base64.getEncoder().encodeToString(signature)
                        + value.substring(value.indexOf(':', start)));
    }

    private InteropMessage tamperedField(String name) {
        List<String> values = new ArrayList<>(fields.getOrDefault(name, List.of("")));
        String value = values.get(0);
        int start = name.equals("content-digest") || name.equals("signature") ? value.indexOf(':') : 0;
        int at = start;
        // Digits first, since a dictionary's names are letters.
        while (at < value.length() && !Character.isDigit(value.charAt(at))) {
            at++;
        }
        if (at == value.length()) {
            values.set(0, value + "z");
        } else {
            values.set(0, value.substring(0, at) + (value.charAt(at) == '7' ? '8' : '7') + value.substring(at + 1));
        }
        return with(name, values.toArray(new String[0]));
    }
}
