package io.github.mirrorservice.mirror.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;

/** HTTP's dates, whole seconds: RFC 9110, section 5.6.7. */
final class Dates {

    private static volatile Second latest = Second.of(0);

    private Dates() {}

    /** The present second, formatted once a second and not once a request. */
    static String now() {
        long second = System.currentTimeMillis() / 1_000;
        Second known = latest;
        if (known.epoch != second) {
            known = Second.of(second);
            latest = known;
        }
        return known.text;
    }

    static String format(Instant instant) {
        return DateFormatter.format(Date.from(instant));
    }

    /** The moment that a header names in any of the three formats, or empty if it names none. */
    static Optional<Instant> parse(String header) {
        return Optional.ofNullable(DateFormatter.parseHttpDate(header))
                .map(Date::toInstant)
                .map(instant -> instant.truncatedTo(ChronoUnit.SECONDS));
    }

    private record Second(long epoch, String text) {
        static Second of(long epoch) {
            return new Second(epoch, format(Instant.ofEpochSecond(epoch)));
        }
    }
}
