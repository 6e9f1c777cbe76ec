// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SigningKey;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignaturePolicy;
import dev.signet.jose.DpopVerifier;
import dev.signet.jose.JwsVerifier;
import dev.signet.jose.JwtVerifier;
import dev.signet.xml.XmlDecrypter;
import dev.signet.xml.XmlEncrypter;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlSigner;
import dev.signet.xml.XmlVerifier;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;

/** The same thing has the same name in every format. */
class VocabularyTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importPackages(
                    "dev.signet.core", "dev.signet.http", "dev.signet.jose", "dev.signet.xml", "dev.signet.tokens");

    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final DecryptionKey OWN = DecryptionKey.generate(Algorithm.A256KW);
    private static final KeyResolver KEYS = KeyResolver.of(KEY.verificationKey());
    private static final XmlProfile XML = XmlProfile.enveloped(new QName("urn:example", "Order"));

    /** Builders whose callers can give up some safety, ready to be built. */
    private static final Map<Class<?>, Supplier<Object>> BUILDERS = new LinkedHashMap<>();

    static {
        BUILDERS.put(HttpVerifier.Builder.class, () -> HttpVerifier.builder(KEYS));
        BUILDERS.put(HttpSigner.Builder.class, () -> HttpSigner.builder(KEY));
        BUILDERS.put(JwsVerifier.Builder.class, () -> JwsVerifier.builder(KEYS));
        BUILDERS.put(JwtVerifier.Builder.class, () -> JwtVerifier.builder(KEYS));
        BUILDERS.put(DpopVerifier.Builder.class, DpopVerifier::builder);
        BUILDERS.put(XmlVerifier.Builder.class, () -> XmlVerifier.builder(KEYS, XML));
        BUILDERS.put(XmlSigner.Builder.class, () -> XmlSigner.builder(KEY, XML));
        BUILDERS.put(XmlEncrypter.Builder.class, () -> XmlEncrypter.builder(OWN.encryptionKey()));
        BUILDERS.put(XmlDecrypter.Builder.class, () -> XmlDecrypter.builder(OWN));
    }

    // ---- words -----------------------------------------------------------------------------------------------------

    @Test
    void verifiers_haveTheCommonWords() {
        Map<Class<?>, List<String>> words = Map.of(
                HttpVerifier.Builder.class, List.of("replayGuard", "ignoreReplay", "policy", "listener", "clock"),
                SignaturePolicy.class, List.of("maxAge", "algorithms", "keyIds"),
                JwsVerifier.Builder.class,
                        List.of(
                                "expectType",
                                "ignoreType",
                                "requireHeaders",
                                "understand",
                                "policy",
                                "listener",
                                "clock"),
                JwtVerifier.Builder.class,
                        List.of(
                                "replayGuard",
                                "ignoreReplay",
                                "maxAge",
                                "ignoreExpiration",
                                "expectType",
                                "ignoreType",
                                "requireHeaders",
                                "requireClaims",
                                "understand",
                                "policy",
                                "listener",
                                "clock"),
                DpopVerifier.Builder.class,
                        List.of("replayGuard", "ignoreReplay", "maxAge", "policy", "listener", "clock"),
                XmlVerifier.Builder.class,
                        List.of(
                                "replayGuard",
                                "ignoreReplay",
                                "createdAt",
                                "maxAge",
                                "ignoreExpiration",
                                "policy",
                                "listener",
                                "clock"));
        words.forEach((builder, expected) ->
                assertThat(names(builder)).as(builder.getName()).containsAll(expected));
    }

    @Test
    void verifiers_takeTheirKeysFirst() {
        for (Class<?> verifier : List.of(HttpVerifier.class, JwsVerifier.class, JwtVerifier.class, XmlVerifier.class)) {
            assertThat(Arrays.stream(verifier.getMethods())
                            .filter(method -> method.getName().equals("builder"))
                            .map(method -> method.getParameterTypes()[0].getName()))
                    .as(verifier.getName())
                    .containsExactly(KeyResolver.class.getName());
        }
    }

    @Test
    void results_nameTheirKeyAndContentAlike() {
        Set<String> former =
                Set.of("payload", "payloadText", "plaintext", "toBytes", "openStream", "body", "bodyBytes", "signer");
        List<JavaClass> results = CLASSES.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
                .filter(type -> type.getSimpleName().matches("(Verified|Decrypted)[A-Z]\\w*"))
                .toList();
        assertThat(results).hasSizeGreaterThan(8);
        for (JavaClass result : results) {
            Class<?> type = result.reflect();
            assertThat(Modifier.isFinal(type.getModifiers())).as(type.getName()).isTrue();
            assertThat(type.getConstructors()).as(type.getName()).isEmpty();
            assertThat(names(type)).as(type.getName()).contains("key").doesNotContainAnyElementsOf(former);
        }
    }

    // ---- once ------------------------------------------------------------------------------------------------------

    @Test
    void verifiers_guardThatIsGivenAndIgnored_areNotBuilt() {
        ReplayGuard guard = ReplayGuard.inMemory();
        Stream.<Supplier<Object>>of(
                        () -> HttpVerifier.builder(KEYS)
                                .replayGuard(guard)
                                .ignoreReplay()
                                .build(),
                        () -> DpopVerifier.builder()
                                .ignoreReplay()
                                .replayGuard(guard)
                                .build(),
                        () -> jwt().replayGuard(guard).ignoreReplay().build(),
                        () -> XmlVerifier.builder(KEYS, XML)
                                .createdAt(verified -> verified.content().instant("At"))
                                .ignoreReplay()
                                .replayGuard(guard, verified -> "1")
                                .build())
                .forEach(build -> assertThatThrownBy(build::get)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("replay guard"));
    }

    // ---- what is given up ------------------------------------------------------------------------------------------

    @Test
    void toString_ofWhatABuilderMakes_namesEachCallThatLowersSafety() throws ReflectiveOperationException {
        int calls = 0;
        for (Map.Entry<Class<?>, Supplier<Object>> entry : BUILDERS.entrySet()) {
            String untouched = build(entry.getValue().get(), "").toString();
            for (Method method : lowering(entry.getKey())) {
                Object builder = entry.getValue().get();
                method.invoke(builder);
                assertThat(untouched).doesNotContain(method.getName());
                assertThat(build(builder, method.getName()).toString())
                        .as(entry.getKey() + "#" + method.getName())
                        .contains(method.getName());
                calls++;
            }
        }
        assertThat(calls).isGreaterThan(20);
    }

    @Test
    void builders_withCallsThatLowerSafety_areAllTested() {
        Set<String> untested = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (type.getSimpleName().equals("Builder") && type.getModifiers().contains(JavaModifier.PUBLIC)) {
                Class<?> builder = type.reflect();
                if (!lowering(builder).isEmpty() && !BUILDERS.containsKey(builder)) {
                    untested.add(builder.getName());
                }
            }
        }
        // These have tests of their own beside them.
        assertThat(untested)
                .isSubsetOf("dev.signet.http.InboundPipeline$Builder", "dev.signet.jose.RemoteJwks$Builder");
    }

    private static Object build(Object builder, String called) throws ReflectiveOperationException {
        if (builder instanceof JwtVerifier.Builder jwt) {
            decide(jwt, called);
        }
        try {
            return builder.getClass().getMethod("build").invoke(builder);
        } catch (InvocationTargetException e) {
            throw new AssertionError(builder.getClass() + " after " + called, e.getCause());
        }
    }

    private static void decide(JwtVerifier.Builder jwt, String called) {
        Map<String, Consumer<JwtVerifier.Builder>> open = Map.of(
                "ignoreType", b -> b.expectType("JWT"),
                "ignoreIssuer", b -> b.expectIssuer("issuer"),
                "ignoreAudience", b -> b.expectAudience("us"));
        open.forEach((name, call) -> {
            if (!name.equals(called)) {
                call.accept(jwt);
            }
        });
    }

    private static JwtVerifier.Builder jwt() {
        return JwtVerifier.builder(KEYS)
                .expectType("JWT")
                .expectIssuer("issuer")
                .expectAudience("us")
                .maxAge(Duration.ofMinutes(1));
    }

    private static List<Method> lowering(Class<?> builder) {
        List<Method> methods = new ArrayList<>();
        for (Method method : builder.getMethods()) {
            if (method.getName().matches("(allow|ignore|danger|insecure).*") && method.getParameterCount() == 0) {
                methods.add(method);
            }
        }
        return methods;
    }

    private static Set<String> names(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Method method : type.getMethods()) {
            names.add(method.getName());
        }
        return names;
    }
}
