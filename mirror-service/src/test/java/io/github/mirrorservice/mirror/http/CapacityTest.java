package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CapacityTest {

    private static final int CEILING = 1_000;
    private static final int LOOPS = 2;
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long IN_TIME = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<Rank> shed = new ArrayList<>();
    private final Capacity capacity = new Capacity(CEILING, LOOPS, shed::add);

    @Test
    void the_cheaper_a_request_the_longer_it_is_admitted() {
        enter(250);
        assertThat(admitted()).containsExactly(Rank.PAGE, Rank.FETCH, Rank.ARCHIVE);
        enter(1);
        assertThat(admitted()).containsExactly(Rank.FETCH, Rank.ARCHIVE);
        enter(250);
        assertThat(admitted()).containsExactly(Rank.ARCHIVE);
        enter(499);
        assertThat(admitted()).containsExactly(Rank.ARCHIVE);
        enter(1);
        assertThat(admitted()).isEmpty();
    }

    @Test
    void what_is_turned_away_is_told() {
        enter(501);
        admitted();
        assertThat(shed).containsExactly(Rank.PAGE, Rank.FETCH);
    }

    @Test
    void a_request_that_ends_makes_room() {
        enter(CEILING + 1);
        assertThat(capacity.admits(Rank.ARCHIVE)).isFalse();
        capacity.leave();
        assertThat(capacity.admits(Rank.ARCHIVE)).isTrue();
        assertThat(capacity.inFlight()).isEqualTo(CEILING);
    }

    @Test
    void while_the_event_loops_are_late_more_and_more_is_turned_away() {
        enter(400);
        waited(LATE, 40);
        assertThat(capacity.limit()).isBetween(256, 399);
        assertThat(admitted()).isEmpty();
    }

    @Test
    void the_limit_falls_below_what_is_in_flight_at_once() {
        enter(300);
        waited(LATE, 15 * LOOPS);
        assertThat(capacity.limit()).isLessThan(300);
    }

    @Test
    void some_requests_are_never_too_many() {
        enter(10);
        waited(LATE, 1_000);
        assertThat(admitted()).contains(Rank.PAGE, Rank.FETCH, Rank.ARCHIVE);
    }

    @Test
    void one_pause_is_no_overload_however_long_it_was() {
        enter(400);
        waited(TimeUnit.HOURS.toNanos(5), LOOPS);
        waited(IN_TIME, 100);
        waited(LATE, LOOPS);
        assertThat(capacity.limit()).isEqualTo(CEILING);
    }

    @Test
    void the_limit_rises_again_when_the_event_loops_are_in_time() {
        enter(400);
        waited(LATE, 100);
        waited(IN_TIME, 20);
        int meanwhile = capacity.limit();
        waited(IN_TIME, 10);
        assertThat(capacity.limit()).isBetween(meanwhile + 100, CEILING - 1);
        waited(IN_TIME, 100);
        assertThat(capacity.limit()).isEqualTo(CEILING);
    }

    @Test
    void a_larger_heap_has_room_for_more() {
        assertThat(Capacity.room(96L << 20)).isEqualTo(4_096);
        assertThat(Capacity.room(512L << 20)).isEqualTo(21_845);
        assertThat(Capacity.room(1)).isEqualTo(256);
        assertThat(Capacity.room(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    private void enter(int requests) {
        for (int i = 0; i < requests; i++) {
            capacity.enter();
        }
    }

    private void waited(long nanos, int times) {
        for (int i = 0; i < times; i++) {
            capacity.waited(nanos);
        }
    }

    private List<Rank> admitted() {
        return Stream.of(Rank.values()).filter(capacity::admits).toList();
    }
}
