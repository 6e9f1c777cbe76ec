// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.core.KeyResolver;
import dev.signet.core.VerificationKey;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlVerifier;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which of the trusted keys a signed document means. */
final class XmlKeyOptions {
    @Option(names = "--ignore-key-info", description = "Take the only key, whatever the document calls it.")
    private boolean ignoreKeyInfo;

    @Option(
            names = "--certificate",
            paramLabel = "ID=FILE",
            description = "The certificate (PEM) of the key of this id, for documents that carry one. Repeatable.")
    private List<String> certificates = new ArrayList<>();

    boolean isGiven() {
        return ignoreKeyInfo || !certificates.isEmpty();
    }

    XmlVerifier verifier(Shell shell, KeyResolver keys, XmlProfile profile, XmlReading reading) {
        XmlVerifier.Builder builder = XmlVerifier.builder(keys, profile)
                .policy(XmlReading.streaming())
                .clock(shell.clock());
        if (reading.allowsInstructions()) {
            builder.allowProcessingInstructions();
        }
        if (ignoreKeyInfo) {
            if (!certificates.isEmpty()) {
                throw Failure.input("--ignore-key-info and --certificate exclude each other");
            }
            builder.ignoreKeyInfo();
        }
        for (String text : certificates) {
            int equals = text.lastIndexOf('=');
            if (equals <= 0) {
                throw Failure.input("--certificate wants ID=FILE, not '" + text + "'");
            }
            String id = text.substring(0, equals);
            X509Certificate certificate =
                    Certificates.read(shell, text.substring(equals + 1)).get(0);
            requireSame(keys, id, certificate);
            builder.certificate(id, certificate);
        }
        return builder.build();
    }

    /** Signatures would be refused with it, and nobody would see why. */
    private static void requireSame(KeyResolver keys, String id, X509Certificate certificate) {
        VerificationKey key =
                keys.resolve(id).orElseThrow(() -> Failure.input("--certificate names the unknown key '" + id + "'"));
        byte[] given = certificate.getPublicKey().getEncoded();
        if (key.publicKey()
                .filter(own -> MessageDigest.isEqual(own.getEncoded(), given))
                .isEmpty()) {
            throw Failure.input("--certificate: the certificate is not that of the key '" + id + "'");
        }
    }
}
