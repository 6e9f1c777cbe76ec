// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import dev.signet.http.HttpMessage;
import dev.signet.http.HttpMessageBuilder;
import dev.signet.http.HttpSigner;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A request with all its parts in the open, to be signed, changed and verified. Immutable. */
public final class TestRequest {
    /** A header field line; the name in lower case. */
    public record Field(String name, String value) {}

    private final String method;
    private final String scheme;
    private final String authority;
    private final String requestTarget;
    private final List<Field> fields;
    private final byte[] body;

    private TestRequest(
            String method, String scheme, String authority, String requestTarget, List<Field> fields, byte[] body) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.requestTarget = requestTarget;
        this.fields = List.copyOf(fields);
        this.body = body;
    }

    /** A request without fields. */
    public static TestRequest of(String method, URI uri, byte[] body) {
        HttpMessage message = HttpMessage.request(method, uri).build();
        return new TestRequest(
                method, message.scheme(), message.authority(), message.requestTarget(), List.of(), body.clone());
    }

    /** The header field lines in order. */
    public List<Field> fields() {
        return fields;
    }

    /** A copy of the body. */
    public byte[] body() {
        return body.clone();
    }

    /** This request with another method. */
    public TestRequest withMethod(String newMethod) {
        return new TestRequest(newMethod, scheme, authority, requestTarget, fields, body);
    }

    /** This request under another scheme. */
    public TestRequest withScheme(String newScheme) {
        return new TestRequest(method, newScheme, authority, requestTarget, fields, body);
    }

    /** This request to another host. */
    public TestRequest withAuthority(String newAuthority) {
        return new TestRequest(method, scheme, newAuthority, requestTarget, fields, body);
    }

    /** This request with another request target. */
    public TestRequest withRequestTarget(String newTarget) {
        return new TestRequest(method, scheme, authority, newTarget, fields, body);
    }

    /** This request with another body. */
    public TestRequest withBody(byte[] newBody) {
        return new TestRequest(method, scheme, authority, requestTarget, fields, newBody.clone());
    }

    /** This request with other header field lines. */
    public TestRequest withFields(List<Field> newFields) {
        return new TestRequest(method, scheme, authority, requestTarget, newFields, body);
    }

    /** This request with one more field line. */
    public TestRequest with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name.toLowerCase(Locale.ROOT), value));
        return withFields(more);
    }

    /** This request without a field. */
    public TestRequest without(String name) {
        return withFields(
                fields.stream().filter(f -> !f.name().equalsIgnoreCase(name)).toList());
    }

    /** This request with one line of a field in place of all its lines. */
    public TestRequest replacing(String name, String value) {
        return without(name).with(name, value);
    }

    /** The only or first value of a field. */
    public String field(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no field " + name));
    }

    /** This request with the fields of a signature over it. */
    public TestRequest signedBy(HttpSigner signer) {
        List<Field> more = new ArrayList<>(fields);
        signer.sign(message(), body).forEach((name, value) -> more.add(new Field(name, value)));
        return withFields(more);
    }

    /** The request as signing and verifying see it. */
    public HttpMessage message() {
        HttpMessageBuilder builder =
                HttpMessage.request(method).scheme(scheme).authority(authority).target(requestTarget);
        fields.forEach(field -> builder.field(field.name(), field.value()));
        return builder.build();
    }

    /** The method; as it is, like the parts below. */
    String method() {
        return method;
    }

    String scheme() {
        return scheme;
    }

    String authority() {
        return authority;
    }

    String requestTarget() {
        return requestTarget;
    }
}
