// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request of which a test decides every byte. {@link Http1Wire} and {@link Http2Wire} write it as it is, whether a client
 * may send it or not. Texts stand for bytes in ISO 8859-1. Not thread-safe.
 */
final class RawRequest {
    record Field(String name, String value) {}

    private final String method;
    private String scheme;
    private String authority;
    private String target;
    private final List<Field> fields = new ArrayList<>();
    private byte[] body = new byte[0];
    private boolean lengthDeclared = true;

    private RawRequest(String method, String scheme, String authority, String target) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.target = target;
    }

    static RawRequest of(String method, Lane lane, String target) {
        return new RawRequest(method, lane.scheme(), lane.authority(), target);
    }

    /** Adds the fields of a signature over what the request is now, with or without its body. */
    RawRequest sign(HttpSigner signer) {
        return signAs(signer, scheme, authority, target);
    }

    /** Adds the fields of a signature for another target. */
    RawRequest signAs(HttpSigner signer, String otherScheme, String otherAuthority, String otherTarget) {
        HttpMessageBuilder message = HttpMessage.request(method)
                .scheme(otherScheme)
                .authority(otherAuthority)
                .target(otherTarget);
        for (Field field : fields) {
            message.field(field.name, field.value);
        }
        Map<String, String> signature = new java.util.LinkedHashMap<>();
        signer.sign(message.build(), body).forEach(signature::put);
        signature.forEach(this::field);
        return this;
    }

    RawRequest field(String name, String value) {
        fields.add(new Field(name, value));
        return this;
    }

    /** Another value for a field, in its place. */
    RawRequest replace(String name, String value) {
        fields.replaceAll(field -> is(field, name) ? new Field(field.name, value) : field);
        return this;
    }

    RawRequest remove(String name) {
        fields.removeIf(field -> is(field, name));
        return this;
    }

    /** {@code :authority}, or the Host field in HTTP/1; null for none. */
    RawRequest authority(String other) {
        authority = other;
        return this;
    }

    RawRequest scheme(String other) {
        scheme = other;
        return this;
    }

    RawRequest target(String other) {
        target = other;
        return this;
    }

    RawRequest body(byte[] newBody) {
        body = newBody;
        return this;
    }

    /** In chunks, or in HTTP/2 without a content-length. */
    RawRequest undeclaredLength() {
        lengthDeclared = false;
        return this;
    }

    String method() {
        return method;
    }

    String scheme() {
        return scheme;
    }

    String authority() {
        return authority;
    }

    String target() {
        return target;
    }

    List<Field> fields() {
        return fields;
    }

    byte[] body() {
        return body;
    }

    boolean isLengthDeclared() {
        return lengthDeclared;
    }

    private static boolean is(Field field, String name) {
        return field.name.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT));
    }
}
