// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import java.util.ArrayList;
import java.util.List;

/** A format of the caller's own, in the notation of {@link TokenFormat#template}. */
final class TemplateShape extends Shape {
    private static final int MAX_REPEAT = 1024;

    private final Alphabet alphabet;
    private final List<Element> elements;
    private final int fixedLength;

    /**
     * Some cells of one kind.
     *
     * @param kind {@code #}, {@code ?}, {@code %}, or 0 for a literal
     * @param max differs from {@code min} in one element at the most
     */
    private record Element(char kind, int literal, int min, int max) {}

    TemplateShape(String template, Alphabet alphabet) {
        this(new Parser(template).parse(), alphabet);
    }

    private TemplateShape(List<Element> elements, Alphabet alphabet) {
        super("template", alphabet.radix(), freeValues(elements, alphabet));
        this.alphabet = alphabet;
        this.elements = elements;
        fixedLength = elements.stream().mapToInt(Element::min).sum();
        boolean digits = "0123456789".chars().allMatch(digit -> alphabet.indexOf(digit) >= 0);
        if (elements.stream().anyMatch(e -> e.kind == '%') && (alphabet.radix() != 10 || !digits)) {
            throw new IllegalArgumentException("template: a check digit (%) needs the alphabet of the ten digits");
        }
    }

    @Override
    void read(Work work, boolean isToken) {
        work.count = 0;
        work.keptLength = 0;
        int cell = 0;
        for (Element element : elements) {
            int times = times(work, element);
            for (int i = 0; i < times; i++, cell++) {
                if (cell >= work.length) {
                    throw misfit("shorter than the template, which has at least " + fixedLength + " characters");
                }
                read(work, cell, element);
            }
        }
        if (cell < work.length) {
            throw misfit(cell, "longer than the template");
        }
        int check = checkCell(work);
        if (check >= 0 && work.cells[check] != '0' + checkDigit(work, check)) {
            throw misfit(check, "the check digit is wrong (Luhn)");
        }
    }

    @Override
    void write(Work work, boolean isToken) {
        for (int i = 0; i < work.count; i++) {
            work.cells[work.at[i]] = alphabet.symbol(work.digits[i]);
        }
        int check = checkCell(work);
        if (check >= 0) {
            work.cells[check] = '0' + checkDigit(work, check);
        }
    }

    /** What stays is shown. */
    @Override
    boolean isShown(Work work, int cell) {
        char kind = kindAt(work, cell);
        return kind == '?' || kind == 0;
    }

    /** Symbols need be neither letters nor digits. */
    @Override
    boolean isSymbol(int codePoint) {
        return alphabet.indexOf(codePoint) >= 0 || super.isSymbol(codePoint);
    }

    private void read(Work work, int cell, Element element) {
        int symbol = work.cells[cell];
        if (element.kind == 0) {
            if (symbol != element.literal) {
                throw misfit(cell, "a fixed character of the template is needed");
            }
            return;
        }
        int index = alphabet.indexOf(symbol);
        if (index < 0) {
            throw misfit(cell, "not a symbol of the alphabet");
        }
        if (element.kind == '#') {
            work.at[work.count] = cell;
            work.digits[work.count++] = index;
        } else if (element.kind == '?') {
            work.keep(symbol);
        }
    }

    private int times(Work work, Element element) {
        return element.min == element.max
                ? element.min
                : Math.min(element.max, Math.max(element.min, element.min + work.length - fixedLength));
    }

    private int checkCell(Work work) {
        int cell = 0;
        for (Element element : elements) {
            if (element.kind == '%') {
                return cell;
            }
            cell += times(work, element);
        }
        return -1;
    }

    private char kindAt(Work work, int cell) {
        int end = 0;
        for (Element element : elements) {
            end += times(work, element);
            if (cell < end) {
                return element.kind;
            }
        }
        return 0;
    }

    /** Over the replaced and the kept digits; literals do not count. */
    private int checkDigit(Work work, int check) {
        int sum = 0;
        boolean doubled = false;
        boolean checkDoubled = false;
        for (int i = work.length - 1; i >= 0; i--) {
            if (kindAt(work, i) == 0) {
                continue;
            }
            if (i == check) {
                checkDoubled = doubled;
            } else {
                sum += CardShape.luhn(work.cells[i] - '0', doubled);
            }
            doubled = !doubled;
        }
        return CardShape.solve(sum, checkDoubled);
    }

    private static FreeValues freeValues(List<Element> elements, Alphabet alphabet) {
        int free = elements.stream()
                .filter(e -> e.kind == '#')
                .mapToInt(Element::min)
                .sum();
        return FreeValues.power(alphabet.radix(), free, "at least " + free + " symbols are replaced (#)");
    }

    /** Reads the notation; positions count characters from 1. */
    private static final class Parser {
        private final int[] points;
        private final List<Element> elements = new ArrayList<>();
        private int next;

        Parser(String template) {
            points = template.codePoints().toArray();
            while (next < points.length) {
                if (isHalf(points[next++])) {
                    throw error("half of a surrogate pair");
                }
            }
            next = 0;
        }

        List<Element> parse() {
            while (next < points.length) {
                int point = points[next++];
                switch (point) {
                    case '#', '?' -> repeated((char) point);
                    case '%' -> elements.add(new Element('%', 0, 1, 1));
                    case '{', '}' -> throw error("a count stands behind # or ?; \\ takes a brace as it is");
                    case '\\' -> {
                        if (next == points.length) {
                            throw error("a character is needed behind \\");
                        }
                        elements.add(new Element((char) 0, points[next++], 1, 1));
                    }
                    default -> elements.add(new Element((char) 0, point, 1, 1));
                }
            }
            if (elements.stream().filter(e -> e.min != e.max).count() > 1) {
                throw new IllegalArgumentException("template: one element can vary in length, not several");
            }
            if (elements.stream().filter(e -> e.kind == '%').count() > 1) {
                throw new IllegalArgumentException("template: one check digit is possible, not several");
            }
            if (elements.stream().mapToInt(Element::max).sum() > Ff1.MAX_LENGTH) {
                throw new IllegalArgumentException("template: at most " + Ff1.MAX_LENGTH + " characters are possible");
            }
            return List.copyOf(elements);
        }

        private void repeated(char kind) {
            int min = 1;
            int max = 1;
            if (next < points.length && points[next] == '{') {
                next++;
                min = number();
                max = min;
                if (next < points.length && points[next] == ',') {
                    next++;
                    max = number();
                }
                if (next == points.length || points[next++] != '}') {
                    throw error("a count ends with }");
                }
                if (max < min || max == 0) {
                    throw error("a count is {n} or {least,most}");
                }
            }
            elements.add(new Element(kind, 0, min, max));
        }

        private int number() {
            int number = 0;
            int start = next;
            while (next < points.length && isDigit(points[next]) && number <= MAX_REPEAT) {
                number = 10 * number + points[next++] - '0';
            }
            if (next == start || number > MAX_REPEAT) {
                throw error("a count is a number up to " + MAX_REPEAT);
            }
            return number;
        }

        private IllegalArgumentException error(String rule) {
            return new IllegalArgumentException("template: position " + next + ": " + rule);
        }
    }
}
