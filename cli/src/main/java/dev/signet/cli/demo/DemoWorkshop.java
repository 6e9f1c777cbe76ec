// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import dev.signet.cli.shell.Build;
import dev.signet.cli.shell.Failure;
import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import dev.signet.jose.KeysetFile;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A folder with the client's key and a request, so that a person can go on by hand. It goes when the process ends. */
final class DemoWorkshop {
    private static final String KEYS = "client.jwks";
    private static final String REQUEST = "request.txt";
    private static final String BODY = "body.jose";

    private final Shell shell;
    private final URI uri;
    private final SigningKey key;
    private final String body;

    DemoWorkshop(Shell shell, URI uri, SigningKey key, String body) {
        this.shell = shell;
        this.uri = uri;
        this.key = key;
        this.body = body;
    }

    /** Says what can be done, and returns when the process is told to end. */
    void waitForEnd() {
        Path folder = create();
        CountDownLatch never = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
        explain(folder);
        shell.out().flush();
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            remove(folder);
        }
    }

    private Path create() {
        try {
            // Created with access for the owner only where the file system knows owners.
            Path folder = Files.createTempDirectory("signet-demo");
            KeysetFile.dangerousUnencrypted(folder.resolve(KEYS)).write(Keyset.of(key));
            Files.writeString(folder.resolve(BODY), body);
            Files.writeString(
                    folder.resolve(REQUEST),
                    "POST " + uri.getRawPath() + " HTTP/1.1\nHost: " + uri.getRawAuthority() + "\nContent-Type: "
                            + DemoClient.CONTENT_TYPE + "\nContent-Length: "
                            + body.getBytes(StandardCharsets.UTF_8).length + "\n\n" + body);
            return folder;
        } catch (IOException e) {
            throw Failure.input("cannot write to the folder for temporary files: " + Texts.cause(e));
        }
    }

    private void explain(Path folder) {
        PrintStream out = shell.out();
        Style style = shell.outStyle();
        String signing = program() + " http sign --key " + word(folder, KEYS) + " --scheme http --fields-only "
                + word(folder, REQUEST);
        String sending = "curl -i -H @- -H 'Content-Type: " + DemoClient.CONTENT_TYPE + "' --data-binary @"
                + word(folder, BODY) + " " + uri;
        out.println(style.bold("The server stays up at " + uri + " until Ctrl-C."));
        out.println("\nA payment, freshly signed, as often as you like:\n");
        out.println("   " + signing + " | " + sending);
        out.println("\nWithout a signature, to be refused:\n");
        out.println("   curl -i --data-binary @" + word(folder, BODY) + " " + uri);
        out.println("\nWhat the server says:\n");
    }

    /** How this program is called from a shell. */
    private static String program() {
        String launcher = System.getProperty("signet.launcher", "");
        return launcher.isEmpty()
                ? Texts.shellWord(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()) + " -cp " + Texts.shellWord(System.getProperty("java.class.path")) + " "
                        + Build.property("main")
                : Texts.shellWord(launcher);
    }

    private static String word(Path folder, String name) {
        return Texts.shellWord(folder.resolve(name).toString());
    }

    private static void remove(Path folder) {
        try {
            for (String name : List.of(KEYS, REQUEST, BODY)) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // The key in it was made for this process, and is worth nothing now.
        }
    }
}
