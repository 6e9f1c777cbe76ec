// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.xml.namespace.QName;
import org.junit.jupiter.api.Test;

class XmlProfileTest {
    private static final QName ROOT = new QName("urn:r", "Root");
    private static final QName ITEM = new QName("urn:r", "Item");
    private static final QName SIGNATURE = new QName(XmlProfile.DSIG, "Signature");

    @Test
    void build_whatCannotBeMeant_isRefused() {
        assertRefused(XmlProfile.builder(ROOT));
        assertRefused(XmlProfile.builder(ROOT).mayCover(ROOT));
        assertRefused(XmlProfile.builder(ROOT).mayCover(ROOT, ITEM).covers(ROOT));
        assertRefused(XmlProfile.builder(ROOT).covers(ROOT).covers(ROOT));
        assertRefused(XmlProfile.builder(ROOT).covers(ROOT).mayCover(ROOT));
        assertRefused(XmlProfile.builder(ROOT).covers(ROOT).mayCover(ROOT, SIGNATURE));
        assertRefused(XmlProfile.builder().covers(SIGNATURE));
        assertThatThrownBy(() -> XmlProfile.builder(ROOT).covers()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void build_placesInsideEachOther_areFine() {
        assertThat(XmlProfile.builder(ROOT).covers(ROOT).covers(ROOT, ITEM).build().parts)
                .hasSize(2);
        assertThat(XmlProfile.soap12(ITEM).toString()).contains("Body", "Item");
    }

    private static void assertRefused(XmlProfile.Builder builder) {
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }
}
