// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.Base64;
import java.util.Random;

/** Random text that is, or nearly is, a structured field; the same for the same seed. */
final class SfGenerator {
    private static final String KEY_START = "abz*";
    private static final String KEY = "abz019_-.*";
    private static final String TOKEN = "aZ09!#$%&'*+-.^_`|~:/";
    private static final String PRINTABLE = " !#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~";
    private static final String NASTY = "\u0000\t\n\r \"\\%:;=,()?@-.*/_~AaFf019\u007f\u0080\u00e9\u0100\uff11\ud83d";

    private final Random random;

    SfGenerator(long seed) {
        random = new Random(seed);
    }

    String dictionary() {
        return repeat(4, this::comma, () -> key() + (chance(5) ? parameters() : "=" + member()));
    }

    String list() {
        return repeat(4, this::comma, this::member);
    }

    String item() {
        return bareItem() + parameters();
    }

    /** The text with one to three characters dropped, doubled, moved or replaced. */
    String mutate(String text) {
        StringBuilder mutated = new StringBuilder(text);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(mutated.length() + 1);
            if (at == mutated.length() || chance(3)) {
                mutated.insert(at, oneOf(NASTY));
            } else if (chance(2)) {
                mutated.setCharAt(at, oneOf(NASTY));
            } else if (chance(2)) {
                mutated.deleteCharAt(at);
            } else {
                mutated.insert(random.nextInt(mutated.length()), mutated.charAt(at));
            }
        }
        return mutated.toString();
    }

    private String member() {
        if (!chance(4)) {
            return item();
        }
        return "(" + repeat(4, () -> spaces(1), this::item) + spaces(0) + ")" + parameters();
    }

    private String parameters() {
        return chance(2)
                ? ""
                : repeat(3, () -> "", () -> ";" + spaces(0) + key() + (chance(3) ? "" : "=" + bareItem()));
    }

    private String key() {
        return "" + oneOf(KEY_START) + text(KEY, 3);
    }

    private String bareItem() {
        return switch (random.nextInt(8)) {
            case 0 -> integer(15);
            case 1 -> integer(12) + "." + digits(3);
            case 2 ->
                "\"" + text(PRINTABLE, 10) + (chance(3) ? "\\\"" : chance(3) ? "\\\\" : "") + text(PRINTABLE, 5) + "\"";
            case 3 -> "" + oneOf("*aZ") + text(TOKEN, 8);
            case 4 -> bytes();
            case 5 -> chance(2) ? "?0" : "?1";
            case 6 -> chance(3) ? "@" + integer(15) : integer(4);
            default -> chance(3) ? "%\"" + text("az \\;,", 4) + "%c3%a9" + text(" a", 2) + "\"" : "tok";
        };
    }

    private String bytes() {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return ":" + Base64.getEncoder().encodeToString(bytes) + ":";
    }

    private String integer(int most) {
        return (chance(3) ? "-" : "") + digits(chance(3) ? most : 4);
    }

    private String digits(int most) {
        StringBuilder digits = new StringBuilder();
        for (int n = 1 + random.nextInt(most); n > 0; n--) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private String comma() {
        return (chance(5) ? " \t" : "") + "," + (chance(2) ? " " : "");
    }

    private String spaces(int least) {
        return " ".repeat(least + (chance(4) ? random.nextInt(3) : 0));
    }

    private String text(String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(most + 1); n > 0; n--) {
            text.append(oneOf(alphabet));
        }
        return text.toString();
    }

    private String repeat(int most, Part separator, Part part) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(most + 1);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : separator.make()).append(part.make());
        }
        return text.toString();
    }

    private char oneOf(String alphabet) {
        return alphabet.charAt(random.nextInt(alphabet.length()));
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private interface Part {
        String make();
    }
}
