// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.Separators;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.EncryptionKey;
import dev.signet.core.Key;
import dev.signet.core.KeyStatus;
import dev.signet.core.KeyUse;
import dev.signet.core.Keyset;
import dev.signet.core.Limits;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.TokenizationKey;
import dev.signet.core.VerificationKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jcajce.interfaces.MLDSAPrivateKey;

/** Writes keysets as JWK sets. */
final class JwkWriter {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();

    private final JsonGenerator json;

    private JwkWriter(JsonGenerator json) {
        this.json = json;
    }

    static byte[] write(Keyset<?> keyset, boolean withPrivate) {
        WipedBuffer out = new WipedBuffer();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER)));
            new JwkWriter(json).keyset(keyset, withPrivate);
            json.writeRaw('\n');
            json.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        } finally {
            out.wipe();
        }
    }

    /** The bare members of a public key, without id or use. */
    static Map<String, Object> publicMembers(VerificationKey key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            if (key.algorithm().joseName().startsWith("ML-DSA")) {
                // RFC 9964, 3: the type alone does not tell which.
                json.writeStringField("alg", key.algorithm().joseName());
            }
            new JwkWriter(json).publicKey(key.algorithm(), requirePublic(key));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return StrictJson.readObject(out.toByteArray(), Limits.recommended2026());
    }

    static String name(KeyStatus status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void keyset(Keyset<?> keyset, boolean withPrivate) throws IOException {
        json.writeStartObject();
        json.writeStringField(Jwks.PRIMARY, keyset.primary().id());
        json.writeArrayFieldStart("keys");
        for (Key key : keyset.keys()) {
            json.writeStartObject();
            common(key);
            if (withPrivate) {
                privateKey(key);
            } else {
                publicKey(key.algorithm(), requirePublic(key));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void common(Key key) throws IOException {
        if (key.algorithm().isPasswordBased()) {
            throw new IllegalArgumentException("the key " + key.id() + " is a password, which no keyset holds");
        }
        json.writeStringField("kid", key.id());
        json.writeStringField("alg", key.algorithm().joseName());
        KeyUse use = key.algorithm().use();
        if (use != KeyUse.TOKENIZE) {
            json.writeStringField("use", use == KeyUse.ENCRYPT ? "enc" : "sig");
        }
        if (key.status() != KeyStatus.ACTIVE) {
            json.writeStringField(Jwk.STATUS, name(key.status()));
        }
        if (key.notBefore().isPresent()) {
            // Whole seconds, so that the validity shrinks rather than grows.
            Instant from = key.notBefore().get();
            numericDate(key, "nbf", from.getEpochSecond() + (from.getNano() == 0 ? 0 : 1));
        }
        if (key.notAfter().isPresent()) {
            numericDate(key, "exp", key.notAfter().get().getEpochSecond());
        }
    }

    private void numericDate(Key key, String name, long seconds) throws IOException {
        if (seconds < 0) {
            throw new IllegalArgumentException("the key " + key.id() + " is bounded by a time before 1970");
        }
        json.writeNumberField(name, seconds);
    }

    private static PublicKey requirePublic(Key key) {
        Optional<PublicKey> publicKey;
        if (key instanceof VerificationKey verification) {
            publicKey = verification.publicKey();
        } else if (key instanceof SigningKey signing) {
            publicKey = signing.verificationKey().publicKey();
        } else if (key instanceof EncryptionKey encryption) {
            publicKey = encryption.publicKey();
        } else if (key instanceof DecryptionKey decryption) {
            publicKey = decryption.encryptionKey().publicKey();
        } else {
            publicKey = Optional.empty();
        }
        return publicKey.orElseThrow(() ->
                new IllegalArgumentException("the key " + key.id() + " is a shared secret and has no public half"));
    }

    // ---- public halves
    // -----------------------------------------------------------------------------------------------

    private void publicKey(Algorithm algorithm, PublicKey key) throws IOException {
        if (key instanceof RSAPublicKey rsa) {
            json.writeStringField("kty", "RSA");
            unsigned("n", rsa.getModulus());
            unsigned("e", rsa.getPublicExponent());
        } else if (key instanceof ECPublicKey ec) {
            int length = fieldBytes(ec);
            json.writeStringField("kty", "EC");
            json.writeStringField(
                    "crv", "P-" + ec.getParams().getCurve().getField().getFieldSize());
            bytes("x", fixed(ec.getW().getAffineX(), length));
            bytes("y", fixed(ec.getW().getAffineY(), length));
        } else {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(key.getEncoded());
            byte[] octets = info.getPublicKeyData().getBytes();
            if (info.getAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)) {
                okp("Ed25519", octets);
            } else if (info.getAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_X25519)) {
                okp("X25519", octets);
            } else if (info.getAlgorithm().getAlgorithm().equals(Octets.mlDsaOid(algorithm))) {
                json.writeStringField("kty", "AKP");
                bytes("pub", octets);
            } else {
                throw new IllegalArgumentException("no JWK form is known for " + algorithm.joseName());
            }
        }
    }

    private void okp(String curve, byte[] octets) throws IOException {
        json.writeStringField("kty", "OKP");
        json.writeStringField("crv", curve);
        bytes("x", octets);
    }

    // ---- private halves
    // ----------------------------------------------------------------------------------------------

    private void privateKey(Key key) throws IOException {
        SecretBytes secret = null;
        PrivateKey privateKey = null;
        if (key instanceof SigningKey signing) {
            secret = signing.dangerousSecret().orElse(null);
            privateKey = signing.dangerousPrivateKey().orElse(null);
        } else if (key instanceof DecryptionKey decryption) {
            secret = decryption.dangerousSecret().orElse(null);
            privateKey = decryption.dangerousPrivateKey().orElse(null);
        } else if (key instanceof TokenizationKey tokenization) {
            secret = tokenization.dangerousSecret();
        } else {
            throw new IllegalArgumentException("the key " + key.id() + " is not a private key");
        }
        if (secret != null) {
            json.writeStringField("kty", "oct");
            secretBytes("k", secret.dangerousToByteArray());
            return;
        }
        byte[] encoded = privateKey == null ? null : privateKey.getEncoded();
        if (encoded == null) {
            throw new IllegalArgumentException(
                    "the key " + key.id() + " lives in an HSM or KMS and cannot be written to a file");
        }
        publicKey(key.algorithm(), requirePublic(key));
        try {
            privateMembers(key, encoded);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key " + key.id() + " has no standard encoding", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private void privateMembers(Key key, byte[] encoded) throws IOException, GeneralSecurityException {
        PublicKey publicKey = requirePublic(key);
        if (publicKey instanceof RSAPublicKey) {
            if (!(decode("RSA", encoded) instanceof RSAPrivateCrtKey rsa)) {
                throw new IllegalArgumentException("the key " + key.id() + " lacks the primes of its modulus");
            }
            unsigned("d", rsa.getPrivateExponent());
            unsigned("p", rsa.getPrimeP());
            unsigned("q", rsa.getPrimeQ());
            unsigned("dp", rsa.getPrimeExponentP());
            unsigned("dq", rsa.getPrimeExponentQ());
            unsigned("qi", rsa.getCrtCoefficient());
        } else if (publicKey instanceof ECPublicKey ec) {
            ECPrivateKey ecPrivate = (ECPrivateKey) decode("EC", encoded);
            secretBytes("d", fixed(ecPrivate.getS(), fieldBytes(ec)));
        } else if (key.algorithm().joseName().startsWith("ML-DSA")) {
            secretBytes("priv", seed(key, encoded));
        } else {
            ASN1OctetString scalar = ASN1OctetString.getInstance(
                    PrivateKeyInfo.getInstance(encoded).parsePrivateKey());
            secretBytes("d", scalar.getOctets());
        }
    }

    private static byte[] seed(Key key, byte[] encoded) throws GeneralSecurityException {
        PrivateKey decoded = KeyFactory.getInstance(key.algorithm().joseName(), Octets.bouncyCastle())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        byte[] seed = ((MLDSAPrivateKey) decoded).getSeed();
        if (seed == null) {
            // RFC 9964, 3: only the seed has a place in a JWK, and an expanded key does not lead back to it.
            throw new IllegalArgumentException("the key " + key.id() + " was made without keeping its seed");
        }
        return seed;
    }

    private static PrivateKey decode(String algorithm, byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    // ---- values
    // ------------------------------------------------------------------------------------------------------

    private void unsigned(String name, BigInteger value) throws IOException {
        bytes(name, fixed(value, (value.bitLength() + 7) / 8));
    }

    private void secretBytes(String name, byte[] value) throws IOException {
        bytes(name, value);
        Arrays.fill(value, (byte) 0);
    }

    private void bytes(String name, byte[] value) throws IOException {
        json.writeStringField(name, Base64Url.encode(value));
    }

    private static int fieldBytes(ECPublicKey key) {
        return (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] out = new byte[length];
        int used = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - used, out, length - used, used);
        return out;
    }

    private static final class WipedBuffer extends ByteArrayOutputStream {
        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
