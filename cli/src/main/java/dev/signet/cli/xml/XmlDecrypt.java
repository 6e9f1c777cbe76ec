// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.keys.TrustOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.OutputOption;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.VerificationException;
import dev.signet.xml.VerifiedDecryptedXml;
import dev.signet.xml.VerifyingXmlDecrypter;
import dev.signet.xml.XmlDecrypter;
import dev.signet.xml.XmlVerifier;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "decrypt",
        description = "Decrypt a document and print it. With --keys its signature is verified first, and only what is "
                + "signed is decrypted and printed.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet xml decrypt --decrypt-with own.jwks order.enc.xml > order.xml",
            "  signet xml decrypt --decrypt-with own.jwks --content '{urn:example}Order/{urn:example}Card'",
            "    --keys partner.jwks --root '{urn:example}Order' signed.xml > order.xml",
            "",
            "Ends with 0 if decrypted, 1 if refused, 2 if it could not be tried. Without --keys nobody has "
                    + "checked who sent it, and what was not encrypted is as anybody left it.",
        })
final class XmlDecrypt implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "The encrypted document; - for standard input.")
    private String file = "";

    @Option(
            names = "--decrypt-with",
            required = true,
            paramLabel = "FILE",
            description = "Private keyset or JWK that decrypts.")
    private String decryptWith = "";

    @Mixin
    private XmlPlaceOptions places = new XmlPlaceOptions();

    @Option(
            names = "--allow-unauthenticated-cbc",
            description = "Take AES-CBC, too, with which anybody can have changed the content; best with --keys only.")
    private boolean allowCbc;

    @ArgGroup(multiplicity = "0..1")
    private TrustOptions.@Nullable Source source;

    @Option(names = "--key-id", paramLabel = "ID", description = "The id of the key of a PEM file.")
    private @Nullable String keyId;

    @Mixin
    private XmlKeyOptions keys = new XmlKeyOptions();

    @Mixin
    private XmlProfileOptions profile = new XmlProfileOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private XmlReading documents = new XmlReading();

    @Mixin
    private KeyReading reading = new KeyReading();

    XmlDecrypt(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (source == null && (profile.isGiven() || keys.isGiven() || keyId != null)) {
            throw Failure.input("what says how a signature is verified belongs to --keys or --jwks-url");
        }
        output.requireFree();
        XmlVerifier verifier = source == null
                ? null
                : keys.verifier(
                        shell,
                        source.resolver(shell, reading.options(shell, keyId), false),
                        profile.profile(null),
                        documents);
        XmlDecrypter decrypter = decrypter();
        byte[] document = Inputs.read(shell, file, XmlReading.MAX_IN_MEMORY);
        try {
            byte[] decrypted = verifier == null
                    ? decrypter.decrypt(document).contentBytes()
                    : verified(VerifyingXmlDecrypter.of(verifier, decrypter), document);
            output.write(shell, decrypted);
            return ExitCode.OK;
        } catch (VerificationException | InvalidMessageException | DecryptionException e) {
            throw TrustOptions.refusal(e, hint(e));
        } catch (IOException e) {
            throw Failure.input("cannot write the decrypted document: " + Texts.cause(e));
        }
    }

    private byte[] verified(VerifyingXmlDecrypter receiver, byte[] document) {
        try (VerifiedDecryptedXml received = receiver.decrypt(document)) {
            Tokens.note(shell, XmlVerify.describe(received.verified()));
            return received.decrypted().contentBytes();
        }
    }

    private String hint(MessageSecurityException e) {
        return source == null ? "" : source.hint(e) + XmlVerify.hint(e, profile);
    }

    private XmlDecrypter decrypter() {
        List<DecryptionKey> decrypting =
                KeyFile.read(shell, decryptWith, reading.options(shell, null)).decryptionKeys();
        try {
            XmlDecrypter.Builder builder = XmlDecrypter.builder(
                            decrypting.get(0),
                            decrypting.subList(1, decrypting.size()).toArray(new DecryptionKey[0]))
                    .policy(XmlReading.inMemory())
                    .clock(shell.clock());
            places.addTo(builder::element, builder::content);
            if (allowCbc) {
                builder.allowUnauthenticatedCbc();
            }
            if (documents.allowsInstructions()) {
                builder.allowProcessingInstructions();
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw Failure.input("cannot decrypt so: " + e.getMessage());
        }
    }
}
