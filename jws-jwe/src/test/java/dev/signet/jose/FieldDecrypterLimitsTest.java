// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Limits;
import dev.signet.core.Providers;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** What one document can make its receiver do, counted in operations. */
class FieldDecrypterLimitsTest {
    private static final DecryptionKey RSA = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
    private static final DecryptionKey PASSWORD =
            DecryptionKey.secret(Algorithm.PBES2_HS512_A256KW, JweTest.password("correct horse battery"));
    private static final int ITERATIONS = 10_000;

    private final CountingProvider provider = new CountingProvider();
    private final List<SecurityEvent> events = new ArrayList<>();

    // ---- fields
    // ------------------------------------------------------------------------------------------------------

    @Test
    void decrypt_moreFieldsThanTheLimit_isRefusedBeforeAnyKeyIsUsed() {
        JweEncrypter encrypter = JweEncrypter.builder(RSA.encryptionKey()).build();
        String jwe = encrypter.encrypt(utf8("1"));
        FieldDecrypter decrypter = fields(RSA, recommended()).build();
        assertThatThrownBy(() -> decrypter.decrypt(items(65, i -> jwe)))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue())
                .hasMessageContaining("64");
        assertThat(provider.rsa).hasValue(0);
        FieldDecrypter more = fields(RSA, recommended()).maxFields(3).build();
        assertThatThrownBy(() -> more.decrypt(items(4, i -> jwe))).isInstanceOf(InvalidMessageException.class);
        assertThat(provider.rsa).hasValue(0);
    }

    @Test
    void decrypt_fieldsWithinTheLimit_costOneOperationEach() {
        JweEncrypter encrypter = JweEncrypter.builder(RSA.encryptionKey()).build();
        byte[] clear =
                fields(RSA, recommended()).build().decrypt(items(5, i -> encrypter.encrypt(utf8(String.valueOf(i)))));
        assertThat(text(clear)).isEqualTo("{\"items\":[0,1,2,3,4]}");
        assertThat(provider.rsa).hasValue(5);
        assertThat(events).hasSize(5);
    }

    @Test
    void decrypt_equalEncryptedKeys_areOpenedOnce() {
        String jwe = JweEncrypter.builder(RSA.encryptionKey()).build().encrypt(utf8("\"x\""));
        byte[] clear = fields(RSA, recommended()).build().decrypt(items(64, i -> jwe));
        assertThat(text(clear)).startsWith("{\"items\":[\"x\",\"x\",");
        assertThat(provider.rsa).hasValue(1);
    }

    @Test
    void decrypt_oneBrokenMessageAmongMany_isFoundBeforeAnyKeyIsUsed() {
        String jwe = JweEncrypter.builder(RSA.encryptionKey()).build().encrypt(utf8("1"));
        FieldDecrypter decrypter = fields(RSA, recommended()).build();
        for (String broken : List.of("a.b.c.d.e", "", jwe.replaceFirst("^[^.]*", Tokens.part("{\"alg\":\"dir\"}")))) {
            assertThatThrownBy(() -> decrypter.decrypt(items(8, i -> i == 7 ? broken : jwe)))
                    .isInstanceOf(InvalidMessageException.class);
        }
        assertThat(provider.rsa).hasValue(0);
    }

    // ---- passwords
    // ---------------------------------------------------------------------------------------------------

    @Test
    void decrypt_iterationsInSum_areBoundedBeforeTheWork() {
        SecurityPolicy policy = recommended().allowPasswords(ITERATIONS);
        JweEncrypter encrypter = JweEncrypter.builder(PASSWORD.encryptionKey())
                .policy(SecurityPolicy.recommended2026().allowPasswords(ITERATIONS))
                .build();
        FieldDecrypter decrypter =
                fields(PASSWORD, policy).maxPasswordIterations(3 * ITERATIONS).build();
        byte[] four = items(4, i -> encrypter.encrypt(utf8("1")));
        assertThatThrownBy(() -> decrypter.decrypt(four))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
        assertThat(provider.derivations).hasValue(0);
        assertThat(events).extracting(SecurityEvent::type).containsExactly(SecurityEvent.Type.REJECTED);
        assertThat(text(decrypter.decrypt(items(3, i -> encrypter.encrypt(utf8("1"))))))
                .isEqualTo("{\"items\":[1,1,1]}");
        assertThat(provider.derivations).hasValue(3);
        String same = encrypter.encrypt(utf8("1"));
        decrypter.decrypt(items(60, i -> same));
        assertThat(provider.derivations).hasValue(4);
    }

    @Test
    void decrypt_passwordsByDefault_haveABoundForTheDocument() {
        SecurityPolicy policy = recommended().allowPasswords(600_000);
        JweEncrypter encrypter = JweEncrypter.builder(PASSWORD.encryptionKey())
                .policy(SecurityPolicy.recommended2026().allowPasswords(ITERATIONS))
                .build();
        String[] parts = encrypter.encrypt(utf8("1")).split("\\.");
        // Nobody has made these: the header asks for the most each time.
        byte[] hostile = items(
                4,
                i -> Tokens.part("{\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A256GCM\",\"p2c\":600000,\"p2s\":\""
                                + Base64Url.encode(utf8("salt-" + i + "-salt")) + "\"}")
                        + "." + parts[1] + "." + parts[2] + "." + parts[3] + "." + parts[4]);
        assertThatThrownBy(() -> fields(PASSWORD, policy).build().decrypt(hostile))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("iterations");
        assertThat(provider.derivations).hasValue(0);
    }

    // ---- the whole result
    // --------------------------------------------------------------------------------------------

    @Test
    void decrypt_resultDeeperThanTheLimit_isRefused() {
        String deep = "[".repeat(20) + "]".repeat(20);
        String jwe = JweEncrypter.builder(RSA.encryptionKey()).build().encrypt(utf8(deep));
        String document = "{\"a\":".repeat(20) + "{\"e\":\"" + jwe + "\"}" + "}".repeat(20);
        FieldDecrypter decrypter = FieldDecrypter.builder(decrypter(RSA, recommended()), "e")
                .field("/a".repeat(20))
                .build();
        assertThatThrownBy(() -> decrypter.decrypt(utf8(document))).isExactlyInstanceOf(DecryptionException.class);
        String flat = "{\"a\":{\"e\":\"" + jwe + "\"}}";
        assertThat(text(FieldDecrypter.builder(decrypter(RSA, recommended()), "e")
                        .field("/a")
                        .build()
                        .decrypt(utf8(flat))))
                .contains(deep);
    }

    @Test
    void decrypt_resultWithMoreMembersThanTheLimit_isRefused() {
        String many = IntStream.range(0, 6_000).mapToObj(i -> "1").collect(Collectors.joining(",", "[", "]"));
        String jwe = JweEncrypter.builder(RSA.encryptionKey()).build().encrypt(utf8(many));
        FieldDecrypter decrypter = fields(RSA, recommended()).build();
        assertThatThrownBy(() -> decrypter.decrypt(items(2, i -> jwe))).isExactlyInstanceOf(DecryptionException.class);
        assertThat(decrypter.decrypt(items(1, i -> jwe))).isNotEmpty();
    }

    // ---- pointers
    // ----------------------------------------------------------------------------------------------------

    @Test
    void encrypt_starWhereAnObjectIs_isRefusedAndNotOneOfItsMembers() {
        FieldEncrypter encrypter = FieldEncrypter.builder(
                        JweEncrypter.builder(RSA.encryptionKey()).build(), "e")
                .field("/cards/*")
                .build();
        for (String document :
                List.of("{\"cards\":{\"*\":\"4111\",\"visa\":\"4222\"}}", "{\"cards\":{\"*\":1}}", "{\"cards\":{}}")) {
            assertThatThrownBy(() -> encrypter.encrypt(utf8(document)))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("/cards/*");
        }
        assertThat(text(encrypter.encrypt(utf8("{\"cards\":[\"4111\",\"4222\"]}"))))
                .doesNotContain("4111", "4222");
    }

    @Test
    void build_boundsBelowOne_areRefused() {
        FieldDecrypter.Builder builder = fields(RSA, recommended());
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxFields(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxPasswordIterations(0));
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private SecurityPolicy recommended() {
        return SecurityPolicy.recommended2026()
                .withProviders(Providers.pinned(provider, new BouncyCastleProvider()))
                .withLimits(Limits.recommended2026());
    }

    private JweDecrypter decrypter(DecryptionKey key, SecurityPolicy policy) {
        JweDecrypter decrypter =
                JweDecrypter.builder(key).policy(policy).listener(events::add).build();
        // Building asks for a cipher, too, to see that there is one.
        provider.rsa.set(0);
        return decrypter;
    }

    private FieldDecrypter.Builder fields(DecryptionKey key, SecurityPolicy policy) {
        return FieldDecrypter.builder(decrypter(key, policy), "e").field("/items/*");
    }

    private static byte[] items(int count, IntFunction<String> jwe) {
        return utf8(IntStream.range(0, count)
                .mapToObj(i -> "{\"e\":\"" + jwe.apply(i) + "\"}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}")));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Counts RSA ciphers and derivations from passwords, one of which is made for each operation, and has nothing else. */
    private static final class CountingProvider extends Provider {
        private static final long serialVersionUID = 1L;

        final transient AtomicInteger rsa = new AtomicInteger();
        final transient AtomicInteger derivations = new AtomicInteger();
        private final transient Provider real = new BouncyCastleProvider();

        CountingProvider() {
            super("Counting", "1.0", "counts");
        }

        @Override
        public synchronized Service getService(String type, String algorithm) {
            Service service = real.getService(type, algorithm);
            boolean counted = service != null
                    && ((type.equals("Cipher") && algorithm.startsWith("RSA")) || type.equals("SecretKeyFactory"));
            if (!counted) {
                return null;
            }
            AtomicInteger counter = type.equals("SecretKeyFactory") ? derivations : rsa;
            return new Service(this, type, algorithm, service.getClassName(), null, null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    counter.incrementAndGet();
                    return service.newInstance(parameter);
                }
            };
        }
    }
}
