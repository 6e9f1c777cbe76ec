// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static com.tngtech.archunit.lang.conditions.ArchConditions.beFinal;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What classes below a root package are, and what they do without. */
final class HouseRules {
    private static final String SERIALISATION = "java\\.io\\.Object(In|Out)putStream";

    private final String root;

    HouseRules(String root) {
        this.root = root + ".";
    }

    Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        addState(rules);
        addTypes(rules);
        addHttp(rules);
        addJose(rules);
        addXml(rules);
        addTokens(rules);
        return rules;
    }

    // ---- state, switches, comparisons ------------------------------------------------------------------------------

    private void addState(Map<String, ArchRule> rules) {
        rules.put(
                "staticFields_areFinal",
                fields().that()
                        .areStatic()
                        .and()
                        .doNotHaveModifier(JavaModifier.SYNTHETIC)
                        .should()
                        .beFinal());
        rules.put(
                "switches_areNotGlobal",
                library()
                        .should()
                        .callMethod(System.class, "getProperty", String.class)
                        .orShould()
                        .callMethod(System.class, "getProperty", String.class, String.class)
                        .orShould()
                        .callMethod(System.class, "getenv", String.class)
                        .orShould()
                        .callMethod(Boolean.class, "getBoolean", String.class)
                        .orShould()
                        .callMethod(Integer.class, "getInteger", String.class));
        rules.put(
                "providers_areNotRegistered",
                library()
                        .should()
                        .callMethod(Security.class, "addProvider", Provider.class)
                        .orShould()
                        .callMethod(Security.class, "insertProviderAt", Provider.class, int.class)
                        .orShould()
                        .callMethod(Security.class, "setProperty", String.class, String.class));
        // A value held by a thread outlives its request, and virtual threads are many.
        rules.put(
                "threads_holdNothing", library().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
        // MACs and digests are compared by MessageDigest.isEqual; known answers are no secrets.
        rules.put(
                "bytes_areComparedInConstantTime",
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName(root + "core.SelfTest")
                        .should()
                        .callMethod(Arrays.class, "equals", byte[].class, byte[].class));
        // The same by other words; the beginning of a public key is no secret.
        rules.put(
                "bytes_areNotComparedInParts",
                library()
                        .and()
                        .doNotHaveFullyQualifiedName(root + "core.internal.Agreement")
                        .should()
                        .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
                        .orShould()
                        .callMethod(Arrays.class, "mismatch", byte[].class, byte[].class));
    }

    // ---- types -----------------------------------------------------------------------------------------------------

    private void addTypes(Map<String, ArchRule> rules) {
        rules.put(
                "publicClasses_cannotBeExtended",
                classes()
                        .that()
                        .arePublic()
                        .and()
                        .areNotInterfaces()
                        .and(DescribedPredicate.describe(
                                "are not the root of the exceptions",
                                (JavaClass type) -> !type.getSimpleName().equals("MessageSecurityException")))
                        .should(beFinal()));
        // A result that anybody could construct would prove nothing.
        rules.put(
                "verifiedTypes_cannotBeForged",
                constructors()
                        .that()
                        .areDeclaredInClassesThat()
                        .haveNameMatching(".*\\.(Verified\\w+|Decrypted\\w+|Admission|ReceivedBody|SignedRequest)")
                        .should()
                        .notBePublic()
                        .andShould()
                        .notBeProtected());
        // Records are plain data.
        rules.put(
                "constructorsOfTokens_areNotPublic",
                constructors()
                        .that()
                        .areDeclaredInClassesThat()
                        .resideInAPackage(root + "tokens")
                        .and()
                        .areDeclaredInClassesThat()
                        .areNotAssignableTo(Record.class)
                        .should()
                        .notBePublic());
        rules.put(
                "formatsAndSeams_knowNoHost",
                in("http", "jose", "xml", "tokens", "webhooks", "exchange", "records", "profiles")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("jakarta..", "javax.servlet..", "org.springframework..", "okhttp3.."));
    }

    // ---- what each format does without -----------------------------------------------------------------------------

    private void addHttp(Map<String, ArchRule> rules) {
        // Nothing is fetched: no message makes a verifier open a connection.
        rules.put(
                "http_usesNoNetwork",
                in("http", "exchange")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.net.http..", "javax.net..", "java.nio.channels..", "java.rmi..", "javax.naming..")
                        .orShould()
                        .dependOnClassesThat()
                        .haveNameMatching(
                                "java\\.net\\.(Socket|ServerSocket|URL|URLConnection|InetAddress|DatagramSocket)"));
        rules.put(
                "http_usesNoXmlSerialisationScriptsOrLogs",
                in("http", "exchange")
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
                        .haveNameMatching(SERIALISATION));
    }

    private void addJose(Map<String, ArchRule> rules) {
        // A second JSON reader would see other documents than the strict one.
        rules.put(
                "json_isReadByOneParser",
                in("jose")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "com.fasterxml.jackson.databind..",
                                "com.nimbusds.jose.util..",
                                "com.google.gson..",
                                "com.nimbusds.jose.shaded.."));
    }

    private void addXml(Map<String, ArchRule> rules) {
        rules.put(
                "xml_usesNoNetwork",
                in("xml")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.net..", "javax.net..", "java.nio.channels..", "java.rmi..", "javax.naming.."));
        // A limit for bytes would have to count what comes out (CVE-2025-25293).
        rules.put(
                "xml_usesNoCompression",
                in("xml").should().dependOnClassesThat().resideInAnyPackage("java.util.zip..", "java.util.jar.."));
        // Santuario's ciphers write plaintext to the debug log, and take providers from a registry by name: for tests
        // only.
        rules.put(
                "xml_usesNoTransformersScriptsSerialisationOrLogs",
                in("xml")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.apache.xml.security..",
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
                        .haveNameMatching(SERIALISATION));
    }

    private void addTokens(Map<String, ArchRule> rules) {
        // Tokens have to be the same to-morrow, and the vault's random ones come from SecureRandom.
        rules.put(
                "tokens_useSecureRandomness",
                in("tokens")
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)")
                        .orShould()
                        .callMethod(Math.class, "random"));
        // The standard counts bits of integers; a logarithm in floating point is off by one for some radices.
        rules.put(
                "tokens_useNoLogarithms",
                in("tokens")
                        .should()
                        .callMethod(Math.class, "log", double.class)
                        .orShould()
                        .callMethod(Math.class, "pow", double.class, double.class));
        rules.put(
                "tokens_useNoNetworkOrLogs",
                in("tokens")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.net..",
                                "javax.net..",
                                "java.rmi..",
                                "javax.naming..",
                                "java.util.logging..",
                                "org.slf4j..",
                                "com.google.gson..")
                        .orShould(ArchConditions.accessField(System.class, "out"))
                        .orShould(ArchConditions.accessField(System.class, "err"))
                        .orShould()
                        .dependOnClassesThat()
                        .haveNameMatching(SERIALISATION));
    }

    // ---- where -----------------------------------------------------------------------------------------------------

    private GivenClassesConjunction in(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        Arrays.stream(packages).map(name -> root + name).toArray(String[]::new));
    }

    /** All but what runs on its own or in tests. */
    private GivenClassesConjunction library() {
        return noClasses().that().resideOutsideOfPackages(root + "cli..", root + "testkit..", root + "benchmarks..");
    }
}
