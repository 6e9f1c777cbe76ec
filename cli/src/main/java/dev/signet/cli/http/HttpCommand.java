// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import picocli.CommandLine.Command;

@Command(
        name = "http",
        description = "Sign, verify and explain HTTP messages (RFC 9421).",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {HttpSign.class, HttpVerify.class, HttpExplain.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet http sign --key keys.jwks request.txt > signed.txt",
            "  signet http verify --keys public.jwks signed.txt",
            "  signet http explain --keys public.jwks signed.txt",
            "",
            "Messages are HTTP/1.1 as text; lines end in CRLF or LF. The body ends by Content-Length or by its "
                    + "chunks, and that of a response without them at the end of the input.",
        })
public final class HttpCommand {}
