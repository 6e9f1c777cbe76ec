// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Keyset;
import dev.signet.core.Providers;
import dev.signet.core.SecurityListener;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.Derived;
import dev.signet.core.internal.Primaries;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Issues JSON Web Tokens (RFC 7519) for one issuer, with one key, or the primary key of a keyset.
 *
 * <pre>{@code
 * JwtIssuer issuer = JwtIssuer.builder(key, "https://id.example.com", Duration.ofMinutes(5))
 *         .build();
 * String token = issuer.token("https://api.example.com").subject("alice").issue();
 * }</pre>
 *
 * <p><b>Security properties.</b> Every token has {@code iss}, {@code aud}, {@code iat}, {@code exp}, a random {@code jti}
 * and a {@code typ}, so that it serves one purpose, for one audience, for a bounded time (RFC 8725, 3.8 to 3.11). A
 * lifetime beyond the policy's is refused.
 *
 * <p>Immutable and thread-safe.
 */
@CheckReturnValue
public final class JwtIssuer {
    private static final Set<String> OWN_METHODS =
            Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "client_id", "scope");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final JwsSigner signer;
    private final String issuer;
    private final Duration lifetime;
    private final boolean accessTokens;
    private final SecurityPolicy policy;
    private final InstantSource clock;

    private JwtIssuer(Builder builder) {
        issuer = builder.issuer;
        lifetime = builder.lifetime;
        accessTokens = builder.accessTokens;
        policy = builder.policy;
        clock = builder.clock;
        signer = JwsSigner.Builder.of(builder.source)
                .type(builder.type)
                .policy(policy)
                .format("jwt")
                .listener(builder.listener)
                .clock(clock)
                .build();
    }

    /**
     * Starts an issuer.
     *
     * @param issuer {@code iss}, by which verifiers know it
     * @param lifetime from {@code iat} to {@code exp}
     */
    public static Builder builder(SigningKey key, String issuer, Duration lifetime) {
        return new Builder(Derived.Source.fixed(key), issuer, lifetime, "JWT", false);
    }

    /** Starts an issuer with the primary key of a keyset. */
    public static Builder builder(Keyset<SigningKey> keys, String issuer, Duration lifetime) {
        return builder(keys.primary(), issuer, lifetime);
    }

    /** Starts an issuer with the primary key of the keyset of the time, as {@link JwsSigner#builder(Supplier)} says. */
    public static Builder builder(Supplier<Keyset<SigningKey>> keys, String issuer, Duration lifetime) {
        return new Builder(Primaries.of(keys), issuer, lifetime, "JWT", false);
    }

    /** Starts an issuer of OAuth 2.0 access tokens (RFC 9068), whose type is {@code at+jwt}. */
    public static Builder accessTokens(SigningKey key, String issuer, Duration lifetime) {
        return new Builder(Derived.Source.fixed(key), issuer, lifetime, "at+jwt", true);
    }

    /** Starts an issuer of access tokens with the primary key of a keyset. */
    public static Builder accessTokens(Keyset<SigningKey> keys, String issuer, Duration lifetime) {
        return accessTokens(keys.primary(), issuer, lifetime);
    }

    /** Starts an issuer of access tokens with the primary key of the keyset of the time. */
    public static Builder accessTokens(Supplier<Keyset<SigningKey>> keys, String issuer, Duration lifetime) {
        return new Builder(Primaries.of(keys), issuer, lifetime, "at+jwt", true);
    }

    /** Starts a token for those who are to accept it ({@code aud}). */
    public Token token(String audience, String... more) {
        return new Token(audience, more);
    }

    @Override
    public String toString() {
        return "JwtIssuer[" + issuer + ", " + signer + ", " + policy + "]";
    }

    /** One token in the making. Not thread-safe. */
    @CanIgnoreReturnValue
    public final class Token {
        private final Map<String, Object> claims = new LinkedHashMap<>();
        private Duration tokenLifetime = lifetime;

        private Token(String audience, String... more) {
            claims.put("iss", issuer);
            if (more.length == 0) {
                claims.put("aud", audience);
            } else {
                List<Object> all = new ArrayList<>();
                all.add(audience);
                all.addAll(List.of(more));
                claims.put("aud", all);
            }
        }

        /** Whom the token is about ({@code sub}). */
        public Token subject(String sub) {
            return put("sub", sub);
        }

        /** A time before which it must not be accepted ({@code nbf}). */
        public Token notBefore(Instant nbf) {
            return put("nbf", nbf);
        }

        /** Another id than a random one ({@code jti}). */
        public Token jwtId(String jti) {
            return put("jti", jti);
        }

        /** A lifetime of its own, no longer than the policy's. */
        public Token lifetime(Duration newLifetime) {
            tokenLifetime = checkLifetime(newLifetime, policy);
            return this;
        }

        /** The client that an access token is issued to (RFC 9068, 2.2). */
        public Token clientId(String clientId) {
            return put("client_id", clientId);
        }

        /** The scopes of an access token (RFC 9068, 2.2.3). */
        public Token scopes(String... scopes) {
            if (scopes.length == 0) {
                throw new IllegalArgumentException("a token without scopes has no scope claim");
            }
            for (String scope : scopes) {
                if (scope.isEmpty() || !scope.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\')) {
                    throw new IllegalArgumentException("a scope is a name without spaces, quotes and backslashes");
                }
            }
            return put("scope", String.join(" ", scopes));
        }

        /** Binds the token to a key that the sender must prove to hold by DPoP (RFC 9449, 6.1). */
        public Token boundTo(VerificationKey dpopKey) {
            String thumbprint = dpopKey.thumbprint()
                    .orElseThrow(() -> new IllegalArgumentException("a shared secret cannot be proven to be held"));
            return put("cnf", Map.of("jkt", thumbprint));
        }

        /** Binds the token to the certificate that the sender uses in TLS (RFC 8705, 3.1). */
        public Token boundTo(X509Certificate certificate) {
            return put("cnf", Map.of("x5t#S256", Thumbprints.of(certificate)));
        }

        /**
         * Another claim: strings, numbers, booleans, instants (as seconds since 1970), lists and maps of them.
         *
         * @throws IllegalArgumentException if the claim has a method of its own, is set already, or JSON has no such value
         */
        public Token claim(String name, Object value) {
            if (OWN_METHODS.contains(name)) {
                throw new IllegalArgumentException(name + " has its own method");
            }
            return put(name, value);
        }

        /**
         * The signed token in compact form.
         *
         * @throws IllegalStateException if it is an access token without subject or client id, or the key is not active
         */
        @CheckReturnValue
        public String issue() {
            return signer.sign(JsonText.write(complete()));
        }

        /** The signed token, encrypted for its recipient (RFC 7519, 5.2); {@link JwtVerifier#decryptAndVerify} opens it. */
        @CheckReturnValue
        public String issueEncrypted(JweEncrypter encrypter) {
            return encrypter.encryptNested(issue().getBytes(StandardCharsets.US_ASCII), "JWT");
        }

        private Map<String, Object> complete() {
            if (accessTokens && !(claims.containsKey("sub") && claims.containsKey("client_id"))) {
                throw new IllegalStateException("an access token has a subject and a client id (RFC 9068, 2.2)");
            }
            Map<String, Object> complete = new LinkedHashMap<>(claims);
            long now = clock.instant().getEpochSecond();
            complete.put("iat", now);
            complete.put("exp", now + tokenLifetime.toSeconds());
            complete.computeIfAbsent("jti", name -> randomId());
            return complete;
        }

        private Token put(String name, Object value) {
            if (claims.putIfAbsent(name, JsonText.copyOf(name, value)) != null) {
                throw new IllegalArgumentException(name + " is set twice");
            }
            return this;
        }
    }

    /** 128 random bits, so that no two tokens share an id. */
    static String randomId() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    @CanIgnoreReturnValue
    private static Duration checkLifetime(Duration lifetime, SecurityPolicy policy) {
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(policy.tokenLifetime()) > 0) {
            throw new IllegalArgumentException(
                    "a token lives for at least a second and at most " + policy.tokenLifetime() + " by the policy");
        }
        return lifetime;
    }

    /** Collects what an issuer needs. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final Derived.Source<SigningKey> source;
        private final String issuer;
        private final Duration lifetime;
        private final boolean accessTokens;
        private String type;
        private SecurityPolicy policy = SecurityPolicy.recommended2026();
        private SecurityListener listener = SecurityListener.none();
        private InstantSource clock = InstantSource.system();

        private Builder(
                Derived.Source<SigningKey> source,
                String issuer,
                Duration lifetime,
                String type,
                boolean accessTokens) {
            if (issuer.isEmpty()) {
                throw new IllegalArgumentException("an issuer has a name");
            }
            this.source = source;
            this.issuer = issuer;
            this.lifetime = lifetime;
            this.type = type;
            this.accessTokens = accessTokens;
        }

        /**
         * The kind of token ({@code typ}), such as {@code secevent+jwt}; {@code JWT} unless set (RFC 8725, 3.11).
         *
         * @throws IllegalStateException for access tokens, whose type is fixed
         */
        public Builder type(String typ) {
            if (accessTokens) {
                throw new IllegalStateException("the type of an access token is at+jwt (RFC 9068, 2.1)");
            }
            type = typ;
            return this;
        }

        /** Another policy. */
        public Builder policy(SecurityPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /** Is told of each token. */
        public Builder listener(SecurityListener newListener) {
            listener = newListener;
            return this;
        }

        /** Another clock. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /**
         * Makes the issuer.
         *
         * @throws IllegalArgumentException if the lifetime is longer than the policy's or shorter than a second, or the
         *     policy does not accept the key's algorithm
         */
        @CheckReturnValue
        public JwtIssuer build() {
            checkLifetime(lifetime, policy);
            return new JwtIssuer(this);
        }
    }
}

/** Digests by which tokens name keys and certificates. */
final class Thumbprints {
    private Thumbprints() {}

    /** {@code x5t#S256}: of the certificate's DER form (RFC 8705, 3.1). */
    static String of(X509Certificate certificate) {
        try {
            return sha256(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate has no encoding", e);
        }
    }

    /** Of a token (RFC 9449, 4.2: {@code ath}), in base64url. */
    static String sha256(byte[] bytes) {
        Providers providers = SecurityPolicy.recommended2026().providers();
        return Base64Url.encode(Ciphers.messageDigest(providers, "SHA-256").digest(bytes));
    }
}
