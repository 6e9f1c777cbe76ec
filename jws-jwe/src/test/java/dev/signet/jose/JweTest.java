// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Providers;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JweTest {
    private static final byte[] CONTENT = RfcKeys.utf8("{\"amount\":\"17.50\",\"iban\":\"DE02\"}");
    private static final SecurityPolicy PASSWORDS =
            SecurityPolicy.recommended2026().allowPasswords(10_000);

    // ---- every algorithm, there and back
    // -----------------------------------------------------------------------------

    static Stream<DecryptionKey> keys() throws Exception {
        List<DecryptionKey> keys = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.joseName().startsWith("ECDH-ES")) {
                for (String curve : List.of("secp256r1", "secp384r1", "secp521r1", "X25519")) {
                    keys.add(agreementKey(algorithm, curve));
                }
            } else if (algorithm.isPasswordBased()) {
                keys.add(DecryptionKey.secret(algorithm, password("correct horse battery")));
            } else if (algorithm.use() == dev.signet.core.KeyUse.ENCRYPT) {
                keys.add(DecryptionKey.generate(algorithm));
            }
        }
        return keys.stream();
    }

    static DecryptionKey agreementKey(Algorithm algorithm, String curve) throws Exception {
        KeyPairGenerator generator;
        if (curve.equals("X25519")) {
            generator = KeyPairGenerator.getInstance("X25519");
        } else {
            generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
        }
        KeyPair pair = generator.generateKeyPair();
        return DecryptionKey.of(algorithm, pair.getPrivate(), pair.getPublic());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void encrypt_everyKeyAndContentEncryption_isDecrypted(DecryptionKey key) {
        for (Algorithm enc : contentEncryption()) {
            if (key.algorithm().isContentEncryption() && key.algorithm() != enc) {
                continue;
            }
            JweEncrypter encrypter = JweEncrypter.builder(key.encryptionKey())
                    .policy(PASSWORDS)
                    .contentEncryption(enc)
                    .build();
            JweDecrypter decrypter = JweDecrypter.builder(key).policy(PASSWORDS).build();
            for (byte[] content : List.of(CONTENT, new byte[0], new byte[1000])) {
                DecryptedJwe compact = decrypter.decrypt(encrypter.encrypt(content));
                assertThat(compact.contentBytes()).isEqualTo(content);
                assertThat(compact.contentEncryption()).isEqualTo(enc);
                assertThat(compact.key().id()).isEqualTo(key.id());
                DecryptedJwe json = decrypter.decryptJson(encrypter.encryptJson(content, RfcKeys.utf8("aad")));
                assertThat(json.contentBytes()).isEqualTo(content);
                assertThat(json.additionalData()).contains(RfcKeys.utf8("aad"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void decrypt_byBouncyCastleAlone_isDecrypted(DecryptionKey key) {
        SecurityPolicy pinned = PASSWORDS.withProviders(Providers.pinned(new BouncyCastleProvider()));
        String message = JweEncrypter.builder(key.encryptionKey())
                .policy(PASSWORDS)
                .build()
                .encrypt(CONTENT);
        assertThat(JweDecrypter.builder(key)
                        .policy(pinned)
                        .build()
                        .decrypt(message)
                        .contentBytes())
                .isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void decrypt_anyBitOfAnyPartChanged_isTheSameFailure(DecryptionKey key) {
        String message = JweEncrypter.builder(key.encryptionKey())
                .policy(PASSWORDS)
                .build()
                .encrypt(CONTENT);
        JweDecrypter decrypter = JweDecrypter.builder(key).policy(PASSWORDS).build();
        String[] parts = message.split("\\.", -1);
        for (int i = 1; i < parts.length; i++) {
            byte[] bytes = Base64Url.decode(parts[i]);
            for (int at = 0; at < bytes.length; at += Math.max(7, bytes.length / 4)) {
                byte[] changed = bytes.clone();
                changed[at] ^= 0x10;
                String[] copy = parts.clone();
                copy[i] = Base64Url.encode(changed);
                assertSameFailure(decrypter, String.join(".", copy));
            }
        }
        // White space in the header changes nothing but the bytes that the tag covers.
        String header = new String(Base64Url.decode(parts[0]), java.nio.charset.StandardCharsets.UTF_8);
        parts[0] = Base64Url.encode(RfcKeys.utf8(header.replaceFirst("\\{", "{ ")));
        assertSameFailure(decrypter, String.join(".", parts));
    }

    private static void assertSameFailure(JweDecrypter decrypter, String message) {
        assertThatThrownBy(() -> decrypter.decrypt(message))
                .isExactlyInstanceOf(DecryptionException.class)
                .hasMessage("the message could not be decrypted")
                .hasNoCause()
                .extracting(e -> ((DecryptionException) e).code())
                .isEqualTo("decryption-failed");
    }

    // ---- encrypting
    // --------------------------------------------------------------------------------------------------

    @Test
    void encrypt_options_areInTheProtectedHeader() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        JweEncrypter encrypter = JweEncrypter.builder(key.encryptionKey())
                .type("example+jwe")
                .contentType("json")
                .header("tenant", "blue")
                .agreementInfo(RfcKeys.utf8("Alice"), RfcKeys.utf8("Bob"))
                .build();
        JsonObject header = JweDecrypter.builder(key)
                .build()
                .decrypt(encrypter.encrypt(CONTENT))
                .header();
        assertThat(header.names()).containsExactly("alg", "enc", "kid", "apu", "apv", "typ", "cty", "tenant", "epk");
        assertThat(header.string("tenant")).contains("blue");
        assertThat(header.string("apu")).contains("QWxpY2U");
        assertThatThrownBy(() -> header.integer("tenant")).isInstanceOf(VerificationException.class);
    }

    @Test
    void encrypt_twice_sharesNothing() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        JweEncrypter encrypter = JweEncrypter.builder(key.encryptionKey()).build();
        String[] one = encrypter.encrypt(CONTENT).split("\\.", -1);
        String[] two = encrypter.encrypt(CONTENT).split("\\.", -1);
        for (int i = 0; i < one.length; i++) {
            assertThat(one[i]).isNotEqualTo(two[i]);
        }
    }

    @Test
    void encrypt_withoutKeyId_isForADecrypterOfOneKey() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW);
        String message =
                JweEncrypter.builder(key.encryptionKey()).withoutKeyId().build().encrypt(CONTENT);
        assertThat(JweDecrypter.builder(key).build().decrypt(message).header().has("kid"))
                .isFalse();
        JweDecrypter two = JweDecrypter.builder(key, DecryptionKey.generate(Algorithm.A256KW))
                .build();
        assertSameFailure(two, message);
    }

    @Test
    void encryptJson_severalRecipients_eachDecrypts() throws Exception {
        DecryptionKey rsa = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
        DecryptionKey curve = agreementKey(Algorithm.ECDH_ES_A128KW, "X25519");
        DecryptionKey secret = DecryptionKey.generate(Algorithm.A256GCMKW);
        JweEncrypter encrypter = JweEncrypter.builder(
                        rsa.encryptionKey(), curve.encryptionKey(), secret.encryptionKey())
                .type("x")
                .build();
        String json = encrypter.encryptJson(CONTENT);
        for (DecryptionKey key : List.of(rsa, curve, secret)) {
            DecryptedJwe decrypted = JweDecrypter.builder(key).build().decryptJson(json);
            assertThat(decrypted.contentBytes()).isEqualTo(CONTENT);
            // What is not protected is not shown.
            assertThat(decrypted.header().names()).containsExactly("enc", "typ");
        }
        assertThatThrownBy(() -> encrypter.encrypt(CONTENT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> JweDecrypter.builder(DecryptionKey.generate(Algorithm.A256GCMKW))
                        .build()
                        .decryptJson(json))
                .isInstanceOf(DecryptionException.class);
    }

    @Test
    void encryptJson_severalRecipientsOfOneAlgorithm_protectsIt() {
        DecryptionKey one = DecryptionKey.generate(Algorithm.A256KW);
        DecryptionKey two = DecryptionKey.generate(Algorithm.A256KW);
        String json = JweEncrypter.builder(one.encryptionKey(), two.encryptionKey())
                .build()
                .encryptJson(CONTENT);
        assertThat(JweDecrypter.builder(two).build().decryptJson(json).header().string("alg"))
                .contains("A256KW");
        assertThat(JweDecrypter.builder(one).build().decryptJson(json).contentBytes())
                .isEqualTo(CONTENT);
    }

    @Test
    void encryptJson_oneRecipient_protectsEverything() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256GCMKW);
        String json = JweEncrypter.builder(key.encryptionKey()).build().encryptJson(CONTENT);
        Map<String, Object> document = StrictJson.readObject(
                RfcKeys.utf8(json), SecurityPolicy.recommended2026().limits());
        assertThat(document.keySet()).containsExactly("protected", "encrypted_key", "iv", "ciphertext", "tag");
    }

    @Test
    void encryptNested_isForVerifiersOnly() {
        JweEncrypter encrypter =
                JweEncrypter.builder(JweForge.KEY.encryptionKey()).build();
        JweDecrypter decrypter = JweDecrypter.builder(JweForge.KEY).build();
        String message = encrypter.encryptNested(CONTENT, "JWT");
        assertThat(decrypter.decryptNested(message).contentBytes()).isEqualTo(CONTENT);
        assertThatThrownBy(() -> decrypter.decrypt(message))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("JwtVerifier");
        assertThatThrownBy(() -> decrypter.decryptNested(encrypter.encrypt(CONTENT)))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("JweDecrypter.decrypt");
        assertThatThrownBy(() -> encrypter.encryptNested(CONTENT, "json")).isInstanceOf(IllegalArgumentException.class);
        JweEncrypter typed = JweEncrypter.builder(JweForge.KEY.encryptionKey())
                .contentType("json")
                .build();
        assertThatThrownBy(() -> typed.encryptNested(CONTENT, "JWT")).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"JWT", "jwt", "application/jwt", "Application/JOSE", "jose+json", "jwt;x=y", "application/jwt "})
    void decrypt_nestedToken_isNotHandedOut(String contentType) {
        String message = JweForge.compact(JweForge.HEADER + ",\"cty\":\"" + contentType + "\"");
        JweDecrypter decrypter = JweDecrypter.builder(JweForge.KEY).build();
        assertThatThrownBy(() -> decrypter.decrypt(message)).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(
                        () -> JweEncrypter.builder(JweForge.KEY.encryptionKey()).contentType(contentType))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(decrypter.decryptNested(message).contentBytes()).isEqualTo(RfcKeys.utf8("content"));
    }

    // ---- misuse
    // ------------------------------------------------------------------------------------------------------

    @Test
    void builder_misuse_isFoundAtBuildTime() {
        EncryptionKey wrap = DecryptionKey.generate(Algorithm.A256KW).encryptionKey();
        EncryptionKey direct = DecryptionKey.generate(Algorithm.A128GCM).encryptionKey();
        EncryptionKey agreed = DecryptionKey.generate(Algorithm.ECDH_ES).encryptionKey();
        EncryptionKey password = EncryptionKey.secret(Algorithm.PBES2_HS512_A256KW, password("correct horse"));
        EncryptionKey binary = EncryptionKey.secret(
                Algorithm.PBES2_HS512_A256KW, SecretBytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) 0x80}));
        SecurityPolicy narrow = SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.A128KW));
        List<Runnable> misuses = List.of(
                () -> JweEncrypter.builder(wrap.withStatus(KeyStatus.VERIFY_ONLY)),
                () -> JweEncrypter.builder(wrap.withStatus(KeyStatus.DISABLED)),
                () -> JweEncrypter.builder(wrap, direct).build(),
                () -> JweEncrypter.builder(direct, wrap).build(),
                () -> JweEncrypter.builder(wrap, agreed).build(),
                () -> JweEncrypter.builder(wrap, wrap).build(),
                () -> JweEncrypter.builder(wrap, many(8)).build(),
                () -> JweEncrypter.builder(password).build(),
                () -> JweEncrypter.builder(binary).policy(PASSWORDS).build(),
                () -> JweEncrypter.builder(wrap).policy(narrow).build(),
                () -> JweEncrypter.builder(wrap)
                        .contentEncryption(Algorithm.A256KW)
                        .build(),
                () -> JweEncrypter.builder(direct)
                        .contentEncryption(Algorithm.A256GCM)
                        .build(),
                () -> JweEncrypter.builder(wrap).header("alg", "none"),
                () -> JweEncrypter.builder(wrap).header("crit", List.of("x")),
                () -> JweEncrypter.builder(wrap).header("x", new Object()),
                () -> JweEncrypter.builder(wrap)
                        .agreementInfo(new byte[1], new byte[1])
                        .build(),
                () -> JweDecrypter.builder(DecryptionKey.generate(Algorithm.A256KW))
                        .policy(narrow)
                        .build(),
                () -> JweDecrypter.builder(JweForge.KEY)
                        .contentEncryption(Algorithm.A256KW)
                        .build(),
                () -> JweDecrypter.builder(JweForge.KEY).understand("kid", header -> true),
                () -> JweDecrypter.builder(JweForge.KEY, JweForge.KEY).build(),
                () -> JweDecrypter.builder(
                                DecryptionKey.secret(Algorithm.PBES2_HS256_A128KW, password("correct horse")))
                        .build());
        for (int i = 0; i < misuses.size(); i++) {
            assertThatThrownBy(misuses.get(i)::run).as("misuse %d", i).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void encrypt_keyThatIsNotValidNow_isRefused() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        EncryptionKey key = DecryptionKey.generate(Algorithm.A256KW).encryptionKey();
        for (EncryptionKey outdated :
                List.of(key.withValidity(null, now), key.withValidity(now.plusSeconds(1), null))) {
            JweEncrypter encrypter = JweEncrypter.builder(outdated)
                    .clock(InstantSource.fixed(now))
                    .build();
            assertThatThrownBy(() -> encrypter.encrypt(CONTENT)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> encrypter.encryptJson(CONTENT)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void encrypt_contentOverTheLimit_isTooLarge() {
        SecurityPolicy small = limited(100);
        JweEncrypter encrypter =
                JweEncrypter.builder(JweForge.KEY.encryptionKey()).policy(small).build();
        assertThat(JweDecrypter.builder(JweForge.KEY)
                        .policy(small)
                        .build()
                        .decrypt(encrypter.encrypt(new byte[100]))
                        .contentBytes())
                .hasSize(100);
        assertThatThrownBy(() -> encrypter.encrypt(new byte[101])).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> encrypter.encryptJson(new byte[1], new byte[101]))
                .isInstanceOf(InvalidMessageException.class);
    }

    // ---- keys of the decrypter
    // ---------------------------------------------------------------------------------------

    @Test
    void decrypt_keyset_selectsByKeyId() {
        DecryptionKey old = DecryptionKey.generate(Algorithm.A256KW);
        DecryptionKey next = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW);
        Keyset<DecryptionKey> keyset = Keyset.of(old).add(next).promote(next.id());
        JweDecrypter decrypter = JweDecrypter.builder(keyset).build();
        for (DecryptionKey key : List.of(old, next)) {
            String message = JweEncrypter.builder(key.encryptionKey()).build().encrypt(CONTENT);
            assertThat(decrypter.decrypt(message).key().id()).isEqualTo(key.id());
            assertThat(decrypter.decrypt(message).contentBytes()).isEqualTo(CONTENT);
        }
    }

    @Test
    void decrypt_disabledOrOutdatedKey_isRefused() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        String message = JweForge.compact(JweForge.HEADER);
        DecryptionKey key = JweForge.KEY;
        for (DecryptionKey unusable : List.of(
                key.withStatus(KeyStatus.DISABLED),
                key.withValidity(null, now),
                key.withValidity(now.plusSeconds(1), null))) {
            assertSameFailure(
                    JweDecrypter.builder(unusable)
                            .clock(InstantSource.fixed(now))
                            .build(),
                    message);
        }
        DecryptionKey usable = key.withStatus(KeyStatus.VERIFY_ONLY).withValidity(now, now.plusSeconds(1));
        assertThatCode(() -> JweDecrypter.builder(usable)
                        .clock(InstantSource.fixed(now))
                        .build()
                        .decrypt(message))
                .doesNotThrowAnyException();
    }

    @Test
    void decrypt_contentEncryptionOutsideTheChosen_isRefused() {
        assertSameFailure(
                JweDecrypter.builder(DecryptionKey.generate(Algorithm.A256KW))
                        .contentEncryption(Algorithm.A256GCM)
                        .build(),
                JweForge.compact("\"alg\":\"A256KW\",\"enc\":\"A128GCM\""));
        SecurityPolicy narrow =
                SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.A256KW, Algorithm.A128GCM));
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW);
        assertSameFailure(
                JweDecrypter.builder(key).policy(narrow).build(),
                JweEncrypter.builder(key.encryptionKey()).build().encrypt(CONTENT));
    }

    // ---- malformed messages
    // ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"alg\":\"dir\"",
                "\"enc\":\"A256GCM\"",
                "\"alg\":1,\"enc\":\"A256GCM\"",
                "\"alg\":null,\"enc\":\"A256GCM\"",
                "\"alg\":\"dir\",\"enc\":[\"A256GCM\"]",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":7",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":null",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"cty\":{}",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"typ\":1",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":null",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[]",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":\"exp\",\"exp\":1",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"exp\"]",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"exp\",\"exp\"],\"exp\":1",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"enc\"]",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[1]",
                "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"other\"],\"other\":1",
                "\"alg\":\"dir\",\"alg\":\"dir\",\"enc\":\"A256GCM\"",
                "\"alg\":\"dir\",\"\\u0061lg\":\"dir\",\"enc\":\"A256GCM\""
            })
    void decrypt_headerThatBreaksARule_isInvalid(String header) {
        JweDecrypter decrypter = JweDecrypter.builder(JweForge.KEY)
                .understand("exp", members -> true)
                .build();
        String message = JweForge.compact(header);
        assertThatThrownBy(() -> decrypter.decrypt(message)).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void decrypt_criticalExtensionThatIsUnderstood_isDecrypted() {
        String message = JweForge.compact(JweForge.HEADER + ",\"crit\":[\"exp\"],\"exp\":1");
        assertThat(JweDecrypter.builder(JweForge.KEY)
                        .understand("exp", header -> header.integer("exp").isPresent())
                        .build()
                        .decrypt(message)
                        .header()
                        .integer("exp"))
                .contains(1L);
    }

    @Test
    void decrypt_extensionWithAnotherValueThanIsUnderstood_cannotBeDecrypted() {
        for (String crit : List.of(",\"crit\":[\"exp\"]", "")) {
            String message = JweForge.compact(JweForge.HEADER + crit + ",\"exp\":2");
            JweDecrypter.Builder decrypter = JweDecrypter.builder(JweForge.KEY);
            assertThatThrownBy(() -> decrypter
                            .understand("exp", header -> header.integer("exp").equals(Optional.of(1L)))
                            .build()
                            .decrypt(message))
                    .isInstanceOf(DecryptionException.class);
            assertThatThrownBy(() -> decrypter
                            .understand("exp", header -> {
                                throw new IllegalArgumentException();
                            })
                            .build()
                            .decrypt(message))
                    .isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void decrypt_headerTooLongOrKeyIdTooLong_isTooLarge() {
        JweDecrypter decrypter = JweDecrypter.builder(JweForge.KEY).build();
        for (String message : List.of(
                JweForge.compact("\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + "k".repeat(257) + "\""),
                JweForge.compact(JweForge.HEADER + ",\"x\":\"" + "k".repeat(16 << 10) + "\""),
                "x".repeat(15 << 20))) {
            assertThatThrownBy(() -> decrypter.decrypt(message))
                    .isInstanceOfSatisfying(
                            InvalidMessageException.class,
                            e -> assertThat(e.isTooLarge()).isTrue());
        }
        String json = JweForge.json(JweForge.HEADER, ",\"x\":\"" + "x".repeat(40 << 20) + "\"");
        assertThatThrownBy(() -> decrypter.decryptJson(json))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    @Test
    void decrypt_encryptedKeyOfAWrongLength_isInvalid() throws Exception {
        for (DecryptionKey key : (Iterable<DecryptionKey>) keys()::iterator) {
            String[] parts = JweEncrypter.builder(key.encryptionKey())
                    .policy(PASSWORDS)
                    .build()
                    .encrypt(CONTENT)
                    .split("\\.", -1);
            byte[] encrypted = Base64Url.decode(parts[1]);
            JweDecrypter decrypter = JweDecrypter.builder(key).policy(PASSWORDS).build();
            parts[1] = Base64Url.encode(Arrays.copyOf(encrypted, encrypted.length + 8));
            assertThatThrownBy(() -> decrypter.decrypt(String.join(".", parts)))
                    .as(key.toString())
                    .isInstanceOf(InvalidMessageException.class);
            if (encrypted.length > 0) {
                parts[1] = "";
                assertThatThrownBy(() -> decrypter.decrypt(String.join(".", parts)))
                        .isInstanceOf(InvalidMessageException.class);
            }
        }
    }

    // ---- JSON forms
    // --------------------------------------------------------------------------------------------------

    @Test
    void decryptJson_unknownMembers_areIgnored() {
        JweDecrypter decrypter = JweDecrypter.builder(JweForge.KEY).build();
        for (String more : List.of(
                "",
                ",\"x\":1",
                ",\"unprotected\":{\"x\":1}",
                ",\"header\":{\"x\":1}",
                ",\"recipients\":[{}]",
                ",\"recipients\":[{\"header\":{\"x\":1},\"y\":2}]")) {
            DecryptedJwe decrypted = decrypter.decryptJson(JweForge.json(JweForge.HEADER, more));
            assertThat(decrypted.contentBytes()).isEqualTo(RfcKeys.utf8("content"));
            assertThat(decrypted.header().names()).containsExactly("alg", "enc", "kid");
            assertThat(decrypted.additionalData()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"unprotected\":{\"kid\":\"k\"}",
                ",\"unprotected\":{\"zip\":\"DEF\"}",
                ",\"unprotected\":{\"crit\":[\"x\"],\"x\":1}",
                ",\"unprotected\":{\"cty\":\"json\"}",
                ",\"unprotected\":{\"x\":1},\"header\":{\"x\":1}",
                ",\"unprotected\":{\"tenant\":1}",
                ",\"unprotected\":[]",
                ",\"unprotected\":null",
                ",\"header\":{\"tenant\":1}",
                ",\"header\":{\"epk\":{}}",
                ",\"header\":{\"typ\":\"x\"}",
                ",\"header\":\"x\"",
                ",\"encrypted_key\":\"\"",
                ",\"encrypted_key\":\"AA\"",
                ",\"encrypted_key\":\"A\"",
                ",\"encrypted_key\":1",
                ",\"aad\":\"\"",
                ",\"aad\":\"A A\"",
                ",\"iv\":\"AAAA\"",
                ",\"recipients\":[]",
                ",\"recipients\":{}",
                ",\"recipients\":null",
                ",\"recipients\":[1]",
                ",\"recipients\":[{}],\"header\":{}",
                ",\"recipients\":[{\"header\":{\"alg\":\"dir\"}}]",
                ",\"recipients\":[{}],\"encrypted_key\":\"AA\"",
                ",\"payload\":\"AA\"",
                ",\"signatures\":[]",
                ",\"signature\":\"AA\""
            })
    void decryptJson_documentThatBreaksARule_isInvalid(String more) {
        JweDecrypter decrypter = JweDecrypter.builder(JweForge.KEY).build();
        String header = "\"alg\":\"dir\",\"enc\":\"A256GCM\",\"tenant\":2";
        assertThat(decrypter.decryptJson(JweForge.json(header, "")).header().integer("tenant"))
                .contains(2L);
        assertThatThrownBy(() -> decrypter.decryptJson(JweForge.json(header, more)))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void decryptJson_unprotectedAlgOrEnc_isInvalid() {
        JweDecrypter decrypter = JweDecrypter.builder(JweForge.KEY).build();
        for (String json : List.of(
                JweForge.json("\"enc\":\"A256GCM\"", ",\"unprotected\":{\"alg\":\"dir\"}"),
                JweForge.json("\"enc\":\"A256GCM\"", ",\"header\":{\"alg\":\"dir\"}"),
                JweForge.json("\"alg\":\"dir\"", ",\"header\":{\"enc\":\"A256GCM\"}"),
                JweForge.json("\"alg\":\"dir\"", ",\"recipients\":[{\"header\":{\"enc\":\"A256GCM\"}},{}]"),
                JweForge.json("\"alg\":\"dir\"", ",\"unprotected\":{\"enc\":\"A256GCM\"},\"recipients\":[{},{}]"))) {
            assertThatThrownBy(() -> decrypter.decryptJson(json)).isInstanceOf(InvalidMessageException.class);
        }
    }

    @Test
    void decryptJson_changedKeyIdAlgOrParameterOfARecipient_isTheSameFailure() {
        DecryptionKey one = DecryptionKey.generate(Algorithm.A256GCMKW).withId("one");
        DecryptionKey two = DecryptionKey.generate(Algorithm.A256KW).withId("two");
        String json = JweEncrypter.builder(one.encryptionKey(), two.encryptionKey())
                .build()
                .encryptJson(CONTENT);
        JweDecrypter decrypter = JweDecrypter.builder(one).build();
        assertThat(decrypter.decryptJson(json).contentBytes()).isEqualTo(CONTENT);
        for (String changed : List.of(
                json.replace("\"one\"", "\"three\""),
                json.replace("A256GCMKW", "A128GCMKW"),
                json.replace("A256GCMKW", "dir"),
                json.replaceFirst("\"iv\":\"....", "\"iv\":\"AAAA"),
                json.replace("\"one\"", "\"x\"").replace("\"two\"", "\"one\""))) {
            assertThatThrownBy(() -> decrypter.decryptJson(changed)).isExactlyInstanceOf(DecryptionException.class);
        }
    }

    @Test
    void decryptJson_twoNamelessRecipients_areNotTried() {
        DecryptionKey one = DecryptionKey.generate(Algorithm.A256KW);
        DecryptionKey two = DecryptionKey.generate(Algorithm.A256KW);
        String json = JweEncrypter.builder(one.encryptionKey(), two.encryptionKey())
                .withoutKeyId()
                .build()
                .encryptJson(CONTENT);
        assertThatThrownBy(() -> JweDecrypter.builder(one).build().decryptJson(json))
                .isInstanceOf(DecryptionException.class);
    }

    @Test
    void decryptJson_changedAdditionalData_isTheSameFailure() {
        DecryptionKey key = DecryptionKey.generate(Algorithm.A256KW);
        String json = JweEncrypter.builder(key.encryptionKey()).build().encryptJson(CONTENT, RfcKeys.utf8("aad"));
        JweDecrypter decrypter = JweDecrypter.builder(key).build();
        assertThatThrownBy(() -> decrypter.decryptJson(json.replace("YWFk", "YWFl")))
                .isInstanceOf(DecryptionException.class);
        assertThatThrownBy(() -> decrypter.decryptJson(json.replace(",\"aad\":\"YWFk\"", "")))
                .isInstanceOf(DecryptionException.class);
    }

    // ---- what is told
    // ------------------------------------------------------------------------------------------------

    @Test
    void listener_isToldOfEveryMessageWithoutItsContent() {
        List<SecurityEvent> events = new ArrayList<>();
        JweEncrypter encrypter = JweEncrypter.builder(JweForge.KEY.encryptionKey())
                .listener(events::add)
                .build();
        JweDecrypter decrypter =
                JweDecrypter.builder(JweForge.KEY).listener(events::add).build();
        String message = encrypter.encrypt(CONTENT);
        decrypter.decrypt(message);
        assertThatThrownBy(() -> decrypter.decrypt(message + "A")).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> decrypter.decrypt(JweForge.compact("\"alg\":\"A256KW\",\"enc\":\"A256GCM\"")))
                .isInstanceOf(DecryptionException.class);
        assertThat(events.stream().map(e -> e.type() + " " + e.format() + " " + e.code()))
                .containsExactly(
                        "ENCRYPTED jwe ok",
                        "DECRYPTED jwe ok",
                        "REJECTED jwe message-malformed",
                        "REJECTED jwe decryption-failed");
        JweDecrypter careless = JweDecrypter.builder(JweForge.KEY)
                .listener(event -> {
                    throw new IllegalStateException();
                })
                .build();
        assertThat(careless.decrypt(message).contentBytes()).isEqualTo(CONTENT);
    }

    @Test
    void plaintext_isACopy_andToStringShowsNone() {
        DecryptedJwe decrypted = JweDecrypter.builder(JweForge.KEY).build().decrypt(JweForge.compact(JweForge.HEADER));
        decrypted.contentBytes()[0] = 0;
        assertThat(decrypted.contentBytes()).isEqualTo(RfcKeys.utf8("content"));
        assertThat(decrypted.toString()).isEqualTo("DecryptedJwe[key=k, A256GCM, A256GCM, 7 bytes]");
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private static Set<Algorithm> contentEncryption() {
        Set<Algorithm> all = EnumSet.allOf(Algorithm.class);
        all.removeIf(algorithm -> !algorithm.isContentEncryption());
        assertThat(all).hasSize(6);
        return all;
    }

    private static EncryptionKey[] many(int count) {
        return Stream.generate(() -> DecryptionKey.generate(Algorithm.A256KW).encryptionKey())
                .limit(count)
                .toArray(EncryptionKey[]::new);
    }

    static SecretBytes password(String text) {
        return SecretBytes.copyOf(RfcKeys.utf8(text));
    }

    static SecurityPolicy limited(int bodyBytes) {
        SecurityPolicy policy = SecurityPolicy.recommended2026();
        return policy.withLimits(policy.limits().withMaxBodyBytes(bodyBytes).withMaxBodyBytesInMemory(bodyBytes));
    }
}
