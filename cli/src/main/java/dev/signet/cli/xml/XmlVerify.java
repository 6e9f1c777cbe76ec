// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import dev.signet.cli.keys.TrustOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.OutputOption;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.xml.VerifiedXml;
import dev.signet.xml.XmlVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Verify a signed document of any size and print what was signed, and nothing else.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet xml verify --keys public.jwks --root '{urn:example}Order' signed.xml > order.xml",
            "  signet xml verify --keys public.jwks --soap12 --out body.xml signed.xml",
            "  signet xml verify --keys k.pem --key-id a --certificate a=cert.pem --root '{urn:a}A' s.xml",
            "",
            "What is printed is the canonical form that was digested. Ends with 0 if verified, 1 if refused, 2 "
                    + "if it could not be tried. Nothing is printed unless verified.",
        })
final class XmlVerify implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "The signed document; - for standard input.")
    private String file = "";

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Mixin
    private XmlKeyOptions keys = new XmlKeyOptions();

    @Mixin
    private XmlProfileOptions profile = new XmlProfileOptions();

    @Option(
            names = "--part",
            paramLabel = "PLACE",
            description = "Print this covered element, by its name or the end of its place, instead of the first.")
    private @Nullable String part;

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private XmlReading documents = new XmlReading();

    XmlVerify(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        // The document does not say what kind of document it is to be.
        XmlVerifier verifier = keys.verifier(shell, trust.resolver(shell), profile.profile(null), documents);
        QName[] wanted = part == null ? new QName[0] : XmlNames.place("--part", part);
        output.requireFree();
        try (InputStream in = XmlReading.document(Inputs.open(shell, file));
                VerifiedXml verified = verifier.verify(in)) {
            VerifiedXml.Part chosen = choose(verified, List.of(wanted));
            try (InputStream content = chosen.contentStream()) {
                Tokens.note(shell, describe(verified));
                output.write(shell, content::transferTo);
            }
            return ExitCode.OK;
        } catch (VerificationException | InvalidMessageException e) {
            throw trust.refused(e, "").with(hint(e, profile));
        } catch (IOException e) {
            throw Failure.input("cannot verify " + Inputs.display(file) + ": " + Texts.cause(e));
        } catch (UncheckedIOException e) {
            throw Failure.input("cannot verify " + Inputs.display(file) + ": " + Texts.cause(e));
        }
    }

    private static VerifiedXml.Part choose(VerifiedXml verified, List<QName> wanted) {
        if (wanted.isEmpty()) {
            return verified.content();
        }
        List<VerifiedXml.Part> found =
                verified.parts().stream().filter(p -> isAt(p, wanted)).toList();
        if (found.isEmpty()) {
            throw new VerificationException(
                    Reason.COMPONENT_NOT_COVERED, wanted.get(wanted.size() - 1).toString());
        }
        if (found.size() > 1) {
            throw Failure.input("--part means several covered elements; say more of the place");
        }
        return found.get(0);
    }

    private static boolean isAt(VerifiedXml.Part part, List<QName> end) {
        List<QName> place = part.place();
        int levels = end.size();
        return levels == 1
                ? part.name().equals(end.get(0))
                : levels <= place.size()
                        && place.subList(place.size() - levels, place.size()).equals(end);
    }

    /** A signature that is not there may well be somewhere else. */
    static String hint(MessageSecurityException e, XmlProfileOptions profile) {
        return e instanceof VerificationException refusal && refusal.reason() == Reason.SIGNATURE_MISSING
                ? " (looked for in " + profile.signaturePlace() + ")"
                : "";
    }

    static String describe(VerifiedXml verified) {
        String others = verified.parts().size() < 2
                ? ""
                : ", over "
                        + verified.parts().stream()
                                .map(p -> p.name().getLocalPart())
                                .collect(Collectors.joining(", "));
        return "verified: signed by " + verified.key().id() + " ("
                + verified.key().algorithm().joseName() + ")" + others;
    }
}
