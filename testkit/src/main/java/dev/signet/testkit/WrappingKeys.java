// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys of the wrapping corpus: the signer's, which is trusted, and an attacker's. RSA, so that signatures never vary. */
final class WrappingKeys {
    private static final String SIGNER = """
            MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDDLs/Kdi/bhss9wseOMGcaMo8oUQRii0Gz/FliLA8iVb4oONWL
            avpeMcfPSFSdbxN4X4vI8fGEio0sa+f50sSH8HHBca2hy3vLrXa/7SSOgCmgMGpZRIX2kKNcHaAwzCNKm0rNAHpuALDDsW5+ApWk
            jUcy639io0gVUytVLPmNV4jaXYDEG7eeV5ZJ//V9LNL2ZwcXXesByx4Pk/qQGGScWehQcCMNWEbXLycf0h2Jpyxl6W1QifI281LX
            o5oQ8lnvPMkB3uaRRJdcjEqxJVAdAJ5/S8Oe/CUldkW/oyv1s3nRv/YTqRy7+r+2RiuDWETEjN5Ez9BpBElL40uKvFnxAgMBAAEC
            ggEACM+r355j4RGZ6pwIv1Rz7hbE18+G/rYdyWTZqeT2arDTWpxctwxVeMO/av4PXFNVrh4lmMTj1917m6sUJAb52m9uSjriGVMO
            39IxEX9gkmqKnoW7AlRFpiyvxD594yAPEozVxNEKBd3j/PSdSeTe2airU3sWQ0ce36ATXWcwLZtHG6Cbewr3Wiz3CQcbeXIMGH0c
            15YouIxCpUqyc8g2uinuOkSh3aX8TF25g6lv83LKT4DdqTJmqvuRmxpY7X5+QRjrTY9dmKx47xGn9nkwdGeJ+pgTZxK9g/aMbg59
            K9CikXLm9FYgsVqyr95CU/XRv/d8QB+y8RDSW+EdMEbq4QKBgQDukIGME6xR5DZcq07B/VH0FLGWF2kSY+qUiAWsGKtVmV3irvXd
            xH0dnylpMy0j1FqM89wsu/bTKUaoC3U5qbKmZPpR//PtmoCrplkO4Lmqs5Vahl7ymoNZBMAOAwQzb+rZvuFKxyRMKhBzcRz4+NlU
            CUA7cjEV2RQBsEwTWt9cEQKBgQDRcqTor8Tm6wdfZqnYl1yfOdz/48v02xN1byWV/VHmETXMy/sLwbeCrjaFmUdFgZlqhi5xgFwJ
            NamhileoqbWmkFQi2XkLULz6dLIXrsT16b3H0cmuR5Qd0fRZWtcISanEL8tl2vhWrKw8uMSGsrJ+QFUzJJEglsMqwpnmwcB/4QKB
            gB+wABUcE9p4xqO+eWKZBEa4bPIzv9gaf3ElNCOszy06htbySGQhkkDaAEUh8A//R9vLFGa4vMtFg0YU54g2Oy2Q4hL8PWlFCWxD
            Vzb7sI209tSkXn44+dNcJyp1ShyO9BHiIcit9OtM9wxubNvBKhTYebirrUtqnxauVRyJCHwRAoGAa/j27IFYN1aoCVVKb76v3+Gb
            fUr4pLSfVmXC8YySwNDUdEwfkhL+QF8A+mRnKnzCEvkzTg3G5HSGiyFfSTKb008KIKEN1nh7w32PJchR/xfNXwpWNwLtZ2YJ2lqL
            Cdm3q8ybxVlZtozziaYSogHTJGSTx3atXih6WjvRzPTLAOECgYEAmCedJZO0tz9N9PNFY7Vrt95zMBy5NXIfctTMOdsu/tn4WHJU
            nXGC2aKP+VaxM6zb14Copv88QOgfvchTRRW5XBs1LsKcxbQdLoT/gurBShW78p4ltA8zJGdxLDlaz11+IEs4JntRJj/KOe6yvrb8
            alfaAefIDFVWEld83+Ch8Po=
            """;
    private static final String SIGNER_CERTIFICATE = """
            MIIDMzCCAhugAwIBAgIUYHQgae01FHbetNhRBeSSmuPc1CAwDQYJKoZIhvcNAQELBQAwKDEmMCQGA1UEAwwdU2lnbmV0IHdyYXBw
            aW5nIGNvcnB1cyBzaWduZXIwIBcNMjYxMTI2MTMwNjM4WhgPMjEyNjExMDIxMzA2MzhaMCgxJjAkBgNVBAMMHVNpZ25ldCB3cmFw
            cGluZyBjb3JwdXMgc2lnbmVyMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwy7PynYv24bLPcLHjjBnGjKPKFEEYotB
            s/xZYiwPIlW+KDjVi2r6XjHHz0hUnW8TeF+LyPHxhIqNLGvn+dLEh/BxwXGtoct7y612v+0kjoApoDBqWUSF9pCjXB2gMMwjSptK
            zQB6bgCww7FufgKVpI1HMut/YqNIFVMrVSz5jVeI2l2AxBu3nleWSf/1fSzS9mcHF13rAcseD5P6kBhknFnoUHAjDVhG1y8nH9Id
            iacsZeltUInyNvNS16OaEPJZ7zzJAd7mkUSXXIxKsSVQHQCef0vDnvwlJXZFv6Mr9bN50b/2E6kcu/q/tkYrg1hExIzeRM/QaQRJ
            S+NLirxZ8QIDAQABo1MwUTAdBgNVHQ4EFgQUPh35fe3zZFzIskPjLDZOY47LgLIwHwYDVR0jBBgwFoAUPh35fe3zZFzIskPjLDZO
            Y47LgLIwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAEZm6V0fA2c+p+HZVnsqXTr6K3o4va/VGCDsWvnh8RrfY
            Kzwr4FfwJaQDl4aN/E8Tc9rHFIqjc6PGxaFmmTJoUZJSPHxMBGnODvAMKWS32mnIwj6HfnPrncWAgg9O82y0yNQunH01YxlIJZYP
            //8u9NMSxrUQkcwpJ+bor7X++30Ngenw6vn6yckk/vSn9fPXJwtkHZuS5WUyELBsP0wCa5ZbRPL63hD0Os22onSYsskBvnPvQbX5
            lC9KIf+4WWeudkDDOUlIRzmaZqsUKLsMmnUXP2A6blvmWmc9mkgK6J+kZK2zlncXkmcJ0V/q6fgslCsG1jT0F6K3fnK4P/pfqQ==
            """;
    private static final String ATTACKER = """
            MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDB/ArnjEZmrwuvhP5N9z3twPHRGvU40sRR9Y3T4V4+bXtuYKn7
            8nueA7w5Y/WuiNmBaPSqhNAgRwbOu0j4WnDjeSOnsepOxa72/2GKrvpuMZ5wmevXVKrJk1PrjI2pt+5ZlND57v6feZuQbURhD+t6
            mVM3bdh9tTIwAufvJhIJOUzOl9x1UJHfBa6YNzedxjh3zSpaPloXtznDPbONtOGIA7WYv7JBJnz0DkwWuHD/hYfWw0J2ePRTNwIi
            aRgiCMw8XksE0ehxd0OkZbZ4WHCA/+ZsWK4G1yTydbk1b0cjepRbco1G4vlRwX0EeUHpPuhAfR87E3VbJs4kS8wnoWp3AgMBAAEC
            ggEALZ9vGx0pM55Is8umGcUj6gZ+eQ0LjoU3igUkCaiQB0Oti3ytjeVuQHAldSP21Mk3ypFaNb6NyoGZ7sYqd8qhkUZc5eRYtJUW
            vN28XacgnAkMd/QjfR3bGxSM4LHKYZeyNZxj99xHQ0+REEs6kU9ytP9ZjIhHqe0TNCqCzQKZrFRGFkjNMp7LRsJc2MJ5v7z6q/iY
            tL+t7eHkJzSdyVgT3oEIYsY9YMmAiee5JQEFCONfEWO03JfJQxXsRM5XmrH7Uc6tnGWfSbWzUqBacWtWMl+l5scrn7QudVCWV55h
            MZSa5DG12JUq5bATVdkILuZFqCd6S0oF3GmMgSH3MOtgZQKBgQDuXStoJRr0Duk4CimOxpGX88v4re4K67M19o+Rd5SwlxDQeSLc
            /PerJC08Ri2BFZsyPCMZL14JFmi2JjVGywOuBtZYVlYt4NvVcueiK/eIVOQB9Ef09+mMWiWO8tWHNHSPLC1BqInF3xrVSghmF88D
            XoOm6X4/sYF0W7++loam0wKBgQDQVklkuAxDIL6jXQsvRvRHE/cmrB3GI848IpF3ajXLs2gOMSZCnCuKz5WKaKj/nE/uZpotio81
            O1/ZwRTcQnT0BrX47Ny2f53UcsmBz/cue3OsfX7GR/DsZzM623TF+L42ZmCGXgwUCODRojPWXP5QUWz8NHIauWi/HFsNNi2vTQKB
            gAlFXGvXjZ3SeqWwV39zH7SOSe+pLCoGktjVdy4MPZ9EsOW64G1B9YwVgyDmBd0QbxHcHu1a10h5M6dqAwZ23PTG1U1oRj/QkBxU
            NMgs95q42ols6+OOROotk2pk7YMtuh7bdAMqv/kPPWbwUzVNVcLmyS4TxNJLYCKbcvDBwAj7AoGBAMvIGvIRtKzUkqRollAgL0B3
            HwEMyfLNgyT/CxqrIQOm8Nkw6iOtbknQ0o0X4nZkBytB4P060ulWsmLkoerwdkVbaxOZXCqGmXL89G2tZjJpPrQx7Jc2N0qFh27C
            ym366NN9QF0uENJn/MAQ0HOVcoxNmTT4d8P8J6EHs2gw3m7hAoGBAIQZlJf0f6emx+9qmw8tdp6HBim+wNxkvvo+8/EjPzKD0oAH
            wiMeKK+0nVj2FLWuHaGdqIWVfda1RR4irTxi/YTE/HmuMk0AvTymmS2/BwRN9ZQMhSzdaehkf2RmIZ1cmNDRbdu6Gu0qz+w2FR70
            PinhxRDjhuJmrTR0vRjqRPyQ
            """;
    private static final String ATTACKER_CERTIFICATE = """
            MIIDNzCCAh+gAwIBAgIUJNCZW/LUCWhgEi1Slgj6XGrz7kIwDQYJKoZIhvcNAQELBQAwKjEoMCYGA1UEAwwfU2lnbmV0IHdyYXBw
            aW5nIGNvcnB1cyBhdHRhY2tlcjAgFw0yNjExMjYxMzA2MzlaGA8yMTI2MTEwMjEzMDYzOVowKjEoMCYGA1UEAwwfU2lnbmV0IHdy
            YXBwaW5nIGNvcnB1cyBhdHRhY2tlcjCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMH8CueMRmavC6+E/k33Pe3A8dEa
            9TjSxFH1jdPhXj5te25gqfvye54DvDlj9a6I2YFo9KqE0CBHBs67SPhacON5I6ex6k7Frvb/YYqu+m4xnnCZ69dUqsmTU+uMjam3
            7lmU0Pnu/p95m5BtRGEP63qZUzdt2H21MjAC5+8mEgk5TM6X3HVQkd8Frpg3N53GOHfNKlo+Whe3OcM9s4204YgDtZi/skEmfPQO
            TBa4cP+Fh9bDQnZ49FM3AiJpGCIIzDxeSwTR6HF3Q6RltnhYcID/5mxYrgbXJPJ1uTVvRyN6lFtyjUbi+VHBfQR5Qek+6EB9HzsT
            dVsmziRLzCehancCAwEAAaNTMFEwHQYDVR0OBBYEFA/ZBOWKa8iFqc9EfDr5AFJs2RsaMB8GA1UdIwQYMBaAFA/ZBOWKa8iFqc9E
            fDr5AFJs2RsaMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBAB2laMiZf1A+aDLuxnvU5zYrShNKTK0Q/19Ap0yV
            AZT4JW8HEc2KZJjavzl3KtXr8OBG8ZpG8g/SKKujLVSQroBUMauvcq/wzzApwpvCA89FgXWEYtRRTSDCfD8f/FzQWp45CB8GmAyD
            E+uYk6WIrJCVV09K7rgXcScS5zilIblS8Qw8OYPY1degnM45zRfOSEB0nuTYme0po/mjwqVZQjOKtaZMJoOUO9Pl3+YCvbPnH3Mm
            uqmWWxIsj3s8J3htsBS5n85PPShxUb0UPV38kqCEC/7S4UTgqiqpMRiofNd4ZF/ABHYk/3JwLxX9/va6z6JkyHecmm7s5/DXOfFm
            9xY=
            """;
    private static final byte[] SECRET = {
        7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
        127, 1, 2, 3, 5
    };

    private final PrivateKey signer;
    private final PrivateKey attacker;
    final X509Certificate certificate;
    final X509Certificate attackerCertificate;

    WrappingKeys() {
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            signer = rsa.generatePrivate(new PKCS8EncodedKeySpec(decode(SIGNER)));
            attacker = rsa.generatePrivate(new PKCS8EncodedKeySpec(decode(ATTACKER)));
            certificate = certificate(SIGNER_CERTIFICATE);
            attackerCertificate = certificate(ATTACKER_CERTIFICATE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no RSA", e);
        }
    }

    static byte[] secret() {
        return SECRET.clone();
    }

    byte[] sign(String jcaName, byte[] data) {
        return sign(jcaName, signer, data);
    }

    byte[] signAsAttacker(byte[] data) {
        return sign("SHA256withRSA", attacker, data);
    }

    static byte[] mac(byte[] secret, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no HMAC", e);
        }
    }

    static byte[] digest(String jcaName, byte[] data) {
        try {
            return MessageDigest.getInstance(jcaName).digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + jcaName, e);
        }
    }

    private static byte[] sign(String jcaName, PrivateKey key, byte[] data) {
        try {
            Signature signature = Signature.getInstance(jcaName);
            signature.initSign(key);
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + jcaName, e);
        }
    }

    private static X509Certificate certificate(String base64) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(decode(base64)));
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }
}
