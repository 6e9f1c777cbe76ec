// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.keys.RecipientOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.OutputOption;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.core.EncryptionKey;
import dev.signet.core.InvalidMessageException;
import dev.signet.xml.XmlEncrypter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "encrypt",
        description = "Encrypt a document, elements of it or their content. This does not say who sent it: sign the "
                + "encrypted document if that matters.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet xml encrypt --encrypt-to partner.jwks order.xml > order.enc.xml",
            "  signet xml encrypt --encrypt-to bank.jwks --content '{urn:example}Order/{urn:example}Card' order.xml",
        })
final class XmlEncrypt implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "The document, in UTF-8; - for standard input.")
    private String file = "";

    @Mixin
    private RecipientOptions recipients = new RecipientOptions();

    @Mixin
    private XmlPlaceOptions places = new XmlPlaceOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private XmlReading documents = new XmlReading();

    @Mixin
    private KeyReading reading = new KeyReading();

    XmlEncrypt(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!recipients.isGiven()) {
            throw Failure.input("--encrypt-to FILE is needed");
        }
        output.requireFree();
        XmlEncrypter encrypter = encrypter();
        byte[] document = Inputs.read(shell, file, XmlReading.MAX_IN_MEMORY);
        try {
            output.write(shell, encrypter.encrypt(document));
        } catch (InvalidMessageException e) {
            throw Failure.input(
                    "cannot encrypt " + Inputs.display(file) + ": " + e.getMessage() + places.rootHint(file));
        } catch (IllegalStateException e) {
            throw Failure.input("cannot encrypt so: " + e.getMessage());
        } catch (IOException e) {
            throw Failure.input("cannot write the encrypted document: " + Texts.cause(e));
        }
        return ExitCode.OK;
    }

    private XmlEncrypter encrypter() {
        try {
            List<EncryptionKey> keys = recipients.keys(shell, reading.options(shell, null));
            XmlEncrypter.Builder builder = XmlEncrypter.builder(
                            keys.get(0), keys.subList(1, keys.size()).toArray(new EncryptionKey[0]))
                    .policy(XmlReading.inMemory())
                    .clock(shell.clock());
            places.addTo(builder::element, builder::content);
            recipients.contentEncryption().ifPresent(builder::contentEncryption);
            if (documents.allowsInstructions()) {
                builder.allowProcessingInstructions();
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw Failure.input("cannot encrypt so: " + e.getMessage());
        }
    }
}
