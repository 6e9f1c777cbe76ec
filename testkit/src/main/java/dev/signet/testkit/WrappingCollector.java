// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import dev.signet.testkit.WrappingCase.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes up cases. */
final class WrappingCollector {
    private final List<WrappingCase> cases = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private String attack = "control";

    List<WrappingCase> cases() {
        return List.copyOf(cases);
    }

    /** The class of attack of the cases that follow. */
    WrappingCollector attack(String name) {
        attack = name;
        return this;
    }

    /** A document that a verifier has to accept, with the content that the signer signed. */
    void accepted(WrappingSubject subject, String variant, String description, String xml) {
        add(subject, variant, description, false, Verdict.ACCEPTED, utf8(xml), subject.content());
    }

    void accepted(WrappingSubject subject, String variant, String description, byte[] xml, byte[] content) {
        add(subject, variant, description, false, Verdict.ACCEPTED, xml, content);
    }

    /** A document that a verifier refuses; the signer signed the subject's document at some time. */
    void refused(WrappingSubject subject, String variant, String description, String xml) {
        add(subject, variant, description, false, Verdict.REFUSED, utf8(xml), subject.content());
    }

    /** A document that a verifier may accept or refuse. */
    void either(WrappingSubject subject, String variant, String description, String xml) {
        add(subject, variant, description, false, Verdict.EITHER, utf8(xml), subject.content());
    }

    void either(WrappingSubject subject, String variant, String description, byte[] xml, byte[] content) {
        add(subject, variant, description, false, Verdict.EITHER, xml, content);
    }

    void refused(WrappingSubject subject, String variant, String description, byte[] xml, byte[] content) {
        add(subject, variant, description, false, Verdict.REFUSED, xml, content);
    }

    /** A document of which the signer never signed what a verifier asks for. */
    void forged(WrappingSubject subject, String variant, String description, String xml) {
        add(subject, variant, description, false, Verdict.REFUSED, utf8(xml), null);
    }

    /** A document that is verified with the shared secret. */
    void bySecret(WrappingSubject subject, String variant, String description, Verdict verdict, String xml) {
        add(subject, variant, description, true, verdict, utf8(xml), subject.content());
    }

    private void add(
            WrappingSubject subject,
            String variant,
            String description,
            boolean secret,
            Verdict verdict,
            byte[] xml,
            byte @Nullable [] content) {
        String name = attack + "/" + variant + "/" + subject.name();
        if (!names.add(name)) {
            throw new IllegalStateException("two cases are called " + name);
        }
        cases.add(new WrappingCase(name, attack, description, subject.kind(), secret, verdict, xml, content));
    }

    private static byte[] utf8(String xml) {
        return xml.getBytes(StandardCharsets.UTF_8);
    }
}
