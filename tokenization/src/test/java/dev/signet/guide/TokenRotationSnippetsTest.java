// SPDX-License-Identifier: Apache-2.0
package dev.signet.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Access;
import dev.signet.tokens.Alphabet;
import dev.signet.tokens.LegacyFf31;
import dev.signet.tokens.Retokenizer;
import dev.signet.tokens.Retokenizer.Change;
import dev.signet.tokens.Retokenizer.Checkpoint;
import dev.signet.tokens.Retokenizer.Report;
import dev.signet.tokens.Retokenizer.Row;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.RevealPolicy;
import dev.signet.tokens.ReversibleTokenizer;
import dev.signet.tokens.Token;
import dev.signet.tokens.TokenDomain;
import dev.signet.tokens.TokenFormat;
import dev.signet.tokens.Tokenizer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/rotate-tokens.md. */
class TokenRotationSnippetsTest {
    private static final TokenDomain DOMAIN = TokenDomain.of("card-number");
    private static final int ROWS = 10;

    private final Keyset<TokenizationKey> keys = Keyset.of(TokenizationKey.generate());
    private final RevealLog log = RevealLog.dangerouslyDiscard();

    @Test
    void rotate() {
        String oldId = keys.primary().id();
        // tag::rotate[]
        TokenizationKey next = TokenizationKey.generate();
        Keyset<TokenizationKey> announced = keys.add(next); // reads with both, still makes tokens with the old one
        Keyset<TokenizationKey> switched = announced.promote(next.id()); // once every process has it
        // now move the rows; then
        Keyset<TokenizationKey> done = switched.disable(oldId); // or drop it, for good
        // end::rotate[]
        assertThat(announced.primary().id()).isEqualTo(oldId);
        assertThat(done.primary().id()).isEqualTo(next.id());
    }

    @Test
    void job() throws SQLException {
        Keyset<TokenizationKey> switched =
                keys.add(TokenizationKey.generate().withId("new")).promote("new");
        try (Connection database = DriverManager.getConnection("jdbc:h2:mem:")) {
            fill(database);
            // tag::job[]
            RevealPolicy policy = RevealPolicy.builder()
                    .allowTranslation("key rotation", DOMAIN, DOMAIN, Set.of("rotation-job"))
                    .build();
            ReversibleTokenizer cards = Tokenizer.builder(switched, DOMAIN).formatPreserving(TokenFormat.paymentCard());
            Retokenizer job = Retokenizer.builder(cards, policy, log)
                    .progress(progress -> System.out.println(progress.rows() + " rows"))
                    .build();
            Access access = Access.by("rotation-job").forPurpose("key rotation");

            Report rehearsal = job.dryRun(rowsBehind(database, ""), access);
            rehearsal.failures().forEach(failure -> System.out.println(failure.id() + ": " + failure.code()));

            Report report = job.run(rowsBehind(database, ""), access, batch -> write(database, batch));
            // end::job[]
            assertThat(rehearsal.progress().done()).isEqualTo(ROWS);
            assertThat(report.progress().done()).isEqualTo(ROWS);
            String saved = saved(database);
            // tag::resume[]
            Checkpoint checkpoint = Checkpoint.parse(saved);
            job.resume(rowsBehind(database, checkpoint.lastRow()), checkpoint, access, batch -> write(database, batch));
            // end::resume[]
            assertThat(job.run(rowsBehind(database, ""), access, batch -> write(database, batch))
                            .progress()
                            .skipped())
                    .isEqualTo(ROWS);
        }
    }

    // tag::write[]
    static void write(Connection database, Retokenizer.Batch batch) {
        try (PreparedStatement update = database.prepareStatement(
                        "UPDATE customer SET card = ?, card_version = ? WHERE id = ? AND card = ? AND card_version = ?");
                PreparedStatement save = database.prepareStatement("UPDATE job SET checkpoint = ?")) {
            for (Change change : batch.changes()) {
                update.setString(1, change.after().text());
                update.setString(2, change.after().version());
                update.setString(3, change.id());
                update.setString(4, change.before().text()); // unless somebody has changed the row meanwhile
                update.setString(5, change.before().version());
                update.addBatch();
            }
            update.executeBatch();
            save.setString(1, batch.checkpoint().text());
            save.executeUpdate();
            database.commit(); // rows and checkpoint together: auto-commit is off
        } catch (SQLException e) {
            throw new IllegalStateException("the batch was not written", e); // ends the job
        }
    }
    // end::write[]

    @Test
    void migrate() {
        SecretBytes oldKey = SecretBytes.random(32);
        byte[] oldTweak = new byte[7];
        Tokenizer cards = Tokenizer.builder(keys, DOMAIN).formatPreserving(TokenFormat.digits());
        RevealPolicy policy = RevealPolicy.builder()
                .allowTranslation("leave FF3-1", TokenDomain.of("legacy-card"), DOMAIN, Set.of("migration"))
                .build();
        Iterator<Row> rows = List.of(Row.of("1", Token.ofText("4111111111").withVersion("ff3-1")))
                .iterator();
        List<Change> changes = new ArrayList<>();
        // tag::migrate[]
        LegacyFf31 old = LegacyFf31.allowDecryption(oldKey, oldTweak, Alphabet.DIGITS);
        Retokenizer job = Retokenizer.builder(cards, policy, log)
                .from((token, context) -> old.decrypt(token.text()), TokenDomain.of("legacy-card"), Set.of("ff3-1"))
                .build();
        job.run(rows, Access.by("migration").forPurpose("leave FF3-1"), batch -> changes.addAll(batch.changes()));
        // end::migrate[]
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).after()).isEqualTo(cards.tokenize(old.decrypt("4111111111")));
    }

    @Test
    void erase() {
        // tag::erase[]
        Keyset<TokenizationKey> ofTenant = Keyset.of(TokenizationKey.generate()); // a keyset for each tenant
        ReversibleTokenizer cards =
                Tokenizer.builder(ofTenant, DOMAIN.withTenant("acme")).formatPreserving(TokenFormat.paymentCard());
        // erase: delete every copy of the keyset, in backups too
        ofTenant.primary().dangerousSecret().destroy(); // in memory, no new tokenizer can be built
        // end::erase[]
        assertThat(cards.domain().name()).isEqualTo("card-number");
        assertThatThrownBy(() -> Tokenizer.builder(ofTenant, DOMAIN).authenticated())
                .isInstanceOf(IllegalStateException.class);
    }

    private void fill(Connection database) throws SQLException {
        ReversibleTokenizer cards = Tokenizer.builder(keys, DOMAIN).formatPreserving(TokenFormat.paymentCard());
        try (Statement statement = database.createStatement()) {
            statement.execute("CREATE TABLE customer (id VARCHAR PRIMARY KEY, card VARCHAR, card_version VARCHAR)");
            statement.execute("CREATE TABLE job (checkpoint VARCHAR)");
            statement.execute("INSERT INTO job VALUES ('')");
            for (int i = 0; i < ROWS; i++) {
                Token token = cards.tokenize("4111111111111111");
                statement.execute(
                        "INSERT INTO customer VALUES ('" + i + "', '" + token.text() + "', '" + token.version() + "')");
            }
        }
        database.setAutoCommit(false);
    }

    private static String saved(Connection database) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery("SELECT checkpoint FROM job")) {
            found.next();
            return found.getString(1);
        }
    }

    private static Iterator<Row> rowsBehind(Connection database, String id) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select =
                database.prepareStatement("SELECT id, card, card_version FROM customer WHERE id > ? ORDER BY id")) {
            select.setString(1, id);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(Row.of(
                            found.getString(1), Token.ofText(found.getString(2)).withVersion(found.getString(3))));
                }
            }
        }
        return rows.iterator();
    }
}
