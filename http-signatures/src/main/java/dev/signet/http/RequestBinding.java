// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import dev.signet.core.InvalidMessageException;
import dev.signet.core.Reason;
import dev.signet.core.SecurityPolicy;
import dev.signet.core.VerificationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ties a response to the one request that it answers: by the request's signature (RFC 9421, 2.4), which no other request has, or,
 * if the request is not signed, by the nonce that it asked for (RFC 9421, 5.1).
 */
final class RequestBinding {
    private RequestBinding() {}

    /**
     * The components that tie a response to all signatures of its request, or to those of some labels; none if the request
     * is not signed or not known.
     */
    static List<Component> components(HttpMessage response, Set<String> labels, SfLimits limits, int most) {
        HttpMessage request = response.request().orElse(null);
        if (request == null) {
            return List.of();
        }
        List<String> lines = request.fieldValues("signature");
        if (lines.isEmpty()) {
            return List.of();
        }
        SfDictionary signatures = signatures(lines, limits);
        if (signatures.size() > most) {
            throw InvalidMessageException.tooLarge("the request has more signatures than the policy allows");
        }
        List<Component> components = new ArrayList<>();
        for (int i = 0; i < signatures.size(); i++) {
            String label = signatures.key(i);
            if (labels.isEmpty() || labels.contains(label)) {
                components.add(Component.field("signature").key(label).req());
            }
        }
        if (components.isEmpty()) {
            throw InvalidMessageException.malformed("cannot be signed: the request has no signature of a wanted label");
        }
        return components;
    }

    /**
     * Refuses a response's signature that is not tied to its request.
     *
     * @param label of the request's signature; null if each of its signatures will do
     */
    static void require(
            SignatureParameters parameters, HttpMessage response, @Nullable String label, SecurityPolicy policy) {
        HttpMessage request = response.request().orElse(null);
        boolean ofRequest = false;
        for (Component component : parameters.components()) {
            if (binds(component, label)) {
                return;
            }
            ofRequest |= component.isOfRequest();
        }
        if (request == null && ofRequest) {
            // Such a component has no value, so the base will fail, with a better reason.
            return;
        }
        if (request != null && label == null && request.fieldValues("signature").isEmpty()) {
            requireNonce(parameters, request, policy);
            return;
        }
        Component wanted = Component.field("signature");
        throw new VerificationException(
                Reason.COMPONENT_NOT_COVERED,
                (label == null ? wanted : wanted.key(label)).req().identifier());
    }

    private static boolean binds(Component component, @Nullable String label) {
        return component.isOfRequest()
                && !component.isTrailer()
                && component.name().equals("signature")
                && (label == null || component.keyOrNull() == null || label.equals(component.keyOrNull()));
    }

    private static void requireNonce(SignatureParameters parameters, HttpMessage request, SecurityPolicy policy) {
        String nonce = parameters.nonceOrNull();
        if (nonce != null) {
            for (AcceptSignature asked : AcceptSignature.parse(request.fieldValues("accept-signature"), policy)) {
                if (asked.nonce().filter(nonce::equals).isPresent()) {
                    return;
                }
            }
        }
        throw new VerificationException(
                Reason.COMPONENT_NOT_COVERED,
                "the request has neither a signature nor a nonce that ties the response to it");
    }

    private static SfDictionary signatures(List<String> lines, SfLimits limits) {
        try {
            SfDictionary signatures = StructuredFields.parseDictionary(lines, limits);
            if (signatures.hasDuplicates()) {
                throw InvalidMessageException.malformed("field signature: a label comes twice");
            }
            return signatures;
        } catch (SfException e) {
            throw FieldValues.invalid("signature", e);
        }
    }
}
