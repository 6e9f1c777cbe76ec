// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationKey;
import org.junit.jupiter.api.Test;

/** Several signatures are demanded of several parties, and not of several keys. */
class JwsPartiesTest {
    private static final SigningKey OLD = SigningKey.generate(Algorithm.ES256).withId("old");
    private static final SigningKey NEW = SigningKey.generate(Algorithm.ED25519).withId("new");
    private static final SigningKey OTHER = SigningKey.generate(Algorithm.ES256).withId("other");

    @Test
    void verifyJson_oneKeyUnderTwoIds_isOneParty() {
        SigningKey again = OLD.withId("again");
        refused(both(OLD, again), OLD.verificationKey(), again.verificationKey());
        SecretBytes secret = SecretBytes.random(32);
        SigningKey mac = SigningKey.hmac(Algorithm.HS256, secret).withId("mac");
        SigningKey macAgain = SigningKey.hmac(Algorithm.HS256, secret).withId("mac-again");
        refused(both(mac, macAgain), mac.verificationKey(), macAgain.verificationKey());
    }

    @Test
    void verifyJson_oldAndNewKeyOfOneParty_areOneParty() {
        refused(
                both(OLD, NEW),
                OLD.verificationKey().withParty("bank"),
                NEW.verificationKey().withParty("bank"));
        refused(
                Tokens.general(token(OLD), token(NEW), token(OLD)),
                OLD.verificationKey().withParty("bank"),
                NEW.verificationKey().withParty("bank"));
    }

    @Test
    void verifyJson_twoParties_areAcceptedWithAllTheirSignatures() {
        VerifiedJws verified = verifier(
                        OLD.verificationKey().withParty("bank"),
                        NEW.verificationKey().withParty("bank"),
                        OTHER.verificationKey().withParty("merchant"))
                .verifyJson(Tokens.general(token(OLD), token(NEW), token(OTHER)));
        assertThat(verified.signatures()).extracting(s -> s.key().id()).containsExactly("old", "new", "other");
        assertThat(verifier(OLD.verificationKey(), NEW.verificationKey())
                        .verifyJson(both(OLD, NEW))
                        .signatures())
                .as("without names, keys are parties")
                .hasSize(2);
    }

    private static void refused(String json, VerificationKey... keys) {
        Tokens.assertRefused(
                Reason.SIGNATURE_NOT_ACCEPTABLE, () -> verifier(keys).verifyJson(json));
    }

    private static JwsVerifier verifier(VerificationKey... keys) {
        return JwsVerifier.builder(KeyResolver.of(keys)).signatures(2).build();
    }

    private static String both(SigningKey one, SigningKey other) {
        return Tokens.general(token(one), token(other));
    }

    private static String token(SigningKey key) {
        return Forge.token("{'alg':'" + key.algorithm().joseName() + "','kid':'" + key.id() + "'}", "payload", key);
    }
}
