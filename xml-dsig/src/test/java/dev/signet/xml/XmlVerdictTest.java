// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.InvalidMessageException;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.ReplayGuard;
import dev.signet.core.SecretBytes;
import dev.signet.core.SecurityEvent;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.UnavailableException;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.testkit.MovingClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** When a verdict is given, of what age, for the first time or again, and who is told. */
class XmlVerdictTest {
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ES256);
    private static final String NS = "urn:example:order";
    private static final QName ORDER = new QName(NS, "Order");
    private static final QName ITEM = new QName(NS, "Item");
    private static final XmlProfile PROFILE = XmlProfile.enveloped(ORDER);
    private static final byte[] DOCUMENT =
            "<Order xmlns='urn:example:order'><Id>42</Id><At>2026-11-26T09:00:00Z</At></Order>".getBytes(UTF_8);

    private final XmlVerifier verifier = verifier(KEY).build();

    @Test
    void verify_createdAt_isHeldToTheSignedTime() {
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);
        Instant made = Instant.parse("2026-11-26T09:00:00Z");

        assertThat(at(made.plusSeconds(300)).verify(signed).content().text("Id"))
                .isEqualTo("42");
        assertThat(at(made.minusSeconds(30)).verify(signed).content().text("Id"))
                .isEqualTo("42");
        assertReason(Reason.CREATED_IN_FUTURE, () -> at(made.minusSeconds(31)).verify(signed));
        assertReason(Reason.TOO_OLD, () -> at(made.plusSeconds(331)).verify(signed));
        assertThatThrownBy(() -> at(made).verify(sign("<Order xmlns='urn:example:order'><At>today</At></Order>")))
                .isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> at(made).verify(sign("<Order xmlns='urn:example:order'/>")))
                .isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> verifier(KEY)
                        .replayGuard(ReplayGuard.inMemory(), verified -> "1")
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verify_clockThatMoves_isRightAtTheTimeOfTheVerdict() {
        Instant made = Instant.parse("2026-11-26T09:00:00Z");
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);
        Duration beyond = SecurityPolicy.recommended2026().maxAge().plusSeconds(60);
        for (boolean byKey : new boolean[] {false, true}) {
            KeyResolver keys = KeyResolver.of(
                    KEY.verificationKey().withValidity(made.minusSeconds(60), byKey ? made.plusSeconds(20) : null));
            Duration jump = byKey ? Duration.ofSeconds(40) : beyond;
            int calls = MovingClock.sweep(made.plusSeconds(1), jump, clock -> {
                List<String> heard = new ArrayList<>();
                XmlVerifier moving = XmlVerifier.builder(clock.keys(keys), PROFILE)
                        .createdAt(clock.callback(verified -> verified.content().instant("At")))
                        .replayGuard(
                                clock.guard(ReplayGuard.inMemory(100, 100, clock)),
                                clock.callback(verified -> verified.content().text("Id")))
                        .listener((SecurityEvent event) -> heard.add(event.type() + " " + event.code()))
                        .clock(clock)
                        .build();
                boolean accepted = true;
                try {
                    moving.verify(clock.body(new ByteArrayInputStream(signed)));
                } catch (VerificationException e) {
                    accepted = false;
                    assertThat(e.reason()).isEqualTo(byKey ? Reason.KEY_NOT_VALID_NOW : Reason.TOO_OLD);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                assertThat(accepted).isEqualTo(!clock.hasJumped());
                assertThat(heard).hasSize(1);
                assertThat(heard.get(0).startsWith("VERIFIED")).isEqualTo(accepted);
            });
            // The body in pieces, the resolver, two callbacks, before and after the claim.
            assertThat(calls).isGreaterThan(6);
        }
    }

    @Test
    void verify_keyThatExpiresWhileReading_isRefusedWithoutFreshnessToo() {
        Instant made = Instant.parse("2026-11-26T09:00:00Z");
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);
        KeyResolver keys = KeyResolver.of(KEY.verificationKey().withValidity(null, made.plusSeconds(20)));
        MovingClock.sweep(made, Duration.ofSeconds(20), clock -> {
            XmlVerifier moving =
                    XmlVerifier.builder(clock.keys(keys), PROFILE).clock(clock).build();
            if (clock.hasJumped()) {
                throw new AssertionError("too early");
            }
            try {
                moving.verify(clock.body(new ByteArrayInputStream(signed)));
                assertThat(clock.hasJumped()).isFalse();
            } catch (VerificationException e) {
                assertThat(e.reason()).isEqualTo(Reason.KEY_NOT_VALID_NOW);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void verify_partThatTheSignerLeftOut_isARefusalWithAnEvent() {
        QName stamp = new QName(NS, "Stamp");
        XmlProfile profile = XmlProfile.builder(ORDER)
                .covers(ORDER, ITEM)
                .mayCover(ORDER, stamp)
                .build();
        byte[] signed = XmlSigner.builder(KEY, profile)
                .build()
                .sign("<Order xmlns='urn:example:order'><Item Id='i'>1</Item></Order>".getBytes(UTF_8));
        List<String> heard = new ArrayList<>();
        XmlVerifier.Builder builder = XmlVerifier.builder(KeyResolver.of(KEY.verificationKey()), profile)
                .listener((SecurityEvent event) -> heard.add(event.type() + " " + event.code()));

        assertReason(
                Reason.COMPONENT_NOT_COVERED,
                () -> builder.createdAt(verified -> verified.part(stamp).instant("."))
                        .build()
                        .verify(signed));
        assertReason(
                Reason.PARAMETER_MISSING,
                () -> builder.createdAt(verified -> null).build().verify(signed));
        // A mistake of the one who wrote the callback, or a store of his that is down, is not the sender's.
        for (RuntimeException failure : List.of(
                new IllegalStateException("no connection to jdbc:keys"), new IllegalArgumentException("a path"))) {
            assertThatThrownBy(() -> builder.createdAt(verified -> {
                                throw failure;
                            })
                            .build()
                            .verify(signed))
                    .isInstanceOf(UnavailableException.class)
                    .hasCause(failure)
                    .hasMessageNotContaining("jdbc");
        }
        assertThatThrownBy(() -> XmlVerifier.builder(
                                id -> {
                                    throw new IllegalStateException("no connection to jdbc:keys");
                                },
                                profile)
                        .build()
                        .verify(signed))
                .isInstanceOf(UnavailableException.class)
                .hasMessageNotContaining("jdbc");
        assertThat(heard)
                .containsExactly(
                        "REJECTED component-not-covered",
                        "REJECTED parameter-missing",
                        "UNAVAILABLE unavailable",
                        "UNAVAILABLE unavailable");
    }

    @Test
    void verify_replayIdThatIsNone_isRefused() {
        Instant made = Instant.parse("2026-11-26T09:00:00Z");
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);
        int longest = Limits.recommended2026().maxNonceLength();
        Function<String, XmlVerifier> once = id -> verifier(KEY)
                .createdAt(verified -> verified.content().instant("At"))
                .replayGuard(ReplayGuard.inMemory(100, 100, InstantSource.fixed(made)), verified -> id)
                .clock(InstantSource.fixed(made))
                .build();

        assertReason(Reason.PARAMETER_MISSING, () -> once.apply(null).verify(signed));
        assertReason(Reason.PARAMETER_UNEXPECTED, () -> once.apply("").verify(signed));
        assertReason(
                Reason.PARAMETER_UNEXPECTED,
                () -> once.apply("x".repeat(longest + 1)).verify(signed));
        once.apply("x".repeat(longest)).verify(signed);
    }

    @Test
    void verify_timestampThatExpired_isRefusedIfItIsCovered() {
        String wsu = XmlProfile.WSU;
        Function<String, String> envelope = stamp -> "<e:Envelope xmlns:e='" + XmlProfile.SOAP_12
                + "'><e:Header><w:Security xmlns:w='" + XmlProfile.WSSE + "'><u:Timestamp xmlns:u='" + wsu
                + "'><u:Created>2026-11-26T09:00:00Z</u:Created>" + stamp
                + "</u:Timestamp></w:Security></e:Header><e:Body><m>1</m></e:Body></e:Envelope>";
        XmlProfile soap = XmlProfile.soap12();
        Function<String, byte[]> sign =
                xml -> XmlSigner.builder(KEY, soap).build().sign(xml.getBytes(UTF_8));
        byte[] until = sign.apply(envelope.apply("<u:Expires>2026-11-26T09:05:00Z</u:Expires>"));
        Function<String, XmlVerifier.Builder> at =
                now -> XmlVerifier.builder(KeyResolver.of(KEY.verificationKey()), soap)
                        .clock(InstantSource.fixed(Instant.parse(now)));

        at.apply("2026-11-26T09:05:29Z").build().verify(until);
        assertReason(
                Reason.EXPIRED, () -> at.apply("2026-11-26T09:05:30Z").build().verify(until));
        XmlVerifier lenient =
                at.apply("2026-11-26T10:00:00Z").ignoreExpiration().build();
        lenient.verify(until);
        assertThat(lenient).asString().contains("ignoreExpiration");
        at.apply("2027-11-26T09:00:00Z").build().verify(sign.apply(envelope.apply("")));
        for (String bad : List.of(
                "<u:Expires>later</u:Expires>",
                "<u:Expires/>",
                "<u:Expires>2026-11-26T09:05:00Z</u:Expires><u:Expires>2036-11-26T09:05:00Z</u:Expires>")) {
            byte[] signed = sign.apply(envelope.apply(bad));
            assertMalformed(() -> at.apply("2026-11-26T09:00:00Z").build().verify(signed), bad);
        }
        // One that nobody signed says nothing.
        byte[] uncovered = sign.apply(envelope.apply("").replaceAll("<u:Timestamp.*</u:Timestamp>", ""));
        String with = new String(uncovered, UTF_8)
                .replaceFirst(
                        "(<w:Security[^>]*>)",
                        "$1<u:Timestamp xmlns:u='" + wsu
                                + "'><u:Expires>2026-11-26T09:05:00Z</u:Expires></u:Timestamp>");
        assertThat(at.apply("2027-11-26T09:00:00Z")
                        .build()
                        .verify(with.getBytes(UTF_8))
                        .parts())
                .hasSize(1);
    }

    @Test
    void text_attributeOfOneOfSeveralElements_isAmbiguous() {
        VerifiedXml.Part content = verifier.verify(sign("<Order xmlns='urn:example:order'>"
                        + "<Amt>1</Amt><Amt Ccy='EUR'>2</Amt><One Ccy='USD'>3</One></Order>"))
                .content();

        assertThatThrownBy(() -> content.text("Amt/@Ccy"))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("more than one");
        assertThat(content.texts("Amt/@Ccy")).containsExactly("EUR");
        assertThat(content.text("One/@Ccy")).isEqualTo("USD");
    }

    @Test
    void verify_replayedMessage_isRejectedOnlyIfItWasGood() {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-26T09:01:00Z"));
        XmlVerifier once = verifier(KEY)
                .createdAt(verified -> verified.content().instant("At"))
                .replayGuard(
                        ReplayGuard.inMemory(100, 100, clock),
                        verified -> verified.content().text("Id"))
                .clock(clock)
                .build();
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);
        byte[] tampered = new String(signed, UTF_8).replace("09:00", "09:01").getBytes(UTF_8);

        assertReason(Reason.DIGEST_MISMATCH, () -> once.verify(tampered));
        assertThat(once.verify(signed).content().text("Id")).isEqualTo("42");
        assertReason(Reason.REPLAYED, () -> once.verify(signed));
        // Another signature over the same content is the same message.
        assertReason(
                Reason.REPLAYED,
                () -> once.verify(XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT)));
    }

    @Test
    void verify_sameMessageByAnotherNameOfItsKey_isAReplay() {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-26T09:01:00Z"));
        List<SigningKey> signers =
                List.of(SigningKey.generate(Algorithm.ES256), SigningKey.hmac(Algorithm.HS256, SecretBytes.random(32)));
        for (SigningKey signer : signers) {
            SigningKey old = signer.withId("old-name");
            VerificationKey renamed = old.verificationKey().withId("new-name");
            KeyResolver named = KeyResolver.of(old.verificationKey(), renamed);
            KeyResolver keys = new KeyResolver() {
                @Override
                public Optional<VerificationKey> resolve(String keyId) {
                    return named.resolve(keyId);
                }

                @Override
                public Optional<VerificationKey> resolveUnnamed() {
                    return Optional.of(renamed);
                }
            };
            XmlVerifier once = XmlVerifier.builder(keys, PROFILE)
                    .createdAt(verified -> verified.content().instant("At"))
                    .replayGuard(
                            ReplayGuard.inMemory(100, 100, clock),
                            verified -> verified.content().text("Id"))
                    .clock(clock)
                    .build();
            String signed = new String(XmlSigner.builder(old, PROFILE).build().sign(DOCUMENT), UTF_8);

            assertThat(once.verify(signed.getBytes(UTF_8)).key().id()).isEqualTo("old-name");
            // KeyInfo is not signed.
            String other = signed.replace("old-name", "new-name");
            assertThat(other).isNotEqualTo(signed);
            assertReason(Reason.REPLAYED, () -> once.verify(other.getBytes(UTF_8)));
            String none = signed.replaceFirst("<ds:KeyInfo>.*</ds:KeyInfo>", "");
            assertThat(none).isNotEqualTo(signed);
            assertReason(Reason.REPLAYED, () -> once.verify(none.getBytes(UTF_8)));
        }
    }

    @Test
    void verify_sameMessageByAVerifierWithMoreSkew_isAReplayToTheLastSecond() {
        Instant made = Instant.parse("2026-11-26T09:00:00Z");
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);
        SecurityPolicy none = SecurityPolicy.recommended2026().withClockSkew(Duration.ZERO);
        SecurityPolicy most = SecurityPolicy.recommended2026().withClockSkew(Duration.ofMinutes(5));
        Instant end = made.plus(most.maxAge()).plus(most.clockSkew());
        for (Instant at = made; !at.isAfter(end); at = at.plusSeconds(1)) {
            AtomicReference<Instant> now = new AtomicReference<>(made);
            ReplayGuard guard = ReplayGuard.inMemory(100, 100, now::get);
            Function<SecurityPolicy, XmlVerifier> once = policy -> verifier(KEY)
                    .policy(policy)
                    .createdAt(verified -> verified.content().instant("At"))
                    .replayGuard(guard, verified -> verified.content().text("Id"))
                    .clock(now::get)
                    .build();
            once.apply(none).verify(signed);
            now.set(at);
            // One that has ended by the guard's clock too may be too old instead, which is a refusal as well.
            assertThatThrownBy(() -> once.apply(most).verify(signed)).isInstanceOf(VerificationException.class);
        }
    }

    @Test
    void verify_listener_hearsTheVerdict() {
        List<String> heard = new ArrayList<>();
        XmlVerifier listening = verifier(KEY)
                .listener((SecurityEvent event) -> heard.add(event.format() + " " + event.type() + " " + event.code()))
                .build();
        byte[] signed = XmlSigner.builder(KEY, PROFILE).build().sign(DOCUMENT);

        listening.verify(signed);
        assertReason(Reason.SIGNATURE_MISSING, () -> listening.verify(DOCUMENT));
        assertThatThrownBy(() -> listening.verify("<".getBytes(UTF_8))).isInstanceOf(InvalidMessageException.class);

        assertThat(heard)
                .containsExactly("xml VERIFIED ok", "xml REJECTED signature-missing", "xml REJECTED message-malformed");
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    private static XmlVerifier.Builder verifier(SigningKey key) {
        return XmlVerifier.builder(KeyResolver.of(key.verificationKey()), PROFILE);
    }

    private static XmlVerifier at(Instant now) {
        return verifier(KEY)
                .createdAt(verified -> verified.content().instant("At"))
                .clock(InstantSource.fixed(now))
                .build();
    }

    private static byte[] sign(String xml) {
        return XmlSigner.builder(KEY, PROFILE).build().sign(xml.getBytes(UTF_8));
    }

    private static void assertReason(Reason reason, ThrowingCallable call, Reason... orElse) {
        assertThatThrownBy(call)
                .hasNoCause()
                .isInstanceOfSatisfying(
                        VerificationException.class,
                        e -> assertThat(e.reason())
                                .isIn(Stream.concat(Stream.of(reason), Stream.of(orElse))
                                        .toList()));
    }

    private static void assertMalformed(ThrowingCallable call, String xml) {
        assertThatThrownBy(call)
                .as(xml)
                .hasNoCause()
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.isTooLarge()).isFalse());
    }
}
