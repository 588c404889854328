package stadtfunk.yardstick;

/** RFC 3339 in UTC, "2026-01-05T08:15:00.715619320Z", and durations of protobuf's JSON, "0.205312s". */
final class Times {
    private static final int FRACTION_AT = 19;
    private static final long NS_PER_S = 1_000_000_000L;

    private Times() {}

    static long ns(CharSequence text) throws Unusable {
        int length = text.length();
        if (length < FRACTION_AT + 1 || text.charAt(length - 1) != 'Z') {
            throw new Unusable("time_malformed");
        }
        long days = daysSince1970(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
        long seconds = days * 86_400L + digits(text, 11, 13) * 3_600L + digits(text, 14, 16) * 60L + digits(text, 17, 19);
        return seconds * NS_PER_S + (length > FRACTION_AT + 1 ? fraction(text, FRACTION_AT + 1, length - 1) : 0);
    }

    static long durationNs(CharSequence text) throws Unusable {
        int end = text.length() - 1;
        int point = 0;
        while (point < end && text.charAt(point) != '.') {
            point++;
        }
        return digits(text, 0, point) * NS_PER_S + (point < end ? fraction(text, point + 1, end) : 0);
    }

    /** H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
    private static long daysSince1970(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int ofEra = y - era * 400;
        int ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097L + ofEra * 365L + ofEra / 4 - ofEra / 100 + ofYear - 719_468L;
    }

    private static long fraction(CharSequence text, int from, int to) throws Unusable {
        long value = digits(text, from, to);
        for (int place = to - from; place < 9; place++) {
            value *= 10;
        }
        return value;
    }

    private static int digits(CharSequence text, int from, int to) throws Unusable {
        int value = 0;
        for (int at = from; at < to; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                throw new Unusable("time_malformed");
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
