// SPDX-License-Identifier: Apache-2.0
package dev.signet.core.internal;

import java.util.LinkedHashSet;
import java.util.Set;

/** The calls by which a builder's caller gave up some safety, for those who read logs. Not thread-safe. */
public final class Lowered {
    private final Set<String> calls = new LinkedHashSet<>();

    public Lowered() {}

    /** The same calls, for a builder of its own. */
    public Lowered(Lowered other) {
        calls.addAll(other.calls);
    }

    /** @param call the name of the method, and of what it was called for if that is not secret */
    public void add(String call) {
        calls.add(call);
    }

    /** Each call behind a comma; empty if there was none. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        calls.forEach(call -> text.append(", ").append(call));
        return text.toString();
    }
}
