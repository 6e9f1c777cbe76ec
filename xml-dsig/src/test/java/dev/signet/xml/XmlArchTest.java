// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.signet.xml", importOptions = ImportOption.DoNotIncludeTests.class)
class XmlArchTest {
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
            .resideInAnyPackage("java.net..", "javax.net..", "java.nio.channels..", "java.rmi..", "javax.naming..");

    /** A limit for bytes would have to count what comes out (CVE-2025-25293). */
    @ArchTest
    static final ArchRule compression_isNotUsed =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("java.util.zip..", "java.util.jar..");

    @ArchTest
    static final ArchRule transformersScriptsSerialisationAndLogs_areNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javax.xml.transform..",
                    "javax.xml.xpath..",
                    "javax.xml.validation..",
                    "javax.xml.crypto..",
                    "javax.script..",
                    "java.lang.reflect..",
                    "java.util.logging..",
                    "org.slf4j..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.Object(Input|Output)Stream");
}
