// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static dev.signet.xml.EnvelopedSignatures.base64;
import static dev.signet.xml.EnvelopedSignatures.insert;
import static dev.signet.xml.EnvelopedSignatures.reference;
import static dev.signet.xml.EnvelopedSignatures.signature;
import static dev.signet.xml.EnvelopedSignatures.transforms;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.ctc.wstx.stax.WstxInputFactory;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.XmlLimits;
import java.io.IOException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Documents of a megabyte that were made to cost much are verified or refused in less than five times the time of an
 * ordinary one, under the recommended limits and under limits that let most of them pass.
 */
class XmlAdversaryTest {
    private static final int LENGTH = (1 << 20) - 4096;
    private static final int TIMES = 5;
    /** The fastest of three runs on a busy build machine is no measure of the last tenth. */
    private static final int TIMES_IN_A_BUILD = 8;

    /** This thread's work, whatever else the machine is at. */
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    /** The number of names and what one element carries stay bounded: there the parser itself is not linear. */
    private static final XmlLimits WIDE = XmlLimits.recommended2026()
            .withMaxBytes(2 << 20)
            .withMaxBytesInMemory(2 << 20)
            .withMaxDepth(1 << 20)
            .withMaxElements(1 << 20)
            .withMaxChildren(1 << 20)
            .withMaxAttributes(256)
            .withMaxNamespaces(256)
            .withMaxNames(1024)
            .withMaxNameLength(2 << 20)
            .withMaxTextLength(2 << 20)
            .withMaxAttributeLength(2 << 20)
            .withMaxSignedInfoBytes(2 << 20)
            .withMaxReferences(1 << 20);

    private static final QName ROOT = new QName(AdversarialDocuments.NAMESPACE, "doc");

    private enum Limits {
        RECOMMENDED(XmlLimits.recommended2026(), 5),
        WIDENED(WIDE, 0);

        private final XmlLimits limits;
        private final int texts;

        Limits(XmlLimits limits, int texts) {
            this.limits = limits;
            this.texts = texts;
        }

        /** What the others are compared with. */
        byte[] ordinary(XmlCanonicalization algorithm) {
            return EnvelopedSignatures.sign(
                            AdversarialDocuments.benign(LENGTH, texts).xml(), algorithm, limits)
                    .getBytes(UTF_8);
        }

        XmlVerifier verifier() {
            SecurityPolicy policy = SecurityPolicy.recommended2026();
            return XmlVerifier.builder(
                            KeyResolver.of(EnvelopedSignatures.KEY.verificationKey()), XmlProfile.enveloped(ROOT))
                    .policy(policy.withLimits(policy.limits().withXml(limits)))
                    .allowProcessingInstructions()
                    .build();
        }
    }

    /** By the fastest of a few runs. */
    @ParameterizedTest
    @EnumSource(Limits.class)
    void verify_adversarialMegabyte_takesFewTimesAnOrdinaryOne(Limits limits) {
        compare(limits, XmlCanonicalization.EXCLUSIVE, 3, times -> times[0], TIMES_IN_A_BUILD);
    }

    /** By medians. */
    @ParameterizedTest
    @EnumSource(Limits.class)
    @Tag("slow")
    void verify_adversarialMegabyteManyTimes_takesLessThanFiveTimesAnOrdinaryOne(Limits limits) {
        for (XmlCanonicalization algorithm : XmlCanonicalization.values()) {
            compare(limits, algorithm, 21, times -> times[times.length / 2], TIMES);
        }
    }

    @ParameterizedTest
    @EnumSource(Limits.class)
    void verify_ordinaryMegabyte_isAccepted(Limits limits) {
        // The measure is what a whole verification takes, and not an early refusal.
        byte[] ordinary = limits.ordinary(XmlCanonicalization.EXCLUSIVE);

        assertThat(limits.verifier().verify(ordinary).content().length()).isGreaterThan(LENGTH * 9L / 10);
    }

    @Test
    void read_nameOfAnEarlierMessage_isNotKept() throws IOException {
        // The parser would keep names of all messages in one table, which colliding ones make slow for all later
        // messages.
        StrictReader.Factory readers = new StrictReader.Factory(WIDE, true);

        assertThat(nameReadBy(readers)).isEqualTo(nameReadBy(readers)).isNotSameAs(nameReadBy(readers));
    }

    /**
     * Woodstox takes any table of names for one of its own by the number of its version alone, and would keep the names in it
     * for the whole process.
     */
    @Test
    void read_names_areNotKeptForOtherParsersOfTheProcess() throws Exception {
        StrictReader.Factory readers = new StrictReader.Factory(WIDE, true);
        List<String> ours = new ArrayList<>();
        for (int version = 0; version < 100; version++) {
            ours.add(nameReadBy(readers, "<of-a-bad-message-" + version + "/>"));
            // Whatever the version of the process's table is, ours gets there.
            namesRead(readers, ("<of-a-good-message-" + version + "/>").getBytes(UTF_8));
        }

        for (String name : ours) {
            XMLStreamReader other = new WstxInputFactory().createXMLStreamReader(new StringReader("<" + name + "/>"));
            other.next();
            assertThat(other.getLocalName()).isEqualTo(name).isNotSameAs(name);
        }
    }

    @Test
    void keepNames_namesOfOneHash_areNotKeptEvenIfTheMessageWasGood() throws IOException {
        StrictReader.Factory readers = new StrictReader.Factory(WIDE, true);

        assertThat(kept(readers, i -> "name" + i)).isTrue();
        assertThat(kept(readers, AdversarialDocuments::colliding)).isFalse();
        assertThat(kept(readers, i -> "other" + i)).isTrue();
    }

    /** Whether names of a good message are kept for the next. */
    private static boolean kept(StrictReader.Factory readers, IntFunction<String> names) throws IOException {
        byte[] xml = IntStream.range(0, 40)
                .mapToObj(i -> "<" + names.apply(i) + "/>")
                .collect(Collectors.joining("", "<a>", "</a>"))
                .getBytes(UTF_8);
        List<String> first = namesRead(readers, xml);
        List<String> second = namesRead(readers, xml);
        return first.get(20) == second.get(20);
    }

    private static List<String> namesRead(StrictReader.Factory readers, byte[] xml) throws IOException {
        StrictReader reader = readers.open(xml, 0, xml.length);
        List<String> names = new ArrayList<>();
        for (int event = reader.next(); event != XMLStreamConstants.END_DOCUMENT; event = reader.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                names.add(reader.local());
            }
        }
        reader.keepNames();
        return names;
    }

    private static String nameReadBy(StrictReader.Factory readers) throws IOException {
        return nameReadBy(readers, "<a-name-of-a-message/>");
    }

    private static String nameReadBy(StrictReader.Factory readers, String document) throws IOException {
        byte[] xml = document.getBytes(UTF_8);
        StrictReader reader = readers.open(xml, 0, xml.length);
        reader.next();
        String name = reader.current().getLocalName();
        while (reader.next() != XMLStreamConstants.END_DOCUMENT) {
            // To the end, where a parser hands its names back.
        }
        return name;
    }

    private interface Choice {
        long of(long[] sorted);
    }

    private static void compare(Limits limits, XmlCanonicalization algorithm, int runs, Choice choice, double most) {
        XmlVerifier verifier = limits.verifier();
        byte[] ordinary = limits.ordinary(algorithm);
        time(verifier, ordinary, 40, choice);
        List<Message> messages = adversarial(algorithm);
        messages.forEach(message -> time(verifier, message.xml(), 1, choice));
        double base = time(verifier, ordinary, 2 * runs, choice);
        List<String> slow = new ArrayList<>();
        int accepted = 0;
        StringBuilder report = new StringBuilder();
        for (Message message : messages) {
            boolean passes = !run(verifier, message.xml()).isEmpty();
            accepted += passes ? 1 : 0;
            String verdict = passes ? "accepted" : "refused";
            double ratio = time(verifier, message.xml(), runs, choice) / base;
            if (ratio >= most) {
                // Once more: a build machine may have been at something else.
                ratio = time(verifier, message.xml(), runs * 2, choice) / base;
            }
            report.append("%5.2f %-8s %s%n".formatted(ratio, verdict, message.name()));
            if (ratio >= most) {
                slow.add("%s: %.1f times (%s)".formatted(message.name(), ratio, verdict));
            }
        }
        assertThat(slow)
                .as("%s limits, %s, times of %.1f ms%n%s", limits, algorithm, base / 1e6, report)
                .isEmpty();
        assertThat(accepted).isGreaterThan(10);
    }

    private static long time(XmlVerifier verifier, byte[] xml, int runs, Choice choice) {
        long[] times = new long[runs];
        for (int i = 0; i < runs; i++) {
            long start = CLOCK.getCurrentThreadCpuTime();
            run(verifier, xml);
            times[i] = CLOCK.getCurrentThreadCpuTime() - start;
        }
        Arrays.sort(times);
        return choice.of(times);
    }

    /** Empty if it was refused. */
    private static String run(XmlVerifier verifier, byte[] xml) {
        try (VerifiedXml verified = verifier.verify(xml)) {
            return verified.toString();
        } catch (MessageSecurityException e) {
            return "";
        }
    }

    // ---- messages --------------------------------------------------------------------------------------------------

    private record Message(String name, byte[] xml) {}

    private static List<Message> adversarial(XmlCanonicalization algorithm) {
        List<Message> messages = new ArrayList<>();
        for (AdversarialDocuments.Document document : AdversarialDocuments.all(LENGTH)) {
            messages.add(new Message(
                    document.name(),
                    EnvelopedSignatures.sign(document.xml(), algorithm, WIDE).getBytes(UTF_8)));
        }
        String signature =
                signature(reference("", transforms(EnvelopedSignatures.ENVELOPED, algorithm.uri()), new byte[32]), "");
        for (AdversarialDocuments.Document document : AdversarialDocuments.growing(LENGTH)) {
            messages.add(new Message(
                    document.name(), insert(document.xml(), signature).getBytes(UTF_8)));
        }
        signatures(messages);
        return messages;
    }

    /** Small documents with large signatures. */
    private static void signatures(List<Message> messages) {
        byte[] digest = new byte[32];
        String once = reference("", transforms(EnvelopedSignatures.ENVELOPED), digest);
        add(messages, "references", signature(repeat(i -> reference("#a" + i, "", digest)), ""));
        add(messages, "references to one element", signature(repeat(i -> once), ""));
        add(
                messages,
                "transforms",
                signature(
                        reference("", "<ds:Transforms>" + repeat(i -> transform("")) + "</ds:Transforms>", digest),
                        ""));
        add(
                messages,
                "listed prefixes",
                signature(
                        reference(
                                "",
                                "<ds:Transforms>"
                                        + transform("<e:InclusiveNamespaces xmlns:e=\""
                                                + XmlCanonicalization.EXCLUSIVE.uri() + "\" PrefixList=\""
                                                + repeat(i -> "p" + i + " ") + "\"/>")
                                        + "</ds:Transforms>",
                                digest),
                        ""));
        add(
                messages,
                "names of keys",
                signature(once, "<ds:KeyInfo>" + repeat(i -> "<ds:KeyName/>") + "</ds:KeyInfo>"));
        add(
                messages,
                "certificates",
                signature(
                        once,
                        "<ds:KeyInfo><ds:X509Data>"
                                + repeat(i -> "<ds:X509Certificate>" + base64(new byte[900]) + "</ds:X509Certificate>")
                                + "</ds:X509Data></ds:KeyInfo>"));
        add(
                messages,
                "serial number",
                signature(
                        once,
                        "<ds:KeyInfo><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName/><ds:X509SerialNumber>"
                                + repeat(i -> "1234567890")
                                + "</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data></ds:KeyInfo>"));
        for (String name : List.of(
                "CN=" + "\\,".repeat(8000), "CN=\"" + ",".repeat(16_000) + "\"", "CN=a,".repeat(3000) + "CN=a")) {
            String issuer = "<ds:X509IssuerSerial><ds:X509IssuerName>" + name.replace("\"", "&quot;")
                    + "</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial>";
            add(
                    messages,
                    "name of an issuer, " + name.substring(0, 5),
                    signature(once, "<ds:KeyInfo><ds:X509Data>" + issuer.repeat(8) + "</ds:X509Data></ds:KeyInfo>"));
        }
        add(messages, "levels in KeyInfo", signature(once, "<ds:KeyInfo>" + deep() + "</ds:KeyInfo>"));
        add(messages, "objects", signature(once, repeat(i -> "<ds:Object/>")));
        String whole = signature(once, "");
        add(messages, "signatures", repeat(i -> whole));
        add(messages, "signature elements", repeat(i -> "<Signature xmlns=\"" + XmlProfile.DSIG + "\"/>"));
        add(
                messages,
                "white space in a value",
                whole.replace("<ds:DigestValue>", "<ds:DigestValue>" + repeat(i -> "    ")));
        add(messages, "long value", whole.replace("<ds:SignatureValue>", "<ds:SignatureValue>" + repeat(i -> "AAAA")));
        add(messages, "value in pieces", whole.replace("<ds:DigestValue>", "<ds:DigestValue>" + repeat(i -> "&#65;")));
        add(messages, "comments in SignedInfo", signature(repeat(i -> "<!---->") + once, ""));
        add(messages, "text in SignedInfo", signature(repeat(i -> " ") + once, ""));
        add(
                messages,
                "HMACOutputLength",
                whole.replace(
                        "</ds:SignatureMethod>",
                        "<ds:HMACOutputLength>" + repeat(i -> "9") + "</ds:HMACOutputLength></ds:SignatureMethod>"));
    }

    private static String transform(String parameter) {
        return "<ds:Transform Algorithm=\"" + XmlCanonicalization.EXCLUSIVE.uri() + "\">" + parameter
                + "</ds:Transform>";
    }

    private static void add(List<Message> messages, String name, String signature) {
        String document = insert("<doc xmlns=\"" + AdversarialDocuments.NAMESPACE + "\"></doc>", signature);
        messages.add(new Message("signature: " + name, document.getBytes(UTF_8)));
    }

    private static String deep() {
        int levels = LENGTH / 7;
        return "<a>".repeat(levels) + "</a>".repeat(levels);
    }

    private static String repeat(IntFunction<String> part) {
        StringBuilder text = new StringBuilder(LENGTH);
        for (int i = 0; ; i++) {
            String next = part.apply(i);
            if (text.length() + next.length() > LENGTH) {
                return text.toString();
            }
            text.append(next);
        }
    }
}
