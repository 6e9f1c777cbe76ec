// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.signet.http", importOptions = ImportOption.DoNotIncludeTests.class)
class HttpArchTest {
    /** Digests and MACs are compared by MessageDigest.isEqual. */
    @ArchTest
    static final ArchRule bytes_areComparedInConstantTime = noClasses()
            .should()
            .callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class)
            .orShould()
            .callMethod(java.util.Arrays.class, "compare", byte[].class, byte[].class)
            .orShould()
            .callMethod(java.util.Arrays.class, "mismatch", byte[].class, byte[].class);

    /** Nothing is fetched: no message makes a verifier open a connection. */
    @ArchTest
    static final ArchRule network_isNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "javax.net..", "java.nio.channels..", "java.rmi..", "javax.naming..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(Socket|ServerSocket|URL|URLConnection|InetAddress|DatagramSocket)");

    @ArchTest
    static final ArchRule xmlSerialisationScriptsAndLogs_areNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javax.xml..",
                    "org.w3c.dom..",
                    "org.xml.sax..",
                    "javax.script..",
                    "java.lang.reflect..",
                    "java.util.logging..",
                    "org.slf4j..",
                    "org.apache..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.Object(In|Out)putStream");

    /** A result that anybody could construct would prove nothing. */
    @ArchTest
    static final ArchRule verifiedTypes_cannotBeForged = constructors()
            .that()
            .areDeclaredInClassesThat()
            .haveNameMatching(".*\\.(Verified\\w+|ReceivedBody)")
            .should()
            .bePackagePrivate();
}
