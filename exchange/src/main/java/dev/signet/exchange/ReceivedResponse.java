// SPDX-License-Identifier: Apache-2.0
package dev.signet.exchange;

import dev.signet.http.HttpMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A response as it was received, and the request that it answers.
 *
 * @param bodyLength in bytes if all of the body is here; -1 if it comes
 */
record ReceivedResponse(int status, Map<String, List<String>> fields, HttpMessage answered, long bodyLength)
        implements HttpMessage {
    static ReceivedResponse of(int status, Map<String, List<String>> given, HttpMessage answered, long bodyLength) {
        Map<String, List<String>> fields = new HashMap<>();
        given.forEach((name, values) -> fields.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .addAll(values));
        return new ReceivedResponse(status, fields, answered, bodyLength);
    }

    @Override
    public boolean isRequest() {
        return false;
    }

    @Override
    public String method() {
        throw ofRequest();
    }

    @Override
    public String scheme() {
        throw ofRequest();
    }

    @Override
    public String authority() {
        throw ofRequest();
    }

    @Override
    public String requestTarget() {
        throw ofRequest();
    }

    @Override
    public List<String> fieldValues(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** Where the body is here, nobody read of it before: chunks without a byte are none. */
    @Override
    public BodyPresence bodyPresence() {
        BodyPresence presence = HttpMessage.super.bodyPresence();
        return presence == BodyPresence.ANNOUNCED
                        && bodyLength == 0
                        && !fieldValues("transfer-encoding").isEmpty()
                ? BodyPresence.ABSENT
                : presence;
    }

    @Override
    public Optional<HttpMessage> request() {
        return Optional.of(answered);
    }

    private static IllegalStateException ofRequest() {
        return new IllegalStateException("a response has this of its request only");
    }

    @Override
    public String toString() {
        return "ReceivedResponse[" + status + "]";
    }
}
