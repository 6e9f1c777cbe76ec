// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.keys;

import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Inputs;
import dev.signet.cli.shell.Shell;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.jose.RemoteJwks;
import dev.signet.jose.UnverifiedToken;
import java.net.URI;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose signatures on tokens are trusted. */
public final class TrustOptions {
    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Option(names = "--key-id", paramLabel = "ID", description = "The id of the key of a PEM file.")
    private @Nullable String keyId;

    @Option(names = "--allow-private-addresses", description = "Fetch --jwks-url also from this machine or network.")
    private boolean allowPrivateAddresses;

    @Mixin
    private KeyReading reading = new KeyReading();

    public KeyReading reading() {
        return reading;
    }

    public KeyResolver resolver(Shell shell) {
        return source.resolver(shell, reading.options(shell, keyId), allowPrivateAddresses);
    }

    /** The refusal of a token, with what helps to put it right. */
    public Failure refused(MessageSecurityException e, String token) {
        String hint = source.hint(e);
        if (e instanceof VerificationException refusal && refusal.reason() == Reason.TYPE_UNEXPECTED) {
            hint = " (its unverified header is " + header(token) + ")";
        }
        return refusal(e, hint);
    }

    public static Failure refusal(MessageSecurityException e, String hint) {
        return Failure.refused("refused: " + e.code() + ": " + e.getMessage() + hint);
    }

    private static String header(String token) {
        try {
            return UnverifiedToken.peek(token).unverifiedHeader();
        } catch (MessageSecurityException e) {
            return "unreadable";
        }
    }

    /** One of them. */
    public static final class Source {
        @Option(names = "--keys", paramLabel = "FILE", description = "Keyset, JWK, JWK set or PEM to trust.")
        private @Nullable String file;

        @Option(names = "--jwks-url", paramLabel = "URL", description = "An https address of a JWK set to trust.")
        private @Nullable String url;

        private String known = "";

        public KeyResolver resolver(Shell shell, KeyFile.Options options, boolean allowPrivateAddresses) {
            if (url != null) {
                return remote(shell, url, options, allowPrivateAddresses);
            }
            if (allowPrivateAddresses) {
                throw Failure.input("--allow-private-addresses belongs to --jwks-url");
            }
            String name = String.valueOf(file);
            KeyFile keys = KeyFile.read(shell, name, options);
            known = Inputs.display(name) + " has "
                    + keys.verificationKeys().stream().map(VerificationKey::id).collect(Collectors.joining(", "))
                    + (keys.leftOut().isEmpty()
                            ? ""
                            : "; left out " + keys.leftOut().get(0));
            return keys.resolver();
        }

        private KeyResolver remote(
                Shell shell, String address, KeyFile.Options options, boolean allowPrivateAddresses) {
            try {
                RemoteJwks.Builder builder =
                        RemoteJwks.builder(URI.create(address)).clock(shell.clock());
                options.algorithms().of("", "RSA").ifPresent(builder::rsaAlgorithm);
                if (allowPrivateAddresses) {
                    builder.allowPrivateAddresses();
                }
                // The process ends soon, and the fetcher with it.
                RemoteJwks jwks = builder.build();
                jwks.refresh();
                known = address + " has " + String.join(", ", jwks.state().keyIds());
                return jwks;
            } catch (IllegalArgumentException e) {
                throw Failure.input("--jwks-url: " + e.getMessage());
            } catch (MessageSecurityException e) {
                throw Failure.input("--jwks-url: " + e.getMessage() + " (--keys takes a file)");
            }
        }

        /** Which keys there are, where one was not found. */
        public String hint(MessageSecurityException e) {
            return e instanceof VerificationException refusal && refusal.reason() == Reason.KEY_UNKNOWN
                    ? " (" + known + ")"
                    : "";
        }
    }
}
