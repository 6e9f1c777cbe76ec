// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.Key;
import dev.signet.core.KeyResolver;
import dev.signet.core.KeyStatus;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * JWK sets (RFC 7517): the keysets of every module, and the public keys of other parties.
 *
 * <pre>{@code
 * Jwks partner = Jwks.parse(json); // a KeyResolver
 * partner.skipped().forEach(skipped -> System.out.println(skipped.position() + ": " + skipped.reason()));
 * }</pre>
 *
 * <p><b>Keysets</b> are read as a whole by a {@link KeysetFile}, or from bytes by {@code readPublic…} and {@code readPrivate…}:
 * one key that cannot be used refuses the set. They are JWK sets that any other tool can read, with the validity of a key in {@code nbf} and {@code
 * exp} (seconds since 1970), its status in {@code signet:status} ({@code active} if absent, {@code verify-only}, {@code
 * disabled}) and the id of the primary key in {@code signet:primary} beside {@code keys}; where that is absent, the first
 * active key is primary. Every key of a set has the same use.
 *
 * <p><b>Other parties' sets</b> are read by {@link #parse(byte[])}: keys that are not for verifying, or not understood, are
 * left out and listed by {@link #skipped()} (RFC 7517, 5).
 *
 * <p><b>Security properties.</b> The JSON is read strictly: no duplicate members, no malformed UTF-8, no trailing content,
 * and within {@link Limits#recommended2026()}. Base64url has one spelling. {@code alg}, {@code use} and {@code key_ops}
 * are obeyed, and every key passes the checks of its type in core. Two keys of a set never share a {@code kid}; a public
 * key without one is named by its RFC 7638 thumbprint. Private keys are refused where public ones are expected. Nothing
 * is fetched ({@code x5u}) and no certificate is trusted ({@code x5c}).
 *
 * <p>Key types: RSA, EC (P-256, P-384, P-521), OKP (Ed25519, X25519; RFC 8037), oct, AKP (ML-DSA, by its 32-byte seed; RFC
 * 9964). Immutable and thread-safe.
 *
 * <p><b>Errors.</b> {@link InvalidMessageException} for what is not a usable JWK set, naming the key's position and the
 * member, never a value.
 */
@CheckReturnValue
public final class Jwks implements KeyResolver {
    static final String PRIMARY = "signet:primary";
    static final String PRIMARY_NO_STRING = "JWK set: " + PRIMARY + " is not a string";
    static final String THUMBPRINT_TAKEN = "the key's thumbprint is another one's kid";

    private final Map<String, VerificationKey> keys;
    private final List<Skipped> skipped;

    /**
     * A key that was left out.
     *
     * @param position in the set, from 0
     * @param keyId its {@code kid}, if there is one that can be printed
     * @param code for programs: {@code algorithm-missing} where only an agreed algorithm is lacking, {@code not-supported},
     *     {@code other-purpose}, {@code malformed}, or {@code refused} for keys that are weak or inconsistent
     * @param reason for people; names the member that decided, not its value
     */
    public record Skipped(int position, Optional<String> keyId, String code, String reason) {}

    private Jwks(Map<String, VerificationKey> keys, List<Skipped> skipped) {
        this.keys = keys;
        this.skipped = skipped;
    }

    // ---- other parties' public keys
    // ----------------------------------------------------------------------------------

    /**
     * Another party's public keys for verifying. RSA keys need an {@code alg}.
     *
     * @throws InvalidMessageException if this is no JWK set, two keys share a {@code kid}, or a private key or shared
     *     secret is in it
     */
    public static Jwks parse(byte[] json) {
        return parse(json, SecurityPolicy.recommended2026());
    }

    /** The same within a policy's limits. */
    public static Jwks parse(byte[] json, SecurityPolicy policy) {
        return parse(json, null, policy.limits());
    }

    /**
     * The same, where RSA keys without an {@code alg} are of the algorithm that the parties have agreed on.
     *
     * @throws IllegalArgumentException if {@code rsaAlgorithm} is not an RSA signature algorithm
     */
    public static Jwks parse(byte[] json, Algorithm rsaAlgorithm) {
        return parse(json, rsaAlgorithm, SecurityPolicy.recommended2026());
    }

    /** The same within a policy's limits. */
    public static Jwks parse(byte[] json, Algorithm rsaAlgorithm, SecurityPolicy policy) {
        return parse(json, requireRsaSignature(rsaAlgorithm), policy.limits());
    }

    /** The same keys, all of one party. */
    Jwks ofParty(String name) {
        Map<String, VerificationKey> named = new LinkedHashMap<>();
        keys.forEach((id, key) -> named.put(id, key.withParty(name)));
        return new Jwks(named, skipped);
    }

    static Algorithm requireRsaSignature(Algorithm algorithm) {
        String name = algorithm.joseName();
        if (!name.matches("[PR]S(256|384|512)")) {
            throw new IllegalArgumentException(name + " is not an RSA signature algorithm");
        }
        return algorithm;
    }

    /** The keys that verify, in the order of the set. */
    public List<VerificationKey> keys() {
        return List.copyOf(keys.values());
    }

    /** The keys that were left out, and why. */
    public List<Skipped> skipped() {
        return skipped;
    }

    @Override
    public Optional<VerificationKey> resolve(String keyId) {
        return Optional.ofNullable(keys.get(keyId));
    }

    @Override
    public Optional<VerificationKey> resolveUnnamed() {
        return keys.size() == 1 ? Optional.of(keys.values().iterator().next()) : Optional.empty();
    }

    @Override
    public String toString() {
        return "Jwks[keys=" + keys.values() + ", skipped=" + skipped.size() + "]";
    }

    // ---- keys of any kind ------------------------------------------------------------------------------------------

    /**
     * All that is in a JWK set or a single JWK, public or private, for tools.
     *
     * @throws InvalidMessageException if this is neither, or two keys share a {@code kid}
     */
    public static InspectedJwks inspect(byte[] json) {
        return inspect(json, SecurityPolicy.recommended2026());
    }

    /** The same within a policy's limits. */
    public static InspectedJwks inspect(byte[] json, SecurityPolicy policy) {
        return InspectedJwks.read(json, policy);
    }

    // ---- keysets as bytes ------------------------------------------------------------------------------------------

    /** A keyset of public keys that verify, kept elsewhere than in a {@link KeysetFile}. */
    public static Keyset<VerificationKey> readPublicVerification(byte[] json) {
        return readPublic(json, jwk -> JwkReader.verification(jwk, null), Limits.recommended2026());
    }

    /** A keyset of public keys that encrypt. */
    public static Keyset<EncryptionKey> readPublicEncryption(byte[] json) {
        return readPublic(json, JwkReader::encryption, Limits.recommended2026());
    }

    /** A keyset of private keys that sign, or of shared secrets for MACs. */
    public static Keyset<SigningKey> readPrivateSigning(byte[] json) {
        return read(json, JwkReader::signing, Limits.recommended2026());
    }

    /** A keyset of private keys or shared secrets that decrypt. */
    public static Keyset<DecryptionKey> readPrivateDecryption(byte[] json) {
        return read(json, JwkReader::decryption, Limits.recommended2026());
    }

    /** A keyset of secrets for tokenization. */
    public static Keyset<TokenizationKey> readPrivateTokenization(byte[] json) {
        return read(json, JwkReader::tokenization, Limits.recommended2026());
    }

    /**
     * The public halves of a keyset as a JWK set, fit to be published.
     *
     * @throws IllegalArgumentException naming the key, if one is a shared secret
     */
    public static byte[] toPublicJson(Keyset<?> keyset) {
        return JwkWriter.write(keyset, false);
    }

    /**
     * A keyset with its private keys and secrets in the clear, for a secret store; the caller must wipe the bytes.
     *
     * @throws IllegalArgumentException naming the key, if one is public, or lives in an HSM or KMS
     */
    public static byte[] dangerousToPrivateJson(Keyset<?> keyset) {
        return JwkWriter.write(keyset, true);
    }

    // ---- reading
    // -----------------------------------------------------------------------------------------------------

    static Jwks parse(byte[] json, @Nullable Algorithm rsaAlgorithm, Limits limits) {
        List<Jwk> jwks = jwks(StrictJson.readObject(json, limits));
        requireNoPrivate(jwks);
        Map<String, VerificationKey> keys = new LinkedHashMap<>();
        List<Skipped> skipped = new ArrayList<>();
        for (int i = 0; i < jwks.size(); i++) {
            VerificationKey key;
            try {
                key = JwkReader.verification(jwks.get(i), rsaAlgorithm);
            } catch (JwkException e) {
                skipped.add(skipped(i, jwks.get(i), e));
                continue;
            }
            if (keys.put(key.id(), key) != null) {
                throw InvalidMessageException.malformed(place(i) + THUMBPRINT_TAKEN);
            }
        }
        return new Jwks(keys, List.copyOf(skipped));
    }

    static <K extends Key> Keyset<K> readPublic(byte[] json, Function<Jwk, K> reader, Limits limits) {
        Map<String, Object> set = StrictJson.readObject(json, limits);
        requireNoPrivate(jwks(set));
        return keyset(set, reader);
    }

    static <K extends Key> Keyset<K> read(byte[] json, Function<Jwk, K> reader, Limits limits) {
        return keyset(StrictJson.readObject(json, limits), reader);
    }

    private static <K extends Key> Keyset<K> keyset(Map<String, Object> set, Function<Jwk, K> reader) {
        List<Jwk> jwks = jwks(set);
        List<K> keys = new ArrayList<>();
        for (int i = 0; i < jwks.size(); i++) {
            try {
                keys.add(reader.apply(jwks.get(i)));
            } catch (JwkException e) {
                throw InvalidMessageException.malformed(place(i) + e.getMessage());
            }
        }
        return keyset(set.get(PRIMARY), keys);
    }

    static <K extends Key> Keyset<K> keyset(@Nullable Object primary, List<K> keys) {
        try {
            return Keyset.of(primary(primary, keys), keys);
        } catch (IllegalArgumentException e) {
            throw InvalidMessageException.malformed("JWK set: " + e.getMessage());
        }
    }

    private static String primary(@Nullable Object named, List<? extends Key> keys) {
        if (named != null) {
            if (!(named instanceof String id)) {
                throw InvalidMessageException.malformed(PRIMARY_NO_STRING);
            }
            return id;
        }
        return keys.stream()
                .filter(key -> key.status() == KeyStatus.ACTIVE)
                .map(Key::id)
                .findFirst()
                .orElseThrow(() -> InvalidMessageException.malformed("JWK set: no active key"));
    }

    static List<Jwk> jwks(Map<String, Object> set) {
        if (!(set.get("keys") instanceof List<?> list)) {
            throw InvalidMessageException.malformed("JWK set: no array named keys");
        }
        List<Jwk> jwks = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> map)) {
                throw InvalidMessageException.malformed(place(jwks.size()) + "not an object");
            }
            @SuppressWarnings("unchecked") // StrictJson makes no other maps
            Map<String, Object> members = (Map<String, Object>) map;
            // RFC 7517, 4.5 only recommends different ids; one id for two keys lets an attacker choose.
            if (members.get("kid") instanceof String id && !ids.add(id)) {
                throw InvalidMessageException.malformed(place(jwks.size()) + "kid is another key's too");
            }
            jwks.add(new Jwk(members));
        }
        return jwks;
    }

    private static void requireNoPrivate(List<Jwk> jwks) {
        for (int i = 0; i < jwks.size(); i++) {
            if (jwks.get(i).isPrivate()) {
                throw InvalidMessageException.malformed(
                        place(i) + "a private key or shared secret where public keys are expected");
            }
        }
    }

    static Skipped skipped(int position, Jwk jwk, JwkException e) {
        Optional<String> printable =
                jwk.text("kid").filter(id -> id.length() <= 256 && id.chars().allMatch(c -> c >= 0x20 && c <= 0x7e));
        return new Skipped(position, printable, e.code(), String.valueOf(e.getMessage()));
    }

    static String place(int position) {
        return "JWK set: keys[" + position + "]: ";
    }
}
