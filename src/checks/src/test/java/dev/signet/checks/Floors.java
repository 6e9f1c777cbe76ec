// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Which package stands on which, below a root package. Packages are told apart by their exact names. */
final class Floors {
    private static final String BASE = "core.internal.base";
    private static final String CORE = "core";
    private static final String INTERNAL = "core.internal";
    private static final String CLI = "cli";

    /** From the ground up. The three of core are floors of their own. */
    static final List<Set<String>> FLOORS = List.of(
            Set.of(BASE),
            Set.of(CORE),
            Set.of(INTERNAL),
            Set.of("threat"),
            Set.of("http", "jose", "xml", "tokens", "webhooks"),
            Set.of("exchange", "records", "profiles", "testkit"),
            Set.of("servlet", "httpclient"),
            Set.of(CLI, "benchmarks"));

    /** What seams and hosts see besides core and their own kind: a host one seam, and the formats whose types it shows. */
    private static final Map<String, Set<String>> SIGHT = Map.of(
            "exchange", Set.of("http", "jose", "threat"),
            "records", Set.of("tokens", "jose", "threat"),
            "profiles", Set.of("http", "jose", "webhooks"),
            "testkit", Set.of("http"),
            "servlet", Set.of("exchange", "http"),
            "httpclient", Set.of("exchange", "http"));

    private final String prefix;

    /** @param root such as {@code dev.signet} */
    Floors(String root) {
        prefix = root + ".";
    }

    Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put(
                "floors_seeOnlyLowerOnes",
                arrows(
                        "point to a lower floor, or stay in their package",
                        (from, to) -> isOneCommand(from, to) || floor(to) < floor(from)));
        rules.put(
                "seamsAndHosts_seeWhatTheyStandOn",
                arrows(
                        "of a seam or host lead to what it stands on",
                        (from, to) -> !SIGHT.containsKey(from)
                                || isOfCore(to)
                                || SIGHT.get(from).contains(to)));
        rules.put(
                "command_hasItsRootOnTop",
                arrows(
                        "from a part of the command do not lead to its root",
                        (from, to) -> !to.equals(CLI) || !from.startsWith(CLI + ".")));
        rules.put(
                "packages_formNoRing",
                slices().matching(prefix + "(**)").should().beFreeOfCycles());
        rules.put("packages_haveTheirFloor", classes().should(haveAFloor()));
        return rules;
    }

    /** Holds for each pair of packages of which one uses the other. */
    private ArchRule arrows(String description, BiPredicate<String, String> holds) {
        return classes().should(new ArchCondition<>("have arrows that " + description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (!isOurs(type) || !isOurs(target)) {
                        continue;
                    }
                    String from = name(type);
                    String to = name(target);
                    if (!from.equals(to) && !holds.test(from, to)) {
                        events.add(SimpleConditionEvent.violated(
                                type, from + " sees " + to + ": " + dependency.getDescription()));
                    }
                }
            }
        });
    }

    private ArchCondition<JavaClass> haveAFloor() {
        return new ArchCondition<>("lie in a package that has its floor") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (isOurs(type) && floor(name(type)) < 0) {
                    events.add(SimpleConditionEvent.violated(type, name(type) + " has no floor: " + type.getName()));
                }
            }
        };
    }

    private boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(prefix);
    }

    private String name(JavaClass type) {
        return type.getPackageName().substring(prefix.length());
    }

    /** Nobody links against the command, which has parts; their order is that of no ring, below the root. */
    private static boolean isOneCommand(String from, String to) {
        return isCommand(from) && isCommand(to);
    }

    private static boolean isCommand(String name) {
        return name.equals(CLI) || name.startsWith(CLI + ".");
    }

    private static boolean isOfCore(String name) {
        return name.equals(BASE) || name.equals(CORE) || name.equals(INTERNAL);
    }

    private static int floor(String name) {
        String known = isCommand(name) ? CLI : name;
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(known)) {
                return i;
            }
        }
        return -1;
    }
}
