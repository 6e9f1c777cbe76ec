// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

/** An ordered map of keys to items and inner lists (RFC 9651, 3.2). */
final class SfDictionary extends SfKeyed<SfMember> {
    static final SfDictionary EMPTY = new Builder().build();

    private SfDictionary(Builder builder) {
        super(builder);
    }

    static Builder builder() {
        return new Builder();
    }

    static final class Builder extends SfKeyed.Builder<SfMember> {
        private Builder() {}

        Builder put(String key, SfMember member) {
            add(key, member);
            return this;
        }

        SfDictionary build() {
            return new SfDictionary(this);
        }
    }
}
