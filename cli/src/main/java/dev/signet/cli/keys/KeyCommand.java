// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import picocli.CommandLine.Command;

@Command(
        name = "key",
        description = "Make, list, rotate and export keys.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyGenerate.class, KeyList.class, KeyRotate.class, KeyExport.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet key generate --alg ES256 --out keys.jwks",
            "  signet key list keys.jwks",
            "  signet key export keys.jwks --out public.jwks",
            "",
            "A keyset file is a JWK set (RFC 7517) with one primary key that signs; the others verify.",
        })
public final class KeyCommand {}
