// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmarks;

import com.ctc.wstx.stax.WstxInputFactory;
import dev.signet.core.Algorithm;
import dev.signet.core.KeyResolver;
import dev.signet.core.Limits;
import dev.signet.core.Providers;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.SigningKey;
import dev.signet.core.XmlLimits;
import dev.signet.core.internal.Ciphers;
import dev.signet.core.internal.Keys;
import dev.signet.xml.VerifiedXml;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlSigner;
import dev.signet.xml.XmlVerifier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.util.concurrent.TimeUnit;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.stream.XMLStreamReader;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.xml.security.Init;
import org.apache.xml.security.signature.XMLSignature;
import org.apache.xml.security.transforms.Transforms;
import org.codehaus.stax2.io.Stax2ByteArraySource;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Enveloped ES256 signatures over payment files, bytes to bytes. The floors are the bare signature by the same provider, and
 * Woodstox reading the same bytes. Santuario runs once as its documentation shows (factories made for each document, the
 * platform's providers), and once with everything pooled and the provider that core picks.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class XmlSignatureBenchmark {
    private static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
    private static final String TRANSACTION = """
            <CdtTrfTxInf><PmtId><InstrId>I-%1$d</InstrId><EndToEndId>E-%1$d</EndToEndId></PmtId>\
            <Amt><InstdAmt Ccy="EUR">%1$d.07</InstdAmt></Amt><Cdtr><Nm>Müller &amp; Söhne %1$d</Nm></Cdtr>\
            <CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>\
            <RmtInf><Ustrd>Invoice %1$d of November</Ustrd></RmtInf></CdtTrfTxInf>
            """;

    /** Bytes of a SignedInfo. */
    private static final int SIGNED_INFO = 600;

    /** Transactions in the file: 4 make 2.4 KB, and 2330 make 700 KB. */
    @Param({"4", "2330"})
    public int transactions;

    private byte[] document;
    private byte[] signed;
    private byte[] signature;
    private SigningKey key;
    private PrivateKey privateKey;
    private PublicKey publicKey;
    private Provider provider;
    private XmlSigner signer;
    private XmlVerifier verifier;
    private DocumentBuilder builder;
    private Transformer transformer;
    private WstxInputFactory woodstox;

    /** Makes keys, documents and everything that is made once. */
    @Setup
    public void setUp() throws Exception {
        Init.init();
        StringBuilder text =
                new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"" + NAMESPACE
                        + "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><CstmrCdtTrfInitn><GrpHdr><MsgId>M-1</MsgId>"
                        + "<CreDtTm>2026-11-26T09:30:00Z</CreDtTm></GrpHdr><PmtInf>\n");
        for (int i = 0; i < transactions; i++) {
            text.append(TRANSACTION.formatted(i));
        }
        document = text.append("</PmtInf></CstmrCdtTrfInitn></Document>")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        key = SigningKey.generate(Algorithm.ES256);
        privateKey = key.dangerousPrivateKey().orElseThrow();
        publicKey = key.verificationKey().publicKey().orElseThrow();
        String picked = Providers.automatic()
                .choice(Algorithm.ES256, Providers.Operation.VERIFY)
                .provider()
                .orElseThrow();
        provider = Ciphers.candidates(Providers.automatic(), Algorithm.ES256, Providers.Operation.VERIFY).stream()
                .filter(each -> each.getName().equals(picked))
                .findFirst()
                .orElseThrow();
        XmlProfile profile = XmlProfile.enveloped(new QName(NAMESPACE, "Document"));
        var policy = SecurityPolicy.recommended2026()
                .withLimits(Limits.recommended2026()
                        .withXml(XmlLimits.recommended2026()
                                .withMaxElements(100_000)
                                .withMaxChildren(10_000)
                                .withMaxDepth(32)));
        signer = XmlSigner.builder(key, profile).policy(policy).build();
        verifier = XmlVerifier.builder(KeyResolver.of(key.verificationKey()), profile)
                .policy(policy)
                .build();
        signed = signer.sign(document);
        signature = Keys.sign(key, document, 0, SIGNED_INFO, Providers.automatic());
        builder = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder();
        transformer = TransformerFactory.newDefaultInstance().newTransformer();
        woodstox = new WstxInputFactory();
        woodstox.setProperty(WstxInputFactory.SUPPORT_DTD, false);
    }

    /** Signet. */
    @Benchmark
    public VerifiedXml verifySignet() {
        return verifier.verify(signed);
    }

    /** Santuario as people set it up. */
    @Benchmark
    public Element verifySantuario() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return verified(factory.newDocumentBuilder().parse(new ByteArrayInputStream(signed)), null);
    }

    /** Santuario, pooled, with core's provider. */
    @Benchmark
    public Element verifySantuarioPooled() throws Exception {
        return verified(builder.parse(new ByteArrayInputStream(signed)), provider);
    }

    /** The bare signature, over the same provider. */
    @Benchmark
    public void verifyFloorSignature() {
        Keys.verify(key.verificationKey(), document, 0, SIGNED_INFO, signature, Providers.automatic());
    }

    /** Reading the same bytes. */
    @Benchmark
    public int verifyFloorParse() throws Exception {
        XMLStreamReader reader = woodstox.createXMLStreamReader(new Stax2ByteArraySource(signed, 0, signed.length));
        int sum = 0;
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamReader.CHARACTERS) {
                sum += reader.getTextLength();
            }
        }
        return sum;
    }

    /** Signet. */
    @Benchmark
    public byte[] signSignet() {
        return signer.sign(document);
    }

    /** Santuario as people set it up. */
    @Benchmark
    public byte[] signSantuario() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document parsed = factory.newDocumentBuilder().parse(new ByteArrayInputStream(document));
        sign(parsed, null);
        return bytes(parsed, TransformerFactory.newInstance().newTransformer());
    }

    /** Santuario, pooled, with core's provider. */
    @Benchmark
    public byte[] signSantuarioPooled() throws Exception {
        Document parsed = builder.parse(new ByteArrayInputStream(document));
        sign(parsed, provider);
        return bytes(parsed, transformer);
    }

    private Element verified(Document parsed, Provider by) throws Exception {
        Element element = (Element) parsed.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature")
                .item(0);
        XMLSignature read = by == null ? new XMLSignature(element, "", true) : new XMLSignature(element, "", true, by);
        if (!read.checkSignatureValue(publicKey)) {
            throw new IllegalStateException("the signature does not hold");
        }
        return parsed.getDocumentElement();
    }

    private void sign(Document parsed, Provider by) throws Exception {
        String method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
        String c14n = "http://www.w3.org/2001/10/xml-exc-c14n#";
        XMLSignature made = by == null
                ? new XMLSignature(parsed, "", method, c14n)
                : new XMLSignature(parsed, "", method, c14n, by);
        parsed.getDocumentElement().appendChild(made.getElement());
        Transforms transforms = new Transforms(parsed);
        transforms.addTransform(Transforms.TRANSFORM_ENVELOPED_SIGNATURE);
        transforms.addTransform(c14n);
        made.addDocument("", transforms, "http://www.w3.org/2001/04/xmlenc#sha256");
        made.sign(privateKey);
    }

    private static byte[] bytes(Document parsed, Transformer by) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        by.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
        by.transform(new DOMSource(parsed), new StreamResult(out));
        return out.toByteArray();
    }
}
