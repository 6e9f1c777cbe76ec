// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.OutputOption;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SigningKey;
import dev.signet.xml.XmlCanonicalization;
import dev.signet.xml.XmlDigest;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlSigner;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sign",
        description = "Sign a document of any size. Every other byte of it stays as it is.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet xml sign --key keys.jwks --root '{urn:example}Order' order.xml > signed.xml",
            "  signet xml sign --key key.pem --certificate cert.pem --soap12 envelope.xml > signed.xml",
            "  signet xml sign --key keys.jwks --signature-in '{urn:a}Batch/{urn:a}Order'",
            "    --covers '{urn:a}Batch/{urn:a}Order' --out signed.xml batch.xml",
        })
final class XmlSign implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "The document; - for standard input.")
    private String file = "";

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "Private keyset, JWK or PEM.")
    private String key = "";

    @Option(
            names = "--key-id",
            paramLabel = "ID",
            description = "Which key of a keyset, by default the primary one; the id to write for a PEM key.")
    private @Nullable String keyId;

    @Mixin
    private XmlProfileOptions profile = new XmlProfileOptions();

    @Option(
            names = "--after",
            paramLabel = "NAME",
            description = "Put the signature behind this child of its parent, instead of last.")
    private @Nullable String after;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "Send the key's certificate (PEM), and those that follow in the file, instead of its id.")
    private @Nullable String certificate;

    @Option(names = "--no-key-info", description = "Do not say which key it was.")
    private boolean noKeyInfo;

    @Option(
            names = "--c14n",
            paramLabel = "NAME",
            description = "Canonicalization: exclusive (by default), 1.0 or 1.1.")
    private String c14n = "exclusive";

    @Option(
            names = "--digest",
            paramLabel = "NAME",
            description = "SHA-256 (by default), SHA-384, SHA-512, SHA3-256, SHA3-384 or SHA3-512.")
    private String digest = "SHA-256";

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private XmlReading documents = new XmlReading();

    @Mixin
    private KeyReading reading = new KeyReading();

    XmlSign(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (noKeyInfo && certificate != null) {
            throw Failure.input("--certificate and --no-key-info exclude each other");
        }
        if (Inputs.isStandardInput(key) && Inputs.isStandardInput(file)) {
            throw Failure.input("the key and the document cannot both be standard input");
        }
        XmlProfile kind = profile.profile(file);
        output.requireFree();
        SigningKey signing =
                KeyFile.read(shell, key, reading.options(shell, keyId)).signingKey(keyId);
        XmlSigner signer = signer(signing, kind);
        try (InputStream in = XmlReading.document(Inputs.open(shell, file))) {
            output.write(shell, out -> signer.sign(in, out));
        } catch (InvalidMessageException e) {
            throw Failure.input("cannot sign " + Inputs.display(file) + ": " + e.getMessage() + profile.rootHint(file));
        } catch (IllegalStateException e) {
            throw Failure.input("cannot sign so: " + e.getMessage());
        } catch (IOException e) {
            throw Failure.input("cannot sign " + Inputs.display(file) + ": " + Texts.cause(e));
        }
        return ExitCode.OK;
    }

    private XmlSigner signer(SigningKey signing, XmlProfile kind) {
        try {
            XmlSigner.Builder builder = XmlSigner.builder(signing, kind)
                    .policy(XmlReading.streaming())
                    .clock(shell.clock())
                    .canonicalization(canonicalization())
                    .digest(digest());
            if (after != null) {
                builder.after(XmlNames.name("--after", after));
            }
            if (certificate != null) {
                List<X509Certificate> chain = Certificates.read(shell, certificate);
                builder.certificates(
                        chain.get(0), chain.subList(1, chain.size()).toArray(new X509Certificate[0]));
            }
            if (noKeyInfo) {
                builder.withoutKeyInfo();
            }
            if (documents.allowsInstructions()) {
                builder.allowProcessingInstructions();
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw Failure.input("cannot sign so: " + e.getMessage());
        }
    }

    private XmlCanonicalization canonicalization() {
        return switch (c14n.toLowerCase(Locale.ROOT)) {
            case "exclusive" -> XmlCanonicalization.EXCLUSIVE;
            case "1.0" -> XmlCanonicalization.INCLUSIVE_10;
            case "1.1" -> XmlCanonicalization.INCLUSIVE_11;
            default -> throw Failure.input("--c14n wants exclusive, 1.0 or 1.1, not '" + c14n + "'");
        };
    }

    private XmlDigest digest() {
        for (XmlDigest one : XmlDigest.values()) {
            if (one.name().equalsIgnoreCase(digest.replace('-', '_'))) {
                return one;
            }
        }
        throw Failure.input(
                "--digest wants SHA-256, SHA-384, SHA-512, SHA3-256, SHA3-384 or SHA3-512, not '" + digest + "'");
    }
}
