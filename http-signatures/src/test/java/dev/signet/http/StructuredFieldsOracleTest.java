// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumMap;
import java.util.Map;
import org.greenbytes.http.sfv.ParseException;
import org.greenbytes.http.sfv.Parser;
import org.junit.jupiter.api.Test;

/** Compares with an independent implementation, of RFC 8941, on generated fields, three in four of them mutated. */
class StructuredFieldsOracleTest {
    private static final int FIELDS = 60_000;
    private static final SfLimits LIMITS = new SfLimits(10_000, 1_000);

    /** What the two may disagree on; anything else fails. */
    private enum Disagreement {
        /** Dates and Display Strings came with RFC 9651. */
        TYPE_UNKNOWN_TO_RFC_8941,
        /** The oracle decodes base64 that lacks padding, which RFC 9651 permits to refuse. */
        MISSING_PADDING,
        /** The oracle ignores pad bits that are not zero, which RFC 9651 permits to refuse. */
        PAD_BITS,
        /** A fault of the oracle: it writes 1.024 as 1.24. */
        ORACLE_LOSES_ZEROS_OF_FRACTION
    }

    @Test
    void parse_generatedAndMutatedFields_agreesWithOracle() {
        SfGenerator generator = new SfGenerator(20260101);
        Map<Disagreement, Integer> disagreements = new EnumMap<>(Disagreement.class);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < FIELDS; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            String text = kind.generate(generator);
            if (i % 4 > 0) {
                text = generator.mutate(text);
            }
            Outcome ours = ours(kind, text);
            Outcome theirs = oracle(kind, text);
            if (ours.accepted != theirs.accepted || ours.accepted && !ours.text.equals(theirs.text)) {
                disagreements.merge(classify(text, ours, theirs), 1, Integer::sum);
            } else if (ours.accepted) {
                accepted++;
            } else {
                refused++;
            }
        }
        System.out.printf(
                "structured fields against the oracle: %d fields, both accept %d, both refuse %d, they differ on %s%n",
                FIELDS, accepted, refused, disagreements);
        assertThat(accepted).isGreaterThan(FIELDS / 4);
        assertThat(refused).isGreaterThan(FIELDS / 4);
        assertThat(disagreements).containsOnlyKeys(Disagreement.values());
    }

    private static Disagreement classify(String text, Outcome ours, Outcome theirs) {
        if (ours.accepted
                && !theirs.accepted
                && theirs.text.matches("(?s).*Unexpected start character in Bare Item: '[@%]'.*")) {
            return Disagreement.TYPE_UNKNOWN_TO_RFC_8941;
        }
        if (!ours.accepted && ours.text.endsWith("(RFC 4648, 3.2)")) {
            return Disagreement.MISSING_PADDING;
        }
        if (!ours.accepted && ours.text.endsWith("(RFC 4648, 3.5)")) {
            return Disagreement.PAD_BITS;
        }
        if (ours.accepted && theirs.accepted && withoutZeros(ours.text).equals(withoutZeros(theirs.text))) {
            return Disagreement.ORACLE_LOSES_ZEROS_OF_FRACTION;
        }
        return fail("field: " + text + "\nours: " + ours.text + "\noracle: " + theirs.text);
    }

    private static String withoutZeros(String text) {
        return text.replaceAll("(?<=[0-9]\\.)0+(?=[1-9])", "");
    }

    private static Outcome ours(Kind kind, String text) {
        try {
            return new Outcome(true, kind.parseAndSerialize(text));
        } catch (SfException e) {
            return new Outcome(false, e.rule());
        }
    }

    private static Outcome oracle(Kind kind, String text) {
        try {
            return new Outcome(true, kind.parseAndSerializeByOracle(text));
        } catch (ParseException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    private record Outcome(boolean accepted, String text) {}

    private enum Kind {
        DICTIONARY {
            @Override
            String generate(SfGenerator generator) {
                return generator.dictionary();
            }

            @Override
            String parseAndSerialize(String text) {
                return SfSerializer.serialize(StructuredFields.parseDictionary(text, LIMITS));
            }

            @Override
            String parseAndSerializeByOracle(String text) {
                return new Parser(text).parseDictionary().serialize();
            }
        },
        LIST {
            @Override
            String generate(SfGenerator generator) {
                return generator.list();
            }

            @Override
            String parseAndSerialize(String text) {
                return SfSerializer.serialize(StructuredFields.parseList(text, LIMITS));
            }

            @Override
            String parseAndSerializeByOracle(String text) {
                return new Parser(text).parseList().serialize();
            }
        },
        ITEM {
            @Override
            String generate(SfGenerator generator) {
                return generator.item();
            }

            @Override
            String parseAndSerialize(String text) {
                return SfSerializer.serialize(StructuredFields.parseItem(text, LIMITS));
            }

            @Override
            String parseAndSerializeByOracle(String text) {
                return new Parser(text).parseItem().serialize();
            }
        };

        abstract String generate(SfGenerator generator);

        abstract String parseAndSerialize(String text);

        abstract String parseAndSerializeByOracle(String text);
    }
}
