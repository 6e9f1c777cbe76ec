// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.signet.cli.shell.Shell;
import dev.signet.cli.shell.Style;
import dev.signet.cli.shell.Table;
import dev.signet.cli.shell.Texts;
import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.MessageSecurityException;
import dev.signet.core.SigningKey;
import dev.signet.xml.VerifiedDecryptedXml;
import dev.signet.xml.VerifiedXml;
import dev.signet.xml.VerifyingXmlDecrypter;
import dev.signet.xml.XmlDecrypter;
import dev.signet.xml.XmlEncrypter;
import dev.signet.xml.XmlProfile;
import dev.signet.xml.XmlSigner;
import dev.signet.xml.XmlVerifier;
import java.math.BigDecimal;
import javax.xml.namespace.QName;

/** A made-up file of payments (ISO 20022 pain.001) that is signed, changed, wrapped, and encrypted for the bank. */
final class DemoPayments {
    private static final String INDENT = "   ";
    private static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
    private static final QName DOCUMENT = new QName(NAMESPACE, "Document");
    private static final QName TRANSFERS = new QName(NAMESPACE, "CstmrCdtTrfInitn");
    private static final String MESSAGE_ID = "SHOP-2026-0007";
    private static final String PAYEE = "DE89370400440532013000";
    private static final String THIEF = "GB29NWBK60161331926819";

    private static final String FILE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
              <CstmrCdtTrfInitn>
                <GrpHdr>
                  <MsgId>SHOP-2026-0007</MsgId>
                  <CreDtTm>2026-11-26T09:30:00Z</CreDtTm>
                  <NbOfTxs>2</NbOfTxs>
                  <CtrlSum>1250.00</CtrlSum>
                  <InitgPty><Nm>Example Shop</Nm></InitgPty>
                </GrpHdr>
                <PmtInf>
                  <PmtInfId>P-1</PmtInfId>
                  <PmtMtd>TRF</PmtMtd>
                  <ReqdExctnDt><Dt>2026-11-27</Dt></ReqdExctnDt>
                  <Dbtr><Nm>Example Shop</Nm></Dbtr>
                  <DbtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></DbtrAcct>
                  <DbtrAgt><FinInstnId><BICFI>EXMPFRPPXXX</BICFI></FinInstnId></DbtrAgt>
                  <CdtTrfTxInf>
                    <PmtId><EndToEndId>E-1</EndToEndId></PmtId>
                    <Amt><InstdAmt Ccy="EUR">1000.00</InstdAmt></Amt>
                    <Cdtr><Nm>Ada Moreau</Nm></Cdtr>
                    <CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>
                  </CdtTrfTxInf>
                  <CdtTrfTxInf>
                    <PmtId><EndToEndId>E-2</EndToEndId></PmtId>
                    <Amt><InstdAmt Ccy="EUR">250.00</InstdAmt></Amt>
                    <Cdtr><Nm>Ben Okafor</Nm></Cdtr>
                    <CdtrAcct><Id><IBAN>BE68539007547034</IBAN></Id></CdtrAcct>
                  </CdtTrfTxInf>
                </PmtInf>
              </CstmrCdtTrfInitn>
            </Document>
            """;
    /** What the attacker would like to have been signed. */
    private static final String FORGED =
            FILE.replace(PAYEE, THIEF).replace("1000.00", "98750.00").replace("1250.00", "99000.00");

    private final Shell shell;
    private final DemoCustomers.Judge judge;
    private final SigningKey key = SigningKey.generate(Algorithm.ES256).withId("demo-shop");
    private final KeyResolver trusted = KeyResolver.of(key.verificationKey());
    private final DecryptionKey bank =
            DecryptionKey.generate(Algorithm.ECDH_ES_A256KW).withId("demo-bank");
    private final XmlProfile whole = XmlProfile.enveloped(DOCUMENT);
    private final XmlProfile byId =
            XmlProfile.builder(DOCUMENT).covers(DOCUMENT, TRANSFERS).build();

    DemoPayments(Shell shell, DemoCustomers.Judge judge) {
        this.shell = shell;
        this.judge = judge;
    }

    void show() {
        String signed = sign(whole, FILE);
        accept(signed);
        shell.out().println();
        refuse(signed);
        shell.out().println();
        wrap(sign(byId, FILE));
        shell.out().println();
        encrypt();
    }

    // ---- the good file ---------------------------------------------------------------------------------------------

    private void accept(String signed) {
        Table table = new Table(INDENT);
        table.row("file", "pain.001.001.09 of " + Texts.number(FILE.length()) + " bytes, and <ds:Signature> in it");
        try (VerifiedXml verified = verifier(whole).verify(signed.getBytes(UTF_8))) {
            VerifiedXml.Part document = verified.content();
            String id = document.text("CstmrCdtTrfInitn/GrpHdr/MsgId");
            BigDecimal sum = new BigDecimal(document.text("CstmrCdtTrfInitn/GrpHdr/CtrlSum"));
            BigDecimal amounts = document.texts("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt").stream()
                    .map(BigDecimal::new)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            boolean good = id.equals(MESSAGE_ID) && amounts.equals(sum);
            table.row("signed by", verified.key().id() + " (" + key.algorithm().joseName() + ")")
                    .row("message id", id + ", as it was signed")
                    .row("control sum", sum + ", which the signed amounts add up to  " + judge.of(good));
        } catch (MessageSecurityException e) {
            table.row("refused", e.code() + "  " + judge.of(false));
        }
        table.print(shell.out());
    }

    // ---- the bad ones ----------------------------------------------------------------------------------------------

    private void refuse(String signed) {
        Style style = shell.outStyle();
        Table table = new Table(INDENT).row("", style.dim("FILE"), style.dim("CODE"), style.dim("REASON"));
        refusal(table, "amount changed", whole, signed.replace("1000.00", "98750.00"), "digest-mismatch");
        refusal(table, "wrapped: the signed file inside a forged one", whole, wrapped(signed), "signature-missing");
        table.print(shell.out());
    }

    private void refusal(Table table, String what, XmlProfile profile, String file, String code) {
        String found = "accepted";
        String reason = "wanted " + code;
        try (VerifiedXml verified = verifier(profile).verify(file.getBytes(UTF_8))) {
            found = "accepted as of " + verified.key().id();
        } catch (MessageSecurityException e) {
            found = e.code();
            reason = found.equals(code) ? String.valueOf(e.getMessage()) : reason;
        }
        table.row(judge.of(found.equals(code)), what, found, Texts.oneLine(reason));
    }

    /** The signed document, signature and all, as a supplement to the attacker's. */
    private static String wrapped(String signed) {
        return around(signed.substring(signed.indexOf("<Document")).strip());
    }

    private static String around(String original) {
        String supplement = "<SplmtryData><Envlp>" + original + "</Envlp></SplmtryData></CstmrCdtTrfInitn>";
        return FORGED.replace("</CstmrCdtTrfInitn>", supplement);
    }

    // ---- why it matters --------------------------------------------------------------------------------------------

    /** A signature by id, for which the JDK finds the moved original, and a program the first that it meets. */
    private void wrap(String signed) {
        String moved = movedAside(signed);
        DemoNaiveReader.Finding naive = DemoNaiveReader.read(moved, key.verificationKey());
        String code;
        try (VerifiedXml verified = verifier(byId).verify(moved.getBytes(UTF_8))) {
            code = "accepted as of " + verified.key().id();
        } catch (MessageSecurityException e) {
            code = e.code();
        }
        boolean good = code.equals("component-forbidden");
        Style style = shell.outStyle();
        shell.out()
                .println(INDENT + "Signed by id; then the signed part moved aside, and a forged one in its place:\n");
        new Table(INDENT)
                .row("", style.dim("READ BY"), style.dim("SIGNATURE"), style.dim("WOULD PAY"))
                .row(
                        "",
                        "the JDK's javax.xml.crypto, then the DOM",
                        style.yellow(naive.valid() ? "valid" : "invalid"),
                        naive.valid() ? style.yellow(naive.payment()) : "nothing")
                .row(
                        judge.of(good),
                        "Signet",
                        code,
                        good ? "nothing: what is signed is elsewhere" : "wanted component-forbidden")
                .print(shell.out());
    }

    /** The attacker's document around the signed element, with its signature where it was. */
    private static String movedAside(String signed) {
        String end = "</CstmrCdtTrfInitn>";
        int after = signed.indexOf(end) + end.length();
        String original = signed.substring(signed.indexOf("<CstmrCdtTrfInitn"), after);
        String forged = around(original);
        return forged.substring(0, forged.lastIndexOf("</Document>")).strip() + signed.substring(after);
    }

    // ---- for the bank only -----------------------------------------------------------------------------------------

    private void encrypt() {
        byte[] encrypted = XmlEncrypter.builder(bank.encryptionKey())
                .content(DOCUMENT, TRANSFERS)
                .build()
                .encrypt(FILE.getBytes(UTF_8));
        String message = sign(whole, new String(encrypted, UTF_8));
        VerifyingXmlDecrypter receiver = VerifyingXmlDecrypter.of(
                verifier(whole),
                XmlDecrypter.builder(bank).content(DOCUMENT, TRANSFERS).build());
        boolean isHidden = !message.contains(PAYEE) && !message.contains("1000.00");
        String received = received(receiver, message);
        int value = message.indexOf("</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>") - 10;
        char other = message.charAt(value) == 'A' ? 'B' : 'A';
        String changed = received(receiver, message.substring(0, value) + other + message.substring(value + 1));
        new Table(INDENT)
                .row(judge.of(isHidden), "encrypted for the bank, then signed", "no account and no amount can be read")
                .row(judge.of(received.equals("demo-shop")), "verified and decrypted", "signed by " + received)
                .row(
                        judge.of(changed.equals("digest-mismatch")),
                        "one character of the ciphertext changed",
                        changed + ", and no key was touched")
                .print(shell.out());
    }

    /** Who signed what the bank can read now, or why it was refused. */
    private static String received(VerifyingXmlDecrypter receiver, String message) {
        try (VerifiedDecryptedXml received = receiver.decrypt(message.getBytes(UTF_8))) {
            boolean isWhole = new String(received.decrypted().contentBytes(), UTF_8).contains(">" + PAYEE + "<");
            return isWhole ? received.key().id() : "another content";
        } catch (MessageSecurityException e) {
            return e.code();
        }
    }

    private String sign(XmlProfile profile, String file) {
        return new String(
                XmlSigner.builder(key, profile).clock(shell.clock()).build().sign(file.getBytes(UTF_8)), UTF_8);
    }

    private XmlVerifier verifier(XmlProfile profile) {
        return XmlVerifier.builder(trusted, profile).clock(shell.clock()).build();
    }
}
