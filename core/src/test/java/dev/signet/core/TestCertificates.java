// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates made on the spot. */
final class TestCertificates {
    static final Instant NOT_BEFORE =
            Instant.ofEpochSecond(Instant.now().minus(Duration.ofDays(1)).getEpochSecond());
    static final Instant NOT_AFTER = NOT_BEFORE.plus(Duration.ofDays(10));

    private TestCertificates() {}

    static X509Certificate selfSigned(KeyPair pair, String signature) {
        return selfSigned(pair, signature, null);
    }

    static X509Certificate selfSigned(KeyPair pair, String signature, Provider provider) {
        try {
            X500Principal name = new X500Principal("CN=test");
            JcaContentSignerBuilder signer = new JcaContentSignerBuilder(signature);
            if (provider != null) {
                signer.setProvider(provider);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(NOT_BEFORE),
                                    Date.from(NOT_AFTER),
                                    name,
                                    pair.getPublic())
                            .build(signer.build(pair.getPrivate())));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
