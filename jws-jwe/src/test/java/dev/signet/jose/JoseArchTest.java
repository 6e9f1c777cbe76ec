// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.signet.jose", importOptions = ImportOption.DoNotIncludeTests.class)
class JoseArchTest {
    @ArchTest
    static final ArchRule bytes_areComparedInConstantTime =
            noClasses().should().callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class);

    /** A second JSON reader would see other documents than the strict one. */
    @ArchTest
    static final ArchRule json_isReadByOneParser = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.fasterxml.jackson.databind..",
                    "com.nimbusds.jose.util..",
                    "com.google.gson..",
                    "com.nimbusds.jose.shaded..");

    @ArchTest
    static final ArchRule staticFields_areFinal = fields().that()
            .areStatic()
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule jose_dependsOnNoOtherFormat = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.signet.http..", "dev.signet.xml..", "dev.signet.tokens..");
}
