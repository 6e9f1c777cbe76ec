// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.DecryptionException;
import dev.signet.core.Keyset;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.TokenizationKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.tokens.Retokenizer.Batch;
import dev.signet.tokens.Retokenizer.Change;
import dev.signet.tokens.Retokenizer.Checkpoint;
import dev.signet.tokens.Retokenizer.Failure;
import dev.signet.tokens.Retokenizer.Progress;
import dev.signet.tokens.Retokenizer.Report;
import dev.signet.tokens.Retokenizer.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetokenizerTest {
    private static final TokenDomain DOMAIN = TokenDomain.of("name");
    private static final TokenDomain PARTNER = DOMAIN.withRecipient("partner");
    private static final TokenDomain CARD = TokenDomain.of("card");
    private static final Access JOB = Access.by("job").forPurpose("rotation");

    private final Keyset<TokenizationKey> first =
            Keyset.of(TokenizationKey.generate().withId("1"));
    private final Keyset<TokenizationKey> second =
            first.add(TokenizationKey.generate().withId("2")).promote("2");
    private final ReversibleTokenizer old = Tokenizer.builder(first, DOMAIN).authenticated();
    private final ReversibleTokenizer tokenizer =
            Tokenizer.builder(second, DOMAIN).authenticated();

    private final Map<String, Row> table = new LinkedHashMap<>();
    private final List<Batch> batches = new ArrayList<>();
    private final List<RevealEvent> events = new ArrayList<>();
    private final RevealLog log = RevealLog.to(events::add, SecretBytes.random(32));
    private final RevealPolicy policy = RevealPolicy.builder()
            .purpose("reading", Reveal.CLEAR)
            .allowTranslation("rotation", DOMAIN, DOMAIN, Set.of("job"))
            .allowTranslation("partner", DOMAIN, PARTNER, Set.of("job"))
            .allowRate(1, java.time.Duration.ofDays(1))
            .build();

    @Test
    void run_rowsOfAllKinds_endInTheNewVersion() {
        fill(25);
        put(Row.of("new", tokenizer.tokenize("new")));
        put(Row.of("context", old.tokenize("context", TokenContext.of("c")), TokenContext.of("c")));
        List<Progress> progress = new ArrayList<>();
        Report report = rotation().batchSize(10).progress(progress::add).build().run(rows(), JOB, this::write);
        assertThat(report.progress()).isEqualTo(new Progress(26, 1, 0));
        assertThat(report.failures()).isEmpty();
        assertThat(report.stoppedAt()).isEmpty();
        assertThat(progress).extracting(Progress::rows).containsExactly(10L, 20L, 27L);
        assertAllMoved(25);
        assertThat(table.get("context").token()).isEqualTo(tokenizer.tokenize("context", TokenContext.of("c")));
        assertThat(events).hasSize(3).allMatch(event -> event.result().equals("ok"));
        assertThat(events).extracting(RevealEvent::revealed).containsExactly(10L, 10L, 6L);
        assertThat(events.get(0).target()).contains(DOMAIN.toString());
        assertThat(events.get(0).versions()).containsExactly("1");
    }

    @Test
    void run_again_changesNothing() {
        fill(25);
        Retokenizer job = rotation().batchSize(10).build();
        job.run(rows(), JOB, this::write);
        batches.clear();
        Report report = job.run(rows(), JOB, this::write);
        assertThat(report.progress()).isEqualTo(new Progress(0, 25, 0));
        assertThat(batches).allMatch(batch -> batch.changes().isEmpty());
        assertAllMoved(25);
    }

    @Test
    void run_rowsThatFail_keepTheirTokensAndDoNotStopTheOthers() {
        fill(25);
        put(Row.of("forged", Token.of("forged", "1")));
        put(Row.of("version", Token.of("x", "9")));
        put(Row.of("context", old.tokenize("x", TokenContext.of("c")), TokenContext.of("d")));
        fill(30);
        Report report = rotation().batchSize(10).build().run(rows(), JOB, this::write);
        assertThat(report.progress()).isEqualTo(new Progress(30, 0, 3));
        assertThat(report.failures())
                .containsExactly(
                        new Failure("forged", "decryption-failed"),
                        new Failure("version", "key-unknown"),
                        new Failure("context", "decryption-failed"));
        assertThat(table.get("forged").token()).isEqualTo(Token.of("forged", "1"));
        assertAllMoved(30);
        assertThat(batches.stream().flatMap(batch -> batch.failures().stream())).hasSize(3);
    }

    @Test
    void run_stopAtFirstFailure_writesWhatIsBeforeAndResumesThere() {
        fill(13);
        put(Row.of("forged", Token.of("forged", "1")));
        fill(20);
        Retokenizer job = rotation().batchSize(10).stopAtFirstFailure().build();
        Report report = job.run(rows(), JOB, this::write);
        assertThat(report.stoppedAt()).contains(new Failure("forged", "decryption-failed"));
        assertThat(report.progress()).isEqualTo(new Progress(13, 0, 0));
        assertAllMoved(13);
        assertThat(table.get("13").token().version()).isEqualTo("1");
        assertThat(events.get(events.size() - 1).revealed()).isEqualTo(3);
        Checkpoint checkpoint = last().checkpoint();
        assertThat(checkpoint.lastRow()).isEqualTo("12");
        table.put("forged", Row.of("forged", old.tokenize("mended")));
        Report rest = job.resume(checkpoint.skip(rows()), checkpoint, JOB, this::write);
        assertThat(rest.stoppedAt()).isEmpty();
        assertThat(rest.progress()).isEqualTo(new Progress(21, 0, 0));
        assertAllMoved(20);
    }

    @Test
    void resume_everyCheckpoint_finishesTheSame() {
        fill(25);
        put(Row.of("forged", Token.of("forged", "1")));
        Map<String, Row> before = new LinkedHashMap<>(table);
        Retokenizer job = rotation().batchSize(4).build();
        Report whole = job.run(rows(), JOB, this::write);
        for (int kept = 1; kept < List.copyOf(batches).size(); kept++) {
            List<Batch> written = List.copyOf(batches.subList(0, kept));
            table.clear();
            table.putAll(before);
            written.forEach(this::apply);
            Checkpoint checkpoint =
                    Checkpoint.parse(written.get(kept - 1).checkpoint().text());
            Report rest = job.resume(checkpoint.skip(rows()), checkpoint, JOB, this::apply);
            assertThat(rest.progress()).isEqualTo(whole.progress());
            assertAllMoved(25);
        }
    }

    @Test
    void resume_checkpointOfAnotherTarget_isRefused() {
        fill(10);
        rotation().batchSize(5).build().run(rows(), JOB, this::write);
        Checkpoint checkpoint = batches.get(0).checkpoint();
        Keyset<TokenizationKey> third =
                second.add(TokenizationKey.generate().withId("3")).promote("3");
        Retokenizer later = Retokenizer.builder(Tokenizer.builder(third, DOMAIN).authenticated(), policy, log)
                .build();
        // Rows before the checkpoint would stay in version 2.
        assertThatThrownBy(() -> later.resume(rows(), checkpoint, JOB, this::write))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void skip_rowsInAnotherOrder_areRefused() {
        fill(10);
        rotation().batchSize(5).build().run(rows(), JOB, this::write);
        Checkpoint checkpoint = batches.get(0).checkpoint();
        assertThat(checkpoint.skip(rows()).next().id()).isEqualTo("5");
        table.remove("2");
        assertThatThrownBy(() -> checkpoint.skip(rows())).isInstanceOf(IllegalStateException.class);
        table.clear();
        assertThatThrownBy(() -> checkpoint.skip(rows())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void parse_whatIsNoCheckpoint_isRefused() {
        fill(3);
        rotation().build().run(rows(), JOB, this::write);
        String text = last().checkpoint().text();
        assertThat(Checkpoint.parse(text).text()).isEqualTo(text);
        for (String wrong : List.of(
                "",
                "1.2.3",
                text + ".",
                text + "=",
                "2" + text.substring(1),
                text.replace("1.3.", "1.-3."),
                text.replace("1.3.", "1.03."))) {
            assertThat(wrong).isNotEqualTo(text);
            assertThatThrownBy(() -> Checkpoint.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void dryRun_countsAndWritesNothing() {
        fill(25);
        put(Row.of("forged", Token.of("forged", "1")));
        put(Row.of("new", tokenizer.tokenize("new")));
        Map<String, Row> before = Map.copyOf(table);
        Report report = rotation().batchSize(10).build().dryRun(rows(), JOB);
        assertThat(report.progress()).isEqualTo(new Progress(25, 1, 1));
        assertThat(report.failures()).containsExactly(new Failure("forged", "decryption-failed"));
        assertThat(table).isEqualTo(before);
        assertThat(events).hasSize(3).allMatch(event -> event.result().equals("dry-run"));
    }

    @Test
    void run_withoutTheRight_readsNothing() {
        fill(3);
        for (Access access : List.of(
                Access.by("stranger").forPurpose("rotation"),
                Access.by("job").forPurpose("reading"),
                Access.by("job").forPurpose("partner"))) {
            assertThatThrownBy(() -> rotation().build().run(rows(), access, this::write))
                    .isInstanceOfSatisfying(
                            VerificationException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.PURPOSE_NOT_ALLOWED));
            assertThatThrownBy(() -> rotation().build().dryRun(rows(), access))
                    .isInstanceOf(VerificationException.class);
        }
        assertThat(batches).isEmpty();
        assertThat(events).hasSize(6).allMatch(event -> event.result().equals("purpose-not-allowed"));
    }

    @Test
    void run_logThatFails_writesNothing() {
        fill(3);
        RevealLog down = RevealLog.to(
                event -> {
                    throw new IllegalStateException("down");
                },
                SecretBytes.random(32));
        Retokenizer job = Retokenizer.builder(tokenizer, policy, down).build();
        assertThatThrownBy(() -> job.run(rows(), JOB, this::write)).isInstanceOf(UnavailableException.class);
        assertThat(batches).isEmpty();
    }

    @Test
    void run_sinkThatFails_endsTheJob() {
        fill(25);
        Retokenizer job = rotation().batchSize(10).build();
        assertThatThrownBy(() -> job.run(rows(), JOB, batch -> {
                    if (!batches.isEmpty()) {
                        throw new IllegalStateException("disk full");
                    }
                    write(batch);
                }))
                .hasMessage("disk full");
        assertThat(last().checkpoint().progress()).isEqualTo(new Progress(10, 0, 0));
    }

    @Test
    void run_intoAnotherDomain_movesOnceOnly() {
        fill(5);
        Keyset<TokenizationKey> own = Keyset.of(TokenizationKey.generate().withId("p1"));
        Tokenizer partner = Tokenizer.builder(own, PARTNER).oneWay();
        Retokenizer job =
                Retokenizer.builder(partner, policy, log).from(tokenizer).build();
        Access access = Access.by("job").forPurpose("partner");
        assertThat(job.run(rows(), access, this::write).progress()).isEqualTo(new Progress(5, 0, 0));
        assertThat(job.run(rows(), access, this::write).progress()).isEqualTo(new Progress(0, 5, 0));
        for (int i = 0; i < 5; i++) {
            assertThat(table.get("" + i).token()).isEqualTo(partner.tokenize("value " + i));
        }
        assertThat(events.get(0).domain()).isEqualTo(DOMAIN.toString());
        assertThat(events.get(0).target()).contains(PARTNER.toString());
    }

    @Test
    void run_fromALegacySource_movesWhatItReads() {
        for (int i = 0; i < 5; i++) {
            put(Row.of("" + i, Token.of(" value " + i, "legacy")));
        }
        put(Row.of("bad", Token.of("bad", "legacy")));
        Retokenizer job = Retokenizer.builder(tokenizer, policy, log)
                .from(
                        (token, context) -> {
                            if (token.text().equals("bad")) {
                                throw new DecryptionException();
                            }
                            return token.text().strip();
                        },
                        DOMAIN,
                        Set.of("legacy"))
                .build();
        put(Row.of("other", Token.of("value", "unknown")));
        assertThat(job.run(rows(), JOB, this::write).progress()).isEqualTo(new Progress(5, 0, 2));
        assertThat(last().failures())
                .containsExactly(new Failure("bad", "decryption-failed"), new Failure("other", "key-unknown"));
        assertAllMoved(5);
        assertThat(events.get(0).format()).isEqualTo("legacy");
        assertThat(events.get(0).versions()).containsExactly("legacy");
    }

    @Test
    void run_fromALegacySource_tellsItTheContext() {
        put(Row.of("0", Token.of("a", "legacy"), TokenContext.of("c")));
        put(Row.of("1", Token.of("b", "legacy")));
        Retokenizer job = rotation()
                .from(
                        (token, context) ->
                                token.text() + context.map(TokenContext::text).orElse("-"),
                        DOMAIN,
                        Set.of("legacy"))
                .build();
        assertThat(job.run(rows(), JOB, this::write).progress()).isEqualTo(new Progress(2, 0, 0));
        assertThat(table.get("0").token()).isEqualTo(tokenizer.tokenize("ac", TokenContext.of("c")));
        assertThat(table.get("1").token()).isEqualTo(tokenizer.tokenize("b-"));
    }

    @Test
    void build_legacySourceWithTheNewVersion_isRefused() {
        Retokenizer.Builder builder = Retokenizer.builder(tokenizer, policy, log);
        Retokenizer.Source source = (token, context) -> token.text();
        assertThatThrownBy(() -> builder.from(source, DOMAIN, Set.of("old", tokenizer.version()))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version");
        assertThatThrownBy(() -> builder.from(source, DOMAIN, Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void run_legacySourceThatIsBroken_isARefusalWithAnEvent() {
        put(Row.of("0", Token.of("value", "legacy")));
        List<Retokenizer.Source> broken = List.of(
                (token, context) -> {
                    throw new IllegalStateException("jdbc:old@10.1.2.3");
                },
                (token, context) -> null);
        for (Retokenizer.Source source : broken) {
            Retokenizer job = rotation().from(source, DOMAIN, Set.of("legacy")).build();
            assertThatThrownBy(() -> job.run(rows(), JOB, this::write))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageNotContaining("jdbc");
        }
        assertThat(events).hasSize(2).allMatch(event -> event.result().equals("unavailable"));
        assertThat(batches).isEmpty();
    }

    // ---- rows of several tokens ------------------------------------------------------------------------------------

    @Test
    void run_killedInTheMiddle_leavesEveryTokenOfARowReadableByItsOwnVersion() {
        ReversibleTokenizer oldCards = Tokenizer.builder(first, CARD).formatPreserving(TokenFormat.paymentCard());
        ReversibleTokenizer cards = Tokenizer.builder(second, CARD).formatPreserving(TokenFormat.paymentCard());
        fill(25);
        Map<String, Token> cardColumn = new LinkedHashMap<>();
        table.keySet().forEach(id -> cardColumn.put(id, oldCards.tokenize("4111111111111111")));
        Retokenizer job = rotation().batchSize(10).build();
        assertThatThrownBy(() -> job.run(rows(), JOB, batch -> {
                    if (batches.size() == 1) {
                        throw new IllegalStateException("killed");
                    }
                    write(batch);
                }))
                .hasMessage("killed");
        RevealPolicy reading =
                RevealPolicy.builder().purpose("reading", Reveal.CLEAR).build();
        Detokenizer names = Detokenizer.builder(tokenizer, reading, log).build();
        Detokenizer numbers = Detokenizer.builder(cards, reading, log).build();
        Access access = Access.by("job").forPurpose("reading");
        assertThat(table.values()).extracting(row -> row.token().version()).contains("1", "2");
        table.values().forEach(row -> {
            assertThat(names.detokenize(row.token(), access).value()).isEqualTo("value " + row.id());
            assertThat(numbers.detokenize(cardColumn.get(row.id()), access).value())
                    .isEqualTo("4111111111111111");
        });
    }

    @Test
    void run_columnThatSharesItsVersionWithOneThatWasMoved_failsAndIsNotCountedAsMoved() {
        fill(25);
        // The job of another column has written its version beside the first tokens.
        for (int i = 0; i < 10; i++) {
            put(Row.of("" + i, Token.of(table.get("" + i).token().text(), "2")));
        }
        Report report = rotation().batchSize(10).build().run(rows(), JOB, this::write);
        assertThat(report.progress()).isEqualTo(new Progress(15, 0, 10));
        assertThat(report.failures()).contains(new Failure("0", "decryption-failed"));
        Report strict = rotation().stopAtFirstFailure().build().run(rows(), JOB, this::write);
        assertThat(strict.stoppedAt()).contains(new Failure("0", "decryption-failed"));
        assertThat(events).extracting(RevealEvent::refused).contains(10L);
    }

    @Test
    void build_newTokensThatLookOld_areRefused() {
        Tokenizer sameVersion = Tokenizer.builder(second, PARTNER).authenticated();
        assertThatThrownBy(() -> Retokenizer.builder(sameVersion, policy, log)
                        .from(tokenizer)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
        Tokenizer oneWay = Tokenizer.builder(second, DOMAIN).oneWay();
        assertThatThrownBy(() -> Retokenizer.builder(oneWay, policy, log).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rotation().batchSize(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void toString_ofEverything_hidesTokensAndContexts() {
        Row row = Row.of("7", Token.of("secret-token", "1"), TokenContext.of("secret-context"));
        assertThat(row.toString()).doesNotContain("secret");
        assertThat(new Change("7", row.token(), row.token()).toString()).doesNotContain("secret");
        Batch batch =
                new Batch(List.of(new Change("7", row.token(), row.token())), List.of(), Checkpoint.parse("1.0.0.0.."));
        assertThat(batch.toString()).doesNotContain("secret");
    }

    private Retokenizer.Builder rotation() {
        return Retokenizer.builder(tokenizer, policy, log);
    }

    /** Rows 0 to the end, exclusive, that are not there yet. */
    private void fill(int end) {
        IntStream.range(0, end)
                .filter(i -> !table.containsKey("" + i))
                .forEach(i -> put(Row.of("" + i, old.tokenize("value " + i))));
    }

    private void put(Row row) {
        table.put(row.id(), row);
    }

    private Iterator<Row> rows() {
        return List.copyOf(table.values()).iterator();
    }

    private void write(Batch batch) {
        batches.add(batch);
        apply(batch);
    }

    private void apply(Batch batch) {
        for (Change change : batch.changes()) {
            Optional<TokenContext> context = table.get(change.id()).context();
            assertThat(table.get(change.id()).token()).isEqualTo(change.before());
            table.put(change.id(), new Row(change.id(), change.after(), context));
        }
    }

    private Batch last() {
        return batches.get(batches.size() - 1);
    }

    private void assertAllMoved(int end) {
        for (int i = 0; i < end; i++) {
            assertThat(table.get("" + i).token()).isEqualTo(tokenizer.tokenize("value " + i));
        }
    }
}
