package io.github.mirrorservice.mirror.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.metrics.Waits.Moment;
import io.github.mirrorservice.mirror.metrics.Waits.Trace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WaitsTest {

    private static final long QUARTER = TimeUnit.MILLISECONDS.toNanos(250);

    private long now = -100 * QUARTER + QUARTER / 2;
    private final Waits waits = new Waits(() -> now);

    @Test
    void without_an_ingest_there_is_nothing_to_show() {
        pass(50);

        assertThat(waits.last()).isEmpty();
    }

    @Test
    void five_seconds_before_an_ingest_and_after_it_are_shown() {
        pass(100);
        ingest(4);
        pass(100);

        List<Moment> moments = trace().moments();
        assertThat(moments).hasSize(20 + 4 + 1 + 20);
        assertThat(moments.subList(0, 20)).noneMatch(Moment::ingesting);
        assertThat(moments.subList(20, 25)).allMatch(Moment::ingesting);
        assertThat(moments.subList(25, 45)).noneMatch(Moment::ingesting);
    }

    @Test
    void while_it_is_not_over_as_much_is_shown_as_there_is() {
        pass(3);
        ingest(2);

        assertThat(trace().moments()).hasSize(5);
    }

    @Test
    void the_longest_wait_of_a_moment_counts_and_is_told_apart_by_whether_the_ingest_ran() {
        pass(1);
        waits.waited(2_000_000);
        waits.waited(1_000_000);
        pass(2);
        waits.waited(7_000_000);
        waits.keep(Duration.ofMillis(1));

        assertThat(trace().longest(false)).isEqualTo(Duration.ofMillis(2));
        assertThat(trace().longest(true)).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void an_ingest_shorter_than_a_moment_has_one() {
        pass(3);
        waits.keep(Duration.ofNanos(1));

        assertThat(trace().moments()).filteredOn(Moment::ingesting).hasSize(1);
    }

    @Test
    void a_wait_is_one_in_every_moment_that_it_lasted() {
        pass(10);
        now += 8 * QUARTER;
        waits.waited(8 * QUARTER);
        waits.keep(Duration.ofSeconds(2));

        assertThat(trace().moments().subList(10, 18))
                .allMatch(moment -> moment.longest().equals(Duration.ofSeconds(2)));
    }

    @Test
    void what_was_kept_stays_until_the_next_ingest_is_kept() {
        ingest(1);
        pass(30);
        Trace kept = trace();
        pass(5_000);

        assertThat(trace()).isEqualTo(kept);
        ingest(2);
        assertThat(trace()).isNotEqualTo(kept);
    }

    @Test
    void a_long_ingest_is_shown_in_coarser_moments() {
        ingest(3_000);
        pass(30);

        assertThat(trace().moments()).hasSizeLessThanOrEqualTo(160);
        assertThat(trace().length().multipliedBy(trace().moments().size()))
                .isBetween(Duration.ofSeconds(750), Duration.ofSeconds(770));
    }

    private Trace trace() {
        return waits.last().orElseThrow();
    }

    private void ingest(int moments) {
        pass(moments);
        waits.keep(Duration.ofNanos(moments * QUARTER));
    }

    private void pass(int moments) {
        for (int moment = 0; moment < moments; moment++) {
            now += QUARTER;
            waits.waited(1_000);
        }
    }
}
