// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.rows;

import picocli.CommandLine.Command;

@Command(
        name = "reveal-log",
        description = "Check the log of who saw which values.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RevealLogVerify.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet reveal-log verify --keys tokens.jwks reveal.log > checked.txt",
            "  signet reveal-log verify --keys tokens.jwks --head checked.txt reveal.log",
        })
public final class RevealLogCommand {}
