// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/** An ordered map of keys to bare items (RFC 9651, 3.1.2). */
final class SfParameters extends SfKeyed<SfValue> {
    static final SfParameters EMPTY = new Builder().build();

    private SfParameters(Builder builder) {
        super(builder);
    }

    static Builder builder() {
        return new Builder();
    }

    static final class Builder extends SfKeyed.Builder<SfValue> {
        private Builder() {}

        Builder put(String key, SfValue value) {
            add(key, value);
            return this;
        }

        SfParameters build() {
            return new SfParameters(this);
        }
    }
}
