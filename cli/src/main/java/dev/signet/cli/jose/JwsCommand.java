// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import picocli.CommandLine.Command;

@Command(
        name = "jws",
        description = "Sign and verify any content as a JSON Web Signature (RFC 7515).",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {JwsSign.class, JwsVerify.class, TokenInspect.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jws sign --key keys.jwks order.json > order.jws",
            "  signet jws verify --keys public.jwks order.jws > order.json",
            "  signet jws inspect order.jws",
        })
public final class JwsCommand {}
