// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.UnavailableException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderKeysTest {
    private static final PublicKey PUBLIC = DecryptionKey.generate(Algorithm.ECDH_ES_A256KW)
            .encryptionKey()
            .publicKey()
            .orElseThrow();

    private final List<PrivateKey> fetched = new ArrayList<>();
    private final DecryptionKey key = DecryptionKey.handle(
            Algorithm.ECDH_ES_A256KW,
            () -> {
                fetched.add(new Handle());
                return fetched.get(fetched.size() - 1);
            },
            PUBLIC);

    private static final class Handle implements PrivateKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    @Test
    void liveHandle_handleThatWorks_isNotFetchedAgain() {
        for (int i = 0; i < 5; i++) {
            assertThat(ProviderKeys.liveHandle(key, handle -> {})).isSameAs(fetched.get(0));
        }
        assertThat(fetched).hasSize(1);
        assertThat(key.dangerousPrivateKey()).containsSame(fetched.get(0));
    }

    @Test
    void liveHandle_handleThatIsDead_isFetchedAnew() {
        PrivateKey live = ProviderKeys.liveHandle(key.withId("copy"), handle -> {
            if (handle == fetched.get(0)) {
                throw new InvalidKeyException("CKR_KEY_HANDLE_INVALID");
            }
        });
        assertThat(fetched).hasSize(2);
        assertThat(live).isSameAs(fetched.get(1));
        // The other copies of the key have it, too.
        assertThat(key.dangerousPrivateKey()).containsSame(live);
    }

    @Test
    void liveHandle_moduleThatIsDown_isUnavailableAndNotAskedEachTime() {
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> ProviderKeys.liveHandle(key, handle -> {
                        throw new ProviderException("CKR_TOKEN_NOT_PRESENT");
                    }))
                    .isInstanceOf(UnavailableException.class);
        }
        assertThat(fetched.size()).isBetween(2, 10);
    }

    @Test
    void renewHandle_sharedSecret_isIllegal() {
        assertThatThrownBy(() -> Keys.renewHandle(DecryptionKey.generate(Algorithm.A256KW), new Handle()))
                .isInstanceOf(IllegalStateException.class);
    }
}
