// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.cli.demo.DemoCommand;
import dev.signet.cli.doctor.DoctorCommand;
import dev.signet.cli.http.HttpCommand;
import dev.signet.cli.jose.JweCommand;
import dev.signet.cli.jose.JwsCommand;
import dev.signet.cli.jose.JwtCommand;
import dev.signet.cli.keys.KeyCommand;
import dev.signet.cli.rows.DetokenizeCommand;
import dev.signet.cli.rows.RevealLogCommand;
import dev.signet.cli.rows.TokenizeCommand;
import dev.signet.cli.shell.Build;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.xml.XmlCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "signet",
        description =
                "Message-level security: keys, HTTP Message Signatures, JWS, JWE, JWT, XML Signature and Encryption, "
                        + "tokenization, provider check and demo.",
        subcommands = {
            KeyCommand.class,
            HttpCommand.class,
            JwsCommand.class,
            JweCommand.class,
            JwtCommand.class,
            XmlCommand.class,
            TokenizeCommand.class,
            DetokenizeCommand.class,
            RevealLogCommand.class,
            DoctorCommand.class,
            DemoCommand.class,
            CompletionCommand.class
        },
        versionProvider = SignetCommand.Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        sortSynopsis = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet key generate --alg ES256 --out keys.jwks",
            "  signet http sign --key keys.jwks request.txt > signed.txt",
            "  signet http verify --keys keys.jwks signed.txt",
            "  signet jwt issue --key keys.jwks --issuer https://me --audience https://you > token",
            "  signet jwt inspect token",
            "  signet xml sign --key keys.jwks --root '{urn:example}Order' order.xml > signed.xml",
            "  signet tokenize --policy p.json --keys tokens.jwks --out safe.csv customers.csv",
            "  signet doctor",
            "  signet demo",
            "",
            "Exit codes: 0 done or verified, 1 refused, 2 wrong usage or unusable input.",
        })
final class SignetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Asked for nothing, it says what it can do. */
    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        line.usage(line.getOut());
        return ExitCode.OK;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "signet " + Build.property("version"),
                "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"),
            };
        }
    }

    /** The help option of every subcommand, after its own ones. */
    static final class HelpOption {
        @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help and exit.")
        private boolean help;
    }
}
