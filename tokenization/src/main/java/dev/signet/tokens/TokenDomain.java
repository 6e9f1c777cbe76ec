// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Values that belong together: within a domain the same value has the same token, and across two domains tokens of one
 * person cannot be linked.
 *
 * <pre>{@code
 * TokenDomain cards = TokenDomain.of("card-number").withTenant("acme");
 * TokenDomain forLab = cards.withRecipient("lab-a");
 * TokenDomain forOtherLab = cards.withRecipient("lab-b"); // the two labs cannot link their tokens
 * }</pre>
 *
 * <p><b>Security properties.</b> Each domain has a key and a tweak of its own, derived by HKDF-SHA256 (RFC 5869) from the
 * keyset's root and all four names, each with its length in front, so that no two domains share an input. The format is no
 * part of it: two formats with the same alphabet and length share their tokens in one domain, so give each kind of value a
 * domain of its own.
 *
 * <p>Immutable.
 */
@CheckReturnValue
public final class TokenDomain {
    private static final String CONTEXT = "signet tokenization 1";

    private final String name;
    private final String tenant;
    private final String purpose;
    private final String recipient;

    private TokenDomain(String name, String tenant, String purpose, String recipient) {
        this.name = name;
        this.tenant = tenant;
        this.purpose = purpose;
        this.recipient = recipient;
    }

    /**
     * A domain for one kind of value, such as {@code card-number}.
     *
     * @param name 1 to 256 printable ASCII characters
     */
    public static TokenDomain of(String name) {
        return new TokenDomain(Names.check(name, "a domain"), "", "", "");
    }

    /** This domain for one tenant only. */
    public TokenDomain withTenant(String newTenant) {
        return new TokenDomain(name, Names.check(newTenant, "a tenant"), purpose, recipient);
    }

    /** This domain for one use of its tokens only, such as {@code analytics}; an {@link Access} has another purpose. */
    public TokenDomain withPurpose(String newPurpose) {
        return new TokenDomain(name, tenant, Names.check(newPurpose, "a purpose"), recipient);
    }

    /** This domain for one recipient only, whose tokens cannot be linked with those of another. */
    public TokenDomain withRecipient(String newRecipient) {
        return new TokenDomain(name, tenant, purpose, Names.check(newRecipient, "a recipient"));
    }

    /** The name of the kind of value. */
    public String name() {
        return name;
    }

    /** The input that tells this domain's keys from all others (HKDF's info). */
    byte[] info(String mode) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : new String[] {CONTEXT, mode, name, tenant, purpose, recipient}) {
            byte[] bytes = part.getBytes(StandardCharsets.US_ASCII);
            out.write(bytes.length >>> 8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenDomain that
                && name.equals(that.name)
                && tenant.equals(that.tenant)
                && purpose.equals(that.purpose)
                && recipient.equals(that.recipient);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, tenant, purpose, recipient);
    }

    /** All four names, as they stand in logs; a slash or percent sign within one is percent-encoded. */
    @Override
    public String toString() {
        return escape(name) + "/" + escape(tenant) + "/" + escape(purpose) + "/" + escape(recipient);
    }

    private static String escape(String part) {
        return part.replace("%", "%25").replace("/", "%2F");
    }
}
