// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.XmlLimits;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What {@code KeyInfo} says about the key: names to look up, and nothing to verify with. */
final class KeyHints {
    private static final int MAX_CERTIFICATES = 8;
    /** The platform's parser of names takes the square of their length. */
    private static final int MAX_ISSUER_NAME = 1024;

    private @Nullable String name;
    private final List<byte[]> certificates = new ArrayList<>(0);
    private final List<IssuerSerial> issuerSerials = new ArrayList<>(0);
    private final List<byte[]> subjectKeyIds = new ArrayList<>(0);

    record IssuerSerial(X500Principal issuer, BigInteger serial) {}

    @Nullable
    String name() {
        return name;
    }

    List<byte[]> certificates() {
        return certificates;
    }

    List<IssuerSerial> issuerSerials() {
        return issuerSerials;
    }

    List<byte[]> subjectKeyIds() {
        return subjectKeyIds;
    }

    boolean hasX509() {
        return !certificates.isEmpty() || !issuerSerials.isEmpty() || !subjectKeyIds.isEmpty();
    }

    void addName(String value, XmlLimits limits) {
        if (value.isEmpty() || value.length() > limits.maxNameLength()) {
            throw InvalidMessageException.malformed("Signature: a KeyName that is empty or too long");
        }
        if (name != null) {
            throw InvalidMessageException.malformed("Signature: more than one KeyName");
        }
        name = value;
    }

    void addCertificate(byte[] der) {
        certificates.add(der);
        checkCount(certificates);
    }

    void addSubjectKeyId(byte[] id) {
        subjectKeyIds.add(id);
        checkCount(subjectKeyIds);
    }

    void addIssuerSerial(String issuer, BigInteger serial) {
        if (issuer.length() > MAX_ISSUER_NAME) {
            throw InvalidMessageException.tooLarge(
                    "Signature: an X509IssuerName of more than " + MAX_ISSUER_NAME + " characters");
        }
        try {
            issuerSerials.add(new IssuerSerial(new X500Principal(issuer), serial));
        } catch (IllegalArgumentException e) {
            throw InvalidMessageException.malformed("Signature: an X509IssuerName that is no name");
        }
        checkCount(issuerSerials);
    }

    private static void checkCount(List<?> values) {
        if (values.size() > MAX_CERTIFICATES) {
            throw InvalidMessageException.tooLarge("Signature: more than " + MAX_CERTIFICATES + " certificates");
        }
    }
}
