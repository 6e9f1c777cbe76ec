// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import dev.signet.core.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunGuardTest {
    private static final int LENGTH = 60 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final XmlVerifier verifier = XmlVerifier.builder(
                    KeyResolver.of(EnvelopedSignatures.KEY.verificationKey()), XmlProfile.enveloped(new QName("r")))
            .policy(SecurityPolicy.recommended2026()
                    .withLimits(Limits.recommended2026()
                            .withXml(XmlLimits.recommended2026()
                                    .withMaxBytes(200 << 20)
                                    .withMaxBytesInMemory(1 << 20))))
            .build();

    /** What the parser keeps of something long must not be as long. */
    @ParameterizedTest
    @CsvSource({
        "<r><!--, --></r>",
        "<r><?p, ?></r>",
        "<, />",
        "<r></, ></r>",
        "<r>&, ;</r>",
        "<!DOCTYPE, ><r/>",
        "<r a='x, '/>",
        "<r, ='x'/>",
        "<r>, </r>"
    })
    void verify_somethingVeryLongInAStream_isRefusedInBoundedMemory(String before, String after) throws Exception {
        long start = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> verifier.verify(repeated(before, after, "a"))).isInstanceOf(RuntimeException.class);

        assertThat(THREADS.getCurrentThreadAllocatedBytes() - start).isLessThan(40 << 20);
    }

    /** A comment of words is passed over, however long it is; the document has no signature. */
    @Test
    void verify_longCommentOfWords_takesNoMemory() {
        long start = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> verifier.verify(repeated("<r><!--", "--></r>", "a word ")))
                .isInstanceOfSatisfying(
                        VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_MISSING));

        assertThat(THREADS.getCurrentThreadAllocatedBytes() - start).isLessThan(40 << 20);
    }

    private static InputStream repeated(String before, String after, String unit) {
        byte[] chunk = unit.repeat((1 << 20) / unit.length()).getBytes(UTF_8);
        List<InputStream> streams = new ArrayList<>();
        streams.add(new ByteArrayInputStream(before.getBytes(UTF_8)));
        for (int i = 0; i < LENGTH / chunk.length; i++) {
            streams.add(new ByteArrayInputStream(chunk));
        }
        streams.add(new ByteArrayInputStream(after.getBytes(UTF_8)));
        return new SequenceInputStream(Collections.enumeration(streams));
    }
}
