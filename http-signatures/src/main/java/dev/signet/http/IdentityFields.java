// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names of fields by which proxies tell servers who calls, and by which a client could pretend to be one. */
final class IdentityFields {
    /**
     * A star at the end stands for anything. Credentials, such as {@code authorization} and {@code x-auth-token}, are not here:
     * they prove themselves.
     */
    private static final List<String> KNOWN = List.of(
            // plain conventions
            "x-user",
            "x-user-id",
            "x-user-name",
            "x-user-email",
            "x-user-role",
            "x-user-roles",
            "x-user-groups",
            "x-user-dn",
            "x-userid",
            "x-username",
            "x-roles",
            "x-groups",
            "x-principal",
            "x-principal-*",
            "x-subject",
            "x-identity",
            "x-identity-*",
            "x-caller",
            "x-caller-*",
            "x-client-id",
            "x-client-name",
            "x-key-id",
            "x-auth-user",
            "x-auth-username",
            "x-auth-email",
            "x-auth-roles",
            "x-auth-request-*",
            "x-authenticated-*",
            "x-signet-*",
            // what CGI's REMOTE_USER became
            "remote-user",
            "remote-email",
            "remote-groups",
            "remote-name",
            "x-remote-user",
            "x-remote-group",
            "x-remote-groups",
            "x-remote-extra-*",
            // authenticating proxies
            "x-forwarded-user",
            "x-forwarded-email",
            "x-forwarded-groups",
            "x-forwarded-preferred-username",
            "x-forwarded-access-token",
            "x-consumer-*",
            "x-credential-identifier",
            "x-anonymous-consumer",
            "x-webauth-*",
            "x-authentik-*",
            "x-ms-client-principal",
            "x-ms-client-principal-*",
            "x-goog-authenticated-user-*",
            "x-amzn-oidc-identity",
            // client certificates, as proxies that end TLS report them (RFC 9440 and its forerunners)
            "client-cert",
            "client-cert-chain",
            "x-forwarded-client-cert",
            "x-client-cert",
            "x-client-cert-*",
            "x-client-dn",
            "x-client-verify",
            "x-ssl-client-*",
            "ssl-client-*");

    private final Set<String> names;
    private final List<String> prefixes;
    private final Set<String> allowed;

    /** The known ones with others, but for those that are allowed. */
    IdentityFields(Set<String> more, Set<String> allowed) {
        Set<String> exact = new HashSet<>();
        List<String> starts = new ArrayList<>();
        for (Set<String> patterns : List.of(Set.copyOf(KNOWN), more)) {
            for (String pattern : patterns) {
                String name = canonical(pattern);
                if (name.endsWith("*")) {
                    starts.add(name.substring(0, name.length() - 1));
                } else {
                    exact.add(name);
                }
            }
        }
        names = Set.copyOf(exact);
        prefixes = List.copyOf(starts);
        this.allowed =
                Set.copyOf(allowed.stream().map(IdentityFields::canonical).toList());
    }

    boolean contains(String fieldName) {
        String name = canonical(fieldName);
        if (allowed.contains(name)) {
            return false;
        }
        if (names.contains(name)) {
            return true;
        }
        for (int i = 0; i < prefixes.size(); i++) {
            if (name.startsWith(prefixes.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** An underscore counts as a hyphen, since what reads fields as CGI variables takes them for the same. */
    private static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
