// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.MacSpi;

/** A provider made of whatever a test puts in. */
final class TestProvider extends Provider {
    private static final long serialVersionUID = 1L;

    TestProvider(String name) {
        super(name, "1", "for tests");
    }

    TestProvider with(String type, String algorithm, Supplier<Object> spi) {
        putService(new Service(this, type, algorithm, "dev.signet.core.TestProvider", List.of(), null) {
            @Override
            public Object newInstance(Object parameter) {
                return spi.get();
            }

            @Override
            public boolean supportsParameter(Object key) {
                return true;
            }
        });
        return this;
    }

    /** A private key that its module never gives away. */
    static final class Handle implements PrivateKey {
        private static final long serialVersionUID = 1L;

        final transient PrivateKey inside;

        Handle(PrivateKey inside) {
            this.inside = inside;
        }

        @Override
        public String getAlgorithm() {
            return inside.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    /** Signs with handles only, as an HSM would. */
    static class HandleSignature extends SignatureSpi {
        private final Signature delegate;

        HandleSignature(String algorithm) {
            try {
                delegate = Signature.getInstance(algorithm);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            if (!(key instanceof Handle handle)) {
                throw new InvalidKeyException("not of this module");
            }
            delegate.initSign(handle.inside);
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            throw new InvalidKeyException("this module only signs");
        }

        @Override
        protected void engineUpdate(byte b) throws SignatureException {
            delegate.update(b);
        }

        @Override
        protected void engineUpdate(byte[] b, int off, int len) throws SignatureException {
            delegate.update(b, off, len);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return delegate.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            throw new SignatureException("this module only signs");
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new InvalidParameterException();
        }

        @Override
        protected void engineSetParameter(java.security.spec.AlgorithmParameterSpec spec)
                throws java.security.InvalidAlgorithmParameterException {
            delegate.setParameter(spec);
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new InvalidParameterException();
        }
    }

    /** Does what the platform does, if {@code before} lets it. */
    abstract static class Delegating extends SignatureSpi {
        private final Signature delegate;

        Delegating(String algorithm) {
            try {
                delegate = Signature.getInstance(algorithm);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        abstract void before(String step, byte[] signature);

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            before("init", null);
            delegate.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            before("init", null);
            delegate.initSign(key);
        }

        @Override
        protected void engineUpdate(byte b) throws SignatureException {
            before("update", null);
            delegate.update(b);
        }

        @Override
        protected void engineUpdate(byte[] b, int off, int len) throws SignatureException {
            before("update", null);
            delegate.update(b, off, len);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            before("sign", null);
            return delegate.sign();
        }

        @Override
        protected boolean engineVerify(byte[] bytes) throws SignatureException {
            before("verify", bytes);
            return delegate.verify(bytes);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {}

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            return null;
        }
    }

    /** The same for MACs. */
    abstract static class DelegatingMac extends MacSpi {
        private final javax.crypto.Mac delegate;

        DelegatingMac(String algorithm) {
            try {
                delegate = javax.crypto.Mac.getInstance(algorithm);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        abstract void before(String step);

        @Override
        protected int engineGetMacLength() {
            return delegate.getMacLength();
        }

        @Override
        protected void engineInit(java.security.Key key, java.security.spec.AlgorithmParameterSpec spec)
                throws InvalidKeyException {
            before("init");
            delegate.init(key);
        }

        @Override
        protected void engineUpdate(byte input) {
            before("update");
            delegate.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int len) {
            before("update");
            delegate.update(input, offset, len);
        }

        @Override
        protected byte[] engineDoFinal() {
            before("verify");
            return delegate.doFinal();
        }

        @Override
        protected void engineReset() {
            delegate.reset();
        }
    }

    /** Answers as told, whatever the key and the data. */
    static final class Canned extends SignatureSpi {
        private final boolean verdict;
        private final byte[] signature;
        private final RuntimeException failure;

        Canned(boolean verdict, byte[] signature, RuntimeException failure) {
            this.verdict = verdict;
            this.signature = signature;
            this.failure = failure;
        }

        @Override
        protected void engineInitVerify(PublicKey key) {}

        @Override
        protected void engineInitSign(PrivateKey key) {}

        @Override
        protected void engineUpdate(byte b) {}

        @Override
        protected void engineUpdate(byte[] b, int off, int len) {}

        @Override
        protected byte[] engineSign() {
            if (failure != null) {
                throw failure;
            }
            return signature.clone();
        }

        @Override
        protected boolean engineVerify(byte[] bytes) {
            if (failure != null) {
                throw failure;
            }
            return verdict;
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {}

        @Override
        protected void engineSetParameter(java.security.spec.AlgorithmParameterSpec spec) {}

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            return null;
        }
    }

    /** A MAC of zeros. */
    static final class ZeroMac extends MacSpi {
        private final int length;

        ZeroMac(int length) {
            this.length = length;
        }

        @Override
        protected int engineGetMacLength() {
            return length;
        }

        @Override
        protected void engineInit(java.security.Key key, java.security.spec.AlgorithmParameterSpec spec) {}

        @Override
        protected void engineUpdate(byte input) {}

        @Override
        protected void engineUpdate(byte[] input, int offset, int len) {}

        @Override
        protected byte[] engineDoFinal() {
            return new byte[length];
        }

        @Override
        protected void engineReset() {}
    }
}
