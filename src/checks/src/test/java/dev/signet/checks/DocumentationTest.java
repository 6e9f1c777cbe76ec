// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Documentation cannot rot: its Java code is cut from tests that run, its links lead somewhere, its tests exist. */
class DocumentationTest {
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- snippet: (\\S+)#(\\S+) -->\\s*\\n)?```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#|mailto:)([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)(?:#(\\w+))?`");

    @Test
    void javaCode_isCutFromTests() {
        int checked = 0;
        for (Path page : Project.files(".md")) {
            Matcher block = BLOCK.matcher(Project.read(page));
            while (block.find()) {
                assertThat(block.group(1))
                        .as("a java block of " + page + " names no snippet:\n" + block.group(3))
                        .isNotNull();
                Path source = Project.root().resolve(block.group(1));
                assertThat(source).as("snippet of " + page).exists();
                assertThat(block.group(3))
                        .as("snippet " + block.group(2) + " of " + page)
                        .isEqualTo(region(Project.read(source), block.group(2)));
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    @Test
    void links_leadToFiles() {
        for (Path page : Project.files(".md")) {
            Matcher link = LINK.matcher(Project.read(page));
            while (link.find()) {
                assertThat(Files.exists(page.resolveSibling(link.group(1))))
                        .as(page + " links to " + link.group(1))
                        .isTrue();
            }
        }
    }

    @Test
    void namedTests_exist() {
        List<Path> sources = Project.files("Test.java");
        for (Path page : Project.files(".md")) {
            Matcher name = TEST.matcher(Project.read(page));
            while (name.find()) {
                String file = name.group(1) + ".java";
                List<Path> found = sources.stream()
                        .filter(source -> source.getFileName().toString().equals(file))
                        .toList();
                assertThat(found).as(page + " names " + name.group()).isNotEmpty();
                if (name.group(2) != null) {
                    assertThat(found)
                            .as(page + " names " + name.group())
                            .anySatisfy(
                                    source -> assertThat(Project.read(source)).contains(" " + name.group(2) + "("));
                }
            }
        }
    }

    private static String region(String source, String name) {
        int start = source.indexOf("// tag::" + name + "[]");
        int end = source.indexOf("// end::" + name + "[]");
        assertThat(start).as("start of region " + name).isNotNegative();
        assertThat(end).as("end of region " + name).isGreaterThan(start);
        List<String> lines =
                source.substring(source.indexOf('\n', start) + 1, end).lines().toList();
        lines = lines.subList(0, lines.size() - 1);
        int indent = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
