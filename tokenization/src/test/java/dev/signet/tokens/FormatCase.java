// SPDX-License-Identifier: Apache-2.0
package dev.signet.tokens;

import dev.signet.tokens.TokenFormat.EmailDomain;
import dev.signet.tokens.TokenFormat.Kept;
import dev.signet.tokens.TokenFormat.Luhn;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A ready format with a source of valid values, and a check of tokens that knows nothing of the code under test.
 *
 * @param valid whether a text is a token of the format for a value
 */
record FormatCase(
        String name, TokenFormat format, Function<SplittableRandom, String> values, BiPredicate<String, String> valid) {
    private static final String ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String SMILEYS = "😀😁😂🤣😃😄😅😆😉😊aé";
    private static final LocalDate FIRST = LocalDate.of(0, 1, 1);
    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
    private static final LocalDateTime OPENED = LocalDateTime.of(1899, 12, 31, 23, 59, 58);
    private static final LocalDateTime CLOSED = LocalDateTime.of(2100, 2, 28, 0, 0, 1);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern SSN = Pattern.compile("(?!000|666|9)\\d{3}(-?)(?!00)\\d{2}\\1(?!0000)\\d{4}");
    private static final Pattern EMAIL =
            Pattern.compile("[\\w!#$%&'*+/=?^`{|}~-]+(?:\\.[\\w!#$%&'*+/=?^`{|}~-]+)*@(?:[A-Za-z0-9]"
                    + "(?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z0-9]+");

    private static final List<String> COUNTRY_CODES = List.of(
            "1", "7", "20", "27", "30", "33", "44", "49", "52", "58", "60", "66", "81", "86", "90", "98", "211", "212",
            "291", "350", "353", "359", "370", "389", "420", "423", "500", "509", "590", "599", "670", "692", "800",
            "850", "852", "880", "888", "960", "966", "992", "998", "999");

    /** BBAN structures in the notation of the IBAN registry, without its exclamation marks. */
    private static final Map<String, String> IBANS = ibans("AD 4n4n12c;AE 3n16n;AL 8n16c;AT 5n11n;AZ 4a20c;BA 3n3n8n2n;"
            + "BE 3n7n2n;BG 4a4n2n8c;BH 4a14c;BI 5n5n11n2n;BR 8n5n10n1a1c;BY 4c4n16c;CH 5n12c;CR 4n14n;CY 3n5n16c;"
            + "CZ 4n6n10n;DE 8n10n;DJ 5n5n11n2n;DK 4n9n1n;DO 4c20n;EE 2n14n;EG 4n4n17n;ES 4n4n1n1n10n;FI 3n11n;FK 2a12n;"
            + "FO 4n9n1n;FR 5n5n11c2n;GB 4a6n8n;GE 2a16n;GI 4a15c;GL 4n9n1n;GR 3n4n16c;GT 4c20c;HN 4a20n;HR 7n10n;"
            + "HU 3n4n1n15n1n;IE 4a6n8n;IL 3n3n13n;IQ 4a3n12n;IS 4n2n6n10n;IT 1a5n5n12c;JO 4a4n18c;KW 4a22c;KZ 3n13c;"
            + "LB 4n20c;LC 4a24c;LI 5n12c;LT 5n11n;LU 3n13c;LV 4a13c;LY 3n3n15n;MC 5n5n11c2n;MD 2c18c;ME 3n13n2n;"
            + "MK 3n10c2n;MN 4n12n;MR 5n5n11n2n;MT 4a5n18c;MU 4a2n2n12n3n3a;NI 4a20n;NL 4a10n;NO 4n6n1n;OM 3n16c;"
            + "PK 4a16c;PL 8n16n;PS 4a21c;PT 4n4n11n2n;QA 4a21c;RO 4a16c;RS 3n13n2n;RU 9n5n15c;SA 2n18c;"
            + "SC 4a2n2n16n3a;SD 2n12n;SE 3n16n1n;SI 5n8n2n;SK 4n6n10n;SM 1a5n5n12c;SO 4n3n12n;ST 4n4n11n2n;SV 4a20n;"
            + "TL 3n14n2n;TN 2n3n13n2n;TR 5n1n16c;UA 6n19c;VA 3n15n;VG 4a16n;XK 4n10n2n;YE 4a4n18c");

    private static final List<String> IBAN_COUNTRIES = List.copyOf(IBANS.keySet());

    static final List<FormatCase> ALL = all();

    /** For parameterized tests. */
    @Override
    public String toString() {
        return name;
    }

    private static List<FormatCase> all() {
        List<FormatCase> cases = new ArrayList<>();
        for (Luhn luhn : Luhn.values()) {
            cases.add(card(Kept.NOTHING, luhn, 13, 0, 0));
            cases.add(card(Kept.LAST_FOUR, luhn, 13, 0, 4));
        }
        cases.add(card(Kept.BIN_AND_LAST_FOUR, Luhn.UNCHECKED, 16, 6, 4));
        cases.add(new FormatCase(
                "ssn",
                TokenFormat.ssn(),
                FormatCase::ssn,
                (value, token) -> SSN.matcher(token).matches() && sameShape(value, token, "0123456789")));
        cases.add(new FormatCase("phone", TokenFormat.phone(), FormatCase::phone, FormatCase::isPhone));
        cases.add(new FormatCase(
                "email",
                TokenFormat.email(),
                random -> email(random, 4),
                (value, token) -> isEmail(value, token, '@')));
        cases.add(new FormatCase(
                "email-replaced",
                TokenFormat.email(EmailDomain.REPLACED),
                random -> email(random, 1),
                (value, token) -> isEmail(value, token, '.')));
        cases.add(new FormatCase("iban", TokenFormat.iban(), FormatCase::iban, FormatCase::isIban));
        cases.add(new FormatCase("uuid", TokenFormat.uuid(), FormatCase::uuid, FormatCase::isUuid));
        cases.add(new FormatCase(
                "date",
                TokenFormat.date(FIRST, LAST),
                random -> LocalDate.ofEpochDay(random.nextLong(FIRST.toEpochDay(), LAST.toEpochDay() + 1))
                        .toString(),
                (value, token) -> token.length() == 10 && DAY.parse(token) != null));
        cases.add(new FormatCase(
                "date-time",
                TokenFormat.dateTime(OPENED, CLOSED),
                FormatCase::second,
                (value, token) -> isSecond(token)));
        cases.add(new FormatCase(
                "digits",
                TokenFormat.digits(),
                random -> text(random, "0123456789", random.nextInt(6, 61)),
                (value, token) -> sameShape(value, token, "0123456789")));
        cases.add(new FormatCase(
                "alphanumeric",
                TokenFormat.alphanumeric(),
                random -> text(random, ALPHANUMERIC, random.nextInt(4, 41)),
                (value, token) -> sameShape(value, token, ALPHANUMERIC)));
        cases.add(new FormatCase(
                "smileys",
                TokenFormat.text(Alphabet.of(SMILEYS)),
                random -> text(random, SMILEYS, random.nextInt(6, 41)),
                (value, token) -> sameShape(value, token, SMILEYS)));
        cases.add(new FormatCase("template", template(), FormatCase::account, FormatCase::isAccount));
        cases.add(new FormatCase("parts", parts(), FormatCase::name, FormatCase::isName));
        return List.copyOf(cases);
    }

    // ---- cards -----------------------------------------------------------------------------------------------------

    private static FormatCase card(Kept kept, Luhn luhn, int min, int head, int tail) {
        return new FormatCase(
                "card " + kept + " " + luhn,
                TokenFormat.paymentCard(kept, luhn),
                random -> {
                    String digits = text(random, "0123456789", random.nextInt(min, 20));
                    return separated(random, luhn == Luhn.UNCHECKED ? digits : Checks.withCheckDigit(digits));
                },
                (value, token) -> {
                    String before = value.replace(" ", "").replace("-", "");
                    String after = token.replace(" ", "").replace("-", "");
                    return sameShape(value, token, "0123456789")
                            && after.startsWith(before.substring(0, head))
                            && after.endsWith(before.substring(before.length() - tail))
                            && (luhn == Luhn.UNCHECKED || Checks.passesLuhn(token) == (luhn == Luhn.VALID));
                });
    }

    private static String separated(SplittableRandom random, String digits) {
        int every = random.nextInt(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            boolean here = every == 1 ? i % 4 == 0 : every == 2 && random.nextInt(3) == 0;
            if (here && i > 0) {
                text.append(random.nextBoolean() ? ' ' : '-');
            }
            text.append(digits.charAt(i));
        }
        return text.toString();
    }

    // ---- people ----------------------------------------------------------------------------------------------------

    private static String ssn(SplittableRandom random) {
        int area = random.nextInt(1, 899);
        String pattern = random.nextBoolean() ? "%03d-%02d-%04d" : "%03d%02d%04d";
        return String.format(pattern, area < 666 ? area : area + 1, random.nextInt(1, 100), random.nextInt(1, 10_000));
    }

    private static String phone(SplittableRandom random) {
        String country = pick(random, COUNTRY_CODES);
        return "+" + separated(random, country + text(random, "0123456789", random.nextInt(6, 16 - country.length())));
    }

    private static boolean isPhone(String value, String token) {
        String digits = value.replaceAll("[^0-9]", "");
        String country =
                COUNTRY_CODES.stream().filter(digits::startsWith).findFirst().orElseThrow();
        return sameShape(value, token, "0123456789")
                && token.replaceAll("[^0-9]", "").startsWith(country);
    }

    private static String email(SplittableRandom random, int leastLocal) {
        StringBuilder text = new StringBuilder(text(random, ALPHANUMERIC, random.nextInt(leastLocal, 12)));
        if (random.nextBoolean()) {
            text.append("!#$%&'*+-/=?^_`{|}~.".charAt(random.nextInt(20)))
                    .append(text(random, ALPHANUMERIC, random.nextInt(1, 9)));
        }
        text.append('@').append(text(random, ALPHANUMERIC, random.nextInt(3, 9)));
        if (random.nextBoolean()) {
            text.append(random.nextBoolean() ? "-" : ".").append(text(random, ALPHANUMERIC, random.nextInt(1, 9)));
        }
        return text.append('.')
                .append(pick(random, List.of("com", "org", "co", "museum", "DE")))
                .toString();
    }

    /** The last such character and all behind it stay. */
    private static boolean isEmail(String value, String token, char keptFrom) {
        return EMAIL.matcher(token).matches()
                && sameShape(value, token, ALPHANUMERIC)
                && token.endsWith(value.substring(value.lastIndexOf(keptFrom)));
    }

    // ---- accounts --------------------------------------------------------------------------------------------------

    private static String iban(SplittableRandom random) {
        while (true) {
            String country = pick(random, IBAN_COUNTRIES);
            StringBuilder national = new StringBuilder();
            for (char kind : IBANS.get(country).toCharArray()) {
                boolean letter = kind == 'a' || (kind == 'c' && random.nextInt(5) == 0);
                national.append(letter ? (char) ('A' + random.nextInt(26)) : (char) ('0' + random.nextInt(10)));
            }
            if (national.chars().filter(Character::isDigit).count() >= 6) {
                String iban = Checks.iban(country, national.toString());
                return random.nextBoolean() ? iban : iban.replaceAll("(.{4})(?!$)", "$1 ");
            }
        }
    }

    private static boolean isIban(String value, String token) {
        int check = Integer.parseInt(token.substring(2, 4));
        return sameShape(value, token, "0123456789")
                && token.startsWith(value.substring(0, 2))
                && check >= 2
                && check <= 98
                && Checks.passesMod97(token);
    }

    private static Map<String, String> ibans(String registry) {
        Map<String, String> structures = new HashMap<>();
        for (String entry : registry.split(";", -1)) {
            StringBuilder kinds = new StringBuilder();
            java.util.regex.Matcher part = Pattern.compile("(\\d+)([nac])").matcher(entry);
            while (part.find()) {
                kinds.append(part.group(2).repeat(Integer.parseInt(part.group(1))));
            }
            structures.put(entry.substring(0, 2), kinds.toString());
        }
        return structures;
    }

    private static TokenFormat template() {
        return TokenFormat.template("AC-?{2}-#{7,12}/?%", Alphabet.DIGITS);
    }

    private static String account(SplittableRandom random) {
        String kept = text(random, "0123456789", 2);
        String free = text(random, "0123456789", random.nextInt(7, 13));
        String checked = Checks.withCheckDigit(kept + free + text(random, "0123456789", 2));
        int end = checked.length() - 2;
        return "AC-" + kept + "-" + checked.substring(2, end) + "/" + checked.substring(end);
    }

    private static boolean isAccount(String value, String token) {
        return sameShape(value, token, "0123456789")
                && token.startsWith(value.substring(0, 6))
                && token.charAt(token.length() - 2) == value.charAt(value.length() - 2)
                && Checks.passesLuhn(token);
    }

    private static String uuid(SplittableRandom random) {
        long version = random.nextInt(1, 9);
        return new UUID(random.nextLong() & ~0xf000L | version << 12, random.nextLong() >>> 2 | 1L << 63).toString();
    }

    private static boolean isUuid(String value, String token) {
        UUID uuid = UUID.fromString(token);
        return uuid.toString().equals(token)
                && uuid.variant() == 2
                && uuid.version() == UUID.fromString(value).version();
    }

    // ---- times and texts -------------------------------------------------------------------------------------------

    private static String second(SplittableRandom random) {
        long second = random.nextLong(OPENED.toEpochSecond(ZoneOffset.UTC), CLOSED.toEpochSecond(ZoneOffset.UTC) + 1);
        return SECOND.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
    }

    private static boolean isSecond(String token) {
        LocalDateTime time = LocalDateTime.parse(token, SECOND);
        return token.length() == 19 && !time.isBefore(OPENED) && !time.isAfter(CLOSED);
    }

    private static TokenFormat parts() {
        return TokenFormat.builder(Alphabet.of("abcdefghijklmnopqrstuvwxyz"))
                .keepHead(2)
                .keepTail(1)
                .separators(" -")
                .keepOthers()
                .build();
    }

    private static String name(SplittableRandom random) {
        String letters = "abcdefghijklmnopqrstuvwxyz";
        return text(random, letters, random.nextInt(4, 9))
                + pick(random, List.of("", " ", "-", "É", "’", "😀", "\0"))
                + text(random, letters, random.nextInt(4, 30));
    }

    private static boolean isName(String value, String token) {
        return sameShape(value, token, "abcdefghijklmnopqrstuvwxyz")
                && token.startsWith(value.substring(0, 2))
                && token.charAt(token.length() - 1) == value.charAt(value.length() - 1);
    }

    private static String text(SplittableRandom random, String alphabet, int length) {
        int[] symbols = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(symbols[random.nextInt(symbols.length)]);
        }
        return text.toString();
    }

    private static <T> T pick(SplittableRandom random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Whether symbols of an alphabet stand where such did, and everything else is as it was. */
    private static boolean sameShape(String value, String token, String alphabet) {
        int i = 0;
        int k = 0;
        while (i < value.length() && k < token.length()) {
            int before = value.codePointAt(i);
            int after = token.codePointAt(k);
            if (alphabet.indexOf(before) >= 0 ? alphabet.indexOf(after) < 0 : before != after) {
                return false;
            }
            i += Character.charCount(before);
            k += Character.charCount(after);
        }
        return i == value.length() && k == token.length();
    }
}
