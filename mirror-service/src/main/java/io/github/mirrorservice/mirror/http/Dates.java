package io.github.mirrorservice.mirror.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * HTTP's dates, whole seconds in three formats, of which only the first is written: RFC 9110, section 5.6.7. Netty's parser
 * takes much else for a date.
 */
final class Dates {

    private static final int YEARS_AHEAD = 50;

    private static final DateTimeFormatter FIXED = pattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    private static final List<DateTimeFormatter> FORMATS =
            List.of(FIXED, rfc850(), pattern("EEE MMM ppd HH:mm:ss uuuu"));

    private static volatile Second latest = Second.of(0);

    private Dates() {}

    /** The present second, formatted once a second and not once a request. */
    static String now() {
        long second = second();
        Second known = latest;
        if (known.epoch != second) {
            known = Second.of(second);
            latest = known;
        }
        return known.text;
    }

    /** The present second, since 1970. */
    static long second() {
        return System.currentTimeMillis() / 1_000;
    }

    static String format(Instant instant) {
        return FIXED.format(instant);
    }

    /** The moment that a header names, or empty if it is no date. */
    static Optional<Instant> parse(String header) {
        return FORMATS.stream().flatMap(format -> parse(format, header)).findFirst();
    }

    private static Stream<Instant> parse(DateTimeFormatter format, String header) {
        try {
            return Stream.of(Instant.from(format.parse(header)));
        } catch (DateTimeException otherwise) {
            return Stream.empty();
        }
    }

    private static DateTimeFormatter pattern(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    /** Its years have two digits: what seems to lie more than fifty years ahead is past. */
    private static DateTimeFormatter rfc850() {
        LocalDate earliest =
                LocalDate.now(ZoneOffset.UTC).plusYears(YEARS_AHEAD).minusYears(99);
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, earliest)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US)
                .withZone(ZoneOffset.UTC);
    }

    private record Second(long epoch, String text) {
        static Second of(long epoch) {
            return new Second(epoch, format(Instant.ofEpochSecond(epoch)));
        }
    }
}
