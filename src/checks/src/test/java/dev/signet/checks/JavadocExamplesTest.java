// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every class that users begin with shows in its Javadoc how it is used, in code that a test runs. */
class JavadocExamplesTest {
    private static final Pattern EXPORT = Pattern.compile("^    exports ([\\w.]+);", Pattern.MULTILINE);

    private static final String EXAMPLE = """
             * <pre>{@code
             * Sealer sealer = Sealer.builder(key).build();
             *
             * byte[] sealed = sealer.seal(parcel); // once
             * }</pre>
            """;

    private static final String TEST = """
            void seals() {
                // tag::sealer[]
                Sealer sealer = Sealer.builder(key).build();
                byte[] sealed = sealer.seal(parcel); // once
                // end::sealer[]
            }
            """;

    private static final String PLANTED = """
            // SPDX-License-Identifier: Apache-2.0
            package dev.signet.planted;

            /**
             * Seals parcels.
             *
             * EXAMPLE
             */
            public final class Sealer {
                private Sealer() {}

                public static Builder builder(Key key) {
                    return new Builder(key);
                }
            }
            """;

    @Test
    void entryClasses_showExamplesThatTestsHave() {
        List<Path> files = Project.files(".java");
        List<String> tests = files.stream()
                .filter(file -> file.toString().contains("/src/test/java/"))
                .filter(file -> !file.getFileName().toString().equals("JavadocExamplesTest.java"))
                .map(file -> EntryClass.normalized(Project.read(file)))
                .toList();
        List<EntryClass> entries = sourcesOfLibraries(files)
                .flatMap(file -> EntryClass.in(Project.read(file)).stream())
                .toList();
        List<String> complaints = new ArrayList<>();
        entries.forEach(entry -> complaints.addAll(entry.complaints(tests)));
        assertThat(complaints).isEmpty();
        assertThat(entries)
                .extracting(EntryClass::name)
                .hasSizeGreaterThan(60)
                .contains("SigningKey", "HttpMessage", "JwtIssuer", "Tokenizer", "XmlProfile", "SigningHttpClient");
    }

    // ---- the check
    // ---------------------------------------------------------------------------------------------------

    @Test
    void example_thatATestHas_isFine() {
        assertThat(complaints(EXAMPLE)).isEmpty();
    }

    @Test
    void example_missing_isNoticed() {
        assertThat(complaints("")).containsExactly("Sealer has no example in its Javadoc");
    }

    @Test
    void example_thatNoTestHas_isNoticed() {
        assertThat(complaints(EXAMPLE.replace("parcel", "letter")))
                .hasSize(1)
                .allSatisfy(complaint -> assertThat(complaint)
                        .startsWith("no test has the example of Sealer")
                        .contains("sealer.seal(letter)"));
        assertThat(complaints(EXAMPLE.replace(" // once", ""))).hasSize(1);
        assertThat(complaints(EXAMPLE.replace("Sealer sealer", "var sealer")))
                .contains("the example of Sealer hides a type by var");
    }

    @Test
    void example_thatIsLong_isNoticed() {
        String line = " * sealer.seal(parcel);\n";
        String lines = " * <pre>{@code\n" + line.repeat(EntryClass.MAX_LINES + 1) + " * }</pre>\n";
        assertThat(complaints(lines)).contains("the example of Sealer has more than 12 lines");
    }

    @Test
    void javadoc_missing_isNoticed() {
        String source = "/** Another. */\nfinal class Other {}\n\n"
                + planted("").substring(planted("").indexOf("public"));
        assertThat(EntryClass.in(source).orElseThrow().complaints(List.of())).hasSize(1);
    }

    @Test
    void securityProperties_ofASigner_areDemanded() {
        String signer = planted(EXAMPLE).replace("Sealer", "Signer");
        String test = EntryClass.normalized(TEST.replace("Sealer", "Signer"));
        assertThat(EntryClass.in(signer).orElseThrow().complaints(List.of(test)))
                .containsExactly("Signer does not say what its security properties are");
        String secured = signer.replace(" */", " *\n * <p><b>Security properties.</b> None.\n */");
        assertThat(EntryClass.in(secured).orElseThrow().complaints(List.of(test)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "public final class Sealer {\n    private Sealer() {}\n\n    public static Sealer of(String a) {",
                "public final class Sealer {\n    private Sealer() {}\n\n    public static <K> Sealer<K> of(K a) {",
                "public final class Sealer {\n    private Sealer() {}\n\n    public static List<Sealer> parse(String a) {",
                "public final class Sealer {\n    private Sealer() {}\n\n    public static Builder builder() {",
                "public final class Seal {\n    private Seal() {}\n\n    public static By by(String a) {\n        return new By();\n"
                        + "    }\n\n    public static final class By {",
                "@FunctionalInterface\npublic interface Sealer {\n    static SealerBuilder request(String a) {",
                "public class Sealer {\n    public Sealer() {",
                "public class Sealer {\n    void seal() {",
            })
    void entryClass_isKnownByWhatItOffers(String declaration) {
        assertThat(EntryClass.in("/** Seals. */\n" + declaration)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "final class Sealer {\n    public static Sealer of(String a) {",
                "public final class Sealed {\n    Sealed(String a) {}\n\n    public String text() {",
                "public final class Sealed {\n    private Sealed() {}\n\n    static Sealed of(String a) {",
                "public final class Sealed {\n    private Sealed() {}\n\n    static final class Builder {\n"
                        + "        public static Builder of(String a) {",
                "public interface Sealable {\n    byte[] seal(byte[] parcel);",
                "public enum Seal {\n    WAX",
                "public record Seal(String a) {",
                "public final class SealException extends RuntimeException {\n    public SealException() {",
            })
    void otherClass_isNone(String declaration) {
        assertThat(EntryClass.in("/** Seals. */\n" + declaration)).isEmpty();
    }

    private static List<String> complaints(String example) {
        return EntryClass.in(planted(example)).orElseThrow().complaints(List.of(EntryClass.normalized(TEST)));
    }

    private static String planted(String example) {
        return PLANTED.replace(" * EXAMPLE\n", example);
    }

    /** Those of the packages that library modules export to all; the testkit's users are tests themselves. */
    private static Stream<Path> sourcesOfLibraries(List<Path> files) {
        Set<Path> packages = files.stream()
                .filter(file -> file.endsWith("src/main/java/module-info.java"))
                .filter(file -> !file.startsWith(Project.root().resolve("testkit")))
                .flatMap(module -> EXPORT.matcher(Project.read(module))
                        .results()
                        .map(found -> module.resolveSibling(found.group(1).replace('.', '/'))))
                .collect(Collectors.toSet());
        return files.stream().filter(file -> packages.contains(file.getParent()));
    }
}
