// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import java.net.InetSocketAddress;

/** Undertow as it comes. */
final class UndertowContainer extends Container {
    private final Undertow server;
    private final DeploymentManager deployment;

    UndertowContainer(Site site) throws Exception {
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(UndertowContainer.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("conformance");
        int number = 0;
        for (Guard guard : site.guards) {
            String name = "filter" + number++;
            info.addFilter(
                    new FilterInfo(name, guard.filter().getClass(), new ImmediateInstanceFactory<>(guard.filter()))
                            .setAsyncSupported(true));
            for (DispatcherType type : guard.types()) {
                info.addFilterUrlMapping(name, guard.path(), type);
            }
        }
        site.servlets.forEach((path, servlet) ->
                info.addServlet(Servlets.servlet(path, servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
                        .addMapping(path)
                        .setAsyncSupported(true)));
        if (!site.errorPage.isEmpty()) {
            info.addErrorPage(new io.undertow.servlet.api.ErrorPage(site.errorPage));
        }
        deployment = Servlets.newContainer().addDeployment(info);
        deployment.deploy();
        server = Undertow.builder()
                .setIoThreads(1)
                .setWorkerThreads(8)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 5000)
                .addHttpListener(0, "127.0.0.1")
                .addHttpsListener(0, "127.0.0.1", TestTls.serverContext())
                .setHandler(deployment.start())
                .build();
        server.start();
    }

    @Override
    int plainPort() {
        return port(0);
    }

    @Override
    int tlsPort() {
        return port(1);
    }

    private int port(int listener) {
        return ((InetSocketAddress) server.getListenerInfo().get(listener).getAddress()).getPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
        deployment.stop();
        deployment.undeploy();
    }

    @Override
    public String toString() {
        return "Undertow";
    }
}
