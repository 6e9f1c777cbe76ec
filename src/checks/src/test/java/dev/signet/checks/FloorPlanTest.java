// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A package's floor plan is complete, and names nothing that is gone. */
class FloorPlanTest {
    private static final String PLAN = "package-info";
    private static final Set<String> FILES = Set.of("Oven", "DoughMixer");
    private static final Set<String> KNOWN = Set.of("Oven", "DoughMixer", "Mill");

    @Test
    void packages_haveTheirPlan() {
        Map<Path, Set<String>> packages = packages();
        Set<String> known = packages.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Map<String, List<String>> faults = new TreeMap<>();
        packages.forEach((folder, names) -> {
            String name = Project.root().relativize(folder).toString();
            if (!names.contains(PLAN)) {
                if (!isGuest(folder, packages)) {
                    faults.put(name, List.of("there is no " + PLAN));
                }
                return;
            }
            Set<String> files = new TreeSet<>(names);
            files.remove(PLAN);
            List<String> found = FloorPlan.faults(Project.read(folder.resolve(PLAN + ".java")), files, known);
            if (!found.isEmpty()) {
                faults.put(name, found);
            }
        });
        assertThat(packages).hasSizeGreaterThan(15);
        assertThat(faults).isEmpty();
    }

    @Test
    void plan_asItShouldBe_hasNoFault() {
        assertThat(faults("""
                        /**
                         * Bread. It stands on {@code Mill}, knows {@code core.internal} and RFC 9421.
                         *
                         * <ul>
                         *   <li>Before: DoughMixer, which knows no {@code long} dough.
                         *   <li>Then: {@link dev.signet.bread.Oven}.
                         * </ul>
                         *
                         * <p>An Oven never calls a DoughMixer.
                         */
                        """)).isEmpty();
        assertThat(faults("/** Bread: {@code DoughMixer}, then {@link Oven}. */"))
                .isEmpty();
    }

    @Test
    void plan_fileInNoGroup_isAFault() {
        assertThat(faults("/** Bread: DoughMixer and Ovens. */")).containsExactly("Oven stands in 0 groups");
        assertThat(faults("/** An Oven <ul> <li>DoughMixer </ul> and nothing else. */"))
                .containsExactly("Oven stands in 0 groups");
    }

    @Test
    void plan_fileInTwoGroups_isAFault() {
        assertThat(faults("/** <ul> <li>DoughMixer <li>Oven <li>{@code Oven}, again </ul> */"))
                .containsExactly("Oven stands in 2 groups");
    }

    @Test
    void plan_nameWithoutFile_isAFault() {
        assertThat(faults("/** DoughMixer, Oven, BreadSlicer, {@code Knife} and {@link dev.signet.bread.Board}. */"))
                .containsExactlyInAnyOrder(
                        "BreadSlicer is named, but there is no such file",
                        "Knife is named, but there is no such file",
                        "Board is named, but there is no such file");
    }

    @Test
    void plan_nobodyReads_isAFault() {
        String plan = "/**\n * DoughMixer, Oven.\n" + " * And so on.\n".repeat(FloorPlan.MAX_LINES - 3) + " */";
        assertThat(faults(plan)).isEmpty();
        assertThat(faults(plan.replace(" */", " * Too much.\n */"))).hasSize(1);
    }

    @Test
    void plan_thatIsNone_isAFault() {
        assertThat(faults("// DoughMixer, Oven\n")).containsExactly("there is no plan");
    }

    private static List<String> faults(String comment) {
        return FloorPlan.faults(
                "// SPDX-License-Identifier: Apache-2.0\n" + comment + "\npackage dev.signet.bread;\n", FILES, KNOWN);
    }

    /** Whether a folder adds to the package of another module, as a benchmark does of what users cannot call. */
    private static boolean isGuest(Path folder, Map<Path, Set<String>> packages) {
        return packages.entrySet().stream()
                .anyMatch(other -> name(other.getKey()).equals(name(folder))
                        && other.getValue().contains(PLAN));
    }

    private static String name(Path folder) {
        String path = folder.toString().replace('\\', '/');
        return path.substring(path.lastIndexOf("/java/"));
    }

    /** The files of each package that ships or runs, without their ending. */
    private static Map<Path, Set<String>> packages() {
        Map<Path, Set<String>> packages = new TreeMap<>();
        for (Path file : Project.files(".java")) {
            String name = file.getFileName().toString().replace(".java", "");
            if (file.toString().replace('\\', '/').contains("/src/main/java/") && !name.equals("module-info")) {
                packages.computeIfAbsent(file.getParent(), folder -> new TreeSet<>())
                        .add(name);
            }
        }
        return packages;
    }
}
