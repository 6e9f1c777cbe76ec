// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import picocli.CommandLine.Command;

@Command(
        name = "jwe",
        description = "Encrypt and decrypt any content with JSON Web Encryption (RFC 7516).",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {JweEncrypt.class, JweDecrypt.class, TokenInspect.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet key generate --alg ECDH-ES+A256KW --out own.jwks",
            "  signet key export own.jwks --out own-public.jwks",
            "  signet jwe encrypt --encrypt-to own-public.jwks order.json > order.jwe",
            "  signet jwe decrypt --decrypt-with own.jwks order.jwe > order.json",
        })
public final class JweCommand {}
