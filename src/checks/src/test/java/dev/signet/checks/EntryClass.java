// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A public class or interface that users make or call by its name: it has a public constructor, or a public static method
 * that returns its own kind, a class inside it or a builder. Read from source text, which the build has formatted.
 */
final class EntryClass {
    /** An example is read at a glance. */
    static final int MAX_LINES = 12;

    private static final Pattern HEAD =
            Pattern.compile("^public ((?:[a-z-]+ )*)(class|interface) (\\w+)", Pattern.MULTILINE);
    private static final Pattern ANNOTATIONS = Pattern.compile("\\s*(?:@.*\\s+)*");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* \\}</pre>", Pattern.DOTALL);
    private static final Pattern NESTED =
            Pattern.compile("^    public (?:static |final )*class (\\w+)", Pattern.MULTILINE);
    /** Those whose users ask what they may rely on. */
    private static final Pattern SECURED =
            Pattern.compile("\\w*(?:Signer|Verifier|Encrypter|Decrypter|[Tt]okenizer|Prover|Pipeline|Key)");

    private final String name;
    private final String javadoc;

    private EntryClass(String name, String javadoc) {
        this.name = name;
        this.javadoc = javadoc;
    }

    /** The entry class that a source file declares, or empty if it declares none. */
    static Optional<EntryClass> in(String source) {
        Matcher head = HEAD.matcher(source);
        if (!head.find() || head.group(3).endsWith("Exception")) {
            return Optional.empty();
        }
        String name = head.group(3);
        boolean isInterface = head.group(2).equals("interface");
        if (!hasFactory(source, name, isInterface) && (isInterface || !hasPublicConstructor(source, name))) {
            return Optional.empty();
        }
        return Optional.of(new EntryClass(name, javadoc(source, head.start())));
    }

    String name() {
        return name;
    }

    /**
     * What is wrong with its Javadoc.
     *
     * @param tests source texts that are compiled and run, each as {@link #normalized} gives it
     */
    List<String> complaints(List<String> tests) {
        List<String> complaints = new ArrayList<>();
        List<String> examples =
                EXAMPLE.matcher(javadoc).results().map(found -> found.group(1)).toList();
        if (examples.isEmpty()) {
            complaints.add(name + " has no example in its Javadoc");
        }
        for (String example : examples) {
            String code = normalized(example.replaceAll("(?m)^ \\*", ""));
            if (tests.stream().noneMatch(test -> test.contains(code))) {
                complaints.add("no test has the example of " + name + ":" + code);
            }
            if (code.strip().lines().count() > MAX_LINES) {
                complaints.add("the example of " + name + " has more than " + MAX_LINES + " lines");
            }
            if (code.contains("\nvar ")) {
                complaints.add("the example of " + name + " hides a type by var");
            }
        }
        if (SECURED.matcher(name).matches() && !javadoc.contains("<b>Security properties.</b>")) {
            complaints.add(name + " does not say what its security properties are");
        }
        return complaints;
    }

    /** Code line by line, without indentation and blank lines; whole lines are found in it by {@code contains}. */
    static String normalized(String code) {
        return code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static boolean hasFactory(String source, String name, boolean isInterface) {
        // Members of a top-level type are indented by four; those of an interface are public without saying so.
        Matcher method = Pattern.compile(
                        "^    " + (isInterface ? "(?:public )?" : "public ")
                                + "static (?:<[^(]*?> )?([\\w.<>?,\\[\\] ]+?) \\w+\\(",
                        Pattern.MULTILINE)
                .matcher(source);
        Set<String> own =
                NESTED.matcher(source).results().map(found -> found.group(1)).collect(Collectors.toSet());
        return method.results()
                .flatMap(found -> Arrays.stream(found.group(1).split("\\W+")))
                .anyMatch(word -> word.equals(name) || word.endsWith("Builder") || own.contains(word));
    }

    private static boolean hasPublicConstructor(String source, String name) {
        Matcher constructor = Pattern.compile("^    (\\w+ )?" + name + "\\(", Pattern.MULTILINE)
                .matcher(source);
        List<String> access = constructor
                .results()
                .map(found -> String.valueOf(found.group(1)))
                .toList();
        // A class without a constructor has a public one.
        return access.isEmpty() || access.contains("public ");
    }

    private static String javadoc(String source, int head) {
        int start = source.lastIndexOf("/**", head);
        int end = source.indexOf("*/", Math.max(start, 0)) + 2;
        boolean directly = start >= 0
                && end <= head
                && ANNOTATIONS.matcher(source.substring(end, head)).matches();
        return directly ? source.substring(start, end) : "";
    }
}
