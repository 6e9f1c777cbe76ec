// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import dev.signet.records.RecordPolicy.Field;
import dev.signet.records.RecordPolicy.Rate;
import dev.signet.records.RecordPolicy.Rule;
import dev.signet.tokens.Detokenizer;
import dev.signet.tokens.RevealEvent;
import dev.signet.tokens.RevealLog;
import dev.signet.tokens.RevealPolicy;
import dev.signet.tokens.ReversibleTokenizer;
import dev.signet.tokens.TokenDomain;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the detokenizers of fields, by purpose; those of one domain and rate count together. */
final class RevealRates {
    private final RevealLog log;
    private final InstantSource clock;
    private final List<RevealEvent> before;
    private final Map<RateOfDomain, Detokenizer> counting = new HashMap<>();

    /** What the fields of a domain share: a rate is one of values, however many columns hold them. */
    private record RateOfDomain(TokenDomain domain, long values, Duration time) {
        static RateOfDomain of(Field field, @Nullable Rate rate) {
            return rate == null
                    ? new RateOfDomain(field.domain(), 0, Duration.ZERO)
                    : new RateOfDomain(field.domain(), rate.values(), rate.time());
        }
    }

    /** @param before what callers have seen, which counts against their rates */
    RevealRates(RevealLog log, InstantSource clock, List<RevealEvent> before) {
        this.log = log;
        this.clock = clock;
        this.before = before;
    }

    /** A detokenizer for each purpose of a field, and under the empty name the one that refuses all others. */
    Map<String, Detokenizer> detokenizers(Field field, ReversibleTokenizer tokenizer) {
        Map<String, Detokenizer> made = new HashMap<>();
        field.reveal.forEach((purpose, rule) -> made.put(purpose, detokenizer(field, tokenizer, rule.rate())));
        made.put("", detokenizer(field, tokenizer, null));
        return made;
    }

    private Detokenizer detokenizer(Field field, ReversibleTokenizer tokenizer, @Nullable Rate rate) {
        Detokenizer.Builder builder =
                Detokenizer.builder(tokenizer, rules(field, rate), log).clock(clock);
        RateOfDomain key = RateOfDomain.of(field, rate);
        Detokenizer shared = counting.get(key);
        Detokenizer made = shared == null
                ? builder.alreadyRevealed(before).build()
                : builder.rateOf(shared).build();
        counting.putIfAbsent(key, made);
        return made;
    }

    private static RevealPolicy rules(Field field, @Nullable Rate rate) {
        RevealPolicy.Builder policy = RevealPolicy.builder();
        for (Map.Entry<String, Rule> entry : field.reveal.entrySet()) {
            Rule rule = entry.getValue();
            if (rule.callers().isEmpty()) {
                policy.purpose(entry.getKey(), rule.reveal());
            } else {
                policy.purpose(entry.getKey(), rule.reveal(), rule.callers());
            }
        }
        if (rate == null) {
            return policy.build();
        }
        try {
            return rate.mayBeHigh()
                    ? policy.allowRate(rate.values(), rate.time()).build()
                    : policy.rate(rate.values(), rate.time()).build();
        } catch (IllegalArgumentException e) {
            throw rate.node().wrong("more than 1,000 values a minute: call it 'allow-rate' if that is meant");
        }
    }
}
