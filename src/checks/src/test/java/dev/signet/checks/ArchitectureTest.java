// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The house rules that a machine can check, over the main code of every module. Each must also find what is planted against
 * it, so that none holds because it matches nothing.
 */
class ArchitectureTest {
    private static final String ROOT = "dev.signet";
    private static final String PLANTED_ROOT = "dev.signet.checks.planted";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(PLANTED_ROOT);

    static Set<String> rules() {
        return rules(ROOT).keySet();
    }

    private static Map<String, ArchRule> rules(String root) {
        Map<String, ArchRule> rules = new LinkedHashMap<>(new Floors(root).rules());
        rules.putAll(new HouseRules(root).rules());
        return rules;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void mainCode_rule_holds(String rule) {
        rules(ROOT).get(rule).check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void plantedCode_rule_finds(String rule) {
        assertThat(rules(PLANTED_ROOT).get(rule).evaluate(PLANTED).hasViolation())
                .isTrue();
    }

    /** Each kind of arrow that must not be, and the rule that finds it. */
    @ParameterizedTest
    @CsvSource({
        "floors_seeOnlyLowerOnes, core sees core.internal:",
        "floors_seeOnlyLowerOnes, core.internal.base sees core:",
        "floors_seeOnlyLowerOnes, core sees http:",
        "floors_seeOnlyLowerOnes, http sees exchange:",
        "floors_seeOnlyLowerOnes, http sees jose:",
        "floors_seeOnlyLowerOnes, exchange sees records:",
        "floors_seeOnlyLowerOnes, servlet sees httpclient:",
        "floors_seeOnlyLowerOnes, servlet sees cli.keys:",
        "seamsAndHosts_seeWhatTheyStandOn, servlet sees records:",
        "seamsAndHosts_seeWhatTheyStandOn, servlet sees jose:",
        "seamsAndHosts_seeWhatTheyStandOn, exchange sees tokens:",
        "command_hasItsRootOnTop, cli.keys sees cli:",
        "packages_formNoRing, Slice core.internal -> ",
        "packages_formNoRing, Slice cli.rows -> ",
        "packages_haveTheirFloor, nowhere has no floor:"
    })
    void plantedArrow_rule_findsIt(String rule, String violation) {
        assertThat(rules(PLANTED_ROOT)
                        .get(rule)
                        .evaluate(PLANTED)
                        .getFailureReport()
                        .toString())
                .contains(violation);
    }

    /** Packages that are not here have no classes to look at, and so no faults. */
    @Test
    void mainCode_isAllHere() {
        Set<String> packages = MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        for (Path info : Project.files("module-info.java")) {
            String name = Arrays.stream(Project.read(info).split("\\s+"))
                    .dropWhile(word -> !word.equals("module"))
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
            assertThat(packages).contains(name);
        }
        assertThat(packages)
                .contains("dev.signet.core.internal", "dev.signet.core.internal.base")
                .anyMatch(name -> name.startsWith("dev.signet.cli"));
    }

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
}
