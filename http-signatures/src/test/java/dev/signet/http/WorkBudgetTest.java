// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.KEYS;
import static dev.signet.http.Fixture.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.VerificationException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a head of 16 KB costs a verifier before a signature holds, whoever wrote it: counted in bytes that are touched and in
 * bytes that are allocated, against an ordinary request with a head as long, one covered field of which is long.
 */
class WorkBudgetTest {
    private static final int HEAD = 16 << 10;
    private static final int TOUCHED_AT_MOST = 5;
    /** Small objects are larger than what they are made of. */
    private static final int ALLOCATED_AT_MOST = 10;

    private static final HttpVerifier VERIFIER =
            HttpVerifier.builder(KEYS).clock(Fixture.CLOCK).build();
    private static final HttpVerifier THREE_POLICIES = HttpVerifier.builder(KEYS)
            .clock(Fixture.CLOCK)
            .signatures(
                    1,
                    SignaturePolicy.recommended2026(),
                    SignaturePolicy.recommended2026(),
                    SignaturePolicy.recommended2026())
            .build();

    @TestFactory
    Stream<DynamicTest> verify_hostileHead_costsLittleMoreThanAnOrdinaryOneOfItsLength() {
        return hostile().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    HttpMessage ordinary = ordinary();
                    HttpMessage message = entry.getValue().get();
                    for (HttpVerifier verifier : new HttpVerifier[] {VERIFIER, THREE_POLICIES}) {
                        assertThat(touched(verifier, message))
                                .isLessThanOrEqualTo(TOUCHED_AT_MOST * touched(verifier, ordinary));
                        assertThat(allocated(verifier, message))
                                .isLessThanOrEqualTo(ALLOCATED_AT_MOST * allocated(verifier, ordinary));
                    }
                }));
    }

    @Test
    void verify_longHonestHeads_areWithinTheBudget() {
        String text = "a".repeat(HEAD - 1000);
        HttpSigner.Builder raw = Fixture.signer().cover(Component.METHOD, Component.TARGET_URI, Component.field("x"));
        for (HttpMessageBuilder message : new HttpMessageBuilder[] {
            post("/").field("x", text),
            post("/?q=" + text),
            post("/").field("x", text.substring(0, 8000)).field("y", text.substring(0, 7000))
        }) {
            HttpMessage unsigned = message.field("x", "").build();
            VERIFIER.verify(message.fields(raw.build().sign(unsigned)).build()).close();
        }
        String dictionary = IntStream.range(0, 300)
                .mapToObj(i -> "member" + i + "=" + "1".repeat(14) + ";parameter=\"some text\"")
                .collect(Collectors.joining(", "));
        HttpMessageBuilder message =
                post("/?" + "first=1&second=%20".repeat(10)).field("priority", dictionary);
        HttpSigner parsed = Fixture.signer()
                .cover(
                        Component.METHOD,
                        Component.AUTHORITY,
                        Component.PATH,
                        Component.QUERY,
                        Component.field("priority").sf())
                .build();
        VERIFIER.verify(message.fields(parsed.sign(message.build())).build()).close();
    }

    @Test
    void verify_requestTargetOverTheLimit_isTooLarge() {
        HttpMessage message = claiming(post("/" + "a".repeat(HEAD)), "(\"@method\" \"@target-uri\")" + created());
        assertThat(refusal(VERIFIER, message))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isTrue());
    }

    // ---- heads -----------------------------------------------------------------------------------------------------

    private static HttpMessage ordinary() {
        return claiming(
                post("/payments?run=17").field("x", "a".repeat(HEAD - 400)),
                "(\"@method\" \"@target-uri\" \"x\")" + created());
    }

    /** Each of about 16 KB: what names many components in few bytes, and what is much work for a component. */
    private static Map<String, Supplier<HttpMessage>> hostile() {
        Map<String, Supplier<HttpMessage>> heads = new LinkedHashMap<>();
        heads.put(
                "query parameters, all names covered",
                () -> claiming(
                        post("/?" + join("&", 55, i -> "p" + i + "=" + "%41".repeat(80))),
                        list(55, i -> "\"@query-param\";name=\"p" + i + "\"")));
        heads.put(
                "query parameters, one letter each",
                () -> claiming(post("/?" + "a&".repeat(6500)), list(60, i -> "\"@query-param\";name=\"p" + i + "\"")));
        heads.put(
                "one query parameter among many",
                () -> claiming(
                        post("/?" + join("&", 2400, i -> "p" + i)),
                        "(\"@method\" \"@target-uri\" \"@query-param\";name=\"p1\")" + created()));
        heads.put(
                "query parameters, eight signatures",
                () -> claiming(
                        post("/?" + join("&", 60, i -> "p" + i + "=" + "%41".repeat(20))),
                        8,
                        list(50, i -> "\"@query-param\";name=\"p" + i + "\"")));
        heads.put(
                "target in all its forms",
                () -> claiming(
                        post("/" + "a".repeat(8000) + "?" + "b".repeat(8000)),
                        "(\"@method\" \"@target-uri\" \"@path\" \"@query\" \"@request-target\")" + created()));
        heads.put(
                "dictionary members",
                () -> claiming(
                        post("/").field("priority", join(", ", 60, i -> "k" + i + "=\"" + "v".repeat(220) + "\"")),
                        list(55, i -> "\"priority\";key=\"k" + i + "\"")));
        heads.put(
                "dictionary members, one letter each",
                () -> claiming(
                        post("/").field("priority", join(", ", 1900, i -> "k" + i)),
                        list(55, i -> "\"priority\";key=\"k" + i + "\"")));
        heads.put(
                "dictionary in all its forms",
                () -> claiming(
                        post("/").field("priority", join(", ", 60, i -> "k" + i + "=\"" + "v".repeat(200) + "\"")),
                        list(
                                50,
                                i -> i == 0
                                        ? "\"priority\""
                                        : i == 1
                                                ? "\"priority\";sf"
                                                : i == 2 ? "\"priority\";bs" : "\"priority\";key=\"k" + i + "\"")));
        heads.put(
                "dictionary member, eight signatures",
                () -> claiming(
                        post("/").field("priority", join(", ", 40, i -> "k" + i + "=\"" + "v".repeat(120) + "\"")),
                        8,
                        list(40, i -> "\"priority\";key=\"k" + i + "\"")));
        heads.put(
                "dictionary sorted out at its last member",
                () -> claiming(
                        post("/").field("priority", join(", ", 600, i -> "k" + i + "=(1 2 3);a=1")),
                        "(\"@method\" \"@target-uri\" \"priority\";sf \"priority\";key=\"none\")" + created()));
        heads.put(
                "one field, eight signatures",
                () -> claiming(
                        post("/").field("x", "a".repeat(14_000)),
                        8,
                        "(\"@method\" \"@target-uri\" \"x\" \"x\";bs)" + created()));
        heads.put(
                "one field, absent at the end, eight signatures",
                () -> claiming(
                        post("/").field("x", "a".repeat(14_000)),
                        8,
                        "(\"@method\" \"@target-uri\" \"x\" \"none\")" + created()));
        heads.put("many lines", () -> {
            HttpMessageBuilder message = post("/");
            for (int i = 0; i < 3000; i++) {
                message.field("x", "a");
            }
            return claiming(message, "(\"@method\" \"@target-uri\" \"x\" \"x\";bs)" + created());
        });
        heads.put(
                "signatures with long lists",
                () -> claiming(post("/"), 8, list(60, i -> "\"content-type\";key=\"" + i + "\"")));
        heads.put(
                "lists of one letter each",
                () -> claimingRaw(post("/"), "s=(" + "\"a\" ".repeat(2000).trim() + ")" + created()));
        heads.put("labels of one letter each", () -> claimingRaw(post("/"), join(", ", 2000, i -> "k" + i)));
        heads.put(
                "parameters of one letter each",
                () -> claimingRaw(post("/"), "s=(\"@method\" \"@target-uri\")" + created() + ";a".repeat(2000)));
        return heads;
    }

    private static HttpMessageBuilder post(String target) {
        return HttpMessage.request("POST")
                .scheme("https")
                .authority("api.example.com")
                .target(target);
    }

    private static String join(String separator, int count, java.util.function.IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(separator));
    }

    private static String list(int count, java.util.function.IntFunction<String> component) {
        return "(\"@method\" \"@target-uri\" " + join(" ", count, component) + ")" + created();
    }

    private static HttpMessage claiming(HttpMessageBuilder message, String list) {
        return claiming(message, 1, list);
    }

    private static HttpMessage claiming(HttpMessageBuilder message, int signatures, String list) {
        return message.field("signature-input", join(", ", signatures, i -> "s" + i + "=" + list))
                .field("signature", join(", ", signatures, i -> "s" + i + "=:" + "A".repeat(43) + "=:"))
                .build();
    }

    private static HttpMessage claimingRaw(HttpMessageBuilder message, String signatureInput) {
        return message.field("signature-input", signatureInput)
                .field("signature", "s=:" + "A".repeat(43) + "=:")
                .build();
    }

    // ---- measuring -------------------------------------------------------------------------------------------------

    private static long touched(HttpVerifier verifier, HttpMessage message) {
        WorkBudget budget = WorkBudget.of(1);
        try {
            new Verification(verifier, message, Body.of(new byte[0], Digester.automatic()), null, budget).accept();
        } catch (MessageSecurityException e) {
            assertThat(e).isInstanceOfAny(VerificationException.class, InvalidMessageException.class);
        }
        return budget.spent();
    }

    private static long allocated(HttpVerifier verifier, HttpMessage message) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            refusal(verifier, message);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static @Nullable MessageSecurityException refusal(HttpVerifier verifier, HttpMessage message) {
        try {
            verifier.verify(message).close();
            return null;
        } catch (MessageSecurityException e) {
            return e;
        }
    }
}
