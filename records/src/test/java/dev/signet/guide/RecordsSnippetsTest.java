// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Keyset;
import dev.signet.core.TokenizationKey;
import dev.signet.records.FieldTokenizer;
import dev.signet.records.RecordFiles;
import dev.signet.records.RecordPolicy;
import dev.signet.records.RecordReport;
import dev.signet.records.RecordRevealer;
import dev.signet.records.RecordTokenizer;
import dev.signet.tokens.Access;
import dev.signet.tokens.RevealLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/tokenize-files.md. */
class RecordsSnippetsTest {
    private static final String POLICY = """
            {"fields": [{"column": "card", "domain": "card", "format": "payment-card", "version": {"column": "card_key"}}],
             "reveal": {"support": "partial"}}
            """;

    @TempDir
    Path folder;

    @Test
    void records() throws IOException {
        Path file = Files.writeString(folder.resolve("policy.json"), POLICY);
        Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());
        RevealLog log = RevealLog.to(event -> {}, RevealLog.deriveKey(keys.primary()));
        InputStream in = new ByteArrayInputStream("card\n4111111111111111\n".getBytes(StandardCharsets.UTF_8));
        OutputStream out = new ByteArrayOutputStream();
        // tag::records[]
        RecordPolicy policy = RecordPolicy.read(file);
        RecordTokenizer tokenizer = RecordTokenizer.builder(policy, keys).build();
        Map<String, String> stored = tokenizer.tokenize(Map.of("id", "1", "card", "4111111111111111"));

        // Whoever maps objects or rows asks for each place once, and keeps the handle.
        FieldTokenizer card = tokenizer.field("card").orElseThrow();
        String token = card.tokenize("4111111111111111");

        RecordRevealer revealer = RecordRevealer.builder(policy, keys, log).build();
        Map<String, String> shown =
                revealer.reveal(stored, Access.by("desk-3").forPurpose("support")); // ************1111

        RecordReport report = RecordFiles.tokenizing(tokenizer).build().run(in, out);
        // end::records[]
        assertThat(stored).containsEntry("card", token);
        assertThat(shown).containsEntry("card", "************1111");
        assertThat(report.rows()).isEqualTo(1);
    }
}
