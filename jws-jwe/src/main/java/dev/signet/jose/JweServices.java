// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import dev.signet.core.Algorithm;
import dev.signet.core.Providers;
import dev.signet.core.internal.Ciphers;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/** Finds out when an object is built, rather than at the first message, that no provider has what an algorithm is made of. */
final class JweServices {
    private static final Service GCM = new Service("Cipher", "AES/GCM/NoPadding");
    private static final Service WRAP = new Service("Cipher", "AESWrap");

    private JweServices() {}

    private record Service(String type, String name) {
        boolean isIn(Providers providers) {
            if (!type.equals("Cipher")) {
                return Ciphers.composite(providers).getService(type, name) != null;
            }
            try {
                // A provider may list a cipher without its modes, and only this asks for them.
                Cipher cipher = Cipher.getInstance(name, Ciphers.composite(providers));
                return cipher.getAlgorithm().equals(name);
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }

    static boolean hasContent(Algorithm enc, Providers providers) {
        return missing(content(enc), providers).isEmpty();
    }

    /** @throws IllegalArgumentException if the content cannot be encrypted, or decrypted */
    static void requireContent(Algorithm enc, Providers providers) {
        require(enc, content(enc), providers);
    }

    /**
     * Everything that hides a content encryption key, or finds it.
     *
     * @param handle whether the key's own provider works on it
     * @throws IllegalArgumentException if something is missing
     */
    static void requireKey(Algorithm algorithm, @Nullable PublicKey key, boolean handle, Providers providers) {
        require(algorithm, key(algorithm, key, handle), providers);
    }

    private static void require(Algorithm algorithm, List<Service> services, Providers providers) {
        missing(services, providers).ifPresent(service -> {
            throw new IllegalArgumentException("of " + providers + " none has the " + service.type + " " + service.name
                    + ", which " + algorithm.joseName() + " needs");
        });
    }

    private static Optional<Service> missing(List<Service> services, Providers providers) {
        return services.stream().filter(service -> !service.isIn(providers)).findFirst();
    }

    private static List<Service> content(Algorithm enc) {
        return switch (enc) {
            case A128CBC_HS256 -> cbc("HmacSHA256");
            case A192CBC_HS384 -> cbc("HmacSHA384");
            case A256CBC_HS512 -> cbc("HmacSHA512");
            default -> List.of(GCM);
        };
    }

    private static List<Service> cbc(String mac) {
        return List.of(new Service("Cipher", "AES/CBC/PKCS5Padding"), new Service("Mac", mac));
    }

    private static List<Service> key(Algorithm algorithm, @Nullable PublicKey key, boolean handle) {
        String name = algorithm.joseName();
        if (algorithm.isContentEncryption()) {
            return List.of();
        }
        if (algorithm.isPasswordBased()) {
            String mac = "HmacSHA" + name.substring("PBES2-HS".length(), name.indexOf('+'));
            return List.of(new Service("SecretKeyFactory", "PBKDF2With" + mac), WRAP);
        }
        if (key == null) {
            return List.of(name.contains("GCM") ? GCM : WRAP);
        }
        List<Service> services = new ArrayList<>();
        if (name.startsWith("RSA")) {
            services.add(new Service("KeyFactory", "RSA"));
            if (!handle) {
                String hash = name.substring(name.lastIndexOf('-') + 1);
                services.add(new Service("Cipher", "RSA/ECB/OAEPWithSHA-" + hash + "AndMGF1Padding"));
            }
            return services;
        }
        boolean ec = key instanceof ECPublicKey;
        services.add(new Service("KeyFactory", ec ? "EC" : "X25519"));
        services.add(new Service("MessageDigest", "SHA-256"));
        if (!handle) {
            services.add(new Service("KeyAgreement", ec ? "ECDH" : "X25519"));
        }
        if (name.endsWith("KW")) {
            services.add(WRAP);
        }
        return services;
    }
}
