// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.jose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.cli.keys.KeyFile;
import dev.signet.cli.keys.KeyReading;
import dev.signet.cli.keys.RecipientOptions;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Texts;
import dev.signet.cli.shell.Tokens;
import dev.signet.core.SecurityPolicy;
import dev.signet.jose.JwtIssuer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "issue",
        description = "Issue a JWT, with a random id, for one audience or more.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet jwt issue --key keys.jwks --issuer https://me --audience https://you --subject alice",
            "  signet jwt issue --key keys.jwks --issuer https://me --audience https://you --lifetime 1m \\",
            "      --claim admin=true --claim 'roles=[\"a\",\"b\"]' --claim name=Alice",
        })
final class JwtIssue implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Shell shell;

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "Private keyset, JWK or PEM.")
    private String key = "";

    @Option(
            names = "--key-id",
            paramLabel = "ID",
            description = "Which key of a keyset, by default the primary one; the id to write for a PEM key.")
    private @Nullable String keyId;

    @Option(names = "--issuer", required = true, paramLabel = "NAME", description = "Who issues it (iss).")
    private String issuer = "";

    @Option(names = "--audience", required = true, paramLabel = "NAME", description = "Who accepts it. Repeatable.")
    private List<String> audience = new ArrayList<>();

    @Option(names = "--subject", paramLabel = "NAME", description = "Whom it is about (sub).")
    private @Nullable String subject;

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long it is good; ${DEFAULT-VALUE} by default.")
    private String lifetime = "5m";

    @Option(names = "--type", paramLabel = "TYPE", description = "Type of the token (typ), JWT by default.")
    private @Nullable String type;

    @Option(
            names = "--claim",
            paramLabel = "NAME=VALUE",
            description = "Another claim: JSON if the value is JSON, and else a string. Repeatable.")
    private List<String> claims = new ArrayList<>();

    @Option(names = "--allow-token-lifetime", description = "Let it be good for longer than recommended.")
    private boolean allowTokenLifetime;

    @Mixin
    private RecipientOptions recipient = new RecipientOptions();

    @Mixin
    private KeyReading reading = new KeyReading();

    JwtIssue(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Duration time = Texts.duration("--lifetime", lifetime);
        KeyFile.Options options = reading.options(shell, keyId);
        KeyFile keys = KeyFile.read(shell, key, options);
        SecurityPolicy policy = SecurityPolicy.recommended2026();
        try {
            JwtIssuer.Builder builder = JwtIssuer.builder(keys.signingKey(keyId), issuer, time)
                    .policy(allowTokenLifetime ? policy.allowTokenLifetime(time) : policy)
                    .clock(shell.clock());
            if (type != null) {
                builder.type(type);
            }
            JwtIssuer.Token token = builder.build()
                    .token(audience.get(0), audience.subList(1, audience.size()).toArray(new String[0]));
            if (subject != null) {
                token.subject(subject);
            }
            claims.forEach(claim -> add(token, claim));
            Tokens.print(
                    shell,
                    recipient.isGiven()
                            ? token.issueEncrypted(
                                    recipient.builder(shell, options).build())
                            : token.issue());
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw Failure.input("cannot issue so: " + e.getMessage());
        }
        return ExitCode.OK;
    }

    private static void add(JwtIssuer.Token token, String claim) {
        int equals = claim.indexOf('=');
        if (equals < 1) {
            throw Failure.input("--claim wants NAME=VALUE, not '" + claim + "'");
        }
        String name = claim.substring(0, equals);
        Object value = value(claim.substring(equals + 1));
        if (value == null) {
            throw Failure.input("--claim: " + name + " is null, which says nothing");
        }
        token.claim(name, value);
    }

    private static @Nullable Object value(String text) {
        try {
            return text.isBlank() ? text : JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return text;
        }
    }
}
