// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.core.Limits;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads certificates from PEM files. */
final class Certificates {
    private Certificates() {}

    /** At least one, in the order of the file. */
    static List<X509Certificate> read(Shell shell, String name) {
        byte[] pem = Inputs.read(shell, name, Limits.recommended2026().maxJsonBytes());
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!all.isEmpty()) {
                return all;
            }
        } catch (CertificateException e) {
            // Its message may quote the file.
        }
        throw Failure.input(Inputs.display(name) + " holds no certificate in PEM");
    }
}
