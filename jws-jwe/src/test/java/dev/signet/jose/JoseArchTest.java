// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.signet.jose", importOptions = ImportOption.DoNotIncludeTests.class)
class JoseArchTest {
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
}
