// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cryptographic algorithm, fully specified, with the names that the message formats give it. A key has exactly one.
 *
 * <p>Names: JOSE by RFC 7518, RFC 8037, RFC 9864 and RFC 9964; HTTP Message Signatures by RFC 9421, section 6.2.2; XML
 * by RFC 9231.
 */
public enum Algorithm {
    /** Ed25519 (RFC 8032, pure). 64-byte signatures. */
    ED25519("Ed25519", "ed25519", "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519", Family.EDDSA, "", 64),

    /** ECDSA on P-256 with SHA-256. Signatures are r and s, 32 bytes each. */
    ES256("ES256", "ecdsa-p256-sha256", Names.XML_2001 + "ecdsa-sha256", Family.ECDSA, "SHA-256", 64),
    /** ECDSA on P-384 with SHA-384. Signatures are r and s, 48 bytes each. */
    ES384("ES384", "ecdsa-p384-sha384", Names.XML_2001 + "ecdsa-sha384", Family.ECDSA, "SHA-384", 96),
    /** ECDSA on P-521 with SHA-512. Signatures are r and s, 66 bytes each. */
    ES512("ES512", null, Names.XML_2001 + "ecdsa-sha512", Family.ECDSA, "SHA-512", 132),

    /** RSASSA-PKCS1-v1_5 with SHA-256. Signatures are as long as the modulus. */
    RS256("RS256", "rsa-v1_5-sha256", Names.XML_2001 + "rsa-sha256", Family.RSA_PKCS1, "SHA-256", 0),
    /** RSASSA-PKCS1-v1_5 with SHA-384. */
    RS384("RS384", null, Names.XML_2001 + "rsa-sha384", Family.RSA_PKCS1, "SHA-384", 0),
    /** RSASSA-PKCS1-v1_5 with SHA-512. */
    RS512("RS512", null, Names.XML_2001 + "rsa-sha512", Family.RSA_PKCS1, "SHA-512", 0),

    /** RSASSA-PSS with SHA-256, MGF1 with SHA-256, 32 bytes of salt. */
    PS256("PS256", null, Names.XML_2007 + "sha256-rsa-MGF1", Family.RSA_PSS, "SHA-256", 0),
    /** RSASSA-PSS with SHA-384, MGF1 with SHA-384, 48 bytes of salt. */
    PS384("PS384", null, Names.XML_2007 + "sha384-rsa-MGF1", Family.RSA_PSS, "SHA-384", 0),
    /** RSASSA-PSS with SHA-512, MGF1 with SHA-512, 64 bytes of salt. */
    PS512("PS512", "rsa-pss-sha512", Names.XML_2007 + "sha512-rsa-MGF1", Family.RSA_PSS, "SHA-512", 0),

    /** HMAC with SHA-256, never truncated; keys of at least 32 bytes. */
    HS256("HS256", "hmac-sha256", Names.XML_2001 + "hmac-sha256", Family.HMAC, "SHA-256", 32),
    /** HMAC with SHA-384, never truncated; keys of at least 48 bytes. */
    HS384("HS384", null, Names.XML_2001 + "hmac-sha384", Family.HMAC, "SHA-384", 48),
    /** HMAC with SHA-512, never truncated; keys of at least 64 bytes. */
    HS512("HS512", null, Names.XML_2001 + "hmac-sha512", Family.HMAC, "SHA-512", 64),

    /** ML-DSA-44 (FIPS 204, pure, empty context). */
    ML_DSA_44("ML-DSA-44", null, null, Family.ML_DSA, "", 2420),
    /** ML-DSA-65 (FIPS 204, pure, empty context). */
    ML_DSA_65("ML-DSA-65", null, null, Family.ML_DSA, "", 3309),
    /** ML-DSA-87 (FIPS 204, pure, empty context). */
    ML_DSA_87("ML-DSA-87", null, null, Family.ML_DSA, "", 4627),

    /** RSAES-OAEP with SHA-256 and MGF1 with SHA-256. */
    RSA_OAEP_256("RSA-OAEP-256", null, null, Family.RSA_OAEP, "SHA-256", 0),
    /** RSAES-OAEP with SHA-384 and MGF1 with SHA-384. */
    RSA_OAEP_384("RSA-OAEP-384", null, null, Family.RSA_OAEP, "SHA-384", 0),
    /** RSAES-OAEP with SHA-512 and MGF1 with SHA-512. */
    RSA_OAEP_512("RSA-OAEP-512", null, null, Family.RSA_OAEP, "SHA-512", 0),

    /** Ephemeral-static ECDH with ConcatKDF and AES-256 key wrap, on P-256, P-384, P-521 or X25519. */
    ECDH_ES_A256KW("ECDH-ES+A256KW", null, null, Family.ECDH, "SHA-256", 0),
    /** Ephemeral-static ECDH with ConcatKDF and AES-192 key wrap, on the same curves. */
    ECDH_ES_A192KW("ECDH-ES+A192KW", null, null, Family.ECDH, "SHA-256", 0),
    /** Ephemeral-static ECDH with ConcatKDF and AES-128 key wrap, on the same curves. */
    ECDH_ES_A128KW("ECDH-ES+A128KW", null, null, Family.ECDH, "SHA-256", 0),
    /** Ephemeral-static ECDH whose ConcatKDF gives the content encryption key itself; for one recipient only. */
    ECDH_ES("ECDH-ES", null, null, Family.ECDH, "SHA-256", 0),

    /** AES key wrap (RFC 3394) with a 128-bit key. */
    A128KW("A128KW", null, Names.XML_ENC + "kw-aes128", Family.AES_WRAP, "", 16),
    /** AES key wrap (RFC 3394) with a 192-bit key. */
    A192KW("A192KW", null, Names.XML_ENC + "kw-aes192", Family.AES_WRAP, "", 24),
    /** AES key wrap (RFC 3394) with a 256-bit key. */
    A256KW("A256KW", null, Names.XML_ENC + "kw-aes256", Family.AES_WRAP, "", 32),
    /** Keys encrypted by AES-GCM with a 128-bit key (RFC 7518, 4.7). */
    A128GCMKW("A128GCMKW", null, null, Family.AES_WRAP, "", 16),
    /** Keys encrypted by AES-GCM with a 192-bit key. */
    A192GCMKW("A192GCMKW", null, null, Family.AES_WRAP, "", 24),
    /** Keys encrypted by AES-GCM with a 256-bit key. */
    A256GCMKW("A256GCMKW", null, null, Family.AES_WRAP, "", 32),

    /** A password, PBKDF2 with HMAC-SHA-256 and AES-128 key wrap; only where the policy allows passwords. */
    PBES2_HS256_A128KW("PBES2-HS256+A128KW", null, null, Family.PASSWORD, "SHA-256", 32),
    /** A password, PBKDF2 with HMAC-SHA-384 and AES-192 key wrap; only where the policy allows passwords. */
    PBES2_HS384_A192KW("PBES2-HS384+A192KW", null, null, Family.PASSWORD, "SHA-384", 32),
    /** A password, PBKDF2 with HMAC-SHA-512 and AES-256 key wrap; only where the policy allows passwords. */
    PBES2_HS512_A256KW("PBES2-HS512+A256KW", null, null, Family.PASSWORD, "SHA-512", 32),

    /** AES-GCM with a 128-bit key, a 96-bit IV and a 128-bit tag. A key of it encrypts content directly ({@code dir}). */
    A128GCM("A128GCM", null, Names.XML_ENC11 + "aes128-gcm", Family.CONTENT, "", 16),
    /** AES-GCM with a 192-bit key. */
    A192GCM("A192GCM", null, Names.XML_ENC11 + "aes192-gcm", Family.CONTENT, "", 24),
    /** AES-GCM with a 256-bit key. */
    A256GCM("A256GCM", null, Names.XML_ENC11 + "aes256-gcm", Family.CONTENT, "", 32),
    /** AES-128-CBC with HMAC-SHA-256, encrypt-then-MAC (RFC 7518, 5.2.3): 32 bytes of key, 16 of tag. */
    A128CBC_HS256("A128CBC-HS256", null, null, Family.CONTENT, "SHA-256", 32),
    /** AES-192-CBC with HMAC-SHA-384 (RFC 7518, 5.2.4): 48 bytes of key, 24 of tag. */
    A192CBC_HS384("A192CBC-HS384", null, null, Family.CONTENT, "SHA-384", 48),
    /** AES-256-CBC with HMAC-SHA-512 (RFC 7518, 5.2.5): 64 bytes of key, 32 of tag. */
    A256CBC_HS512("A256CBC-HS512", null, null, Family.CONTENT, "SHA-512", 64),

    /** HKDF with SHA-256 (RFC 5869) over a 256-bit key: the root from which tokenization derives its keys. */
    HKDF_SHA256("HKDF-SHA256", null, null, Family.DERIVATION, "SHA-256", 32);

    private static final Map<String, Algorithm> BY_JOSE_NAME = index(a -> a.joseName);
    private static final Map<String, Algorithm> BY_HTTP_NAME = index(a -> a.httpName);
    private static final Map<String, Algorithm> BY_XML_URI = index(a -> a.xmlUri);

    final Family family;
    /** The digest's JCA name, or empty. */
    final String hash;
    /** Bytes of a signature or MAC, or of a symmetric key; 0 where the key's modulus decides. */
    final int length;

    private final String joseName;
    private final @Nullable String httpName;
    private final @Nullable String xmlUri;

    Algorithm(
            String joseName,
            @Nullable String httpName,
            @Nullable String xmlUri,
            Family family,
            String hash,
            int length) {
        this.joseName = joseName;
        this.httpName = httpName;
        this.xmlUri = xmlUri;
        this.family = family;
        this.hash = hash;
        this.length = length;
    }

    /** The value of {@code alg} in JOSE, or of {@code enc}, which is also the name in a keyset file. */
    public String joseName() {
        return joseName;
    }

    /** The name in the HTTP Signature Algorithms registry; empty where a signature must leave {@code alg} out. */
    public Optional<String> httpName() {
        return Optional.ofNullable(httpName);
    }

    /** The algorithm identifier of XML Signature or XML Encryption. */
    public Optional<String> xmlUri() {
        return Optional.ofNullable(xmlUri);
    }

    /** What keys of this algorithm are for. */
    public KeyUse use() {
        return family.use;
    }

    /** Whether both sides hold the same secret. */
    public boolean isSymmetric() {
        return switch (family) {
            case HMAC, AES_WRAP, PASSWORD, CONTENT, DERIVATION -> true;
            default -> false;
        };
    }

    /**
     * Whether it encrypts content, which is what {@code enc} names in a JWE; the other algorithms for encryption encrypt or
     * agree on the key that does so.
     */
    public boolean isContentEncryption() {
        return family == Family.CONTENT;
    }

    /** Whether its secret is a password, which a person may have chosen and others may try to guess. */
    public boolean isPasswordBased() {
        return family == Family.PASSWORD;
    }

    /** Looks up a JOSE {@code alg} or {@code enc} value; case matters. */
    public static Optional<Algorithm> ofJoseName(String name) {
        return Optional.ofNullable(BY_JOSE_NAME.get(name));
    }

    /** Looks up an RFC 9421 {@code alg} value; case matters. */
    public static Optional<Algorithm> ofHttpName(String name) {
        return Optional.ofNullable(BY_HTTP_NAME.get(name));
    }

    /** Looks up an XML algorithm identifier. */
    public static Optional<Algorithm> ofXmlUri(String uri) {
        return Optional.ofNullable(BY_XML_URI.get(uri));
    }

    boolean isSignature() {
        return use() == KeyUse.SIGN || use() == KeyUse.MAC;
    }

    private static Map<String, Algorithm> index(Function<Algorithm, @Nullable String> name) {
        return Arrays.stream(values())
                .filter(a -> name.apply(a) != null)
                .collect(Collectors.toUnmodifiableMap(a -> String.valueOf(name.apply(a)), a -> a));
    }

    enum Family {
        EDDSA(KeyUse.SIGN),
        ECDSA(KeyUse.SIGN),
        RSA_PKCS1(KeyUse.SIGN),
        RSA_PSS(KeyUse.SIGN),
        ML_DSA(KeyUse.SIGN),
        HMAC(KeyUse.MAC),
        RSA_OAEP(KeyUse.ENCRYPT),
        ECDH(KeyUse.ENCRYPT),
        AES_WRAP(KeyUse.ENCRYPT),
        PASSWORD(KeyUse.ENCRYPT),
        CONTENT(KeyUse.ENCRYPT),
        DERIVATION(KeyUse.TOKENIZE);

        final KeyUse use;

        Family(KeyUse use) {
            this.use = use;
        }

        boolean isRsa() {
            return this == RSA_PKCS1 || this == RSA_PSS || this == RSA_OAEP;
        }
    }

    private static final class Names {
        static final String XML_2001 = "http://www.w3.org/2001/04/xmldsig-more#";
        static final String XML_ENC = "http://www.w3.org/2001/04/xmlenc#";
        static final String XML_ENC11 = "http://www.w3.org/2009/xmlenc11#";
        static final String XML_2007 = "http://www.w3.org/2007/05/xmldsig-more#";

        private Names() {}
    }
}
