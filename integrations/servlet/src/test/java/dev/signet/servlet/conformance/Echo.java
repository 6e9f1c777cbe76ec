// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.signet.http.VerifiedMessage;
import dev.signet.servlet.SignatureFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** An application that tells what it sees of a request, a line for each thing. */
final class Echo extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String path = request.getRequestURI();
        if (request.getDispatcherType() != DispatcherType.REQUEST) {
            echo(request, response);
            return;
        }
        if (path.endsWith("/parameter-then-forward")) {
            request.getParameter("p");
        }
        if (path.endsWith("-forward")) {
            request.getRequestDispatcher("/any/echo?p=dispatch").forward(request, response);
        } else if (path.endsWith("/include")) {
            request.getParameter("p");
            request.getRequestDispatcher("/any/echo?p=dispatch").include(request, response);
        } else if (path.endsWith("/async")) {
            request.getParameter("p");
            request.startAsync().dispatch("/any/echo?p=dispatch");
        } else if (path.endsWith("/open-session")) {
            response.getOutputStream().print("id=" + request.getSession(true).getId());
        } else if (path.endsWith("/change-session")) {
            response.getOutputStream().print("changed=" + request.changeSessionId());
        } else if (path.endsWith("/fail")) {
            response.sendError(HttpServletResponse.SC_CONFLICT);
        } else {
            echo(request, response);
        }
    }

    private static void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("method=" + request.getMethod());
        lines.add("protocol=" + request.getProtocol());
        lines.add("url=" + request.getRequestURL());
        lines.add("query=" + request.getQueryString());
        lines.add("scheme=" + request.getScheme());
        lines.add("secure=" + request.isSecure());
        lines.add("name=" + request.getServerName());
        lines.add("port=" + request.getServerPort());
        lines.add("user=" + request.getRemoteUser());
        lines.add("type=" + request.getContentType());
        lines.add("length=" + request.getContentLengthLong());
        for (String name : Collections.list(request.getHeaderNames())) {
            lines.add("header." + name.toLowerCase(java.util.Locale.ROOT) + "="
                    + String.join("|", Collections.list(request.getHeaders(name))));
        }
        Cookie[] cookies = request.getCookies();
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            lines.add("cookie." + cookie.getName() + "=" + cookie.getValue());
        }
        Optional<VerifiedMessage> verified = SignatureFilter.verifiedMessage(request);
        lines.add("verified=" + verified.isPresent());
        verified.ifPresent(message -> {
            lines.add("verified.uri=" + message.targetUri().orElse(null));
            for (String name : List.of("x-v", "cookie", "content-type")) {
                lines.add("verified." + name + "=" + message.field(name).orElse(null));
            }
        });
        request.getParameterMap()
                .forEach((name, values) -> lines.add("param." + name + "=" + String.join("|", values)));
        HttpSession session = request.getSession(false);
        lines.add("session=" + (session != null));
        lines.add("body=" + new String(request.getInputStream().readAllBytes(), ISO_8859_1));
        response.setContentType("text/plain;charset=iso-8859-1");
        response.getOutputStream().write((String.join("\n", lines) + "\n").getBytes(ISO_8859_1));
    }
}
