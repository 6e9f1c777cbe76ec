// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.xml;

import picocli.CommandLine.Command;

@Command(
        name = "xml",
        description = "Sign, verify, encrypt and decrypt documents (XML Signature 1.1, XML Encryption 1.1).",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {XmlSign.class, XmlVerify.class, XmlEncrypt.class, XmlDecrypt.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet xml sign --key keys.jwks --root '{urn:example}Order' order.xml > signed.xml",
            "  signet xml verify --keys public.jwks --root '{urn:example}Order' signed.xml > order.xml",
            "  signet xml encrypt --encrypt-to partner.jwks order.xml > order.enc.xml",
            "  signet xml decrypt --decrypt-with own.jwks order.enc.xml > order.xml",
        })
public final class XmlCommand {}
