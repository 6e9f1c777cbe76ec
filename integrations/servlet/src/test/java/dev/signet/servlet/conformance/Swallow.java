// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** A filter that has read the body before anybody verified it, in one of the ways that there are. */
final class Swallow implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String how = ((HttpServletRequest) request).getHeader("x-swallow");
        if ("parameters".equals(how)) {
            request.getParameter("p");
        } else if ("stream".equals(how)) {
            request.getInputStream().readAllBytes();
        } else if ("part".equals(how)) {
            request.getInputStream().read();
        } else if ("reader".equals(how)) {
            request.getReader().readLine();
        }
        chain.doFilter(request, response);
    }
}
