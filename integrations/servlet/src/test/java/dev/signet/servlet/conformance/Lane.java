// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

/** A way into a container. */
record Lane(Container container, Wire.Kind kind) {
    int port() {
        return kind.isTls ? container.tlsPort() : container.plainPort();
    }

    String scheme() {
        return kind.isTls ? "https" : "http";
    }

    String authority() {
        return "127.0.0.1:" + port();
    }

    boolean isHttp2() {
        return kind.isHttp2;
    }

    @Override
    public String toString() {
        return container + " " + kind;
    }
}
