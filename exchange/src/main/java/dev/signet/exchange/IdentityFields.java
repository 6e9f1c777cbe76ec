// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names of fields by which proxies tell servers who calls, and by which a client could pretend to be one. */
final class IdentityFields {
    /**
     * A star at either end stands for anything. Credentials, such as {@code authorization} and {@code x-auth-token}, are not here:
     * they prove themselves.
     */
    private static final List<String> KNOWN = List.of(
            // plain conventions
            "x-user",
            "x-user-*",
            "x-userid",
            "x-username",
            "x-userinfo",
            "*-userinfo",
            "x-role",
            "x-roles",
            "x-groups",
            "x-scope",
            "x-scopes",
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
            "x-claim-*",
            "x-jwt-claim-*",
            "x-auth-user",
            "x-auth-user-*",
            "x-auth-userid",
            "x-auth-username",
            "x-auth-subject",
            "x-auth-name",
            "x-auth-email",
            "x-auth-role",
            "x-auth-roles",
            "x-auth-groups",
            "x-auth-scopes",
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
            "x-pomerium-claim-*",
            "x-vouch-*",
            "oidc-claim-*",
            "mellon-*",
            "shib-*",
            "tailscale-user-*",
            "tailscale-app-capabilities",
            "cf-access-authenticated-user-*",
            "x-ms-client-principal",
            "x-ms-client-principal-*",
            "x-goog-authenticated-user-*",
            "x-appengine-user-*",
            "x-amzn-oidc-identity",
            // client certificates, as proxies that end TLS report them (RFC 9440 and its forerunners)
            "client-cert",
            "client-cert-chain",
            "x-forwarded-client-cert",
            "x-forwarded-tls-client-*",
            "x-client-cert",
            "x-client-cert-*",
            "x-client-certificate",
            "x-clientcert",
            "x-clientcert-*",
            "x-arr-clientcert",
            "x-amzn-mtls-clientcert",
            "x-amzn-mtls-clientcert-*",
            "x-client-dn",
            "x-client-verify",
            "x-ssl-cert",
            "x-ssl-cert-*",
            "x-ssl-client-*",
            "x-tls-client-*",
            "ssl-client-*");

    /** These only look as if they named a user: the second is what browsers' gRPC clients call themselves. */
    private static final Set<String> HARMLESS = Set.of("user-agent", "x-user-agent");

    private final Set<String> names;
    private final List<String> prefixes;
    private final List<String> suffixes;
    private final Set<String> allowed;

    /** The known ones with others, but for those that are allowed. */
    IdentityFields(Set<String> more, Set<String> allowed) {
        Set<String> exact = new HashSet<>();
        List<String> starts = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        for (Set<String> patterns : List.of(Set.copyOf(KNOWN), more)) {
            for (String pattern : patterns) {
                String name = canonical(pattern);
                if (name.endsWith("*")) {
                    starts.add(name.substring(0, name.length() - 1));
                } else if (name.startsWith("*")) {
                    ends.add(name.substring(1));
                } else {
                    exact.add(name);
                }
            }
        }
        names = Set.copyOf(exact);
        prefixes = List.copyOf(starts);
        suffixes = List.copyOf(ends);
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
                return !HARMLESS.contains(name);
            }
        }
        for (int i = 0; i < suffixes.size(); i++) {
            if (name.endsWith(suffixes.get(i))) {
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
