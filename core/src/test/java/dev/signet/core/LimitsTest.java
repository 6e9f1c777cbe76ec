// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {
    private static final String RECOMMENDED_XML = "XmlLimits[maxBytes=1048576, maxBytesInMemory=1048576, maxDepth=32,"
            + " maxElements=20000, maxChildren=4096, maxAttributes=64, maxNamespaces=16, maxNames=1024,"
            + " maxNameLength=256, maxTextLength=262144, maxAttributeLength=8192, maxSignedInfoBytes=16384,"
            + " maxReferences=8]";
    private static final String RECOMMENDED = "Limits[maxBodyBytes=10485760, maxBodyBytesInMemory=262144,"
            + " maxFieldBytes=16384, maxSignatures=8, maxComponents=64, maxKeyIdLength=256, maxNonceLength=256,"
            + " maxJsonBytes=1048576, maxJsonDepth=32, maxJsonMembers=10000, maxTokenBytes=16384,"
            + " maxInflatedBytes=250000, maxInflationRatio=100, xml=" + RECOMMENDED_XML + "]";

    static List<Object> limits() {
        return List.of(Limits.recommended2026(), XmlLimits.recommended2026());
    }

    @Test
    void recommended2026_isWhatItsNamePromised() {
        assertThat(Limits.recommended2026()).hasToString(RECOMMENDED);
        assertThat(Limits.recommended2026().xml()).isEqualTo(XmlLimits.recommended2026());
    }

    @ParameterizedTest
    @MethodSource("limits")
    void with_changesTheBoundOfItsNameOnly(Object limits) throws Exception {
        List<Method> withers = withers(limits);
        assertThat(withers).hasSize(13);
        for (Method wither : withers) {
            Object changed = wither.invoke(limits, number(wither, 7));
            for (Method other : withers) {
                long was = read(limits, other);
                assertThat(read(changed, other)).as(other.getName()).isEqualTo(other.equals(wither) ? 7 : was);
            }
            assertThat(changed).isNotEqualTo(limits).doesNotHaveToString(limits.toString());
            Object back = wither.invoke(changed, number(wither, read(limits, wither)));
            assertThat(back).isEqualTo(limits).hasSameHashCodeAs(limits).hasToString(limits.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("limits")
    void with_notPositive_isRejectedByName(Object limits) {
        for (Method wither : withers(limits)) {
            for (int bad : new int[] {0, -1, Integer.MIN_VALUE}) {
                assertThatThrownBy(() -> wither.invoke(limits, number(wither, bad)))
                        .isInstanceOf(InvocationTargetException.class)
                        .cause()
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(accessor(wither) + " is positive");
            }
        }
    }

    @Test
    void xml_moreThanParsersBear_isRejected() {
        XmlLimits limits = XmlLimits.recommended2026();
        assertThat(limits.withMaxAttributes(4096).withMaxNamespaces(256).maxNamespaces())
                .isEqualTo(256);
        assertThatThrownBy(() -> limits.withMaxAttributes(4097))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAttributes is positive and at most 4096: 4097");
        assertThatThrownBy(() -> limits.withMaxNamespaces(257)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withXml_replacesThemAlone() {
        XmlLimits xml = XmlLimits.recommended2026().withMaxNames(7);
        Limits limits = Limits.recommended2026().withMaxFieldBytes(9).withXml(xml);
        assertThat(limits.xml()).isSameAs(xml);
        assertThat(limits.maxFieldBytes()).isEqualTo(9);
        assertThat(limits).isNotEqualTo(Limits.recommended2026().withMaxFieldBytes(9));
    }

    private static List<Method> withers(Object limits) {
        return Arrays.stream(limits.getClass().getMethods())
                .filter(m -> m.getName().startsWith("withMax"))
                .toList();
    }

    private static String accessor(Method wither) {
        return "max" + wither.getName().substring("withMax".length());
    }

    private static long read(Object limits, Method wither) throws ReflectiveOperationException {
        return ((Number) limits.getClass().getMethod(accessor(wither)).invoke(limits)).longValue();
    }

    private static Object number(Method wither, long value) {
        return wither.getParameterTypes()[0] == long.class ? (Object) value : (Object) (int) value;
    }
}
