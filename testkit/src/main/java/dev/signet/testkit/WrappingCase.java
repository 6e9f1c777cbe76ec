// SPDX-License-Identifier: Apache-2.0
package dev.signet.testkit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A document of the {@link XmlWrappingCorpus} with what a correct verifier does with it. Immutable. */
public final class WrappingCase {
    /** What a document is, and so where its signature stands and what has to be covered. */
    public enum Kind {
        /** A SAML response; the signature is its child and covers it. */
        SAML_RESPONSE,
        /** A SAML response with one assertion; the signature is the assertion's child and covers the assertion only. */
        SAML_ASSERTION,
        /** A SOAP 1.1 envelope; the signature stands in {@code wsse:Security} and covers the body by {@code wsu:Id}. */
        SOAP_11_BODY,
        /** The same for SOAP 1.2. */
        SOAP_12_BODY,
        /** An ISO 20022 pain.001 document; the signature is the last child of the root and covers the document. */
        ISO_20022
    }

    /** What a correct verifier does. */
    public enum Verdict {
        /** It releases {@link WrappingCase#content()}. */
        ACCEPTED,
        /** It releases nothing. */
        REFUSED,
        /** It releases {@link WrappingCase#content()} or nothing: good reasons speak for both. */
        EITHER
    }

    private final String name;
    private final String attack;
    private final String description;
    private final Kind kind;
    private final boolean secret;
    private final Verdict verdict;
    private final byte[] xml;
    private final byte @Nullable [] content;

    WrappingCase(
            String name,
            String attack,
            String description,
            Kind kind,
            boolean secret,
            Verdict verdict,
            byte[] xml,
            byte @Nullable [] content) {
        this.name = name;
        this.attack = attack;
        this.description = description;
        this.kind = kind;
        this.secret = secret;
        this.verdict = verdict;
        this.xml = xml;
        this.content = content;
    }

    /** A name that no other case has, such as {@code xsw6/same-id/saml-assertion}. */
    public String name() {
        return name;
    }

    /** The class of attack, the first part of the name; {@code control} for documents that nobody attacked. */
    public String attack() {
        return attack;
    }

    /** What was done to the document. */
    public String description() {
        return description;
    }

    /** What the document is. */
    public Kind kind() {
        return kind;
    }

    /** Whether it is to be verified with {@link XmlWrappingCorpus#secret()}, by HMAC-SHA-256, and not with the public key. */
    public boolean usesSecret() {
        return secret;
    }

    /** What a correct verifier does. */
    public Verdict verdict() {
        return verdict;
    }

    /** The document. */
    public byte[] xml() {
        return xml.clone();
    }

    /**
     * The only content that may come out, as canonical bytes (exclusive, unless the case says otherwise, without comments and
     * without the signature); empty if the signer never signed any. A refused case has it too where the signer did sign the
     * document before it was changed: a verifier that is laxer than this corpus asks does no harm as long as it releases
     * exactly this.
     */
    public Optional<byte[]> content() {
        return content == null ? Optional.empty() : Optional.of(content.clone());
    }

    @Override
    public String toString() {
        return name;
    }
}
