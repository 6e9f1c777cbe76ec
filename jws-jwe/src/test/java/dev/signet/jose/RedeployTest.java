// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.nimbusds.jose.JWEObject;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.Keyset;
import dev.signet.core.SigningKey;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bouncycastle.asn1.ASN1Exception;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.pkcs.PKCSException;
import org.junit.jupiter.api.Test;

/** An application that is taken down leaves nothing in the threads of the container that it ran in. */
class RedeployTest {
    /** What runs in the application. */
    public static final class Application {
        private Application() {}

        /** Reads and writes JSON in every way that this module has. */
        public static void run() {
            SigningKey key = SigningKey.generate(Algorithm.ES256);
            String token = JwtIssuer.builder(key, "issuer", Duration.ofMinutes(1))
                    .build()
                    .token("audience")
                    .claim("list", List.of(1, "two"))
                    .issue();
            JwtVerifier.builder(KeyResolver.of(key.verificationKey()))
                    .expectIssuer("issuer")
                    .expectAudience("audience")
                    .expectType("JWT")
                    .build()
                    .verify(token);
            DecryptionKey rsa = DecryptionKey.generate(Algorithm.RSA_OAEP_256);
            byte[] document = "{\"a\":{\"b\":1}}".getBytes(StandardCharsets.UTF_8);
            byte[] encrypted = FieldEncrypter.builder(
                            JweEncrypter.builder(rsa.encryptionKey()).build(), "e")
                    .field("/a/b")
                    .build()
                    .encrypt(document);
            FieldDecrypter.builder(JweDecrypter.builder(rsa).build(), "e")
                    .field("/a/b")
                    .build()
                    .decrypt(encrypted);
            Jwks.readPrivateSigning(Jwks.dangerousToPrivateJson(Keyset.of(key)));
        }
    }

    @Test
    void classLoader_afterItsApplicationIsGone_isNotKeptByPooledThreads() throws Exception {
        ExecutorService container = Executors.newSingleThreadExecutor();
        try {
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                loaders.add(container.submit(RedeployTest::deployAndUndeploy).get());
            }
            // The method handles that the JDK makes for records keep the last class that they were used for.
            loaders.remove(3);
            for (int i = 0; i < 50 && loaders.stream().anyMatch(loader -> loader.get() != null); i++) {
                System.gc();
                // Something else to do for the same thread, and time for what is cleaned in the background.
                container
                        .submit(() -> {
                            Thread.sleep(20);
                            return null;
                        })
                        .get();
            }
            assertThat(loaders).allMatch(loader -> loader.get() == null, "gone");
        } finally {
            container.shutdownNow();
        }
    }

    private static WeakReference<ClassLoader> deployAndUndeploy() throws Exception {
        List<URL> path = new ArrayList<>();
        for (Class<?> type : List.of(
                RedeployTest.class,
                JweEncrypter.class,
                Algorithm.class,
                JsonFactory.class,
                JWEObject.class,
                BouncyCastleProvider.class,
                PKCSException.class,
                ASN1Exception.class)) {
            path.add(type.getProtectionDomain().getCodeSource().getLocation());
        }
        ClassLoader container = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader application = new URLClassLoader(path.toArray(URL[]::new), container)) {
            application.loadClass(Application.class.getName()).getMethod("run").invoke(null);
            return new WeakReference<>(application);
        }
    }
}
