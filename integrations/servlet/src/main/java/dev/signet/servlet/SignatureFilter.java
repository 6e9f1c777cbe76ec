// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.exchange.Admission;
import dev.signet.exchange.InboundPipeline;
import dev.signet.exchange.Problem;
import dev.signet.http.VerifiedMessage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A servlet filter that lets only requests with a good signature through (RFC 9421) and answers all others by a problem
 * document (RFC 9457): 400 for malformed ones, 401 for those not to be trusted, 413 for too large ones, 429 if a key's quota is
 * used up, 503 if a key source or replay store is down.
 *
 * <p>The application behind it sees the caller's name as {@link HttpServletRequest#getUserPrincipal()} and {@link
 * HttpServletRequest#getRemoteUser()}, what is verified by {@link #verifiedMessage}, scheme, host and port as they were
 * verified, and the body as it was verified, from memory or a temporary file that is removed when the request is done. Form
 * parameters are read from that body.
 *
 * <p><b>Security properties.</b> All those of {@link InboundPipeline}. Fields that claim an identity are invisible. A dispatch
 * of a request that this filter did not admit is refused; one that it did is not verified again, and keeps the verified
 * request even if a handler goes asynchronous. Only what is covered is verified: a query, for one, may be an attacker's if
 * the signature policy does not demand it, so take what matters from {@link VerifiedMessage}, or see only what is covered
 * ({@link InboundPipeline.Builder#onlyCoveredFields}). A request is refused if its Host field names another host than the
 * container goes by, or if something in front of the filter has read its body. What fails in a key source or a store goes
 * to the servlet context's log and is never told to the sender.
 *
 * <p>Map it to dispatches of type REQUEST, with {@code asyncSupported}, before every filter that reads parameters or bodies,
 * that decompresses bodies, or that trusts identity fields. Error pages are made from the request as the container has it,
 * without caller and verified message; map the filter to ERROR too if they look at the caller. Multipart bodies are handed on
 * but not parsed. Jetty gives some well-known field values in another case than they came in, so that good signatures over
 * them fail; {@code HttpConfiguration.setHeaderCacheCaseSensitive(true)} ends that. Undertow shows the target {@code /path?}
 * as {@code /path}, and one is verified as the other. Tomcat invites a body that awaits 100 (Continue) before any filter
 * runs; {@code continueResponseTiming="onRead"} at its connector ends that. Thread-safe.
 */
public final class SignatureFilter implements Filter {
    /** The request attribute that holds the {@link VerifiedMessage}. */
    public static final String VERIFIED_MESSAGE = "dev.signet.http.VerifiedMessage";

    private final InboundPipeline pipeline;

    /** One for each filter, so that filters with different policies can follow one another. */
    private final String admissionAttribute = SignatureFilter.class.getName() + "." + UUID.randomUUID();

    private SignatureFilter(InboundPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** A filter that admits what the pipeline admits. */
    public static SignatureFilter of(InboundPipeline pipeline) {
        return new SignatureFilter(pipeline);
    }

    /**
     * What is verified of a request; empty if no filter admitted it, or if this is not the request that the filter handed on:
     * an error page to which the filter is not mapped gets the container's, with all that was not verified.
     */
    public static Optional<VerifiedMessage> verifiedMessage(ServletRequest request) {
        return request.getAttribute(VERIFIED_MESSAGE) instanceof VerifiedMessage verified
                ? Optional.of(verified)
                : Optional.empty();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)) {
            throw new ServletException("only HTTP requests can be signed");
        }
        if (request.getAttribute(admissionAttribute) instanceof AdmittedRequest admitted) {
            chain.doFilter(wraps(request, admitted) ? request : admitted.again(httpRequest, httpResponse), response);
            return;
        }
        Admission admission;
        try {
            admission = admit(httpRequest);
        } catch (MessageSecurityException e) {
            note(httpRequest, e);
            refuse(httpResponse, e);
            return;
        }
        AdmittedRequest admitted = new AdmittedRequest(httpRequest, httpResponse, admission, new Completion(admission));
        request.setAttribute(admissionAttribute, admitted);
        proceed(admitted, httpResponse, chain);
    }

    private Admission admit(HttpServletRequest request) {
        if (request.getDispatcherType() != DispatcherType.REQUEST) {
            // The request line is no longer the one that was signed.
            throw new VerificationException(Reason.SIGNATURE_NOT_ACCEPTABLE, "the request was not verified on arrival");
        }
        // A local socket has no address; nothing is trusted of it.
        String peer = request.getRemoteAddr() == null ? "" : request.getRemoteAddr();
        return pipeline.admit(new ServletMessage(request), peer, new ReceivedBody(request));
    }

    /** What failed is for the operator; the sender is told that something did. */
    private static void note(HttpServletRequest request, MessageSecurityException refusal) {
        if (refusal instanceof UnavailableException && refusal.getCause() != null) {
            request.getServletContext().log("a signed request could not be judged", refusal);
        }
    }

    private void proceed(AdmittedRequest admitted, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(admitted, response);
        } catch (InvalidMessageException e) {
            if (!admitted.isFormFailure(e) || admitted.isAsyncStarted()) {
                throw e;
            }
            if (!response.isCommitted()) {
                // What the application had said until then does not belong to this answer.
                response.reset();
            }
            refuse(response, e);
        } finally {
            admitted.completion().afterDispatch(admitted);
        }
    }

    private void refuse(HttpServletResponse response, MessageSecurityException reason) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        Problem problem = pipeline.refusal(reason);
        response.resetBuffer();
        response.setStatus(problem.status());
        problem.fields().forEach(response::setHeader);
        byte[] json = problem.toJson();
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }

    private static boolean wraps(ServletRequest request, AdmittedRequest admitted) {
        @Nullable ServletRequest inner = request;
        while (inner != null) {
            if (inner instanceof AdmittedRequest other && other.isOf(admitted)) {
                return true;
            }
            inner = inner instanceof ServletRequestWrapper wrapper ? wrapper.getRequest() : null;
        }
        return false;
    }
}
