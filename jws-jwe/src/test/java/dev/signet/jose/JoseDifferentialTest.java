// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import dev.signet.core.Algorithm;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Providers;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Ciphers;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mutated tokens, judged by Signet and by Nimbus with the same keys: what Signet accepts, Nimbus accepts too and reads in the
 * same way. Where Signet alone refuses, the reason is one of a few that are known and wanted.
 */
class JoseDifferentialTest {
    private static final SigningKey MAC = SigningKey.generate(Algorithm.HS256).withId("mac");
    private static final SigningKey EC = SigningKey.generate(Algorithm.ES256).withId("ec");
    private static final SigningKey ED = SigningKey.generate(Algorithm.ED25519).withId("ed");
    /** MACs more often, since they are quick. */
    private static final List<SigningKey> KEYS = List.of(MAC, MAC, MAC, MAC, MAC, MAC, MAC, MAC, EC, ED);

    private static final JwsVerifier SIGNET = Tokens.verifier(MAC, EC, ED);
    private static final Set<String> UNDERSTOOD_BY_NIMBUS = Set.of("b64");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** Why Signet refuses what Nimbus accepts. */
    private enum Stricter {
        /** RFC 7515, 2: padding, strays, white space, or non-zero unused bits. */
        BASE64_IN_ANOTHER_SPELLING("base64url"),
        /** RFC 8259, 8.1: texts do not begin with one. */
        BYTE_ORDER_MARK("a byte order mark"),
        /** RFC 7493, 2.1. */
        LONE_SURROGATE("a lone surrogate"),
        /** RFC 7515, 4.1.11: empty, doubled, of a registered name, or without the header that it names. */
        CRIT_AGAINST_ITS_RULES("crit"),
        /** RFC 7797, 6. */
        B64_WITHOUT_CRIT("b64"),
        /** RFC 7797, 5.2 leaves payloads unencoded in compact form to those who dare. */
        UNENCODED_IN_COMPACT_FORM("an unencoded payload inside compact form"),
        /** RFC 7515, 4.1: kid, typ and cty are strings, null is not absence. */
        HEADER_OF_ANOTHER_TYPE("is not a string"),
        UNNAMED("");

        private final String message;

        Stricter(String message) {
            this.message = message;
        }

        static Stricter of(MessageSecurityException e) {
            String text = String.valueOf(e.getMessage());
            // The more special texts come first.
            for (Stricter one : List.of(
                    BASE64_IN_ANOTHER_SPELLING,
                    LONE_SURROGATE,
                    BYTE_ORDER_MARK,
                    UNENCODED_IN_COMPACT_FORM,
                    B64_WITHOUT_CRIT,
                    CRIT_AGAINST_ITS_RULES,
                    HEADER_OF_ANOTHER_TYPE)) {
                if (text.contains(one.message)) {
                    return one;
                }
            }
            return UNNAMED;
        }
    }

    @Test
    void verify_mutatedTokens_isNeverMoreLenientThanNimbus() throws Exception {
        run(1, 20_000);
    }

    @Test
    @Tag("slow")
    void verify_mutatedTokensManyMore_isNeverMoreLenientThanNimbus() throws Exception {
        run(2, 200_000);
    }

    private static void run(long seed, int count) throws Exception {
        Nimbus nimbus = new Nimbus();
        Mutator mutator = new Mutator(new Random(seed));
        Map<Stricter, Integer> classes = new EnumMap<>(Stricter.class);
        Map<Stricter, String> examples = new EnumMap<>(Stricter.class);
        Map<String, Integer> mutations = new TreeMap<>();
        int both = 0;
        int neither = 0;
        for (int i = 0; i < count; i++) {
            Mutated mutated = mutator.next();
            mutations.merge(mutated.mutation(), 1, Integer::sum);
            VerifiedJws accepted = null;
            MessageSecurityException refusal = null;
            try {
                accepted = SIGNET.verify(mutated.token());
            } catch (MessageSecurityException e) {
                refusal = e;
            }
            byte[] byNimbus = nimbus.verify(mutated.token());
            if (accepted != null) {
                assertThat(byNimbus)
                        .as("%s: accepted by Signet alone: %s", mutated.mutation(), mutated.token())
                        .isEqualTo(accepted.contentBytes());
                both++;
            } else if (byNimbus == null) {
                neither++;
            } else {
                Stricter why = Stricter.of(refusal);
                classes.merge(why, 1, Integer::sum);
                examples.putIfAbsent(why, mutated.mutation() + ", " + refusal.getMessage());
            }
        }
        StringBuilder table = new StringBuilder();
        classes.forEach(
                (why, n) -> table.append(String.format("  %-28s %5d, such as %s%n", why, n, examples.get(why))));
        System.out.printf(
                "differential, seed %d: %d tokens of %d mutations; both accept %d, both refuse %d;"
                        + " Signet alone refuses:%n%s",
                seed, count, mutations.size(), both, neither, table);
        assertThat(examples).as("a class without a name").doesNotContainKey(Stricter.UNNAMED);
        assertThat(both).as("good tokens among them").isGreaterThan(count / 20);
        assertThat(classes).containsKeys(Stricter.BASE64_IN_ANOTHER_SPELLING);
        assertThat(mutations).hasSize(Mutator.MUTATIONS);
    }

    // ---- Nimbus ----------------------------------------------------------------------------------------------------

    private static final class Nimbus {
        private final Map<String, JWSVerifier> verifiers;

        Nimbus() throws Exception {
            MACVerifier mac =
                    new MACVerifier(MAC.dangerousSecret().orElseThrow().dangerousToByteArray(), UNDERSTOOD_BY_NIMBUS);
            ECDSAVerifier ec = new ECDSAVerifier(
                    (ECPublicKey) EC.verificationKey().publicKey().orElseThrow(), UNDERSTOOD_BY_NIMBUS);
            Provider fast = Ciphers.composite(Providers.automatic());
            mac.getJCAContext().setProvider(fast);
            ec.getJCAContext().setProvider(fast);
            verifiers = Map.of("mac", mac, "ec", ec, "ed", new Ed25519(ED.verificationKey()));
        }

        /** The payload, or null if it is refused. As users of Nimbus do: a key by its id, an algorithm for the key. */
        byte[] verify(String token) {
            try {
                JWSObject jws = JWSObject.parse(token);
                JWSVerifier verifier =
                        verifiers.get(String.valueOf(jws.getHeader().getKeyID()));
                if (verifier == null
                        || !verifier.supportedJWSAlgorithms()
                                .contains(jws.getHeader().getAlgorithm())
                        || (verifier == verifiers.get("mac")
                                && !jws.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256))) {
                    return null;
                }
                return jws.verify(verifier) ? jws.getPayload().toBytes() : null;
            } catch (Exception e) {
                return null;
            }
        }
    }

    /** Nimbus' own needs a library that is not on the class path; parsing, which is what is compared, stays its own. */
    private static final class Ed25519 implements JWSVerifier {
        private final VerificationKey key;
        private final JCAContext context = new JCAContext();

        Ed25519(VerificationKey key) {
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) {
            if (header.getCriticalParams() != null && !UNDERSTOOD_BY_NIMBUS.containsAll(header.getCriticalParams())) {
                return false;
            }
            try {
                key.verify(signingInput, signature.decode());
                return true;
            } catch (VerificationException e) {
                return false;
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.Ed25519);
        }

        @Override
        public JCAContext getJCAContext() {
            return context;
        }
    }

    // ---- mutations -------------------------------------------------------------------------------------------------

    private record Mutated(String mutation, String token) {}

    /** Changes before signing, so that only the form is at fault, and after it. */
    private static final class Mutator {
        static final int MUTATIONS = 24;

        private static final List<String> MEMBERS = List.of(
                "\"typ\":\"JOSE\"",
                "\"typ\":1",
                "\"typ\":null",
                "\"cty\":\"a\"",
                "\"cty\":[]",
                "\"x\":\"\\ud83d\\ude00\"",
                "\"x\":\"\\ud800\"",
                "\"x\":{\"a\":[1,2,{}]}",
                "\"x\":1e5",
                "\"x\":01",
                "\"x\":NaN",
                "\"x\":'a'",
                "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "\"jku\":\"https://example.com/\"",
                "\"enc\":\"A128GCM\"",
                "\"x5c\":[]",
                "\"b64\":true",
                "\"b64\":false",
                "\"b64\":\"x\"",
                "\"b64\":false,\"crit\":[\"b64\"]",
                "\"b64\":true,\"crit\":[\"b64\"]",
                "\"crit\":[]",
                "\"crit\":null",
                "\"crit\":\"b64\"",
                "\"crit\":[\"b64\"]",
                "\"crit\":[\"b64\",\"b64\"],\"b64\":true",
                "\"crit\":[\"alg\"]",
                "\"crit\":[\"exp\"],\"exp\":1",
                "\"zip\":\"DEF\"",
                "\"\":1");
        private static final List<String> ALGORITHMS = List.of(
                "none", "None", "HS256", "hs256", "HS384", "ES256", "ES384", "RS256", "Ed25519", "EdDSA", "Ed448", "",
                "HS256 ");
        private static final List<String> STRAYS =
                List.of("=", "==", "!", " ", "\n", "\r\n", "\t", "+", "/", "%", "\u00e9", "\u4e00", "\0", "*", ",");

        private final Random random;

        Mutator(Random random) {
            this.random = random;
        }

        Mutated next() {
            SigningKey key = pick(KEYS);
            String alg = "\"alg\":\"" + key.algorithm().joseName() + "\"";
            String kid = "\"kid\":\"" + key.id() + "\"";
            String header = "{" + alg + "," + kid + "}";
            byte[] payload = new byte[random.nextInt(40)];
            random.nextBytes(payload);
            String body = Base64Url.encode(payload);
            return switch (random.nextInt(MUTATIONS)) {
                case 0 -> new Mutated("none", sign(key, header, body));
                case 1 ->
                    new Mutated("a member more", sign(key, "{" + alg + "," + kid + "," + pick(MEMBERS) + "}", body));
                case 2 ->
                    new Mutated("a member first", sign(key, "{" + pick(MEMBERS) + "," + alg + "," + kid + "}", body));
                case 3 ->
                    new Mutated(
                            "several members",
                            sign(key, "{" + alg + "," + pick(MEMBERS) + "," + kid + "," + pick(MEMBERS) + "}", body));
                case 4 ->
                    new Mutated("duplicate", sign(key, "{" + alg + "," + kid + "," + (flip() ? alg : kid) + "}", body));
                case 5 ->
                    new Mutated("escaped duplicate", sign(key, "{" + alg + "," + kid + ",\"\\u006bid\":\"ec\"}", body));
                case 6 ->
                    new Mutated(
                            "escaped name", sign(key, "{\"\\u0061lg\":" + alg.substring(6) + "," + kid + "}", body));
                case 7 ->
                    new Mutated("another alg", sign(key, "{\"alg\":\"" + pick(ALGORITHMS) + "\"," + kid + "}", body));
                case 8 ->
                    new Mutated(
                            "another kid",
                            sign(
                                    key,
                                    "{" + alg + ",\"kid\":\"" + pick(List.of("mac", "ec", "ed", "", "MAC")) + "\"}",
                                    body));
                case 9 -> new Mutated("no kid or alg", sign(key, "{" + (flip() ? alg : kid) + "}", body));
                case 10 ->
                    new Mutated(
                            "white space",
                            sign(
                                    key,
                                    insert(header, pick(List.of(" ", "\n", "\t", "\r", "\u00a0", "\f", "\u2028"))),
                                    body));
                case 11 ->
                    new Mutated(
                            "around the object",
                            sign(
                                    key,
                                    pick(List.of(
                                                    " %s",
                                                    "%s ",
                                                    "%s{}",
                                                    "%s,",
                                                    "[%s]",
                                                    "%s//x",
                                                    "/**/%s",
                                                    "\ufeff%s",
                                                    "%s\0"))
                                            .replace("%s", header),
                                    body));
                case 12 -> new Mutated("broken JSON", sign(key, brokenText(header), body));
                case 13 -> new Mutated("bytes of the header", signBytes(key, brokenBytes(header), body));
                case 14 ->
                    new Mutated("spelling of the header", Tokens.signParts(key, respelled(Tokens.part(header)), body));
                case 15 ->
                    new Mutated("spelling of the payload", Tokens.signParts(key, Tokens.part(header), respelled(body)));
                case 16 -> after("spelling of the signature", sign(key, header, body), 2, this::respelled);
                case 17 -> after("bits of the signature", sign(key, header, body), 2, this::flipBit);
                case 18 -> after("bits of the payload", sign(key, header, body), 1, this::flipBit);
                case 19 -> after("length of the signature", sign(key, header, body), 2, this::relength);
                case 20 -> new Mutated("swapped parts", swapped(sign(key, header, body)));
                case 21 -> new Mutated("parts of two tokens", crossed(sign(key, header, body)));
                case 22 -> new Mutated("a character of the token", insert(sign(key, header, body), pick(STRAYS)));
                default -> new Mutated("number of parts", parts(sign(key, header, body)));
            };
        }

        private static String sign(SigningKey key, String header, String body) {
            return Tokens.signParts(key, Tokens.part(header), body);
        }

        private static String signBytes(SigningKey key, byte[] header, String body) {
            return Tokens.signParts(key, Base64Url.encode(header), body);
        }

        private Mutated after(String name, String token, int part, UnaryOperator<String> change) {
            String[] parts = token.split("\\.", -1);
            parts[part] = change.apply(parts[part]);
            return new Mutated(name, String.join(".", parts));
        }

        /** Another text for the same bytes, or nearly. */
        private String respelled(String part) {
            int unused = part.length() % 4 == 2 ? 4 : part.length() % 4 == 3 ? 2 : 0;
            if (unused > 0 && flip()) {
                int last = ALPHABET.indexOf(part.charAt(part.length() - 1));
                int bits = random.nextInt(1 << unused);
                return part.substring(0, part.length() - 1) + ALPHABET.charAt(last | bits);
            }
            return switch (random.nextInt(4)) {
                case 0 -> part + "=".repeat(random.nextInt(4));
                case 1 -> part.replace('-', '+').replace('_', '/');
                case 2 -> part;
                default -> insert(part, pick(STRAYS));
            };
        }

        private String flipBit(String part) {
            byte[] bytes = Base64Url.decode(part);
            if (bytes.length == 0) {
                return "AA";
            }
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            return Base64Url.encode(bytes);
        }

        private String relength(String part) {
            byte[] bytes = Base64Url.decode(part);
            return Base64Url.encode(Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)));
        }

        private String swapped(String token) {
            String[] p = token.split("\\.", -1);
            return pick(List.of(
                    p[1] + "." + p[0] + "." + p[2], p[0] + "." + p[2] + "." + p[1], p[2] + "." + p[1] + "." + p[0]));
        }

        private String crossed(String token) {
            SigningKey other = pick(KEYS);
            String second = sign(
                    other,
                    "{\"alg\":\"" + other.algorithm().joseName() + "\",\"kid\":\"" + other.id() + "\"}",
                    "c2Vjb25k");
            String[] p = token.split("\\.", -1);
            String[] q = second.split("\\.", -1);
            return (flip() ? p[0] : q[0]) + "." + (flip() ? p[1] : q[1]) + "." + (flip() ? p[2] : q[2]);
        }

        private String parts(String token) {
            String[] p = token.split("\\.", -1);
            return pick(List.of(
                    p[0] + "." + p[1],
                    p[0],
                    "",
                    "..",
                    token + ".",
                    "." + token,
                    token + ".AAAA.AAAA",
                    p[0] + ".." + p[2],
                    p[0] + "." + p[1] + ".",
                    "." + p[1] + "." + p[2]));
        }

        private String brokenText(String text) {
            int at = random.nextInt(text.length());
            return switch (random.nextInt(4)) {
                case 0 -> text.substring(0, at);
                case 1 -> text.substring(0, at) + text.substring(at + 1);
                case 2 -> text.substring(0, at) + (char) (32 + random.nextInt(95)) + text.substring(at + 1);
                default ->
                    insert(text, pick(List.of("\"", "'", ",", ":", "{", "}", "\\", "null", "/**/", "#", "\u00e9")));
            };
        }

        private byte[] brokenBytes(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            return bytes;
        }

        private String insert(String text, String what) {
            int at = random.nextInt(text.length() + 1);
            return text.substring(0, at) + what + text.substring(at);
        }

        private boolean flip() {
            return random.nextBoolean();
        }

        private <T> T pick(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }
    }
}
