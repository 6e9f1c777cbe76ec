// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Reason;
import dev.signet.core.SigningKey;
import dev.signet.core.VerificationException;
import dev.signet.core.VerificationKey;
import dev.signet.xml.Peers.Peer;
import dev.signet.xml.Peers.Wanted;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.NodeList;

/** Signatures go both ways: against the JDK, Santuario and xmlsec1, for everything that both sides can do. */
class XmlInteropTest {
    private static final List<Algorithm> ALGORITHMS = List.of(
            Algorithm.RS256,
            Algorithm.RS384,
            Algorithm.RS512,
            Algorithm.PS256,
            Algorithm.PS384,
            Algorithm.PS512,
            Algorithm.ES256,
            Algorithm.ES384,
            Algorithm.ES512,
            Algorithm.ED25519,
            Algorithm.HS256,
            Algorithm.HS384,
            Algorithm.HS512);

    private static final Map<Algorithm, SigningKey> KEYS = keys();

    static List<Arguments> peersSign() {
        return combinations(true);
    }

    static List<Arguments> peersVerify() {
        return combinations(false);
    }

    /** Every algorithm and every digest, in two shapes; every canonicalization in every shape. */
    private static List<Arguments> combinations(boolean withPrefixes) {
        List<Wanted> all = new ArrayList<>();
        for (SignatureShape shape : List.of(SignatureShape.ENVELOPED, SignatureShape.SOAP_11)) {
            for (Algorithm algorithm : ALGORITHMS) {
                all.add(wanted(shape, algorithm, XmlCanonicalization.EXCLUSIVE, List.of(), XmlDigest.SHA_256));
            }
            for (XmlDigest digest : XmlDigest.values()) {
                all.add(wanted(shape, Algorithm.RS256, XmlCanonicalization.EXCLUSIVE, List.of(), digest));
            }
        }
        for (SignatureShape shape : SignatureShape.values()) {
            for (XmlCanonicalization c14n : XmlCanonicalization.values()) {
                all.add(wanted(shape, Algorithm.ES256, c14n, List.of(), XmlDigest.SHA_512));
            }
            if (withPrefixes) {
                for (List<String> prefixes : List.of(List.of("v"), List.of("#default", "u", "v", "nothing"))) {
                    all.add(wanted(shape, Algorithm.ES256, XmlCanonicalization.EXCLUSIVE, prefixes, XmlDigest.SHA_256));
                }
            }
        }
        return Peers.ALL.stream()
                .flatMap(peer ->
                        all.stream().filter(wanted -> can(peer, wanted)).map(wanted -> Arguments.of(peer, wanted)))
                .toList();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("peersSign")
    void verify_signedByPeer_releasesWhatWasDigested(Peer peer, Wanted wanted) throws Exception {
        peer.require();

        byte[] signed = peer.sign(wanted);

        VerifiedXml verified = verifier(wanted).verify(signed);
        assertThat(verified.key()).isEqualTo(wanted.key().verificationKey());
        assertThat(verified.parts()).hasSameSizeAs(wanted.shape().covered);
        assertThat(digests(verified, wanted.digest())).isEqualTo(digestValues(signed));
        // A second document of the same kind takes the same way in one pass.
        assertThat(verifier(wanted).verify(signed).content().contentBytes())
                .isEqualTo(verified.content().contentBytes());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("peersVerify")
    void sign_verifiedByPeer_isValid(Peer peer, Wanted wanted) throws Exception {
        peer.require();

        byte[] signed = sign(wanted);

        peer.verify(wanted.shape(), signed, wanted.key());
        assertThat(digestValues(signed)).hasSameSizeAs(wanted.shape().covered);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("peersSign")
    void verify_signedByPeerAndChanged_isRejected(Peer peer, Wanted wanted) throws Exception {
        peer.require();
        String signed = text(peer.sign(wanted));
        XmlVerifier verifier = verifier(wanted);

        for (String changed : changes(signed)) {
            assertThatExceptionOfType(VerificationException.class)
                    .isThrownBy(() -> verifier.verify(bytes(changed)))
                    .extracting(VerificationException::reason)
                    .isEqualTo(Reason.DIGEST_MISMATCH);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("peersVerify")
    void sign_changedThenVerifiedByPeer_isInvalid(Peer peer, Wanted wanted) throws Exception {
        peer.require();
        for (String changed : changes(text(sign(wanted)))) {
            assertThatThrownBy(() -> peer.verify(wanted.shape(), bytes(changed), wanted.key()))
                    .isInstanceOf(Exception.class);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("peersSign")
    void verify_signedByPeerWithAnotherKey_isRejected(Peer peer, Wanted wanted) throws Exception {
        peer.require();
        SigningKey other = SigningKey.generate(Algorithm.ES256).withId("es256");
        XmlVerifier verifier = XmlVerifier.builder(KeyResolver.of(other.verificationKey()), wanted.shape().profile)
                .build();
        Reason reason =
                wanted.key().algorithm() == Algorithm.ES256 ? Reason.SIGNATURE_INVALID : Reason.ALGORITHM_MISMATCH;

        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> verifier.verify(peer.sign(wanted)))
                .extracting(VerificationException::reason)
                .isEqualTo(reason);
    }

    static Stream<Arguments> lacking() {
        return Peers.ALL.stream()
                .flatMap(peer -> Stream.concat(
                                peer.lacking().stream()
                                        .map(a -> wanted(
                                                SignatureShape.ENVELOPED,
                                                a,
                                                XmlCanonicalization.EXCLUSIVE,
                                                List.of(),
                                                XmlDigest.SHA_256)),
                                peer.lackingDigests().stream()
                                        .map(d -> wanted(
                                                SignatureShape.ENVELOPED,
                                                Algorithm.RS256,
                                                XmlCanonicalization.EXCLUSIVE,
                                                List.of(),
                                                d)))
                        .map(wanted -> Arguments.of(peer, wanted)));
    }

    /** What is left out above is what a peer cannot do, and no more. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("lacking")
    void peer_lacking_cannot(Peer peer, Wanted wanted) {
        peer.require();
        assertThatThrownBy(() -> peer.sign(wanted)).isInstanceOf(Exception.class);
    }

    private static boolean can(Peer peer, Wanted wanted) {
        return !peer.lacking().contains(wanted.key().algorithm())
                && !peer.lackingDigests().contains(wanted.digest());
    }

    private static Wanted wanted(
            SignatureShape shape,
            Algorithm algorithm,
            XmlCanonicalization c14n,
            List<String> prefixes,
            XmlDigest digest) {
        return new Wanted(shape, KEYS.get(algorithm), c14n, prefixes, digest);
    }

    private static byte[] sign(Wanted wanted) {
        return XmlSigner.builder(wanted.key(), wanted.shape().profile)
                .canonicalization(wanted.canonicalization())
                .digest(wanted.digest())
                .withoutKeyInfo()
                .build()
                .sign(bytes(wanted.shape().unsigned()));
    }

    private static XmlVerifier verifier(Wanted wanted) {
        VerificationKey key = wanted.key().verificationKey();
        return XmlVerifier.builder(KeyResolver.of(key), wanted.shape().profile).build();
    }

    /** Every shape has an order; those with several parts have more to change. */
    private static List<String> changes(String signed) {
        List<String> changed = new ArrayList<>();
        for (String[] change : new String[][] {
            {"<!-- no -->2<", "<!-- no -->3<"},
            {" b=\"2\"", " b=\"7\""},
            {">x</r:Route>", ">y</r:Route>"},
            {"1 &lt; 2", "2 &lt; 2"},
            {"2026-11-01T00", "2027-11-01T00"}
        }) {
            if (signed.contains(change[0])) {
                changed.add(signed.replace(change[0], change[1]));
            }
        }
        assertThat(changed).hasSizeGreaterThanOrEqualTo(2);
        return changed;
    }

    private static Set<String> digests(VerifiedXml verified, XmlDigest digest) throws Exception {
        Set<String> values = new TreeSet<>();
        for (VerifiedXml.Part part : verified.parts()) {
            values.add(Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance(digest.jcaName).digest(part.contentBytes())));
        }
        return values;
    }

    private static Set<String> digestValues(byte[] signed) throws Exception {
        NodeList nodes = Peers.parse(signed).getElementsByTagNameNS(XmlProfile.DSIG, "DigestValue");
        Set<String> values = new TreeSet<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            values.add(nodes.item(i).getTextContent().replaceAll("\\s", ""));
        }
        return values;
    }

    private static Map<Algorithm, SigningKey> keys() {
        Map<Algorithm, SigningKey> keys = new EnumMap<>(Algorithm.class);
        ALGORITHMS.forEach(a -> keys.put(a, SigningKey.generate(a)));
        return keys;
    }

    private static String text(byte[] xml) {
        return new String(xml, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String xml) {
        return xml.getBytes(StandardCharsets.UTF_8);
    }
}
