// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A servlet container on the loopback interface that speaks HTTP/1.1 and HTTP/2 on two ports, one plain and one with TLS. A new
 * container has a class that extends this one and a line in {@link #all}.
 */
abstract class Container implements AutoCloseable {
    /** A filter, the paths it stands before, and the kinds of dispatch. */
    record Guard(String path, Filter filter, EnumSet<DispatcherType> types) {}

    /** What is deployed, alike in each container. */
    static final class Site {
        final List<Guard> guards = new ArrayList<>();
        final Map<String, HttpServlet> servlets = new LinkedHashMap<>();
        String errorPage = "";

        Site filter(String path, Filter filter) {
            return filter(path, filter, EnumSet.of(DispatcherType.REQUEST));
        }

        Site filter(String path, Filter filter, EnumSet<DispatcherType> types) {
            guards.add(new Guard(path, filter, types));
            return this;
        }

        Site servlet(String path, HttpServlet servlet) {
            servlets.put(path, servlet);
            return this;
        }

        Site errorPage(String path) {
            errorPage = path;
            return this;
        }
    }

    static List<Container> all(Site site) throws Exception {
        return List.of(new JettyContainer(site), new TomcatContainer(site), new UndertowContainer(site));
    }

    abstract int plainPort();

    abstract int tlsPort();

    @Override
    public abstract void close() throws Exception;
}
