// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.signet.http.VerifiedMessage;
import dev.signet.servlet.SignatureFilter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** An application that tells what it sees of a request, a line for each thing. */
final class Echo extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
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
        lines.add("body=" + new String(request.getInputStream().readAllBytes(), ISO_8859_1));
        response.setContentType("text/plain;charset=iso-8859-1");
        response.getOutputStream().write((String.join("\n", lines) + "\n").getBytes(ISO_8859_1));
    }
}
