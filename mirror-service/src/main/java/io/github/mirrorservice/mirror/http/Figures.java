package io.github.mirrorservice.mirror.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** Numbers as people read them. */
final class Figures {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};
    private static final int THOUSAND = 1_000;
    private static final long DAYS_FROM_HOURS = 48;

    private Figures() {}

    /** Such as 18,793. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Such as 3.6 MB: decimal units, as tools for the network have them. */
    static String bytes(long bytes) {
        if (bytes < THOUSAND) {
            return bytes + " B";
        }
        double number = bytes / (double) THOUSAND;
        int unit = 0;
        while (number >= THOUSAND && unit < UNITS.length - 1) {
            number /= THOUSAND;
            unit++;
        }
        return String.format(Locale.ROOT, number < 10 ? "%.1f %s" : "%.0f %s", number, UNITS[unit]);
    }

    /** Such as 57 ms or 2.4 s. */
    static String time(Duration time) {
        double millis = time.toNanos() / 1e6;
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        if (millis < THOUSAND) {
            return String.format(Locale.ROOT, "%.0f ms", millis);
        }
        return time.toMinutes() < 2
                ? String.format(Locale.ROOT, "%.1f s", millis / THOUSAND)
                : time.toMinutes() + " min";
    }

    /** For a template: the moment for programs, for people, and how long ago it was. */
    static Map<String, Object> moment(Instant moment, Instant now) {
        return Map.of(
                "iso", moment.truncatedTo(ChronoUnit.SECONDS).toString(),
                "moment", MOMENT.format(moment),
                "ago", ago(Duration.between(moment, now)));
    }

    /** In steps of a minute at the least: what a reader looks at should not change all the time. */
    private static String ago(Duration age) {
        if (age.toMinutes() < 1) {
            return "less than a minute ago";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min ago";
        }
        return age.toHours() < DAYS_FROM_HOURS ? age.toHours() + " h ago" : age.toDays() + " days ago";
    }
}
