// SPDX-License-Identifier: Apache-2.0
package dev.signet.jose;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.signet.core.Reason;
import dev.signet.core.VerificationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a header or a claims set, strictly read from bytes that were verified or decrypted.
 *
 * <p>Every read names the type that it wants. An absent member gives an empty result; one of another type, or {@code null},
 * gives a {@link VerificationException} with {@link Reason#HEADER_UNEXPECTED} or {@link Reason#CLAIM_UNEXPECTED}, never a
 * converted value. Immutable; {@link #toString()} shows names only.
 */
@CheckReturnValue
public final class JsonObject {
    /** RFC 7519, 2: seconds since 1970; the year 9999 is enough for anybody's tokens. */
    private static final long MAX_NUMERIC_DATE = 253_402_300_799L;

    private final Map<String, Object> members;
    private final Reason unexpected;

    JsonObject(Map<String, Object> members, Reason unexpected) {
        this.members = members;
        this.unexpected = unexpected;
    }

    /** The names of the members, in the order of the text. */
    public Set<String> names() {
        return members.keySet();
    }

    /** Whether there is a member of this name, whatever its type. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** A string. */
    public Optional<String> string(String name) {
        Object value = members.get(name);
        return value == null ? Optional.empty() : Optional.of(as(String.class, name, value, "a string"));
    }

    /** An integer that fits in 64 bits. */
    public Optional<Long> integer(String name) {
        Object value = members.get(name);
        return value == null ? Optional.empty() : Optional.of(as(Long.class, name, value, "a 64-bit integer"));
    }

    /** Any number. */
    public Optional<BigDecimal> number(String name) {
        Object value = members.get(name);
        if (value instanceof Long number) {
            return Optional.of(BigDecimal.valueOf(number));
        }
        if (value instanceof BigInteger number) {
            return Optional.of(new BigDecimal(number));
        }
        return value == null ? Optional.empty() : Optional.of(as(BigDecimal.class, name, value, "a number"));
    }

    /** {@code true} or {@code false}. */
    public Optional<Boolean> bool(String name) {
        Object value = members.get(name);
        return value == null ? Optional.empty() : Optional.of(as(Boolean.class, name, value, "a boolean"));
    }

    /** A NumericDate (RFC 7519, 2) in whole seconds, from 1970 to 9999. */
    public Optional<Instant> instant(String name) {
        Long seconds = integer(name).orElse(null);
        if (seconds == null) {
            return Optional.empty();
        }
        if (seconds < 0 || seconds > MAX_NUMERIC_DATE) {
            throw refuse(name, "a time between 1970 and 9999");
        }
        return Optional.of(Instant.ofEpochSecond(seconds));
    }

    /** An array of strings; empty if there is no such member. */
    public List<String> strings(String name) {
        List<String> strings = new ArrayList<>();
        for (Object element : array(name)) {
            strings.add(as(String.class, name, element, "an array of strings"));
        }
        return List.copyOf(strings);
    }

    /** An object. */
    public Optional<JsonObject> object(String name) {
        Object value = members.get(name);
        return value == null ? Optional.empty() : Optional.of(nested(name, value, "an object"));
    }

    /** An array of objects; empty if there is no such member. */
    public List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : array(name)) {
            objects.add(nested(name, element, "an array of objects"));
        }
        return List.copyOf(objects);
    }

    /** Names only, since values may be personal. */
    @Override
    public String toString() {
        return "JsonObject" + members.keySet();
    }

    @Nullable
    Object get(String name) {
        return members.get(name);
    }

    Map<String, Object> members() {
        return members;
    }

    private List<?> array(String name) {
        Object value = members.get(name);
        return value == null ? List.of() : as(List.class, name, value, "an array");
    }

    @SuppressWarnings("unchecked") // StrictJson makes no other maps
    private JsonObject nested(String name, Object value, String wanted) {
        return new JsonObject((Map<String, Object>) as(Map.class, name, value, wanted), unexpected);
    }

    private <T> T as(Class<T> type, String name, Object value, String wanted) {
        if (!type.isInstance(value)) {
            throw refuse(name, wanted);
        }
        return type.cast(value);
    }

    private VerificationException refuse(String name, String wanted) {
        return new VerificationException(unexpected, name + " is not " + wanted);
    }
}
