// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli.demo;

import dev.signet.core.Algorithm;
import dev.signet.core.DecryptionKey;
import dev.signet.core.KeyResolver;
import dev.signet.core.SecretBytes;
import dev.signet.core.SigningKey;
import dev.signet.jose.JweDecrypter;
import dev.signet.jose.JweEncrypter;
import dev.signet.jose.JwsSigner;
import dev.signet.jose.JwsVerifier;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.Deflater;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The tokens that payments travel in, signed and then encrypted, and what an attacker who knows the secret makes of them. */
final class DemoTokens {
    static final String TYPE = "payment+jws";
    static final int BOMB_BYTES = 64 << 20;

    private static final int TAG_BYTES = 16;

    private final SigningKey signing = DemoClient.newKey("demo-payer");
    private final DecryptionKey secret =
            DecryptionKey.generate(Algorithm.A256GCM).withId("demo-secret");
    private final JweEncrypter encrypter =
            JweEncrypter.builder(secret.encryptionKey()).build();

    String seal(String payload) {
        return sealed(signing, TYPE, payload);
    }

    JwsVerifier verifier(InstantSource clock) {
        return JwsVerifier.builder(KeyResolver.of(signing.verificationKey()))
                .expectType(TYPE)
                .clock(clock)
                .build();
    }

    JweDecrypter decrypter(InstantSource clock) {
        return JweDecrypter.builder(secret).clock(clock).build();
    }

    // ---- attacks ---------------------------------------------------------------------------------------------------

    /** A token that says itself that it needs no signature. */
    String unsigned(String payload) {
        String header = "{\"alg\":\"none\",\"kid\":\"" + signing.id() + "\",\"typ\":\"" + TYPE + "\"}";
        String token = base64(bytes(header)) + "." + base64(bytes(payload)) + ".";
        return forged("\"cty\":\"JOSE\"", bytes(token));
    }

    /** A MAC whose key is the public key, for a verifier that lets the message choose the algorithm. */
    String macWithPublicKey(String payload) {
        String header = "{\"alg\":\"HS256\",\"kid\":\"" + signing.id() + "\",\"typ\":\"" + TYPE + "\"}";
        String token = base64(bytes(header)) + "." + base64(bytes(payload));
        byte[] key = signing.verificationKey().publicKey().orElseThrow().getEncoded();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // Signet takes no encoded public key for a shared secret.
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return forged("\"cty\":\"JOSE\"", bytes(token + "." + base64(mac.doFinal(bytes(token)))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC", e);
        }
    }

    /** Well signed, but as something else. */
    String ofAnotherType(String payload) {
        return sealed(signing, "receipt+jws", payload);
    }

    /** A few kilobytes that are many megabytes when inflated. */
    String bomb() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        byte[] part = new byte[8192];
        for (int done = 0; done < BOMB_BYTES; done += zeros.length) {
            deflater.setInput(zeros);
            while (!deflater.needsInput()) {
                compressed.write(part, 0, deflater.deflate(part));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            compressed.write(part, 0, deflater.deflate(part));
        }
        deflater.end();
        return forged("\"cty\":\"JOSE\",\"zip\":\"DEF\"", compressed.toByteArray());
    }

    private String sealed(SigningKey key, String type, String payload) {
        return JwsSigner.builder(key).type(type).build().signAndEncrypt(bytes(payload), encrypter);
    }

    /** A JWE that decrypts, made without the library, which would not make such ones. */
    private String forged(String members, byte[] content) {
        String header =
                base64(bytes("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + secret.id() + "\"," + members + "}"));
        byte[] iv = SecretBytes.random(12).dangerousToByteArray();
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] key = secret.dangerousSecret().orElseThrow().dangerousToByteArray();
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_BYTES, iv));
            cipher.updateAAD(bytes(header));
            byte[] out = cipher.doFinal(content);
            int end = out.length - TAG_BYTES;
            return header + ".." + base64(iv) + "." + base64(Arrays.copyOf(out, end)) + "."
                    + base64(Arrays.copyOfRange(out, end, out.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
