// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Certificates of configured keys, by which a message may say which of them it means. */
final class KnownCertificates {
    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /** What is around the identifier: an OCTET STRING in an OCTET STRING. */
    private static final int WRAPPING = 4;

    private final List<Entry> entries;

    KnownCertificates(List<Known> known) {
        entries = known.stream().map(KnownCertificates::entry).toList();
    }

    record Known(String keyId, X509Certificate certificate) {}

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The id of the key that is meant; empty if none is, or several are. */
    Optional<String> keyId(KeyHints hints) {
        Set<String> ids = new HashSet<>();
        for (Entry entry : entries) {
            if (isMeant(entry, hints)) {
                ids.add(entry.keyId);
            }
        }
        return ids.size() == 1 ? Optional.of(ids.iterator().next()) : Optional.empty();
    }

    private static boolean isMeant(Entry entry, KeyHints hints) {
        return hints.certificates().stream().anyMatch(der -> MessageDigest.isEqual(der, entry.der))
                || hints.issuerSerials().stream()
                        .anyMatch(named -> named.serial().equals(entry.certificate.getSerialNumber())
                                && named.issuer().equals(entry.certificate.getIssuerX500Principal()))
                || entry.subjectKeyId != null
                        && hints.subjectKeyIds().stream().anyMatch(id -> MessageDigest.isEqual(id, entry.subjectKeyId));
    }

    private static Entry entry(Known known) {
        try {
            byte[] extension = known.certificate.getExtensionValue(SUBJECT_KEY_IDENTIFIER);
            byte[] subjectKeyId = extension == null || extension.length <= WRAPPING
                    ? null
                    : Arrays.copyOfRange(extension, WRAPPING, extension.length);
            return new Entry(known.keyId, known.certificate, known.certificate.getEncoded(), subjectKeyId);
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be encoded", e);
        }
    }

    private record Entry(String keyId, X509Certificate certificate, byte[] der, byte @Nullable [] subjectKeyId) {}
}
