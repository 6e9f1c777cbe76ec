#!/usr/bin/env bash
# What three servlet containers say of the target "/p?" (an empty query, RFC 3986, 3.4), which is another target than "/p":
# signatures over @query or @target-uri differ. Tomcat and Jetty give an empty query, Undertow gives none.
# Versions: Jetty 12.1.14 (ee10), Tomcat 11.0.27, Undertow 2.3.26.Final; JDK 17 or later, Maven 3.8.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>servlet-empty-query</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.eclipse.jetty.ee10</groupId><artifactId>jetty-ee10-servlet</artifactId><version>12.1.14</version></dependency>
    <dependency><groupId>org.apache.tomcat.embed</groupId><artifactId>tomcat-embed-core</artifactId><version>11.0.27</version></dependency>
    <dependency><groupId>io.undertow</groupId><artifactId>undertow-servlet</artifactId><version>2.3.26.Final</version></dependency>
  </dependencies>
</project>
XML
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib > /dev/null

cat > Ask.java <<'JAVA'
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

public class Ask {
    public static class Answer extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String query = request.getQueryString();
            response.getWriter().print("uri=" + request.getRequestURI() + " query="
                    + (query == null ? "none" : "\"" + query + "\""));
        }
    }

    public static void main(String[] args) throws Exception {
        var jetty = new org.eclipse.jetty.server.Server(new java.net.InetSocketAddress("127.0.0.1", 0));
        var context = new org.eclipse.jetty.ee10.servlet.ServletContextHandler();
        context.addServlet(Answer.class, "/*");
        jetty.setHandler(context);
        jetty.start();
        System.out.println("jetty " + ask(jetty.getURI().getPort()));
        jetty.stop();

        var tomcat = new org.apache.catalina.startup.Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        var app = tomcat.addContext("", null);
        org.apache.catalina.startup.Tomcat.addServlet(app, "answer", new Answer());
        app.addServletMappingDecoded("/*", "answer");
        tomcat.start();
        System.out.println("tomcat " + ask(tomcat.getConnector().getLocalPort()));
        tomcat.stop();

        var deployment = io.undertow.servlet.Servlets.deployment()
                .setClassLoader(Ask.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("answer")
                .addServlet(io.undertow.servlet.Servlets.servlet("answer", Answer.class).addMapping("/*"));
        var manager = io.undertow.servlet.Servlets.defaultContainer().addDeployment(deployment);
        manager.deploy();
        var undertow = io.undertow.Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(manager.start())
                .build();
        undertow.start();
        var address = (java.net.InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        System.out.println("undertow " + ask(address.getPort()));
        undertow.stop();
    }

    private static String ask(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /p? HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int start = answer.indexOf("uri=");
            return start < 0 ? answer : answer.substring(start).lines().findFirst().orElse("");
        }
    }
}
JAVA
javac -cp 'lib/*' -d classes Ask.java
timeout 120 java -cp 'classes:lib/*' Ask 2> /dev/null | grep -E '^(jetty|tomcat|undertow) ' | tee seen.txt

cat > expected.txt <<'TXT'
jetty uri=/p query=""
tomcat uri=/p query=""
undertow uri=/p query=none
TXT
diff expected.txt seen.txt && echo "as described"
