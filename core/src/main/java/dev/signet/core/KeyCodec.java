// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.jcajce.interfaces.MLDSAPrivateKey;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** Reads keys from their standard encodings, and finds the public key of a private one. */
final class KeyCodec {
    private static final String X25519_OID = "1.3.101.110";

    private KeyCodec() {}

    static PublicKey publicKey(Algorithm algorithm, SubjectPublicKeyInfo info) {
        try {
            SubjectPublicKeyInfo plain = algorithm.family.isRsa()
                    ? new SubjectPublicKeyInfo(plainRsa(algorithm, info.getAlgorithm()), info.parsePublicKey())
                    : info;
            return keyFactory(algorithm, plain.getAlgorithm())
                    .generatePublic(new X509EncodedKeySpec(plain.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw notA(algorithm, "public", e);
        }
    }

    static PrivateKey privateKey(Algorithm algorithm, PrivateKeyInfo info) {
        try {
            PrivateKeyInfo plain = algorithm.family.isRsa()
                    ? new PrivateKeyInfo(plainRsa(algorithm, info.getPrivateKeyAlgorithm()), info.parsePrivateKey())
                    : info;
            return keyFactory(algorithm, plain.getPrivateKeyAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(plain.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw notA(algorithm, "private", e);
        }
    }

    /** The public key that belongs to a private key with an encoding, whose parts must fit each other. */
    static PublicKey derivePublic(Algorithm algorithm, PrivateKey key) {
        KeyChecks.checkPrivate(key);
        try {
            if (key instanceof RSAPrivateCrtKey rsa) {
                return keyFactory("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            }
            if (key instanceof ECPrivateKey ec) {
                ECPoint q =
                        EC5Util.convertPoint(EC5Util.convertCurve(ec.getParams().getCurve())
                                .createPoint(
                                        ec.getParams().getGenerator().getAffineX(),
                                        ec.getParams().getGenerator().getAffineY())
                                .multiply(ec.getS())
                                .normalize());
                return keyFactory("EC").generatePublic(new ECPublicKeySpec(q, ec.getParams()));
            }
            if (key instanceof MLDSAPrivateKey mlDsa) {
                return mlDsa.getPublicKey();
            }
            var parameters = PrivateKeyFactory.createKey(PrivateKeyInfo.getInstance(key.getEncoded()));
            if (parameters instanceof Ed25519PrivateKeyParameters ed) {
                return publicKey(
                        algorithm, SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(ed.generatePublicKey()));
            }
            if (parameters instanceof MLDSAPrivateKeyParameters mlDsa) {
                return publicKey(
                        algorithm,
                        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(mlDsa.getPublicKeyParameters()));
            }
            if (parameters instanceof X25519PrivateKeyParameters x) {
                return publicKey(
                        algorithm, SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(x.generatePublicKey()));
            }
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw notA(algorithm, "private", e);
        }
        throw notA(algorithm, "private", null);
    }

    static PrivateKey readPrivatePem(Algorithm algorithm, String pem, char @Nullable [] password) {
        return privateKey(algorithm, readPrivateKeyInfo(pem, password));
    }

    static PublicKey readPublicPem(Algorithm algorithm, String pem) {
        Object object = readPem(pem);
        if (object instanceof SubjectPublicKeyInfo info) {
            return publicKey(algorithm, info);
        }
        if (object instanceof X509CertificateHolder certificate) {
            return publicKey(algorithm, certificate.getSubjectPublicKeyInfo());
        }
        throw new IllegalArgumentException("the PEM text holds neither a public key nor a certificate");
    }

    /** The certificate of a PEM text, or null if it holds a bare key. */
    static @Nullable X509Certificate readCertificatePem(String pem) {
        if (readPem(pem) instanceof X509CertificateHolder holder) {
            try {
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new java.io.ByteArrayInputStream(holder.getEncoded()));
            } catch (CertificateException | IOException e) {
                throw new IllegalArgumentException("the PEM text holds no readable certificate", e);
            }
        }
        return null;
    }

    private static PrivateKeyInfo readPrivateKeyInfo(String pem, char @Nullable [] password) {
        Object object = readPem(pem);
        if (object instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        if (object instanceof PrivateKeyInfo info) {
            return info;
        }
        if (object instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            if (password == null) {
                throw new IllegalArgumentException("the PEM private key is encrypted and needs a password");
            }
            try {
                return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(Providers.bouncyCastle())
                        .build(password));
            } catch (PKCSException | org.bouncycastle.operator.OperatorCreationException e) {
                throw new IllegalArgumentException("the PEM private key does not open with this password");
            }
        }
        if (object instanceof PEMEncryptedKeyPair) {
            throw new IllegalArgumentException("the PEM private key uses OpenSSL's legacy encryption; "
                    + "convert it with 'openssl pkcs8 -topk8'");
        }
        throw new IllegalArgumentException("the PEM text holds no private key");
    }

    private static Object readPem(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            Object object = parser.readObject();
            // OpenSSL writes curve parameters in front of some EC keys.
            if (object instanceof ASN1ObjectIdentifier) {
                object = parser.readObject();
            }
            if (object == null) {
                throw new IllegalArgumentException("the text holds no PEM block");
            }
            return object;
        } catch (IOException e) {
            throw new IllegalArgumentException("the PEM text cannot be read");
        }
    }

    private static KeyFactory keyFactory(Algorithm algorithm, AlgorithmIdentifier identifier)
            throws GeneralSecurityException {
        if (algorithm.family == Algorithm.Family.ML_DSA) {
            return KeyFactory.getInstance(algorithm.joseName(), Providers.bouncyCastle());
        }
        boolean x25519 = identifier.getAlgorithm().getId().equals(X25519_OID);
        return keyFactory(x25519 ? "X25519" : Engine.keyAlgorithm(algorithm));
    }

    /** The platform's, whose key classes everybody takes; where it was taken out, that of Bouncy Castle. */
    static KeyFactory keyFactory(String name) throws NoSuchAlgorithmException {
        try {
            return KeyFactory.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            return KeyFactory.getInstance(name, Providers.bouncyCastle());
        }
    }

    /** An id-RSASSA-PSS key (RFC 4055) may name its only digest, which must then be the algorithm's. */
    private static AlgorithmIdentifier plainRsa(Algorithm algorithm, AlgorithmIdentifier identifier) {
        if (identifier.getAlgorithm().equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            if (algorithm.family != Algorithm.Family.RSA_PSS) {
                throw new IllegalArgumentException("an RSASSA-PSS key cannot be used with " + algorithm.joseName());
            }
            if (identifier.getParameters() != null) {
                String digest = RSASSAPSSparams.getInstance(identifier.getParameters())
                        .getHashAlgorithm()
                        .getAlgorithm()
                        .getId();
                if (!digest.equals(digestOid(algorithm))) {
                    throw new IllegalArgumentException(
                            "the RSASSA-PSS key is restricted to another digest than " + algorithm.hash);
                }
            }
        } else if (!identifier.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
            throw new IllegalArgumentException("not an RSA key, as " + algorithm.joseName() + " needs");
        }
        return new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    }

    private static String digestOid(Algorithm algorithm) {
        return switch (algorithm.hash) {
            case "SHA-256" -> "2.16.840.1.101.3.4.2.1";
            case "SHA-384" -> "2.16.840.1.101.3.4.2.2";
            default -> "2.16.840.1.101.3.4.2.3";
        };
    }

    private static IllegalArgumentException notA(Algorithm algorithm, String half, @Nullable Exception cause) {
        // The cause may quote key bytes, so its message stays behind.
        String type = cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")";
        return new IllegalArgumentException("not a " + half + " key for " + algorithm.joseName() + type);
    }

    static boolean sameKey(PublicKey a, PublicKey b) {
        if (a instanceof RSAPublicKey x && b instanceof RSAPublicKey y) {
            return x.getModulus().equals(y.getModulus())
                    && x.getPublicExponent().equals(y.getPublicExponent());
        }
        if (a instanceof ECPublicKey x && b instanceof ECPublicKey y) {
            return x.getW().equals(y.getW());
        }
        return java.security.MessageDigest.isEqual(a.getEncoded(), b.getEncoded());
    }
}
