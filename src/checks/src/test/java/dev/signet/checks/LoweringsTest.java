// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.exchange.InboundPipeline;
import dev.signet.exchange.OutboundPipeline;
import dev.signet.exchange.PublicOrigin;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.HttpVerifier;
import dev.signet.http.SignatureParameters;
import dev.signet.http.SignaturePolicy;
import dev.signet.httpclient.SigningHttpClient;
import dev.signet.jose.DpopVerifier;
import dev.signet.jose.FieldDecrypter;
import dev.signet.jose.FieldEncrypter;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JweEncrypter;
import dev.signet.jose.JwsSigner;
import dev.signet.jose.JwsVerifier;
import dev.signet.jose.JwtIssuer;
import dev.signet.jose.JwtVerifier;
import dev.signet.jose.RemoteJwks;
import dev.signet.tokens.Alphabet;
import dev.signet.tokens.Detokenizer;
import dev.signet.tokens.Ff1;
import dev.signet.tokens.Reveal;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.RevealPolicy;
import dev.signet.tokens.ReversibleTokenizer;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.TokenFormat;
import dev.signet.tokens.Tokenizer;
import dev.signet.xml.VerifyingXmlDecrypter;
import dev.signet.xml.XmlDecrypter;
import dev.signet.xml.XmlEncrypter;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlSigner;
import dev.signet.xml.XmlVerifier;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was called to lower safety shows in {@code toString()} of what came of it, so that logs and reviews see it. */
class LoweringsTest {
    private static final String LOWERING = "(allow|ignore|insecure|dangerous).*";
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final KeyResolver KEYS = KeyResolver.of(KEY.verificationKey());
    private static final DecryptionKey SECRET = DecryptionKey.generate(Algorithm.A256KW);
    private static final XmlProfile PROFILE = XmlProfile.enveloped(new QName("root"));
    private static final TokenDomain DOMAIN = TokenDomain.of("card");
    private static final Keyset<TokenizationKey> TOKEN_KEYS = Keyset.of(TokenizationKey.generate());

    /** A new object of each class that has such a method, ready for {@code build()} where it is a builder. */
    private static final Map<Class<?>, Supplier<Object>> SAMPLES = Map.ofEntries(
            Map.entry(SecurityPolicy.class, SecurityPolicy::recommended2026),
            Map.entry(SignaturePolicy.class, SignaturePolicy::recommended2026),
            Map.entry(HttpSigner.Builder.class, LoweringsTest::httpSigner),
            Map.entry(HttpVerifier.Builder.class, () -> HttpVerifier.builder(KEYS)),
            Map.entry(InboundPipeline.Builder.class, () -> InboundPipeline.builder(httpVerifier())),
            Map.entry(
                    OutboundPipeline.Builder.class,
                    () -> OutboundPipeline.builder(httpSigner().build()).verifyResponses(httpVerifier())),
            Map.entry(
                    SigningHttpClient.Builder.class,
                    () -> SigningHttpClient.builder(
                                    HttpClient.newHttpClient(), httpSigner().build())
                            .verifyResponses(httpVerifier())),
            Map.entry(DpopVerifier.Builder.class, DpopVerifier::builder),
            Map.entry(JwsVerifier.Builder.class, () -> JwsVerifier.builder(KEYS)),
            Map.entry(JwtVerifier.Builder.class, () -> JwtVerifier.builder(KEYS)),
            Map.entry(RemoteJwks.Builder.class, () -> RemoteJwks.builder(URI.create("https://keys.example/set"))),
            Map.entry(Ff1.class, () -> Ff1.of(SecretBytes.random(32), 10)),
            Map.entry(RevealPolicy.Builder.class, () -> RevealPolicy.builder().purpose("support", Reveal.MASKED)),
            Map.entry(
                    XmlDecrypter.Builder.class,
                    () -> XmlDecrypter.builder(SECRET).element(new QName("root"))),
            Map.entry(
                    XmlEncrypter.Builder.class,
                    () -> XmlEncrypter.builder(SECRET.encryptionKey()).element(new QName("root"))),
            Map.entry(XmlSigner.Builder.class, () -> XmlSigner.builder(KEY, PROFILE)),
            Map.entry(XmlVerifier.Builder.class, LoweringsTest::xmlVerifier));

    static List<Method> lowerings() {
        return Stream.of("core", "http", "jose", "xml", "tokens", "exchange", "records", "servlet", "httpclient")
                .flatMap(name -> publicTypes("dev.signet." + name))
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> method.getName().matches(LOWERING))
                .filter(method -> method.getReturnType() == method.getDeclaringClass())
                .toList();
    }

    @Test
    void lowerings_areFound() {
        assertThat(lowerings()).hasSizeGreaterThan(35);
    }

    @ParameterizedTest
    @MethodSource("lowerings")
    void toString_namesWhatWasLowered(Method method) throws ReflectiveOperationException {
        Object product = lower(method, SAMPLES);
        assertThat(product.toString())
                .as("after " + method.getDeclaringClass().getSimpleName() + "." + method.getName())
                .contains(method.getName());
    }

    @ParameterizedTest
    @MethodSource("lowerings")
    void toString_namesNothingElse(Method method) throws ReflectiveOperationException {
        if (!Modifier.isStatic(method.getModifiers())) {
            Object product = product(complete(sample(method, SAMPLES), ""));
            assertThat(product.toString()).doesNotContain(method.getName());
        }
    }

    /** Whatever is built with a policy shows what that allows; tokens take its providers alone. */
    @Test
    void toString_namesWhatThePolicyAllows() throws ReflectiveOperationException {
        SecurityPolicy policy = SecurityPolicy.recommended2026()
                .allowMaxAge(Duration.ofHours(1))
                .allowTokenLifetime(Duration.ofDays(2))
                .allowPasswords(10_000)
                .allowCompression()
                .allowEdDsaName();
        Set<String> all = new TreeSet<>();
        for (Method method : SecurityPolicy.class.getDeclaredMethods()) {
            if (method.getName().matches(LOWERING) && Modifier.isPublic(method.getModifiers())) {
                all.add(method.getName());
            }
        }
        assertThat(policy.toString()).contains(all);
        Set<String> unseen = new TreeSet<>();
        List<Object> builders = List.of(
                httpSigner(),
                HttpVerifier.builder(KEYS),
                JwsSigner.builder(KEY),
                JwsVerifier.builder(KEYS),
                JwtIssuer.builder(KEY, "https://id.example", Duration.ofMinutes(5)),
                jwtVerifier(),
                DpopVerifier.builder(),
                JweEncrypter.builder(SECRET.encryptionKey()),
                JweDecrypter.builder(SECRET),
                RemoteJwks.builder(URI.create("https://keys.example/set")),
                XmlSigner.builder(KEY, PROFILE),
                xmlVerifier(),
                XmlEncrypter.builder(SECRET.encryptionKey()).element(new QName("root")),
                XmlDecrypter.builder(SECRET).element(new QName("root")));
        for (Object builder : builders) {
            builder.getClass().getMethod("policy", SecurityPolicy.class).invoke(builder, policy);
            String text = product(builder).toString();
            if (!all.stream().allMatch(text::contains)) {
                unseen.add(text);
            }
        }
        assertThat(unseen).isEmpty();
    }

    /** What is made of others shows what they allow. */
    @Test
    void toString_namesWhatThePartsAllow() {
        SignaturePolicy signature = SignaturePolicy.recommended2026().allowTrailers();
        HttpVerifier verifier =
                HttpVerifier.builder(KEYS).signature(signature).ignoreReplay().build();
        assertThat(verifier.toString()).contains("allowTrailers");
        assertThat(InboundPipeline.builder(verifier).build().toString()).contains("allowTrailers", "ignoreReplay");
        HttpSigner signer = httpSigner().allowRequestedTag().build();
        OutboundPipeline outbound =
                OutboundPipeline.builder(signer).verifyResponses(verifier).build();
        assertThat(outbound.toString()).contains("allowRequestedTag", "ignoreReplay", "allowTrailers");
        assertThat(SigningHttpClient.builder(HttpClient.newHttpClient(), signer)
                        .verifyResponses(verifier)
                        .build()
                        .toString())
                .contains("allowRequestedTag", "ignoreReplay", "allowTrailers");
        SecurityPolicy passwords = SecurityPolicy.recommended2026().allowPasswords(10_000);
        assertThat(FieldDecrypter.builder(
                                JweDecrypter.builder(SECRET).policy(passwords).build(), "encrypted")
                        .field("/card")
                        .build()
                        .toString())
                .contains("allowPasswords");
        assertThat(FieldEncrypter.builder(
                                JweEncrypter.builder(SECRET.encryptionKey())
                                        .policy(passwords)
                                        .build(),
                                "encrypted")
                        .field("/card")
                        .build()
                        .toString())
                .contains("allowPasswords");
        XmlVerifier xml = xmlVerifier().allowProcessingInstructions().build();
        XmlDecrypter decrypter = XmlDecrypter.builder(SECRET)
                .element(new QName("root"))
                .allowUnauthenticatedCbc()
                .build();
        assertThat(VerifyingXmlDecrypter.of(xml, decrypter).toString())
                .contains("allowProcessingInstructions", "allowUnauthenticatedCbc");
    }

    @Test
    void toString_namesWhatTokensAllow() {
        RevealPolicy policy = RevealPolicy.builder()
                .purpose("support", Reveal.CLEAR)
                .allowRate(1_000_000, Duration.ofHours(1))
                .build();
        ReversibleTokenizer tokenizer = Tokenizer.builder(TOKEN_KEYS, DOMAIN).authenticated();
        Detokenizer detokenizer = Detokenizer.builder(tokenizer, policy, RevealLog.dangerouslyDiscard())
                .build();
        assertThat(detokenizer.toString()).contains("allowRate", "dangerouslyDiscard");
        TokenFormat small =
                TokenFormat.template("####", Alphabet.DIGITS, TokenFormat.Option.ALLOW_SMALL_DOMAIN_FOR_READING);
        assertThat(small.toString()).contains("ALLOW_SMALL_DOMAIN_FOR_READING");
    }

    /** The check itself: a builder that hides what it allows, and one that nobody gave a sample of. */
    @Test
    void hiddenAllowance_isFound() throws ReflectiveOperationException {
        Method hidden = Hiding.class.getDeclaredMethod("allowEverything");
        assertThat(lower(hidden, Map.of(Hiding.class, Hiding::new)).toString()).doesNotContain("allowEverything");
        assertThatThrownBy(() -> lower(hidden, SAMPLES))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no sample of class " + Hiding.class.getName());
    }

    private static final class Hiding {
        Hiding allowEverything() {
            return this;
        }

        @Override
        public String toString() {
            return "Hiding";
        }
    }

    private static Object lower(Method method, Map<Class<?>, Supplier<Object>> samples)
            throws ReflectiveOperationException {
        Object target = Modifier.isStatic(method.getModifiers()) ? null : sample(method, samples);
        Object[] arguments = method.getDeclaringClass() == PublicOrigin.class
                ? new Object[] {new String[] {"10.0.0.0/8"}}
                : Arrays.stream(method.getParameterTypes())
                        .map(LoweringsTest::argument)
                        .toArray();
        return product(complete(method.invoke(target, arguments), method.getName()));
    }

    /** What a builder must be told, unless the lowering was to leave it out. */
    private static Object complete(Object made, String lowering) {
        if (made instanceof JwtVerifier.Builder builder) {
            if (!lowering.equals("ignoreIssuer")) {
                builder.expectIssuer("https://id.example");
            }
            if (!lowering.equals("ignoreAudience")) {
                builder.expectAudience("https://api.example");
            }
            if (!lowering.equals("ignoreType")) {
                builder.expectType("JWT");
            }
        }
        return made;
    }

    private static Object sample(Method method, Map<Class<?>, Supplier<Object>> samples) {
        Supplier<Object> sample = samples.get(method.getDeclaringClass());
        assertThat(sample).as("no sample of " + method.getDeclaringClass()).isNotNull();
        return sample.get();
    }

    private static Object product(Object made) throws ReflectiveOperationException {
        Method build;
        try {
            build = made.getClass().getMethod("build");
        } catch (NoSuchMethodException e) {
            return made;
        }
        try {
            return build.invoke(made);
        } catch (InvocationTargetException e) {
            throw new AssertionError("no product of " + made.getClass(), e.getCause());
        }
    }

    private static Object argument(Class<?> type) {
        Map<Class<?>, Object> values = Map.ofEntries(
                Map.entry(int.class, 10_000),
                Map.entry(long.class, 1_000_000L),
                Map.entry(Duration.class, Duration.ofHours(48)),
                Map.entry(String.class, "text"),
                Map.entry(String[].class, new String[] {"x-user"}),
                Map.entry(Component[].class, new Component[] {Component.METHOD}),
                Map.entry(
                        SignatureParameters.Name[].class,
                        new SignatureParameters.Name[] {SignatureParameters.Name.CREATED}),
                Map.entry(Set.class, Set.of("caller")),
                Map.entry(Path.class, Path.of("keys.jwks")),
                Map.entry(SecretBytes.class, SecretBytes.random(32)),
                Map.entry(byte[].class, new byte[7]),
                Map.entry(Alphabet.class, Alphabet.DIGITS),
                Map.entry(TokenDomain.class, DOMAIN),
                Map.entry(SecurityPolicy.class, SecurityPolicy.recommended2026()));
        Object value = values.get(type);
        assertThat(value).as("an argument of " + type).isNotNull();
        return value;
    }

    private static Stream<Class<?>> publicTypes(String packageName) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(packageName).stream()
                        .filter(type -> type.getPackageName().equals(packageName))
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(type -> Modifier.isPublic(type.getModifiers()));
    }

    private static HttpSigner.Builder httpSigner() {
        return HttpSigner.builder(KEY);
    }

    private static HttpVerifier httpVerifier() {
        return HttpVerifier.builder(KEYS).build();
    }

    private static JwtVerifier.Builder jwtVerifier() {
        return JwtVerifier.builder(KEYS)
                .expectIssuer("https://id.example")
                .expectAudience("https://api.example")
                .expectType("JWT");
    }

    private static XmlVerifier.Builder xmlVerifier() {
        return XmlVerifier.builder(KEYS, PROFILE).createdAt(verified -> Instant.now());
    }
}
