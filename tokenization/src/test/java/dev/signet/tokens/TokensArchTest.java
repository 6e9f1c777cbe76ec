// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.signet.tokens", importOptions = ImportOption.DoNotIncludeTests.class)
class TokensArchTest {
    @ArchTest
    static final ArchRule staticFields_areFinal = fields().that()
            .areStatic()
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule systemProperties_areNotRead = noClasses()
            .should()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class, String.class)
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(Boolean.class, "getBoolean", String.class)
            .orShould()
            .callMethod(Integer.class, "getInteger", String.class);

    @ArchTest
    static final ArchRule providers_areNotRegistered = noClasses()
            .should()
            .callMethod(java.security.Security.class, "addProvider", java.security.Provider.class)
            .orShould()
            .callMethod(java.security.Security.class, "insertProviderAt", java.security.Provider.class, int.class)
            .orShould()
            .callMethod(java.security.Security.class, "setProperty", String.class, String.class);

    /** Digests and MACs are compared by MessageDigest.isEqual. */
    @ArchTest
    static final ArchRule bytes_areComparedInConstantTime = noClasses()
            .should()
            .callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class)
            .orShould()
            .callMethod(java.util.Arrays.class, "compare", byte[].class, byte[].class)
            .orShould()
            .callMethod(java.util.Arrays.class, "mismatch", byte[].class, byte[].class);

    @ArchTest
    static final ArchRule publicClasses_cannotBeExtended = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and(new DescribedPredicate<JavaClass>("are not sealed") {
                @Override
                public boolean test(JavaClass type) {
                    return !type.reflect().isSealed();
                }
            })
            .should()
            .haveModifier(JavaModifier.FINAL);

    /** A result that anybody could construct would prove nothing; records are plain data. */
    @ArchTest
    static final ArchRule constructors_areNotPublic = constructors()
            .that()
            .areDeclaredInClassesThat()
            .areNotAssignableTo(Record.class)
            .should()
            .notBePublic();

    /** A value held by a thread outlives its request, and virtual threads are many. */
    @ArchTest
    static final ArchRule threads_holdNothing = noFields().should().haveRawType(ThreadLocal.class);

    /** Tokens have to be the same to-morrow, and the vault's random ones come from SecureRandom. */
    @ArchTest
    static final ArchRule randomness_isSecure = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)")
            .orShould()
            .callMethod(Math.class, "random");

    /** The standard counts bits of integers; a logarithm in floating point is off by one for some radices. */
    @ArchTest
    static final ArchRule logarithms_areNotUsed = noClasses()
            .should()
            .callMethod(Math.class, "log", double.class)
            .orShould()
            .callMethod(Math.class, "pow", double.class, double.class);

    @ArchTest
    static final ArchRule formats_areIndependent = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.signet.http..", "dev.signet.jose..", "dev.signet.xml..", "dev.signet.threat..");

    @ArchTest
    static final ArchRule networkAndLogs_areNotUsed = noClasses()
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
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.Object(In|Out)putStream");
}
