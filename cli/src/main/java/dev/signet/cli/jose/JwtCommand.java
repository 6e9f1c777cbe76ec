// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import picocli.CommandLine.Command;

@Command(
        name = "jwt",
        description = "Issue and verify JSON Web Tokens (RFC 7519).",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {JwtIssue.class, JwtVerify.class, TokenInspect.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jwt issue --key keys.jwks --issuer https://me --audience https://you > token",
            "  signet jwt verify --keys public.jwks --issuer https://me --audience https://you --type JWT token",
            "  signet jwt inspect token",
        })
public final class JwtCommand {}
