// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet.conformance;

import jakarta.servlet.DispatcherType;
import java.io.File;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Tomcat as it comes, but that it invites a body only when somebody reads it. */
final class TomcatContainer extends Container {
    private final Tomcat tomcat = new Tomcat();
    private final Connector plain = connector();
    private final Connector tls = connector();
    /** Kept, since a logger that nobody holds forgets its level. */
    private final Logger logger = Logger.getLogger("org.apache");

    TomcatContainer(Site site) throws Exception {
        logger.setLevel(Level.OFF);
        File folder = new File(System.getProperty("java.io.tmpdir"), "conformance-tomcat");
        tomcat.setBaseDir(folder.getPath());
        tls.setProperty("SSLEnabled", "true");
        tls.setScheme("https");
        tls.setSecure(true);
        SSLHostConfig ssl = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(ssl, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystore(TestTls.keys());
        certificate.setCertificateKeystorePassword(new String(TestTls.PASSWORD));
        certificate.setCertificateKeyAlias("server");
        ssl.addCertificate(certificate);
        tls.addSslHostConfig(ssl);
        tomcat.setConnector(plain);
        tomcat.getService().addConnector(tls);
        Context context = tomcat.addContext("", folder.getAbsolutePath());
        int number = 0;
        for (Guard guard : site.guards) {
            FilterDef definition = new FilterDef();
            definition.setFilterName("filter" + number++);
            definition.setFilter(guard.filter());
            definition.setAsyncSupported("true");
            context.addFilterDef(definition);
            FilterMap map = new FilterMap();
            map.setFilterName(definition.getFilterName());
            map.addURLPattern(guard.path());
            for (DispatcherType type : guard.types()) {
                map.setDispatcher(type.name());
            }
            context.addFilterMap(map);
        }
        site.servlets.forEach((path, servlet) -> {
            Wrapper wrapper = Tomcat.addServlet(context, path, servlet);
            wrapper.setAsyncSupported(true);
            context.addServletMappingDecoded(path, path);
        });
        if (!site.errorPage.isEmpty()) {
            ErrorPage page = new ErrorPage();
            page.setLocation(site.errorPage);
            context.addErrorPage(page);
        }
        tomcat.start();
    }

    @Override
    int plainPort() {
        return plain.getLocalPort();
    }

    @Override
    int tlsPort() {
        return tls.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    @Override
    public String toString() {
        return "Tomcat";
    }

    private static Connector connector() {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("connectionTimeout", "5000");
        connector.setProperty("continueResponseTiming", "onRead");
        connector.addUpgradeProtocol(new Http2Protocol());
        return connector;
    }
}
