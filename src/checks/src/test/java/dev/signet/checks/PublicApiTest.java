// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The public API of each module is a text under {@code src/api}, so that a review sees every change of it. After a wanted
 * change: {@code mvn -pl src/checks -am test -Dtest=PublicApiTest -Dsignet.api.write=true
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class PublicApiTest {
    @ParameterizedTest
    @CsvSource({
        "core, dev.signet.core",
        "http-signatures, dev.signet.http",
        "jws-jwe, dev.signet.jose",
        "tokenization, dev.signet.tokens",
        "records, dev.signet.records",
        "xml-dsig, dev.signet.xml",
        "exchange, dev.signet.exchange",
        "servlet, dev.signet.servlet",
        "java-http-client, dev.signet.httpclient",
        "testkit, dev.signet.testkit",
    })
    void publicApi_isAsReviewed(String module, String packageName) throws IOException {
        Path file = Project.root().resolve("src/api/" + module + ".txt");
        String actual = describe(packageName);
        if (Boolean.getBoolean("signet.api.write")) {
            Files.writeString(file, actual);
        }
        assertThat(file).as("the reviewed API of " + module).exists();
        assertThat(actual)
                .as("the public API differs from " + file.getFileName())
                .isEqualTo(Project.read(file));
    }

    private static String describe(String packageName) {
        StringBuilder out = new StringBuilder();
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(packageName).stream()
                        .filter(type -> type.getPackageName().equals(packageName))
                        .map(JavaClass::reflect)
                        .filter(PublicApiTest::isVisible)
                        .sorted(Comparator.comparing(Class::getName))
                        .forEach(type -> describe(type, out));
        return out.toString();
    }

    private static boolean isVisible(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static void describe(Class<?> type, StringBuilder out) {
        out.append(kind(type)).append(' ').append(type.getName().replace('$', '.'));
        List<String> parents = new ArrayList<>();
        if (type.getSuperclass() != null
                && type.getSuperclass() != Object.class
                && !type.isEnum()
                && !type.isRecord()) {
            parents.add(name(type.getGenericSuperclass()));
        }
        Arrays.stream(type.getGenericInterfaces()).map(PublicApiTest::name).forEach(parents::add);
        if (!parents.isEmpty()) {
            out.append(" : ").append(String.join(", ", parents));
        }
        out.append('\n');
        List<String> members = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (isPublic(field.getModifiers())) {
                members.add((Modifier.isStatic(field.getModifiers()) ? "static " : "") + name(field.getGenericType())
                        + " " + field.getName());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isPublic(constructor.getModifiers()) && !constructor.isSynthetic()) {
                members.add("new" + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isPublic(method.getModifiers()) && !method.isSynthetic() && !method.isBridge()) {
                members.add((Modifier.isStatic(method.getModifiers()) ? "static " : "")
                        + name(method.getGenericReturnType()) + " " + method.getName() + parameters(method)
                        + thrown(method));
            }
        }
        members.stream()
                .sorted()
                .forEach(member -> out.append("  ").append(member).append('\n'));
    }

    private static boolean isPublic(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "annotation";
        }
        if (type.isRecord()) {
            return "record";
        }
        if (type.isEnum()) {
            return "enum";
        }
        String sealed = type.isSealed() ? "sealed " : "";
        if (type.isInterface()) {
            return sealed + "interface";
        }
        return sealed
                + (Modifier.isAbstract(type.getModifiers())
                        ? "abstract class"
                        : Modifier.isFinal(type.getModifiers()) ? "final class" : "class");
    }

    private static String parameters(Executable executable) {
        return Arrays.stream(executable.getGenericParameterTypes())
                .map(PublicApiTest::name)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String thrown(Executable executable) {
        return executable.getExceptionTypes().length == 0
                ? ""
                : Arrays.stream(executable.getExceptionTypes())
                        .map(PublicApiTest::name)
                        .collect(Collectors.joining(", ", " throws ", ""));
    }

    private static String name(Type type) {
        String text = type instanceof TypeVariable<?> variable ? variable.getName() : type.getTypeName();
        return text.replace('$', '.')
                .replaceAll(
                        "\\bjava\\.(lang|util|time|io|nio\\.file|util\\.function|util\\.concurrent)\\.(?=[A-Z])", "");
    }
}
