// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Keyset;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.tokens.Retokenizer.Batch;
import dev.signet.tokens.Retokenizer.Change;
import dev.signet.tokens.Retokenizer.Checkpoint;
import dev.signet.tokens.Retokenizer.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a job in a process of its own, again and again, over rows and checkpoint in a real database. */
class RetokenizerKillTest {
    private static final int ROWS = 20_000;
    private static final int KILLS = 6;
    private static final TokenDomain DOMAIN = TokenDomain.of("name");

    @TempDir
    private Path folder;

    @Test
    void resume_afterKillsAtRandomMoments_leavesEachRowInExactlyOneVersion() throws Exception {
        fill();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int interrupted = 0;
        int last = 0;
        for (int i = 0; i < KILLS; i++) {
            Process job = start();
            try (BufferedReader out = job.inputReader()) {
                // Let a few batches pass, then kill at a moment that falls anywhere in the work on the next.
                for (int batches = 1 + random.nextInt(3); batches > 0 && out.readLine() != null; batches--) {
                    // Each line is a batch.
                }
                Thread.sleep(random.nextInt(25));
            }
            interrupted += job.isAlive() ? 1 : 0;
            job.destroyForcibly().waitFor();
            int moved = assertEachRowReadable("seed " + seed + ", kill " + i);
            assertThat(moved).as("seed %s, kill %s", seed, i).isGreaterThanOrEqualTo(last);
            last = moved;
        }
        // The kills fell into the work: a job that had ended before each of them would show nothing.
        assertThat(interrupted).isEqualTo(KILLS);
        assertThat(last).isPositive().isLessThan(ROWS);

        Process job = start();
        try (BufferedReader out = job.inputReader()) {
            assertThat(out.lines().reduce((a, b) -> b)).contains("end");
        }
        assertThat(job.waitFor()).isZero();
        assertThat(assertEachRowReadable("seed " + seed)).isEqualTo(ROWS);
        try (Connection database = open(folder);
                Statement select = database.createStatement();
                ResultSet found = select.executeQuery("SELECT text FROM checkpoint")) {
            assertThat(found.next()).isTrue();
            assertThat(Checkpoint.parse(found.getString(1)).progress()).isEqualTo(new Retokenizer.Progress(ROWS, 0, 0));
        }
        assertThat(RevealLog.verify(
                                Files.readAllLines(folder.resolve("reveal.log")).iterator(), Keys.log())
                        .events())
                .isGreaterThanOrEqualTo(ROWS / Job.BATCH);
    }

    private Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Job.class.getName(),
                        folder.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    private void fill() throws SQLException {
        ReversibleTokenizer old = Tokenizer.builder(Keys.first(), DOMAIN).authenticated();
        try (Connection database = open(folder);
                Statement create = database.createStatement()) {
            create.execute("CREATE TABLE person (id INT PRIMARY KEY, token VARCHAR NOT NULL, version VARCHAR NOT NULL,"
                    + " card VARCHAR NOT NULL, card_version VARCHAR NOT NULL)");
            create.execute("CREATE TABLE checkpoint (one INT PRIMARY KEY, text VARCHAR NOT NULL)");
            try (PreparedStatement insert = database.prepareStatement("INSERT INTO person VALUES (?, ?, ?, ?, ?)")) {
                KeyedReversibleTokenizer cards = cards(Keys.first());
                for (int i = 0; i < ROWS; i++) {
                    Token token = old.tokenize("person " + i);
                    insert.setInt(1, i);
                    insert.setString(2, token.text());
                    insert.setString(3, token.version());
                    Token card = cards.tokenize(card(i));
                    insert.setString(4, card.text());
                    insert.setString(5, card.version());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
    }

    /** The number of rows in the new version; each row has the one token of its value in the version that it names. */
    private int assertEachRowReadable(String as) throws SQLException {
        ReversibleTokenizer old = Tokenizer.builder(Keys.first(), DOMAIN).authenticated();
        ReversibleTokenizer young = Tokenizer.builder(Keys.second(), DOMAIN).authenticated();
        KeyedReversibleTokenizer cards = cards(Keys.second());
        int moved = 0;
        try (Connection database = open(folder);
                Statement select = database.createStatement();
                ResultSet rows = select.executeQuery("SELECT * FROM person ORDER BY id")) {
            for (int i = 0; i < ROWS; i++) {
                assertThat(rows.next()).as(as).isTrue();
                assertThat(rows.getInt(1)).as(as).isEqualTo(i);
                Token token = Token.of(rows.getString(2), rows.getString(3));
                boolean isNew = token.version().equals("2");
                assertThat(token).as(as).isEqualTo((isNew ? young : old).tokenize("person " + i));
                moved += isNew ? 1 : 0;
                // The other token of the row, which this job does not move, is read by the version that stands beside
                // it.
                Token other = Token.of(rows.getString(4), rows.getString(5));
                if (i % 100 == 0) {
                    assertThat(cards.read(List.of(other), ColumnOptions.defaults())
                                    .text(0))
                            .as(as)
                            .contains(card(i));
                }
            }
            assertThat(rows.next()).as(as).isFalse();
        }
        return moved;
    }

    private static KeyedReversibleTokenizer cards(Keyset<TokenizationKey> keys) {
        return (KeyedReversibleTokenizer)
                Tokenizer.builder(keys, TokenDomain.of("card")).formatPreserving(TokenFormat.digits());
    }

    private static String card(int number) {
        return "411111" + (1_000_000_000 + number);
    }

    private static Connection open(Path folder) throws SQLException {
        return DriverManager.getConnection(
                // Commits reach the file at once, and not half a second later.
                "jdbc:h2:file:" + folder.resolve("db").toAbsolutePath() + ";WRITE_DELAY=0");
    }

    /** Fixed, since two processes need them. */
    private static final class Keys {
        private Keys() {}

        static Keyset<TokenizationKey> first() {
            return Keyset.of(key(1));
        }

        static Keyset<TokenizationKey> second() {
            return first().add(key(2)).promote("2");
        }

        static SecretBytes log() {
            return RevealLog.deriveKey(key(2));
        }

        private static TokenizationKey key(int number) {
            byte[] secret = new byte[32];
            new Random(number).nextBytes(secret);
            return TokenizationKey.of(SecretBytes.copyOf(secret)).withId("" + number);
        }
    }

    /** The process that is killed: moves the rows to version 2, from the checkpoint if there is one. */
    static final class Job {
        static final int BATCH = 100;

        private Job() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            RevealPolicy policy = RevealPolicy.builder()
                    .allowTranslation("rotation", DOMAIN, DOMAIN, Set.of("job"))
                    .build();
            try (Connection database = open(folder);
                    RevealLog log = RevealLog.file(folder.resolve("reveal.log"), Keys.log())) {
                database.setAutoCommit(false);
                Retokenizer retokenizer = Retokenizer.builder(
                                Tokenizer.builder(Keys.second(), DOMAIN).authenticated(), policy, log)
                        .batchSize(BATCH)
                        .progress(progress -> System.out.println(progress))
                        .build();
                Access access = Access.by("job").forPurpose("rotation");
                String text = checkpoint(database);
                if (text == null) {
                    retokenizer.run(rows(database, -1), access, batch -> write(database, batch));
                } else {
                    Checkpoint checkpoint = Checkpoint.parse(text);
                    int last = Integer.parseInt(checkpoint.lastRow());
                    retokenizer.resume(rows(database, last), checkpoint, access, batch -> write(database, batch));
                }
            }
            System.out.println("end");
        }

        private static String checkpoint(Connection database) throws SQLException {
            try (Statement select = database.createStatement();
                    ResultSet found = select.executeQuery("SELECT text FROM checkpoint")) {
                return found.next() ? found.getString(1) : null;
            }
        }

        private static void write(Connection database, Batch batch) {
            try (PreparedStatement update = database.prepareStatement(
                            "UPDATE person SET token = ?, version = ? WHERE id = ? AND token = ? AND version = ?");
                    PreparedStatement merge = database.prepareStatement("MERGE INTO checkpoint VALUES (1, ?)")) {
                for (Change change : batch.changes()) {
                    update.setString(1, change.after().text());
                    update.setString(2, change.after().version());
                    update.setInt(3, Integer.parseInt(change.id()));
                    update.setString(4, change.before().text());
                    update.setString(5, change.before().version());
                    update.addBatch();
                }
                if (!Arrays.stream(update.executeBatch()).allMatch(count -> count == 1)) {
                    throw new IllegalStateException("a row was changed meanwhile");
                }
                merge.setString(1, batch.checkpoint().text());
                merge.executeUpdate();
                database.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The rows behind one, each by a query of its own, since an open cursor does not outlive a commit everywhere. */
        private static Iterator<Row> rows(Connection database, int behind) {
            return new Iterator<>() {
                private int last = behind;
                private Row next;

                @Override
                public boolean hasNext() {
                    if (next == null) {
                        next = read();
                    }
                    return next != null;
                }

                @Override
                public Row next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    Row row = next;
                    last = Integer.parseInt(row.id());
                    next = null;
                    return row;
                }

                private Row read() {
                    try (PreparedStatement select = database.prepareStatement(
                            "SELECT id, token, version FROM person WHERE id > ? ORDER BY id LIMIT 1")) {
                        select.setInt(1, last);
                        try (ResultSet found = select.executeQuery()) {
                            return found.next()
                                    ? Row.of("" + found.getInt(1), Token.of(found.getString(2), found.getString(3)))
                                    : null;
                        }
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
        }
    }
}
