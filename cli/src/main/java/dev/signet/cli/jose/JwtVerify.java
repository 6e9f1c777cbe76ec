// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import dev.signet.cli.keys.DecryptionOptions;
import dev.signet.cli.keys.TrustOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.DecryptionException;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.jose.JwtVerifier;
import dev.signet.jose.VerifiedJwt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Verify a JWT and print its claims as JSON, and nothing else.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jwt verify --keys public.jwks --issuer https://me --audience https://you --type JWT token",
            "  signet jwt verify --jwks-url https://me/jwks --issuer https://me --ignore-audience --ignore-type -",
            "",
            "Issuer, audience and type are each expected or ignored. Ends with 0 if verified, 1 if refused, 2 if "
                    + "it could not be tried. Nothing is printed unless verified.",
        })
final class JwtVerify implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "TOKEN", description = "File with the JWT; - for standard input.")
    private String file = "";

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Option(names = "--issuer", paramLabel = "NAME", description = "The only acceptable issuer (iss).")
    private @Nullable String issuer;

    @Option(names = "--audience", paramLabel = "NAME", description = "A name that the audience (aud) must have.")
    private @Nullable String audience;

    @Option(names = "--type", paramLabel = "TYPE", description = "The only acceptable type (typ).")
    private @Nullable String type;

    @Option(names = "--subject", paramLabel = "NAME", description = "The only acceptable subject (sub).")
    private @Nullable String subject;

    @Option(names = "--at", paramLabel = "TIME", description = "Verify as if it were that time, instead of now.")
    private @Nullable String at;

    @Option(names = "--allow-token-lifetime", paramLabel = "TIME", description = "Accept tokens that live so long.")
    private @Nullable String allowTokenLifetime;

    @Option(names = "--ignore-issuer", description = "Accept any issuer.")
    private boolean ignoreIssuer;

    @Option(names = "--ignore-audience", description = "Accept tokens for others, too.")
    private boolean ignoreAudience;

    @Option(names = "--ignore-type", description = "Accept any type of token.")
    private boolean ignoreType;

    @Option(names = "--ignore-expiration", description = "Accept tokens that have expired.")
    private boolean ignoreExpiration;

    @Mixin
    private DecryptionOptions decryption = new DecryptionOptions();

    JwtVerify(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        decided("issuer", issuer, ignoreIssuer);
        decided("audience", audience, ignoreAudience);
        decided("type", type, ignoreType);
        Instant now = at == null ? shell.clock().instant() : Texts.instant("--at", at);
        SecurityPolicy policy = policy();
        JwtVerifier.Builder builder =
                JwtVerifier.builder(trust.resolver(shell)).policy(policy).clock(InstantSource.fixed(now));
        expect(builder);
        String token = Tokens.token(shell, file);
        Tokens.requireForm(token, false);
        try {
            JwtVerifier verifier = builder.build();
            VerifiedJwt verified = decryption.isGiven()
                    ? verifier.decryptAndVerify(token, decryption.decrypter(shell, trust.reading()))
                    : verifier.verify(token);
            Tokens.note(
                    shell,
                    "verified: signed by " + verified.key().id() + " ("
                            + verified.key().algorithm().joseName() + ")");
            Tokens.print(shell, new String(verified.claimsJson(), StandardCharsets.UTF_8));
            return ExitCode.OK;
        } catch (VerificationException | InvalidMessageException | DecryptionException e) {
            throw trust.refused(e, token);
        }
    }

    private SecurityPolicy policy() {
        SecurityPolicy policy = SecurityPolicy.recommended2026();
        return allowTokenLifetime == null
                ? policy
                : policy.allowTokenLifetime(Texts.duration("--allow-token-lifetime", allowTokenLifetime));
    }

    private void expect(JwtVerifier.Builder builder) {
        if (issuer == null) {
            builder.ignoreIssuer();
        } else {
            builder.expectIssuer(issuer);
        }
        if (audience == null) {
            builder.ignoreAudience();
        } else {
            builder.expectAudience(audience);
        }
        if (type == null) {
            builder.ignoreType();
        } else {
            builder.expectType(type);
        }
        if (subject != null) {
            builder.expectSubject(subject);
        }
        if (ignoreExpiration) {
            builder.ignoreExpiration();
        }
    }

    private static void decided(String name, @Nullable String expected, boolean ignored) {
        if ((expected != null) == ignored) {
            throw Failure.input(
                    "either --" + name + " or --ignore-" + name + " is needed" + (ignored ? ", not both" : ""));
        }
    }
}
