// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import dev.signet.http.Admission;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The request that the application sees: the verified body, the verified caller, and no field that claims another. */
final class AdmittedRequest extends HttpServletRequestWrapper {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART =
            "the body was read to verify it, and multipart bodies are not parsed; read getInputStream()";

    private final HttpServletResponse response;
    private final Admission admission;
    private final Completion completion;
    private @Nullable String encoding;
    private @Nullable BodyStream stream;
    private @Nullable BufferedReader reader;
    private @Nullable Map<String, String[]> form;
    private @Nullable InvalidMessageException formFailure;

    AdmittedRequest(
            HttpServletRequest request, HttpServletResponse response, Admission admission, Completion completion) {
        super(request);
        this.response = response;
        this.admission = admission;
        this.completion = completion;
    }

    /** The same admission around a request that lost its wrapper on a dispatch. */
    AdmittedRequest again(HttpServletRequest bare, HttpServletResponse bareResponse) {
        return new AdmittedRequest(bare, bareResponse, admission, completion);
    }

    boolean isOf(AdmittedRequest other) {
        return admission == other.admission;
    }

    Completion completion() {
        return completion;
    }

    /** Whether this is what a form parameter's reader was told about the caller's form. */
    boolean isFormFailure(InvalidMessageException e) {
        return e == formFailure;
    }

    // ---- the caller ------------------------------------------------------------------------------------------------

    @Override
    public Principal getUserPrincipal() {
        return new Caller(admission.caller());
    }

    @Override
    public String getRemoteUser() {
        return admission.caller();
    }

    @Override
    public String getAuthType() {
        return "Signature";
    }

    /** Roles that the container knows are another principal's. */
    @Override
    public boolean isUserInRole(String role) {
        return false;
    }

    private record Caller(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    @Override
    public @Nullable String getHeader(String name) {
        return admission.isStripped(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return admission.isStripped(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        List<String> names = Collections.list(super.getHeaderNames());
        names.removeIf(admission::isStripped);
        return Collections.enumeration(names);
    }

    @Override
    public int getIntHeader(String name) {
        return admission.isStripped(name) ? -1 : super.getIntHeader(name);
    }

    @Override
    public long getDateHeader(String name) {
        return admission.isStripped(name) ? -1 : super.getDateHeader(name);
    }

    @Override
    public Map<String, String> getTrailerFields() {
        Map<String, String> trailers = new TreeMap<>(super.getTrailerFields());
        trailers.keySet().removeIf(admission::isStripped);
        return trailers;
    }

    // ---- the body --------------------------------------------------------------------------------------------------

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (reader != null) {
            throw new IllegalStateException("getReader() was called before");
        }
        BodyStream known = stream;
        if (known == null) {
            known = openBody();
            stream = known;
        }
        return known;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        if (stream != null) {
            throw new IllegalStateException("getInputStream() was called before");
        }
        BufferedReader known = reader;
        if (known == null) {
            known = new BufferedReader(new InputStreamReader(openBody(), charset()));
            reader = known;
        }
        return known;
    }

    @Override
    public Collection<Part> getParts() throws ServletException {
        throw new ServletException(MULTIPART);
    }

    @Override
    public Part getPart(String name) throws ServletException {
        throw new ServletException(MULTIPART);
    }

    private BodyStream openBody() throws IOException {
        return new BodyStream(completion.open(), admission.bodyLength(), this);
    }

    /** The container would not listen any more, since the body was asked for to verify it. */
    @Override
    public void setCharacterEncoding(String name) throws UnsupportedEncodingException {
        Charset charset = charset(name);
        if (reader == null) {
            encoding = charset.name();
        }
    }

    /** Of Jakarta Servlet 6.1. */
    @SuppressWarnings("MissingOverride") // from 6.1 on only
    public void setCharacterEncoding(Charset charset) {
        if (reader == null) {
            encoding = charset.name();
        }
    }

    @Override
    public @Nullable String getCharacterEncoding() {
        return encoding != null ? encoding : super.getCharacterEncoding();
    }

    private Charset charset() throws UnsupportedEncodingException {
        String name = getCharacterEncoding();
        return name == null ? usualCharset() : charset(name);
    }

    private static Charset charset(String name) throws UnsupportedEncodingException {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedEncodingException("the body's character encoding is not known");
        }
    }

    // RFC 8259, 8.1; WHATWG URL, 5.1; for all else Jakarta Servlet 6.0, 3.12
    private Charset usualCharset() {
        String type = mediaType();
        return type.equals(FORM) || type.equals("application/json") || type.endsWith("+json")
                ? StandardCharsets.UTF_8
                : StandardCharsets.ISO_8859_1;
    }

    private String mediaType() {
        String type = getContentType() == null ? "" : getContentType();
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    // ---- parameters ------------------------------------------------------------------------------------------------

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterMap().get(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] values = getParameterMap().get(name);
        return values == null ? null : values.clone();
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    /**
     * Those of the query, then those of a posted form. The container cannot read the latter, since the body was read before.
     *
     * @throws InvalidMessageException if the form is malformed or too large
     */
    @Override
    public Map<String, String[]> getParameterMap() {
        Map<String, String[]> known = form;
        if (known == null) {
            known = isPostedForm() ? readForm() : super.getParameterMap();
            form = known;
        }
        return known;
    }

    private Map<String, String[]> readForm() {
        // The container is not asked for the query's either, since it would look for a form in the body.
        FormParameters parameters = new FormParameters();
        try {
            String query = getQueryString() == null ? "" : getQueryString();
            parameters.add(query.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            // As in containers: whoever reads the body has its parameters.
            if (stream == null && reader == null) {
                FormParameters.checkLength(admission.bodyLength());
                try (BodyStream body = openBody()) {
                    parameters.add(body.readAllBytes(), charset());
                }
            }
        } catch (InvalidMessageException e) {
            formFailure = e;
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("the form cannot be read", e);
        }
        return parameters.toMap();
    }

    // Jakarta Servlet 6.0, 3.1.1
    private boolean isPostedForm() {
        return getMethod().equals("POST") && mediaType().equals(FORM);
    }

    // ---- asynchronous handling -------------------------------------------------------------------------------------

    /** Dispatches start with this request: the container would start them with its own, which was not verified. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest servletRequest, ServletResponse servletResponse) {
        AsyncContext context = super.startAsync(servletRequest, servletResponse);
        completion.listen(context);
        return context;
    }
}
