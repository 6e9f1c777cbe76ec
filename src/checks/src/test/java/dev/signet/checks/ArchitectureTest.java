// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static com.tngtech.archunit.lang.conditions.ArchConditions.beFinal;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The house rules that a machine can check, over the main code of every library module. */
@AnalyzeClasses(packages = "dev.signet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule CORE_KNOWS_NO_FORMAT = noClasses()
            .that()
            .resideInAPackage("dev.signet.core..")
            .should()
            .dependOnClassesThat(signetBeside("dev.signet.core"));

    @ArchTest
    static final ArchRule HTTP_KNOWS_ONLY_CORE = noClasses()
            .that()
            .resideInAPackage("dev.signet.http")
            .should()
            .dependOnClassesThat(signetBeside("dev.signet.core", "dev.signet.http"));

    @ArchTest
    static final ArchRule JOSE_KNOWS_ONLY_CORE = noClasses()
            .that()
            .resideInAPackage("dev.signet.jose")
            .should()
            .dependOnClassesThat(signetBeside("dev.signet.core", "dev.signet.jose"));

    @ArchTest
    static final ArchRule TOKENS_KNOW_ONLY_CORE = noClasses()
            .that()
            .resideInAPackage("dev.signet.tokens")
            .should()
            .dependOnClassesThat(signetBeside("dev.signet.core", "dev.signet.tokens"));

    @ArchTest
    static final ArchRule RECORDS_KNOW_ONLY_TOKENS = noClasses()
            .that()
            .resideInAPackage("dev.signet.records")
            .should()
            .dependOnClassesThat(signetBeside("dev.signet.core", "dev.signet.tokens", "dev.signet.records"));

    @ArchTest
    static final ArchRule XML_KNOWS_ONLY_CORE = noClasses()
            .that()
            .resideInAPackage("dev.signet.xml")
            .should()
            .dependOnClassesThat(signetBeside("dev.signet.core", "dev.signet.xml"));

    /** Its ciphers write plaintext to the debug log, and take providers from a registry by name: for tests only. */
    @ArchTest
    static final ArchRule XML_DOES_WITHOUT_SANTUARIO = noClasses()
            .that()
            .resideInAPackage("dev.signet.xml")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.xml.security..");

    @ArchTest
    static final ArchRule INTEGRATIONS_KNOW_NO_OTHER = noClasses()
            .that()
            .resideInAPackage("dev.signet.servlet")
            .should()
            .dependOnClassesThat(signetBeside("dev.signet.core", "dev.signet.http", "dev.signet.servlet"));

    @ArchTest
    static final ArchRule PIPELINE_HAS_NO_HOST_TYPES = noClasses()
            .that()
            .resideInAPackage("dev.signet.http")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.signet.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_STATIC_MUTABLE_STATE = fields().that()
            .areStatic()
            .and()
            .doNotHaveName("$VALUES")
            .and(DescribedPredicate.describe(
                    "are written by people",
                    field -> !field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC)))
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule NO_GLOBAL_SWITCHES = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.signet.core..",
                    "dev.signet.http",
                    "dev.signet.jose",
                    "dev.signet.tokens",
                    "dev.signet.records",
                    "dev.signet.xml",
                    "dev.signet.servlet",
                    "dev.signet.httpclient")
            .should()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class, String.class)
            .orShould()
            .callMethod(java.security.Security.class, "addProvider", java.security.Provider.class)
            .orShould()
            .callMethod(java.security.Security.class, "insertProviderAt", java.security.Provider.class, int.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocal.class);

    /** MACs and digests are compared in constant time; the exceptions compare public values. */
    @ArchTest
    static final ArchRule NO_VARIABLE_TIME_COMPARISON = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.signet.core.SelfTest")
            .and()
            .doNotHaveFullyQualifiedName("dev.signet.http.SfValue$SfBytes")
            .should()
            .callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class);

    @ArchTest
    static final ArchRule PUBLIC_CLASSES_ARE_FINAL = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and(DescribedPredicate.describe(
                    "are not the root of the exceptions",
                    (JavaClass type) -> !type.getSimpleName().equals("MessageSecurityException")))
            .should(beFinal());

    @Test
    void sources_areShortAndLicensed() {
        List<Path> sources = Project.files(".java");
        assertThat(sources).hasSizeGreaterThan(50);
        for (Path source : sources) {
            List<String> lines = Project.read(source).lines().toList();
            assertThat(lines).as("lines of " + source).hasSizeLessThanOrEqualTo(800);
            assertThat(lines.get(0)).as("first line of " + source).isEqualTo("// SPDX-License-Identifier: Apache-2.0");
        }
    }

    private static DescribedPredicate<JavaClass> signetBeside(String... allowed) {
        List<String> packages = List.of(allowed);
        return DescribedPredicate.describe(
                "are other parts of Signet",
                type -> type.getPackageName().startsWith("dev.signet")
                        && packages.stream()
                                .noneMatch(p -> type.getPackageName().equals(p)
                                        || type.getPackageName().startsWith(p + ".")));
    }
}
