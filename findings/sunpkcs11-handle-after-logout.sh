#!/usr/bin/env bash
# A private key taken from a SunPKCS11 key store before a logout never works again, although its provider, key store and token are
# there and logged in: signing fails with an unchecked ProviderException each time (not with the GeneralSecurityException that the
# Signature methods declare), while a handle fetched anew from the same store works at once. HSMs end sessions by themselves
# (restart, failover, idle logout), so an application that fetched its key at start fails until it is restarted.
# Versions: JDK 17 (the one on the path), SoftHSM 2.6.1 of Debian 12, fetched as packages into a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get download -qq softhsm2=2.6.1-2.1 softhsm2-common=2.6.1-2.1 libsofthsm2=2.6.1-2.1 > /dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
library=$(find root -name libsofthsm2.so | head -n 1)
mkdir tokens
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$work" > softhsm2.conf
export SOFTHSM2_CONF="$work/softhsm2.conf"
root/usr/bin/softhsm2-util --module "$work/$library" --init-token --free --label finding --so-pin 12345678 --pin 1234 > /dev/null
printf 'name = Finding\nlibrary = %s\nslotListIndex = 0\nattributes(generate,CKO_PRIVATE_KEY,*) = { CKA_SIGN = true }\n' \
  "$work/$library" > pkcs11.cfg
keytool -genkeypair -keystore NONE -storetype PKCS11 -providerClass sun.security.pkcs11.SunPKCS11 -providerArg pkcs11.cfg \
  -storepass 1234 -alias k -keyalg EC -groupname secp256r1 -dname CN=finding > keytool.txt 2>&1 || { cat keytool.txt; exit 1; }

cat > Handle.java <<'JAVA'
import java.security.AuthProvider;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;

public class Handle {
    private static final char[] PIN = "1234".toCharArray();

    public static void main(String[] args) throws Exception {
        AuthProvider provider = (AuthProvider) Security.getProvider("SunPKCS11").configure("pkcs11.cfg");
        login(provider);
        KeyStore store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, PIN);
        PrivateKey handle = (PrivateKey) store.getKey("k", null);
        System.out.println("handle before logout: " + sign(provider, handle));
        for (int i = 1; i <= 2; i++) {
            provider.logout();
            login(provider);
            System.out.println("old handle after login " + i + ": " + sign(provider, handle));
            KeyStore again = KeyStore.getInstance("PKCS11", provider);
            again.load(null, PIN);
            System.out.println("new handle after login " + i + ": " + sign(provider, (PrivateKey) again.getKey("k", null)));
        }
    }

    private static void login(AuthProvider provider) throws Exception {
        provider.login(null, callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof PasswordCallback password) {
                    password.setPassword(PIN);
                }
            }
        });
    }

    private static String sign(AuthProvider provider, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA", provider);
            signature.initSign(key);
            signature.update(new byte[32]);
            return signature.sign().length > 0 ? "signs" : "empty";
        } catch (ProviderException e) {
            return "unchecked ProviderException";
        } catch (Exception e) {
            return "checked " + e.getClass().getSimpleName();
        }
    }
}
JAVA
javac -d classes Handle.java
timeout 120 java -cp classes Handle | tee seen.txt

cat > expected.txt <<'TXT'
handle before logout: signs
old handle after login 1: unchecked ProviderException
new handle after login 1: signs
old handle after login 2: unchecked ProviderException
new handle after login 2: signs
TXT
diff expected.txt seen.txt && echo "as described"
