// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.cli.demo.DemoClient.Answer;
import dev.signet.cli.demo.DemoClient.Payment;
import dev.signet.cli.shell.ExitCode;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Table;
import dev.signet.cli.shell.Texts;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.http.Component;
import dev.signet.http.HttpSigner;
import dev.signet.http.SignatureParameters;
import dev.signet.http.VerifiedSignature;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description =
                "Watch a signed payment being accepted by a server, thirteen others being refused, customers' data being "
                        + "tokenized, and a file of payments being signed and wrapped.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  signet demo",
            "  signet demo --serve --port 8080",
            "",
            "The server listens on 127.0.0.1 only. Ends with 0 if every step went as it must, and else with 1.",
        })
public final class DemoCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String INDENT = "   ";

    private final Shell shell;

    @Option(names = "--serve", description = "Leave the server up until Ctrl-C, and say how to send it requests.")
    private boolean serve;

    @Option(names = "--port", paramLabel = "N", description = "Port to listen on; a free one by default.")
    private int port;

    private volatile boolean logsEvents;
    private int steps;
    private int failures;

    DemoCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (port < 0 || port > 65_535) {
            throw Failure.input("--port is between 0 and 65535, not " + port);
        }
        SigningKey key = DemoClient.newKey(DemoClient.KEY_ID);
        DemoTokens tokens = new DemoTokens();
        try (DemoServer server = DemoServer.start(port, key.verificationKey(), tokens, shell.clock(), this::log)) {
            DemoClient client = new DemoClient(server.uri(), tokens, shell.clock());
            Payment payment = client.signed(key);
            accept(server, client, payment, key);
            refuse(client, payment, key);
            refuseTokens(client, tokens, key);
            heading("6", "Customers' data is tokenized before it is stored, and revealed by purpose");
            new DemoCustomers(shell, this::judge).show();
            heading("7", "A file of payments is signed, and only what was signed is read");
            new DemoPayments(shell, this::judge).show();
            if (failures > 0) {
                throw Failure.refused(failures + " of " + steps + " steps went wrong");
            }
            shell.out().println("\n" + shell.outStyle().green("All " + steps + " steps went as they must."));
            if (serve) {
                shell.out().println();
                logsEvents = true;
                new DemoWorkshop(shell, server.uri(), key, payment.body()).waitForEnd();
            }
        }
        return ExitCode.OK;
    }

    // ---- the good request ------------------------------------------------------------------------------------------

    private void accept(DemoServer server, DemoClient client, Payment payment, SigningKey key) {
        PrintStream out = shell.out();
        heading("1", "A client signs and encrypts a payment, and signs the request that carries it");
        URI uri = server.uri();
        out.println(INDENT + payment.method() + " " + uri.getRawPath() + " HTTP/1.1");
        out.println(INDENT + "Host: " + uri.getRawAuthority());
        payment.fields().forEach(line -> {
            boolean isNew = !line.name().equals("Content-Type");
            String text = line.name() + ": " + shortened(line.name(), line.value());
            out.println(INDENT + (isNew ? shell.outStyle().green(text) : text));
        });
        out.println("\n" + INDENT + payment.body().substring(0, 60) + "...");
        out.println(INDENT + shell.outStyle().dim("the nested token (JWE around a JWS) of " + DemoClient.BODY));

        Answer answer = client.send(payment);
        DemoServer.Received received = server.takeReceived();
        heading("2", "The server checks it before the application sees it");
        if (received == null) {
            judge(false);
            out.println(
                    INDENT + shell.outStyle().red("refused: ") + answer.status() + " " + Texts.oneLine(answer.body()));
            return;
        }
        VerifiedSignature signature = received.verified().signatures().get(0);
        SignatureParameters parameters = signature.parameters();
        Duration age = Duration.between(
                parameters.created().orElse(Instant.EPOCH), shell.clock().instant());
        new Table(INDENT)
                .row("key", signature.key().id() + " (" + key.algorithm().joseName() + ") is known and active")
                .row(
                        "signature",
                        "holds over "
                                + parameters.components().stream()
                                        .map(Component::identifier)
                                        .collect(Collectors.joining(" ")))
                .row(
                        "age",
                        Texts.roughly(age) + " of at most "
                                + Texts.roughly(SecurityPolicy.recommended2026().maxAge()))
                .row("nonce", parameters.nonce().orElse("none") + " was not seen before")
                .row("body", received.bytes() + " bytes match the signed digest")
                .row("token", "decrypted, then verified: of type " + DemoTokens.TYPE + ", by a known key")
                .print(out);

        heading("3", "The application gets the caller and the payment that was verified");
        boolean good = answer.status() == 200
                && received.caller().equals(DemoClient.KEY_ID)
                && received.payment().equals(DemoClient.BODY)
                && received.verified().isBodyCovered();
        new Table(INDENT)
                .row("caller", received.caller())
                .row("payment", received.payment())
                .row("answer", answer.status() + " " + Texts.oneLine(answer.body()) + "  " + judge(good))
                .print(out);
    }

    // ---- the bad ones ----------------------------------------------------------------------------------------------

    private void refuse(DemoClient client, Payment payment, SigningKey key) {
        heading("4", "Everything else is refused");
        SigningKey stranger = DemoClient.newKey("stranger");
        Instant now = shell.clock().instant();
        HttpSigner.Builder careless = HttpSigner.builder(key).cover(Component.METHOD, Component.TARGET_URI);
        List<Trial> trials = List.of(
                new Trial(
                        "amount changed in the body",
                        client.signed(key).withBody(DemoClient.BODY.replace("100", "9999")),
                        401,
                        "digest-mismatch"),
                new Trial(
                        "content type changed",
                        client.signed(key).with("Content-Type", "text/plain"),
                        401,
                        "signature-invalid"),
                new Trial("method changed", client.signed(key).withMethod("PUT"), 401, "signature-invalid"),
                new Trial("sent a second time", payment, 401, "replayed"),
                new Trial("expired a minute ago", client.signedAt(key, now.minusSeconds(120)), 401, "expired"),
                new Trial("not signed", client.unsigned(), 401, "signature-missing"),
                new Trial("signed by a stranger", client.signed(stranger), 401, "key-unknown"),
                new Trial(
                        "a stranger in the client's name",
                        client.signed(DemoClient.newKey(DemoClient.KEY_ID)),
                        401,
                        "signature-invalid"),
                new Trial("body left uncovered", client.signed(careless), 401, "component-not-covered"));
        show(trials, "REQUEST", client);
    }

    /** The sender is known and the request in order, but the token inside is an attack. */
    private void refuseTokens(DemoClient client, DemoTokens tokens, SigningKey key) {
        heading("5", "So is a bad token, even inside a well-signed request");
        String bomb = tokens.bomb();
        List<Trial> trials = List.of(
                new Trial(
                        "alg none, inside a valid JWE",
                        client.signedAround(key, tokens.unsigned(DemoClient.BODY)),
                        401,
                        "algorithm-mismatch"),
                new Trial(
                        "a MAC made with the public key",
                        client.signedAround(key, tokens.macWithPublicKey(DemoClient.BODY)),
                        401,
                        "algorithm-mismatch"),
                new Trial(
                        "a receipt sent as a payment",
                        client.signedAround(key, tokens.ofAnotherType(DemoClient.BODY)),
                        401,
                        "type-unexpected"),
                new Trial(
                        "zip bomb: " + bomb.length() / 1024 + " KB for " + (DemoTokens.BOMB_BYTES >> 20) + " MB",
                        client.signedAround(key, bomb),
                        400,
                        "message-malformed"));
        show(trials, "TOKEN", client);
    }

    private void show(List<Trial> trials, String what, DemoClient client) {
        Style style = shell.outStyle();
        Table table =
                new Table(INDENT).row("", style.dim(what), style.dim("ANSWER"), style.dim("CODE"), style.dim("REASON"));
        for (Trial trial : trials) {
            Answer answer = client.send(trial.payment);
            JsonNode problem = problem(answer);
            String code = problem.path("code").asText("-");
            boolean good = answer.status() == trial.status && code.equals(trial.code);
            String reason = Texts.oneLine(problem.path("detail").asText(""));
            table.row(
                    judge(good),
                    trial.what,
                    String.valueOf(answer.status()),
                    code,
                    good ? reason : "wanted " + trial.status + " " + trial.code);
        }
        table.print(shell.out());
    }

    private record Trial(String what, Payment payment, int status, String code) {}

    private static JsonNode problem(Answer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    // ---- words -----------------------------------------------------------------------------------------------------

    private void heading(String number, String text) {
        shell.out().println("\n" + shell.outStyle().bold(number + "  " + text) + "\n");
    }

    private String judge(boolean good) {
        steps++;
        if (good) {
            return shell.outStyle().green("ok");
        }
        failures++;
        return shell.outStyle().red("WRONG");
    }

    /** Signatures and digests by their beginnings: nobody reads on. */
    private static String shortened(String name, String value) {
        boolean isOpaque = name.equals("Signature") || name.equals("Content-Digest");
        return isOpaque && value.length() > 40 ? value.substring(0, 36) + "...:" : value;
    }

    private void log(SecurityEvent event) {
        if (logsEvents) {
            boolean good = event.type() == SecurityEvent.Type.VERIFIED;
            @Nullable String key = event.key().map(SecurityEvent.KeyName::id).orElse(null);
            Style style = shell.outStyle();
            shell.out()
                    .println(INDENT + event.time().toString().substring(11, 19) + "  "
                            + (good
                                    ? style.green("accepted")
                                    : style.red(event.type().name().toLowerCase(Locale.ROOT)))
                            + "  " + (good ? "" : event.code()) + (key == null ? "" : (good ? "" : " ") + key));
            shell.out().flush();
        }
    }
}
