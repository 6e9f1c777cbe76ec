// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.signet.core", importOptions = ImportOption.DoNotIncludeTests.class)
class CoreArchTest {
    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("dev.signet.(*)..").should().beFreeOfCycles();

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

    /** MACs and secrets are compared by MessageDigest.isEqual; known answers are no secrets. */
    @ArchTest
    static final ArchRule bytes_areComparedInConstantTime = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.signet.core.SelfTest")
            .should()
            .callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class);

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

    @ArchTest
    static final ArchRule core_dependsOnNoFormat = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.signet.http..", "dev.signet.jose..", "dev.signet.xml..", "dev.signet.tokens..");
}
