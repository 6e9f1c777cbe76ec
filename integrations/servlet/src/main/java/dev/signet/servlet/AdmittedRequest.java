// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import dev.signet.exchange.Admission;
import dev.signet.http.HttpMessage.BodyPresence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The request that the application sees: the verified target, body and caller, and no field that claims another. What is not
 * overridden here is the container's.
 */
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
    private @Nullable String queryText;
    private Map<String, String[]> query = Map.of();
    private @Nullable Map<String, String[]> form;
    private @Nullable Authority authority;
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

    /** Only here, so that nobody takes a bare request, as error pages get, for the verified one. */
    @Override
    public @Nullable Object getAttribute(String name) {
        return name.equals(SignatureFilter.VERIFIED_MESSAGE) ? admission.verified() : super.getAttribute(name);
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        Set<String> names = new LinkedHashSet<>(Collections.list(super.getAttributeNames()));
        names.add(SignatureFilter.VERIFIED_MESSAGE);
        return Collections.enumeration(names);
    }

    // ---- the target ------------------------------------------------------------------------------------------------

    @Override
    public String getScheme() {
        return admission.request().scheme();
    }

    @Override
    public boolean isSecure() {
        return getScheme().equals("https");
    }

    @Override
    public String getServerName() {
        Authority verified = authority();
        return verified.host().isEmpty() ? super.getServerName() : verified.host();
    }

    @Override
    public int getServerPort() {
        Authority verified = authority();
        return verified.host().isEmpty() ? super.getServerPort() : verified.portOr(getScheme());
    }

    /** The path is that of the dispatch, as the container has it. */
    @Override
    public StringBuffer getRequestURL() {
        int port = getServerPort();
        boolean isUsual = port <= 0 || port == (isSecure() ? 443 : 80);
        StringBuffer url =
                new StringBuffer(64).append(getScheme()).append("://").append(getServerName());
        if (!isUsual) {
            url.append(':').append(port);
        }
        return url.append(getRequestURI());
    }

    private Authority authority() {
        Authority known = authority;
        if (known == null) {
            known = Authority.parse(admission.request().authority());
            authority = known;
        }
        return known;
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    @Override
    public @Nullable String getHeader(String name) {
        String value = admission.isStripped(name) ? null : super.getHeader(name);
        return value != null && isReplacedHost(name) ? authority().text() : value;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        if (admission.isStripped(name)) {
            return Collections.emptyEnumeration();
        }
        Enumeration<String> values = super.getHeaders(name);
        return values.hasMoreElements() && isReplacedHost(name)
                ? Collections.enumeration(List.of(authority().text()))
                : values;
    }

    /** A Host field that no signature covers itself is what the public origin says. */
    private boolean isReplacedHost(String name) {
        return name.equalsIgnoreCase("host")
                && !authority().host().isEmpty()
                && admission.verified().field("host").isEmpty();
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
        trailers.keySet().removeIf(admission::isTrailerStripped);
        return trailers;
    }

    // What containers make of fields.

    @Override
    public @Nullable String getContentType() {
        return admission.isStripped("content-type") ? null : super.getContentType();
    }

    @Override
    public Cookie @Nullable [] getCookies() {
        return admission.isStripped("cookie") ? null : super.getCookies();
    }

    @Override
    public Locale getLocale() {
        return admission.isStripped("accept-language") ? Locale.getDefault() : super.getLocale();
    }

    @Override
    public Enumeration<Locale> getLocales() {
        return admission.isStripped("accept-language")
                ? Collections.enumeration(List.of(Locale.getDefault()))
                : super.getLocales();
    }

    @Override
    public @Nullable String getRequestedSessionId() {
        return isSessionHidden() ? null : super.getRequestedSessionId();
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return !isSessionHidden() && super.isRequestedSessionIdValid();
    }

    @Override
    public boolean isRequestedSessionIdFromCookie() {
        return !isSessionHidden() && super.isRequestedSessionIdFromCookie();
    }

    @Override
    public @Nullable HttpSession getSession() {
        return getSession(true);
    }

    /**
     * A session that a hidden cookie chose is not the application's to see; nor can it have another one, since the container
     * would give it that one.
     */
    @Override
    public @Nullable HttpSession getSession(boolean create) {
        if (isSessionHidden() && super.isRequestedSessionIdValid()) {
            if (create) {
                throw new IllegalStateException("the request has a session by a cookie that is not covered");
            }
            return null;
        }
        return super.getSession(create);
    }

    @Override
    public String changeSessionId() {
        if (isSessionHidden() && super.isRequestedSessionIdValid()) {
            throw new IllegalStateException("the request has a session by a cookie that is not covered");
        }
        return super.changeSessionId();
    }

    private boolean isSessionHidden() {
        return super.isRequestedSessionIdFromCookie() && admission.isStripped("cookie");
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
        return encoding != null ? encoding : admission.isStripped("content-type") ? null : super.getCharacterEncoding();
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
        String[] values = getParameterValues(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] ofQuery = isQueryTheContainers() ? super.getParameterValues(name) : query().get(name);
        String[] ofForm = form().get(name);
        if (ofForm == null) {
            return ofQuery == null ? null : ofQuery.clone();
        }
        return ofQuery == null ? ofForm.clone() : joined(ofQuery, ofForm);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        Set<String> names = new LinkedHashSet<>(query().keySet());
        names.addAll(form().keySet());
        return Collections.enumeration(names);
    }

    /**
     * Those of the query, which a forward or include puts its own before, then those of a posted form.
     *
     * @throws InvalidMessageException if the form is malformed or too large
     */
    @Override
    public Map<String, String[]> getParameterMap() {
        Map<String, String[]> all = new LinkedHashMap<>(query());
        form().forEach((name, values) -> all.merge(name, values, AdmittedRequest::joined));
        return Collections.unmodifiableMap(all);
    }

    private static String[] joined(String[] first, String[] second) {
        String[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /**
     * Asked anew each time, since a dispatch changes it beneath this wrapper, or puts its own around it. Only then is the
     * container asked though there was a body: some look for a form in it, be it read or not, but none that dispatch beneath.
     */
    private Map<String, String[]> query() {
        if (isQueryTheContainers()) {
            return super.getParameterMap();
        }
        String text = getQueryString() == null ? "" : getQueryString();
        if (!text.equals(queryText)) {
            query = parse(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            queryText = text;
        }
        return query;
    }

    private boolean isQueryTheContainers() {
        DispatcherType type = getDispatcherType();
        return (admission.bodyLength() == 0 && admission.request().bodyPresence() != BodyPresence.ANNOUNCED)
                || type == DispatcherType.FORWARD
                || type == DispatcherType.INCLUDE
                || type == DispatcherType.ASYNC;
    }

    /** The form alone. */
    private Map<String, String[]> form() {
        Map<String, String[]> known = form;
        if (known == null) {
            known = isPostedForm() ? readForm() : Map.of();
            form = known;
        }
        return known;
    }

    private Map<String, String[]> readForm() {
        // As in containers: whoever reads the body has its parameters.
        if (stream != null || reader != null) {
            return Map.of();
        }
        try {
            FormParameters.checkLength(admission.bodyLength());
            try (BodyStream body = openBody()) {
                return parse(body.readAllBytes(), charset());
            }
        } catch (InvalidMessageException e) {
            formFailure = e;
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("the form cannot be read", e);
        }
    }

    private Map<String, String[]> parse(byte[] text, Charset charset) {
        FormParameters parameters = new FormParameters();
        try {
            parameters.add(text, charset);
        } catch (InvalidMessageException e) {
            formFailure = e;
            throw e;
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
