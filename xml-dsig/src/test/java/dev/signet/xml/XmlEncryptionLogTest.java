// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EncryptionFixtures.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.DecryptionException;
import dev.signet.core.DecryptionKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** CVE-2023-44483: nothing of keys and contents is in the log, at any level. */
class XmlEncryptionLogTest {
    @Test
    void decrypt_atTheFinestLevel_logsNothing() throws Exception {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                records.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = LogManager.getLogManager().getLogger("");
        Level before = root.getLevel();
        root.setLevel(Level.ALL);
        // Another test may have silenced it.
        Logger santuario = Logger.getLogger("org.apache.xml.security");
        Level silence = santuario.getLevel();
        santuario.setLevel(Level.ALL);
        root.addHandler(handler);
        try {
            for (DecryptionKey key : EncryptionFixtures.allKeys()) {
                byte[] xml = XmlEncrypter.builder(key.encryptionKey()).build().encrypt(utf8("<r>a secret</r>"));
                XmlDecrypter.builder(key).build().decrypt(xml);
                xml[xml.length - 80] ^= 1;
                assertThatThrownBy(() -> XmlDecrypter.builder(key.withId("other"))
                                .build()
                                .decrypt(xml))
                        .isInstanceOf(RuntimeException.class);
            }
            assertThatThrownBy(() -> XmlDecrypter.builder(EncryptionFixtures.DIRECT)
                            .build()
                            .decrypt(utf8(XmlDecryptionFailuresTest.forgeWhole("a secret that is no XML"))))
                    .isExactlyInstanceOf(DecryptionException.class);
            // The platform may say something of its own.
            assertThat(records)
                    .noneMatch(entry -> String.valueOf(entry.getMessage()).contains("secret")
                            || String.valueOf(entry.getLoggerName()).startsWith("dev.signet"));

            // The handler does hear what is written: Santuario's own way logs the plaintext.
            byte[] xml = XmlEncrypter.builder(EncryptionFixtures.KW.encryptionKey())
                    .build()
                    .encrypt(utf8("<r>a secret</r>"));
            XmlEncryptionInteropTest.santuarioDecrypt(xml, EncryptionFixtures.KW);
            assertThat(records)
                    .anyMatch(entry -> String.valueOf(entry.getMessage()).contains("a secret"));
        } finally {
            root.removeHandler(handler);
            root.setLevel(before);
            santuario.setLevel(silence);
        }
    }
}
