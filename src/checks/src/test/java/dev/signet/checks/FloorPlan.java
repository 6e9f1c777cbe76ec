// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is wrong with the floor plan in a {@code package-info}. Each file of the package stands in one group, that is in one
 * item of the plan's list; a plan without a list is one group. Names are plain words or {@code code} or links.
 */
final class FloorPlan {
    static final int MAX_LINES = 40;

    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("\\{@(?:code|link)\\s+([^}]*)}");
    private static final Pattern TAGGED_NAME = Pattern.compile("(?:[a-z][a-z0-9]*\\.)*([A-Z]\\w*)");
    private static final Pattern ITEM = Pattern.compile("<li>(.*?)(?=<li>|</ul>)", Pattern.DOTALL);

    /** Two humps or more: no English word, so the name of a class. */
    private static final Pattern CAMEL_CASE = Pattern.compile("\\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+\\b");

    private FloorPlan() {}

    /**
     * @param source the text of a {@code package-info.java}
     * @param files the names of the package's other files, without their ending
     * @param known the names of all files of the project
     */
    static List<String> faults(String source, Set<String> files, Set<String> known) {
        Matcher comment = COMMENT.matcher(source);
        if (!comment.find()) {
            return List.of("there is no plan");
        }
        List<String> faults = new ArrayList<>();
        long lines = comment.group().lines().count();
        if (lines > MAX_LINES) {
            faults.add("the plan has " + lines + " lines, but nobody reads more than " + MAX_LINES);
        }
        String text = comment.group(1).replaceAll("\\n\\s*\\*", "\n");
        names(text).stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> faults.add(name + " is named, but there is no such file"));
        String plain = TAG.matcher(text).replaceAll("$1");
        List<String> groups = groups(plain);
        for (String file : files) {
            Pattern word = Pattern.compile("\\b" + Pattern.quote(file) + "\\b");
            long in =
                    groups.stream().filter(group -> word.matcher(group).find()).count();
            if (in != 1) {
                faults.add(file + " stands in " + in + " groups");
            }
        }
        return faults;
    }

    /** What must be the name of a class: words of two humps, and what stands alone in a tag and begins with a capital. */
    private static Set<String> names(String text) {
        Set<String> names = CAMEL_CASE
                .matcher(TAG.matcher(text).replaceAll(" "))
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
        Matcher tag = TAG.matcher(text);
        while (tag.find()) {
            Matcher name = TAGGED_NAME.matcher(tag.group(1).strip());
            if (name.matches()) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    private static List<String> groups(String plain) {
        List<String> items =
                ITEM.matcher(plain).results().map(match -> match.group(1)).toList();
        return items.isEmpty() ? List.of(plain) : items;
    }
}
