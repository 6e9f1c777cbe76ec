// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static dev.signet.http.Fixture.BODY;
import static dev.signet.http.Fixture.assertInvalid;
import static dev.signet.http.Fixture.assertRejected;
import static dev.signet.http.Fixture.created;
import static dev.signet.http.Fixture.request;
import static dev.signet.http.Fixture.signer;
import static dev.signet.http.Fixture.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signet.core.Reason;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message says of its body, against what comes, and what is read before a signature holds. */
class BodyFramingTest implements Ways {
    private static final String UNCOVERED = "(\"@method\" \"@target-uri\" \"content-type\")" + created();
    private static final HttpVerifier ANY_BODY = verifier()
            .signature(SignaturePolicy.recommended2026().ignore(Component.CONTENT_DIGEST))
            .build();

    @ParameterizedTest
    @CsvSource({"content-length,130", "transfer-encoding,chunked"})
    void verify_announcedBodyThatSomebodyReadBefore_isNoEmptyBody(String field, String value) {
        HttpMessage message = Fixture.forged(request().field(field, value), UNCOVERED);
        assertRejected(
                Reason.COMPONENT_NOT_COVERED, () -> verify(verifier().build(), message, InputStream.nullInputStream()));
        assertInvalid(() -> verify(ANY_BODY, message, InputStream.nullInputStream()));
        assertInvalid(() -> verify(ANY_BODY, message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "17", "19", "999"})
    void verify_bodyOfAnotherLengthThanDeclared_isRefused(String length) {
        HttpMessage message = request()
                .field("content-length", length)
                .fields(signer().build().sign(request().build(), BODY))
                .build();
        assertInvalid(() -> verify(verifier().build(), message, new ByteArrayInputStream(BODY)));
        assertInvalid(() -> verify(verifier().build(), message, BODY));
    }

    @Test
    void verify_bodyOfTheDeclaredLength_isAccepted() {
        HttpMessage message = request()
                .field("content-length", " " + BODY.length + "\t")
                .fields(signer().build().sign(request().build(), BODY))
                .build();
        verify(verifier().build(), message, new ByteArrayInputStream(BODY)).close();
        verify(verifier().build(), message, BODY).close();
    }

    @Test
    void verify_lengthThatCanBeReadInTwoWays_isMalformed() {
        assertInvalid(() -> verify(
                ANY_BODY,
                Fixture.forged(request().field("content-length", "1").field("content-length", "1"), UNCOVERED),
                new byte[1]));
        assertInvalid(() -> verify(
                ANY_BODY,
                Fixture.forged(request().field("content-length", "1").field("transfer-encoding", "chunked"), UNCOVERED),
                new byte[1]));
        assertInvalid(() ->
                verify(ANY_BODY, Fixture.forged(request().field("content-length", "\u00011"), UNCOVERED), new byte[1]));
    }

    @Test
    void verify_answerToHead_declaresALengthAndHasNoBody() {
        HttpMessage unsigned = HttpMessage.request("HEAD", URI.create("https://api.example.com/"))
                .build();
        HttpMessage head = HttpMessage.request("HEAD", URI.create("https://api.example.com/"))
                .fields(signer().build().sign(unsigned))
                .build();
        HttpMessage plain = HttpMessage.response(200)
                .field("content-length", "130")
                .answering(head)
                .build();
        HttpMessage signed = HttpMessage.response(200)
                .field("content-length", "130")
                .answering(head)
                .fields(signer().build().sign(plain))
                .build();
        HttpVerifier responses =
                verifier().signature(SignaturePolicy.responses2026()).build();
        assertThat(verify(responses, signed, InputStream.nullInputStream()).isBodyCovered())
                .isTrue();
        assertInvalid(() -> verify(responses, signed, new ByteArrayInputStream(BODY)));
    }

    @ParameterizedTest
    @CsvSource({"content-length,18", "transfer-encoding,chunked", "x-nothing,1"})
    void verify_messageOfAStranger_isNotAskedForItsBody(String field, String value) {
        for (String parameters : new String[] {created(), created().replace("client-1", "nobody"), ";created=1"}) {
            Untouched body = new Untouched();
            HttpMessage message = request()
                    .field(field, value)
                    .field("content-digest", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")
                    .field(
                            "signature-input",
                            "s=(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\")" + parameters)
                    .field("signature", "s=:" + "A".repeat(43) + "=:")
                    .build();
            Fixture.assertSilent(catchThrowable(() -> verify(verifier().build(), message, body)));
            assertThat(body.reads).isZero();
        }
    }

    @Test
    void verify_trailersThatNoPolicyWants_leaveTheBodyUnread() {
        Untouched body = new Untouched();
        HttpMessage message = request()
                .field("content-digest", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")
                .field(
                        "signature-input",
                        "s=(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\" \"x\";tr)" + created())
                .field("signature", "s=:" + "A".repeat(43) + "=:")
                .build();
        assertRejected(Reason.COMPONENT_FORBIDDEN, () -> verify(verifier().build(), message, body));
        assertThat(body.reads).isZero();
    }

    @Test
    void verify_bodyThatNothingAnnounced_mustBeCoveredAllTheSame() {
        HttpMessage message = Fixture.forged(request(), UNCOVERED);
        assertRejected(
                Reason.COMPONENT_NOT_COVERED,
                () -> verify(verifier().build(), message, new ByteArrayInputStream(BODY)));
        verify(verifier().build(), message, InputStream.nullInputStream()).close();
    }

    /** Fails where it is read. */
    private static final class Untouched extends InputStream {
        private int reads;

        @Override
        public int read() {
            reads++;
            return -1;
        }
    }
}
