// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationKey;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Attacks on signed tokens that other libraries fell for. Each test first shows that the token without the attack is good. */
class JwsPastVulnerabilitiesTest {
    private static final byte[] PAYLOAD = RfcKeys.utf8("{\"sub\":\"alice\"}");
    private static final SigningKey MAC = SigningKey.generate(Algorithm.HS256).withId("mac");
    private static final SigningKey EC = SigningKey.generate(Algorithm.ES256).withId("ec");
    private static final SigningKey ED = SigningKey.generate(Algorithm.ED25519).withId("ed");
    private static final SigningKey RSA = SigningKey.generate(Algorithm.RS256).withId("rsa");
    private static final JwsVerifier ALL = Tokens.verifier(MAC, EC, ED, RSA);
    private static final String GOOD = JwsSigner.builder(MAC).build().sign(PAYLOAD);
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    // ---- algorithms ------------------------------------------------------------------------------------------------

    @Test
    void verify_algNoneInAnySpelling_isRejected() {
        String payload = Base64Url.encode(PAYLOAD);
        for (String none : List.of("none", "None", "NONE", "nOnE", " none", "none ", "none\\u0000", "\\u006eone", "")) {
            for (String kid : List.of("", ",\"kid\":\"mac\"", ",\"kid\":\"ec\"", ",\"kid\":\"none\"")) {
                String header = Tokens.part("{\"alg\":\"" + none + "\"" + kid + "}");
                for (String signature : List.of("", "AA", GOOD.substring(GOOD.lastIndexOf('.') + 1))) {
                    String compact = header + "." + payload + "." + signature;
                    assertNotTrusted(() -> ALL.verify(compact));
                    assertNotTrusted(() -> Tokens.verifier(MAC).verify(compact));
                    assertNotTrusted(() -> ALL.verifyJson(Tokens.flattened(compact, "")));
                    assertNotTrusted(() -> ALL.verifyDetached(header + ".." + signature, PAYLOAD));
                }
            }
        }
        for (String noAlg :
                List.of("{}", "{\"alg\":null}", "{\"alg\":[\"none\"]}", "{\"alg\":false}", "{\"kid\":\"mac\"}")) {
            Tokens.assertMalformed("alg", () -> ALL.verify(Tokens.sign(MAC, noAlg, PAYLOAD)));
        }
    }

    @Test
    void verify_publicKeyAsMacSecret_isRejected() {
        byte[] encoded = RSA.verificationKey().publicKey().orElseThrow().getEncoded();
        for (byte[] secret : List.of(
                encoded,
                RfcKeys.utf8(RSA.verificationKey().toPem()),
                RfcKeys.utf8(Base64.getEncoder().encodeToString(encoded)))) {
            String header = Tokens.part("{\"alg\":\"HS256\",\"kid\":\"rsa\"}");
            String input = header + "." + Base64Url.encode(PAYLOAD);
            String forged = input + "." + Base64Url.encode(hmac(secret, input));
            Tokens.assertRefused(Reason.ALGORITHM_MISMATCH, () -> ALL.verify(forged));
            Tokens.assertRefused(Reason.ALGORITHM_MISMATCH, () -> ALL.verifyJson(Tokens.flattened(forged, "")));
        }
    }

    @Test
    void verify_otherAlgThanTheKeys_isRejectedBeforeCryptography() {
        for (SigningKey key : List.of(MAC, EC, ED, RSA)) {
            for (Algorithm other : Algorithm.values()) {
                if (other == key.algorithm()) {
                    continue;
                }
                String header = "{\"alg\":\"" + other.joseName() + "\",\"kid\":\"" + key.id() + "\"}";
                Tokens.assertRefused(Reason.ALGORITHM_MISMATCH, () -> ALL.verify(Tokens.sign(key, header, PAYLOAD)));
            }
            for (String spelling : List.of("hs256", "es256", "rs256", "HS256 ", "ed25519", "EdDSA")) {
                String header = "{\"alg\":\"" + spelling + "\",\"kid\":\"" + key.id() + "\"}";
                Tokens.assertRefused(Reason.ALGORITHM_MISMATCH, () -> ALL.verify(Tokens.sign(key, header, PAYLOAD)));
            }
        }
    }

    @Test
    void verify_algorithmOutsideThePolicy_isRejected() {
        SecurityPolicy strict = SecurityPolicy.recommended2026().withAlgorithms(Set.of(Algorithm.ES256));
        JwsVerifier verifier =
                JwsVerifier.builder(Tokens.resolver(MAC, EC)).policy(strict).build();
        assertThat(verifier.verify(JwsSigner.builder(EC).build().sign(PAYLOAD)).contentBytes())
                .isEqualTo(PAYLOAD);
        Tokens.assertRefused(Reason.ALGORITHM_NOT_ALLOWED, () -> verifier.verify(GOOD));
        assertThatThrownBy(() -> JwsSigner.builder(MAC).policy(strict).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verify_ecdsaOutOfRangeOrInDer_isRejected() {
        String input = Tokens.part("{\"alg\":\"ES256\",\"kid\":\"ec\"}") + "." + Base64Url.encode(PAYLOAD);
        byte[] good = EC.sign(RfcKeys.utf8(input));
        assertThat(ALL.verify(input + "." + Base64Url.encode(good)).contentBytes())
                .isEqualTo(PAYLOAD);
        BigInteger n = ((ECPublicKey) EC.verificationKey().publicKey().orElseThrow())
                .getParams()
                .getOrder();
        List<byte[]> bad = new ArrayList<>();
        bad.add(new byte[64]);
        BigInteger[] ends = {BigInteger.ZERO, BigInteger.ONE, n.subtract(BigInteger.ONE), n, n.add(BigInteger.ONE)};
        for (BigInteger r : ends) {
            for (BigInteger s : ends) {
                byte[] both = new byte[64];
                fill(both, 32, r);
                fill(both, 64, s);
                bad.add(both);
            }
        }
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, 32, 64));
        bad.add(der(r, s));
        bad.add(der(BigInteger.ZERO, BigInteger.ZERO));
        bad.add(new byte[] {0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00});
        bad.add(Arrays.copyOf(good, 63));
        bad.add(Arrays.copyOf(good, 65));
        bad.add(new byte[0]);
        for (byte[] signature : bad) {
            String forged = input + "." + Base64Url.encode(signature);
            Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> ALL.verify(forged));
        }
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> ALL.verify(input + ".MAYCAQACAQA"));
    }

    @Test
    void verify_truncatedOrExtendedSignature_isRejected() {
        for (SigningKey key : List.of(MAC, EC, ED, RSA)) {
            String input = JwsSigner.builder(key).build().sign(PAYLOAD);
            byte[] good = Base64Url.decode(input.substring(input.lastIndexOf('.') + 1));
            String rest = input.substring(0, input.lastIndexOf('.') + 1);
            for (int length : new int[] {0, 1, good.length / 2, good.length - 1, good.length + 1, good.length * 2}) {
                Tokens.assertRefused(
                        Reason.SIGNATURE_INVALID,
                        () -> ALL.verify(rest + Base64Url.encode(Arrays.copyOf(good, length))));
            }
        }
    }

    @Test
    void hmac_shortSecret_isRejected() {
        for (int length : new int[] {0, 1, 16, 31}) {
            byte[] secret = new byte[length];
            for (int i = 0; i < length; i++) {
                secret[i] = (byte) (i * 37 + 11);
            }
            assertThatThrownBy(() -> SigningKey.hmac(Algorithm.HS256, SecretBytes.copyOf(secret)))
                    .isInstanceOf(IllegalArgumentException.class);
            Tokens.assertMalformed(
                    "k",
                    () -> Jwks.readPrivateSigning(RfcKeys.set("\"kty\":\"oct\",\"kid\":\"a\",\"alg\":\"HS256\",\"k\":\""
                            + Base64Url.encode(secret) + "\"")));
        }
    }

    // ---- what counts as protected ----------------------------------------------------------------------------------

    @Test
    void verifyJson_headersOutsideTheProtectedOne_areNeverObeyed() {
        String withoutKid = JwsSigner.builder(MAC).withoutKeyId().build().sign(PAYLOAD);
        assertThat(ALL.verifyJson(Tokens.flattened(GOOD, "{\"note\":\"unprotected\"}"))
                        .header()
                        .names())
                .containsExactly("alg", "kid");
        // A key id from there would choose the key.
        Tokens.assertRefused(
                Reason.KEY_UNKNOWN, () -> ALL.verifyJson(Tokens.flattened(withoutKid, "{\"kid\":\"mac\"}")));
        Tokens.assertMalformed("protected", () -> ALL.verifyJson(Tokens.flattened(GOOD, "{\"kid\":\"mac\"}")));
        for (String bad : List.of(
                "{\"alg\":\"HS256\"}",
                "{\"alg\":\"none\"}",
                "{\"crit\":[\"exp\"],\"exp\":1}",
                "{\"crit\":[]}",
                "{\"b64\":false}",
                "{\"b64\":true}",
                "null",
                "[]",
                "\"\"")) {
            assertNotTrusted(() -> ALL.verifyJson(Tokens.flattened(GOOD, bad)));
        }
        String noAlg = Tokens.sign(MAC, "{\"kid\":\"mac\"}", PAYLOAD);
        Tokens.assertMalformed("alg", () -> ALL.verifyJson(Tokens.flattened(noAlg, "{\"alg\":\"HS256\"}")));
        String[] parts = GOOD.split("\\.");
        Tokens.assertMalformed(
                "no protected header",
                () -> ALL.verifyJson("{\"payload\":\"" + parts[1]
                        + "\",\"header\":{\"alg\":\"HS256\",\"kid\":\"mac\"},\"signature\":\"" + parts[2] + "\"}"));
        assertNotTrusted(() -> ALL.verifyJson("{\"payload\":\"" + parts[1] + "\",\"protected\":\"\","
                + "\"header\":{\"alg\":\"HS256\",\"kid\":\"mac\"},\"signature\":\""
                + Base64Url.encode(MAC.sign(RfcKeys.utf8("." + parts[1]))) + "\"}"));
    }

    @Test
    void verify_everyRuleOfCrit_isObeyed() {
        JwsVerifier understanding = JwsVerifier.builder(Tokens.resolver(MAC))
                .understand("known", header -> header.string("known").isPresent())
                .build();
        String good = "{\"alg\":\"HS256\",\"known\":\"x\",\"crit\":[\"known\"]}";
        assertThat(understanding.verify(Tokens.sign(MAC, good, PAYLOAD)).contentBytes())
                .isEqualTo(PAYLOAD);
        for (String malformed : List.of(
                "\"crit\":[]",
                "\"crit\":null",
                "\"crit\":\"known\",\"known\":\"x\"",
                "\"crit\":{\"known\":true},\"known\":\"x\"",
                "\"crit\":[1],\"1\":\"x\"",
                "\"crit\":[[\"known\"]],\"known\":\"x\"",
                "\"crit\":[null]",
                "\"crit\":[\"known\"]",
                "\"crit\":[\"known\",\"known\"],\"known\":\"x\"",
                "\"crit\":[\"alg\"]",
                "\"crit\":[\"kid\"],\"kid\":\"mac\"",
                "\"crit\":[\"crit\"]",
                "\"crit\":[\"typ\"],\"typ\":\"JOSE\"",
                "\"crit\":[\"jwk\"],\"jwk\":{}",
                "\"crit\":[\"zip\"],\"zip\":\"DEF\"",
                "\"crit\":[\"\"]",
                "\"crit\":[\"b64\"]",
                "\"crit\":[\"b64\",\"b64\"],\"b64\":true")) {
            String token = Tokens.sign(MAC, "{\"alg\":\"HS256\"," + malformed + "}", PAYLOAD);
            Tokens.assertMalformed("", () -> understanding.verify(token));
            Tokens.assertMalformed("", () -> understanding.verifyJson(Tokens.flattened(token, "")));
        }
        for (String unknown : List.of(
                "\"crit\":[\"unknown\"],\"unknown\":1",
                "\"crit\":[\"known\",\"exp\"],\"known\":\"x\",\"exp\":1",
                "\"crit\":[\"Known\"],\"Known\":\"x\"",
                "\"crit\":[\"known \"],\"known \":\"x\"")) {
            String token = Tokens.sign(MAC, "{\"alg\":\"HS256\"," + unknown + "}", PAYLOAD);
            Tokens.assertRefused(Reason.CRITICAL_NOT_UNDERSTOOD, () -> understanding.verify(token));
        }
        // Understood, but its own check says no; also where crit does not name it.
        for (String refused : List.of("\"crit\":[\"known\"],\"known\":1", "\"known\":1", "\"known\":null")) {
            String token = Tokens.sign(MAC, "{\"alg\":\"HS256\"," + refused + "}", PAYLOAD);
            Tokens.assertRefused(Reason.HEADER_UNEXPECTED, () -> understanding.verify(token));
        }
    }

    @Test
    void verify_unencodedPayloadWithoutCrit_isRejected() {
        for (String b64 : List.of(
                "\"b64\":false",
                "\"b64\":true",
                "\"b64\":\"false\",\"crit\":[\"b64\"]",
                "\"b64\":0,\"crit\":[\"b64\"]",
                "\"b64\":null,\"crit\":[\"b64\"]")) {
            String token = Tokens.signParts(MAC, Tokens.part("{\"alg\":\"HS256\"," + b64 + "}"), "payload");
            String detached = token.replace(".payload.", "..");
            JwsVerifier verifier = Tokens.verifier(MAC);
            Tokens.assertMalformed("b64", () -> verifier.verifyDetached(detached, RfcKeys.utf8("payload")));
            Tokens.assertMalformed("b64", () -> verifier.verify(token));
            Tokens.assertMalformed("b64", () -> verifier.verifyJson(Tokens.flattened(token, "")));
        }
        // One text, two meanings: an unencoded payload that looks like base64url keeps its own.
        JwsSigner unencoded = JwsSigner.builder(MAC).unencodedPayload().build();
        byte[] text = RfcKeys.utf8("cGF5bG9hZA");
        assertThat(ALL.verifyJson(unencoded.signJson(text)).contentBytes()).isEqualTo(text);
        String swapped = JwsSigner.builder(MAC).build().signDetached(RfcKeys.utf8("payload"));
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> ALL.verifyDetached(swapped, text));
    }

    // ---- one spelling ----------------------------------------------------------------------------------------------

    @Test
    void verify_base64OfAnotherSpelling_isRejectedInEveryPart() {
        for (SigningKey key : List.of(MAC, ED)) {
            for (int size = 14; size < 17; size++) {
                String compact = JwsSigner.builder(key).build().sign(Arrays.copyOf(PAYLOAD, size));
                assertThatCode(() -> ALL.verify(compact)).doesNotThrowAnyException();
                String[] parts = compact.split("\\.");
                for (int part = 0; part < 3; part++) {
                    for (String other : otherSpellings(parts[part])) {
                        String[] changed = parts.clone();
                        changed[part] = other;
                        String bad = String.join(".", changed);
                        assertNotTrusted(() -> ALL.verify(bad));
                        if (part < 2 && other.chars().noneMatch(c -> c < ' ')) {
                            // Signed over this very spelling, it must be refused too.
                            String signed = Tokens.signParts(key, changed[0], changed[1]);
                            Tokens.assertMalformed("base64url", () -> ALL.verify(signed));
                            Tokens.assertMalformed("base64url", () -> ALL.verifyJson(Tokens.flattened(signed, "")));
                        } else if (part == 2) {
                            Tokens.assertMalformed("base64url", () -> ALL.verify(bad));
                        }
                    }
                }
            }
        }
    }

    @Test
    void verify_duplicateMembers_areRejected() {
        for (String header : List.of(
                "{\"alg\":\"HS256\",\"kid\":\"mac\",\"kid\":\"mac\"}",
                "{\"alg\":\"none\",\"kid\":\"mac\",\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\",\"kid\":\"ec\",\"\\u006bid\":\"mac\"}",
                "{\"alg\":\"HS256\",\"kid\":\"mac\",\"\\u0061\\u006C\\u0067\":\"none\"}",
                "{\"alg\":\"HS256\",\"kid\":\"mac\",\"x\":{\"a\":1,\"\\u0061\":2}}")) {
            String token = Tokens.sign(MAC, header, PAYLOAD);
            Tokens.assertMalformed("duplicate", () -> ALL.verify(token));
            Tokens.assertMalformed("duplicate", () -> ALL.verifyJson(Tokens.flattened(token, "")));
        }
        String flattened = Tokens.flattened(GOOD, "");
        for (String twice : List.of(
                "\"payload\":\"\"", "\"pa\\u0079load\":\"\"", "\"signature\":\"AA\"", "\"protected\":\"e30\"")) {
            Tokens.assertMalformed(
                    "duplicate",
                    () -> ALL.verifyJson(flattened.substring(0, flattened.length() - 1) + "," + twice + "}"));
        }
    }

    @Test
    void verify_malformedUtf8OrSurrogates_areRejected() {
        byte[][] bad = {
            {(byte) 0xff},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {(byte) 0xe2, (byte) 0x82}
        };
        for (byte[] bytes : bad) {
            byte[] start = RfcKeys.utf8("{\"alg\":\"HS256\",\"kid\":\"mac\",\"x\":\"");
            byte[] header = Arrays.copyOf(start, start.length + bytes.length + 2);
            System.arraycopy(bytes, 0, header, start.length, bytes.length);
            header[header.length - 2] = '"';
            header[header.length - 1] = '}';
            String token = Tokens.signParts(MAC, Base64Url.encode(header), Base64Url.encode(PAYLOAD));
            Tokens.assertMalformed("UTF-8", () -> ALL.verify(token));
        }
        for (String escape : List.of("\\ud800", "\\udc00", "\\ud83d\\ud83d", "\\ud83dx")) {
            String token = Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":\"mac\",\"x\":\"" + escape + "\"}", PAYLOAD);
            Tokens.assertMalformed("surrogate", () -> ALL.verify(token));
        }
        String marked = Tokens.sign(MAC, "\ufeff{\"alg\":\"HS256\",\"kid\":\"mac\"}", PAYLOAD);
        Tokens.assertMalformed("byte order mark", () -> ALL.verify(marked));
    }

    // ---- finding the key -------------------------------------------------------------------------------------------

    @Test
    void verify_keysAndAddressesInTheMessage_areNotUsed() throws Exception {
        SigningKey attacker = SigningKey.generate(Algorithm.ES256);
        Map<String, Object> published =
                StrictJson.readObject(Jwks.toPublicJson(Keyset.of(attacker)), Limits.recommended2026());
        String embedded =
                new String(JsonText.write(Vectors.objects(published, "keys").get(0)), StandardCharsets.UTF_8);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "\"http://127.0.0.1:" + listener.getLocalPort() + "/keys\"";
            for (String header : List.of(
                    "\"jwk\":" + embedded,
                    "\"jku\":" + url,
                    "\"x5u\":" + url,
                    "\"x5c\":[\"MIIB\"]",
                    "\"jwk\":" + embedded + ",\"jku\":" + url + ",\"x5u\":" + url)) {
                String named = "{\"alg\":\"ES256\",\"kid\":\"" + attacker.id() + "\"," + header + "}";
                Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> ALL.verify(Tokens.sign(attacker, named, PAYLOAD)));
                String unnamed = "{\"alg\":\"ES256\"," + header + "}";
                Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> ALL.verify(Tokens.sign(attacker, unnamed, PAYLOAD)));
                String borrowed = "{\"alg\":\"ES256\",\"kid\":\"ec\"," + header + "}";
                Tokens.assertRefused(
                        Reason.SIGNATURE_INVALID, () -> ALL.verify(Tokens.sign(attacker, borrowed, PAYLOAD)));
                // The same headers beside a good signature are passed over, and not looked at.
                assertThat(ALL.verify(Tokens.sign(EC, borrowed, PAYLOAD)).contentBytes())
                        .isEqualTo(PAYLOAD);
                assertNotTrusted(() -> ALL.verifyJson(
                        Tokens.flattened(Tokens.sign(attacker, "{\"alg\":\"ES256\"}", PAYLOAD), "{" + header + "}")));
            }
            listener.setSoTimeout(200);
            assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void verify_secretInTheHeader_isRefused() {
        for (String jwk : List.of(
                "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"d\":\"AA\"}",
                "{}",
                "[]",
                "\"key\"",
                "null")) {
            String header = "{\"alg\":\"ES256\",\"kid\":\"ec\",\"jwk\":" + jwk + "}";
            Tokens.assertMalformed("jwk", () -> ALL.verify(Tokens.sign(EC, header, PAYLOAD)));
        }
    }

    @Test
    void verify_keyIdWithAMeaning_isOnlyLookedUp() {
        List<String> asked = new ArrayList<>();
        JwsVerifier verifier = JwsVerifier.builder(counting(asked)).build();
        for (String kid : List.of(
                "../../etc/passwd",
                "' OR '1'='1",
                "${jndi:ldap://127.0.0.1/a}",
                "http://127.0.0.1/keys",
                "MAC",
                " mac",
                "mac\\u0000",
                "")) {
            asked.clear();
            Tokens.assertRefused(
                    Reason.KEY_UNKNOWN,
                    () -> verifier.verify(Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}", PAYLOAD)));
            assertThat(asked).containsExactly(kid.replace("\\u0000", "\0"));
        }
        asked.clear();
        String longest = "{\"alg\":\"HS256\",\"kid\":\"" + "k".repeat(257) + "\"}";
        Tokens.assertTooLarge(() -> verifier.verify(Tokens.sign(MAC, longest, PAYLOAD)));
        for (String noText : List.of("1", "null", "[\"mac\"]", "{}", "true")) {
            Tokens.assertMalformed(
                    "kid",
                    () -> verifier.verify(Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":" + noText + "}", PAYLOAD)));
        }
        assertThat(asked).as("nothing to look up").isEmpty();
    }

    @Test
    void verify_unknownOrNoKeyId_triesNoOtherKey() {
        List<String> asked = new ArrayList<>();
        JwsVerifier verifier = JwsVerifier.builder(counting(asked)).build();
        String unknown = JwsSigner.builder(MAC).keyId("mac2").build().sign(PAYLOAD);
        Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> verifier.verify(unknown));
        Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> verifier.verifyJson(Tokens.flattened(unknown, "")));
        assertThat(asked).containsExactly("mac2", "mac2");
        asked.clear();
        String unnamed = JwsSigner.builder(MAC).withoutKeyId().build().sign(PAYLOAD);
        Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> verifier.verify(unnamed));
        assertThat(asked).containsExactly("(unnamed)");
        // The right signature under another party's id.
        String borrowed = Tokens.sign(MAC, "{\"alg\":\"ES256\",\"kid\":\"ec\"}", PAYLOAD);
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> verifier.verify(borrowed));
    }

    @Test
    void verify_disabledOutdatedOrUnreachableKey_isRejected() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        VerificationKey key = MAC.verificationKey();
        assertKey(key.withStatus(KeyStatus.DISABLED), Reason.KEY_DISABLED, now);
        assertKey(key.withValidity(now.plusSeconds(3600), null), Reason.KEY_NOT_VALID_NOW, now);
        assertKey(key.withValidity(null, now.minusSeconds(3600)), Reason.KEY_NOT_VALID_NOW, now);
        JwsVerifier down = JwsVerifier.builder(id -> {
                    throw new UnavailableException("the source is down");
                })
                .build();
        assertThatThrownBy(() -> down.verify(GOOD)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> down.verifyJson(Tokens.flattened(GOOD, ""))).isInstanceOf(UnavailableException.class);
    }

    // ---- several signatures ----------------------------------------------------------------------------------------

    @Test
    void verifyJson_severalSignatures_countByKeyAndFailTogether() {
        String mac = GOOD;
        String ec = JwsSigner.builder(EC).build().sign(PAYLOAD);
        String stranger =
                JwsSigner.builder(SigningKey.generate(Algorithm.ES256)).build().sign(PAYLOAD);
        String broken = ec.substring(0, ec.lastIndexOf('.') + 1) + Base64Url.encode(new byte[64]);
        JwsVerifier two =
                JwsVerifier.builder(Tokens.resolver(MAC, EC)).signatures(2).build();
        JwsVerifier one = Tokens.verifier(MAC, EC);

        assertThat(two.verifyJson(Tokens.general(mac, ec)).signatures()).hasSize(2);
        assertThat(two.verifyJson(Tokens.general(mac, stranger, ec)).signatures())
                .hasSize(2);
        assertThat(one.verifyJson(Tokens.general(stranger, mac)).signatures()).hasSize(1);

        Tokens.assertRefused(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> two.verifyJson(Tokens.general(mac, mac)));
        String otherHeader = JwsSigner.builder(MAC).type("other").build().sign(PAYLOAD);
        Tokens.assertRefused(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> two.verifyJson(Tokens.general(mac, otherHeader)));
        Tokens.assertRefused(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> two.verifyJson(Tokens.general(mac, stranger)));
        Tokens.assertRefused(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> two.verify(mac));
        Tokens.assertRefused(Reason.SIGNATURE_NOT_ACCEPTABLE, () -> two.verifyJson(Tokens.flattened(mac, "")));
        Tokens.assertRefused(Reason.KEY_UNKNOWN, () -> one.verifyJson(Tokens.general(stranger, stranger)));
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> one.verifyJson(Tokens.general(mac, broken)));
        Tokens.assertRefused(Reason.SIGNATURE_INVALID, () -> one.verifyJson(Tokens.general(broken, mac)));
        Tokens.assertMalformed("signatures", () -> one.verifyJson("{\"payload\":\"\",\"signatures\":[]}"));
        Tokens.assertMalformed("", () -> one.verifyJson("{\"payload\":\"\"}"));
        Tokens.assertMalformed("", () -> one.verifyJson("{\"payload\":\"\",\"signatures\":{}}"));
        Tokens.assertMalformed("", () -> one.verifyJson("{\"payload\":\"\",\"signatures\":[null]}"));
        String both = Tokens.general(mac);
        Tokens.assertMalformed(
                "flattened and the general",
                () -> one.verifyJson(both.substring(0, both.length() - 1) + ","
                        + Tokens.flattened(mac, "").substring(both.indexOf(',') + 1)));
        String[] many = new String[9];
        Arrays.fill(many, mac);
        Tokens.assertTooLarge(() -> one.verifyJson(Tokens.general(many)));
        assertThatThrownBy(() -> JwsVerifier.builder(Tokens.resolver(MAC)).signatures(0))
                .isInstanceOf(IllegalArgumentException.class);
        // RFC 7797, 3: one signature takes the payload for base64url, the other for text.
        JwsSigner unencoded = JwsSigner.builder(EC).unencodedPayload().build();
        String text = mac.split("\\.")[1];
        String asText = unencoded.signDetached(RfcKeys.utf8(text)).replace("..", "." + text + ".");
        Tokens.assertMalformed("b64", () -> two.verifyJson(Tokens.general(mac, asText)));
    }

    // ---- kinds of messages -----------------------------------------------------------------------------------------

    @Test
    void verify_formsAndKinds_areNeverExchanged() {
        String flattened = Tokens.flattened(GOOD, "");
        assertThat(ALL.verifyJson(flattened).contentBytes()).isEqualTo(PAYLOAD);
        Tokens.assertMalformed("", () -> ALL.verify(flattened));
        assertNotTrusted(() -> ALL.verifyJson(GOOD));
        assertNotTrusted(() -> ALL.verifyJson("\"" + GOOD + "\""));
        assertNotTrusted(() -> ALL.verifyJson("[" + flattened + "]"));
        assertNotTrusted(() -> ALL.verifyJson(flattened + flattened));
        for (String around : List.of(" %s", "%s ", "%s\n", "\"%s\"", "Bearer %s", "%s\0", "\ufeff%s")) {
            assertNotTrusted(() -> ALL.verify(around.replace("%s", GOOD)));
        }
        // JSON text that has two full stops as well, with a good token inside.
        Tokens.assertMalformed("", () -> ALL.verify("{\"a\":\"" + GOOD + "\"}"));
        Tokens.assertMalformed("", () -> ALL.verify("{\"payload.\":\"\",\"signature.\":\"\"}"));
        // A JWE by its parts, its header, or its members.
        String jweHeader = "{\"alg\":\"HS256\",\"kid\":\"mac\",\"enc\":\"A256GCM\"}";
        Tokens.assertMalformed("JWE", () -> ALL.verify(Tokens.sign(MAC, jweHeader, PAYLOAD)));
        Tokens.assertMalformed("three parts", () -> ALL.verify(Tokens.part(jweHeader) + ".AAAA.AAAA.AAAA.AAAA"));
        for (String member : List.of("ciphertext", "iv", "tag", "recipients", "encrypted_key")) {
            Tokens.assertMalformed(
                    "JWE",
                    () -> ALL.verifyJson(flattened.substring(0, flattened.length() - 1) + ",\"" + member + "\":\"\"}"));
        }
    }

    // ---- exhaustion ------------------------------------------------------------------------------------------------

    @Test
    void verify_hugeOrManyParts_isRefusedAtOnce() {
        Tokens.assertTooLarge(() -> ALL.verify(".".repeat(20 << 20)));
        Tokens.assertMalformed("three parts", () -> ALL.verify(".".repeat(1 << 20)));
        Tokens.assertMalformed("three parts", () -> ALL.verify("a".repeat(1 << 20)));
        Tokens.assertMalformed("three parts", () -> ALL.verify(GOOD + "."));
        Tokens.assertMalformed("three parts", () -> ALL.verify(""));
        String longHeader = "{\"alg\":\"HS256\",\"kid\":\"mac\",\"x\":\"" + "x".repeat(16 << 10) + "\"}";
        Tokens.assertTooLarge(() -> ALL.verify(Tokens.sign(MAC, longHeader, PAYLOAD)));
        Tokens.assertTooLarge(() -> ALL.verifyJson("{\"payload\":\"" + "A".repeat(2 << 20) + "\"}"));
        byte[] large = new byte[(10 << 20) + 1];
        String detached = JwsSigner.builder(MAC).build().signDetached(new byte[0]);
        Tokens.assertTooLarge(() -> ALL.verifyDetached(detached, large));
        Tokens.assertTooLarge(() -> ALL.verifyDetached(detached, new ByteArrayInputStream(large)));
    }

    @Test
    void verify_deepOrWideJson_isRefused() {
        String open = "{\"alg\":\"HS256\",\"kid\":\"mac\",\"x\":";
        for (String deep : List.of(
                "[".repeat(5000) + "]".repeat(5000),
                "{\"a\":".repeat(100) + "1" + "}".repeat(100),
                "1" + "0".repeat(100))) {
            assertNotTrusted(() -> ALL.verify(Tokens.sign(MAC, open + deep + "}", PAYLOAD)));
            assertNotTrusted(() -> ALL.verifyJson("{\"payload\":\"\",\"x\":" + deep + "}"));
        }
        Tokens.assertTooLarge(() -> ALL.verifyJson("{\"x\":" + "[".repeat(500_000)));
        Tokens.assertTooLarge(() -> ALL.verifyJson("{\"x\":[" + "1,".repeat(10_000) + "1]}"));
    }

    // ---- leaks -----------------------------------------------------------------------------------------------------

    @Test
    void refusal_ofAnyKind_tellsNothingOfTheMessage() {
        List<SecurityEvent> events = new ArrayList<>();
        JwsVerifier verifier = JwsVerifier.builder(Tokens.resolver(MAC, EC))
                .listener(events::add)
                .understand("canary-name", header -> false)
                .build();
        byte[] secret = RfcKeys.utf8("canary-payload");
        List<String> bad = List.of(
                Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":\"canary-kid\"}", secret),
                Tokens.sign(MAC, "{\"alg\":\"canary-alg\",\"kid\":\"mac\"}", secret),
                Tokens.sign(
                        MAC,
                        "{\"alg\":\"HS256\",\"kid\":\"mac\",\"crit\":[\"canary-crit\"],\"canary-crit\":1}",
                        secret),
                Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":\"mac\",\"x\":canary}", secret),
                Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":\"mac\",\"typ\":{\"canary\":1}}", secret),
                Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":\"mac\",\"canary-name\":\"canary-value\"}", secret),
                Tokens.sign(EC, "{\"alg\":\"HS256\",\"kid\":\"mac\"}", secret),
                "canary",
                "canary.canary.canary!");
        for (String token : bad) {
            for (String form : List.of(token, token.contains(".") ? Tokens.flattened(token, "") : "{\"canary\":1}")) {
                assertThatThrownBy(() -> {
                            if (form.startsWith("{")) {
                                verifier.verifyJson(form);
                            } else {
                                verifier.verify(form);
                            }
                        })
                        .isInstanceOfSatisfying(MessageSecurityException.class, e -> {
                            for (Throwable t = e; t != null; t = t.getCause()) {
                                // The name of a header that this verifier itself asked for may be told.
                                assertThat(String.valueOf(t).replace("canary-name", ""))
                                        .doesNotContain("canary")
                                        .doesNotContain(Base64Url.encode(secret));
                            }
                        });
            }
        }
        assertThat(events).hasSize(bad.size() * 2).allSatisfy(event -> {
            assertThat(event.type()).isEqualTo(SecurityEvent.Type.REJECTED);
            assertThat(event.format()).isEqualTo("jws");
            assertThat(event.toString()).doesNotContain("canary");
        });
        VerifiedJws verified =
                ALL.verify(Tokens.sign(MAC, "{\"alg\":\"HS256\",\"kid\":\"mac\",\"x\":\"canary\"}", secret));
        assertThat(verified + " " + verified.header() + " " + verified.signatures() + " " + ALL)
                .doesNotContain("canary");
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private static void assertNotTrusted(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(MessageSecurityException.class);
    }

    private static void assertKey(VerificationKey key, Reason reason, Instant now) {
        JwsVerifier verifier =
                JwsVerifier.builder(KeyResolver.of(key)).clock(() -> now).build();
        Tokens.assertRefused(reason, () -> verifier.verify(GOOD));
        Tokens.assertRefused(reason, () -> verifier.verifyJson(Tokens.flattened(GOOD, "")));
    }

    /** Notes what it is asked for. */
    private static KeyResolver counting(List<String> asked) {
        KeyResolver keys = Tokens.resolver(MAC, EC, ED, RSA);
        return new KeyResolver() {
            @Override
            public Optional<VerificationKey> resolve(String keyId) {
                asked.add(keyId);
                return keys.resolve(keyId);
            }

            @Override
            public Optional<VerificationKey> resolveUnnamed() {
                asked.add("(unnamed)");
                return keys.resolveUnnamed();
            }
        };
    }

    /** Other texts that lenient decoders take for the same bytes: every setting of the unused bits, padding, strays. */
    private static List<String> otherSpellings(String part) {
        List<String> all = new ArrayList<>();
        int unused = part.length() % 4 == 2 ? 4 : part.length() % 4 == 3 ? 2 : 0;
        int last = ALPHABET.indexOf(part.charAt(part.length() - 1));
        for (int bits = 1; bits < 1 << unused; bits++) {
            all.add(part.substring(0, part.length() - 1) + ALPHABET.charAt(last | bits));
        }
        String middle = part.substring(0, part.length() / 2);
        String rest = part.substring(part.length() / 2);
        for (String stray : List.of("=", "==", "!", " ", "\n", "\r\n", "\t", "+", "/", "\u00e9", "%3D", "\0", "A")) {
            all.add(part + stray);
            all.add(stray + part);
            all.add(middle + stray + rest);
        }
        // One more character, which stands for no byte, is the only one of these that changes bytes elsewhere.
        all.removeIf(text -> text.length() == part.length() + 1 && text.contains("A") && text.length() % 4 != 1);
        return all;
    }

    private static byte[] hmac(byte[] secret, String input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(RfcKeys.utf8(input));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void fill(byte[] target, int end, BigInteger value) {
        byte[] bytes = value.toByteArray();
        int skip = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
        System.arraycopy(bytes, skip, target, end - (bytes.length - skip), bytes.length - skip);
    }

    private static byte[] der(BigInteger r, BigInteger s) {
        byte[] first = r.toByteArray();
        byte[] second = s.toByteArray();
        byte[] der = new byte[6 + first.length + second.length];
        der[0] = 0x30;
        der[1] = (byte) (der.length - 2);
        der[2] = 2;
        der[3] = (byte) first.length;
        System.arraycopy(first, 0, der, 4, first.length);
        der[4 + first.length] = 2;
        der[5 + first.length] = (byte) second.length;
        System.arraycopy(second, 0, der, 6 + first.length, second.length);
        return der;
    }
}
