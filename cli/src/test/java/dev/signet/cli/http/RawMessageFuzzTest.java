// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.cli.shell.Failure;
import dev.signet.core.Algorithm;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.http.Component;
import dev.signet.http.HttpMessage;
import dev.signet.http.HttpSigner;
import dev.signet.http.SignatureFields;
import java.util.Arrays;

class RawMessageFuzzTest {
    private static final HttpSigner SIGNER = HttpSigner.builder(
                    SigningKey.hmac(Algorithm.HS256, SecretBytes.random(32)))
            .cover(Component.CONTENT_DIGEST)
            .build();

    /** Nothing but a failure is thrown, and a message that was signed reads the same but for the new fields. */
    @FuzzTest(maxDuration = "30s")
    void parse_anyBytes_areAMessageOrRefused(byte[] bytes) {
        RawMessage raw;
        HttpMessage message;
        SignatureFields fields;
        try {
            raw = RawMessage.parse(bytes, false);
            message = raw.message("https", null);
            fields = SIGNER.sign(message, raw.body());
        } catch (Failure | MessageSecurityException e) {
            return;
        }
        RawMessage again = RawMessage.parse(raw.with(fields), false);
        HttpMessage signed = again.message("https", null);
        require(Arrays.equals(again.body(), raw.body()), "the body");
        require(signed.isRequest() == message.isRequest(), "the kind");
        require(signed.fieldValues("signature").contains(fields.signature()), "the signature");
        require(
                signed.fieldValues("host").equals(message.fieldValues("host"))
                        && signed.fieldValues("x").equals(message.fieldValues("x")),
                "the fields");
    }

    private static void require(boolean same, String what) {
        if (!same) {
            throw new AssertionError(what + " changed");
        }
    }
}
