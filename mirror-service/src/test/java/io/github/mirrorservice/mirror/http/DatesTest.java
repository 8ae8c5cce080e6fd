package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatesTest {

    private static final Instant MOMENT = Instant.parse("1994-11-06T08:49:37Z");

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void the_three_formats_of_the_rfc_are_read(String date) {
        assertThat(Dates.parse(date)).contains(MOMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "sun, 06 nov 1994 08:49:37 gmt",
                "Sun, 06 Nov 1994 8:49:37 GMT",
                "Sun, 06 Nov 1994 25:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 Nov 94 08:49:37 GMT",
                "Sun Nov 06 08:49:37 GMT 1994",
                "06 Nov 1994 08:49:37 GMT",
                "1994-11-06T08:49:37Z",
                "784111777",
            })
    void anything_else_is_no_date(String text) {
        assertThat(Dates.parse(text)).isEmpty();
    }

    @Test
    void the_first_format_is_written() {
        assertThat(Dates.format(MOMENT.plusMillis(999))).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Test
    void every_month_and_day_has_its_three_letters() {
        String written = IntStream.rangeClosed(1, 12)
                .mapToObj(month -> Dates.format(LocalDate.of(2026, month, month)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()))
                .map(date -> date.substring(0, 11))
                .reduce("", (all, date) -> all + date + ";");

        assertThat(written)
                .isEqualTo("Thu, 01 Jan;Mon, 02 Feb;Tue, 03 Mar;Sat, 04 Apr;Tue, 05 May;Sat, 06 Jun;"
                        + "Tue, 07 Jul;Sat, 08 Aug;Wed, 09 Sep;Sat, 10 Oct;Wed, 11 Nov;Sat, 12 Dec;");
    }

    @Test
    void two_digits_name_the_nearest_year_that_is_not_more_than_fifty_years_ahead() {
        int year = LocalDate.now(ZoneOffset.UTC).getYear();
        assertThat(Dates.parse("Sunday, 06-Nov-94 08:49:37 GMT")).contains(MOMENT);
        assertThat(Dates.parse(rfc850(year + 40))).contains(start(year + 40));
        assertThat(Dates.parse(rfc850(year - 40))).contains(start(year - 40));
    }

    @Test
    void the_present_is_told_to_the_second() {
        assertThat(Dates.parse(Dates.now()).orElseThrow())
                .isBetween(Instant.now().minus(Duration.ofSeconds(5)).truncatedTo(ChronoUnit.SECONDS), Instant.now());
    }

    private static String rfc850(int year) {
        String day = LocalDate.of(year, 1, 1).getDayOfWeek().name();
        return day.charAt(0)
                + day.substring(1).toLowerCase(Locale.ROOT)
                + String.format(Locale.ROOT, ", 01-Jan-%02d 00:00:00 GMT", year % 100);
    }

    private static Instant start(int year) {
        return LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
