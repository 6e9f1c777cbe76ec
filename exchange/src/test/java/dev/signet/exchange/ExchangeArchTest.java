// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.signet.exchange", importOptions = ImportOption.DoNotIncludeTests.class)
class ExchangeArchTest {
    /** What is here serves every host, so it is no host's. */
    @ArchTest
    static final ArchRule hosts_areNotKnown = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta..",
                    "javax.servlet..",
                    "java.net.http..",
                    "okhttp3..",
                    "feign..",
                    "reactor..",
                    "org.springframework..",
                    "org.apache..",
                    "java.util.logging..",
                    "org.slf4j..");

    /** Nothing is fetched, and no address looked up: a name in a forwarding field is the sender's. */
    @ArchTest
    static final ArchRule network_isNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.net..", "java.nio.channels..", "java.rmi..", "javax.naming..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(Socket|ServerSocket|URL|URLConnection|InetAddress|DatagramSocket)");

    /** A result that anybody could construct would prove nothing. */
    @ArchTest
    static final ArchRule admissions_cannotBeForged = constructors()
            .that()
            .areDeclaredInClassesThat()
            .haveNameMatching(".*\\.Admission")
            .should()
            .bePackagePrivate();
}
