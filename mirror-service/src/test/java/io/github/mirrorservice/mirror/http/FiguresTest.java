package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiguresTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "9949, 9.9 kB",
        "12345, 12 kB",
        "3600000, 3.6 MB",
        "5000000000, 5.0 GB",
        "7000000000000000, 7000 TB"
    })
    void bytes_have_the_unit_that_fits(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0.0 ms",
        "PT0.0012S, 1.2 ms",
        "PT0.057S, 57 ms",
        "PT2.44S, 2.4 s",
        "PT119S, 119.0 s",
        "PT7M, 7 min"
    })
    void times_have_the_unit_that_fits(Duration time, String text) {
        assertThat(Figures.time(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT-3S, less than a minute ago",
        "PT59S, less than a minute ago",
        "PT61S, 1 min ago",
        "PT59M, 59 min ago",
        "PT47H, 47 h ago",
        "PT48H, 2 days ago"
    })
    void an_age_is_told_in_steps_that_do_not_change_all_the_time(Duration age, String text) {
        Instant now = Instant.parse("2026-08-22T10:00:00Z");

        assertThat(Figures.moment(now.minus(age), now)).containsEntry("ago", text);
    }
}
