package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** How the operator cuts work into slices, on a clock that only moves when work spends time. */
final class SlicesTest {

    private static final long SLICE = 250;

    private final ManualLane lane = new ManualLane();
    private final Cooperation cooperation = Cooperation.on(lane, Duration.ofNanos(SLICE), lane::now);
    private final List<Integer> received = new ArrayList<>();

    @Test
    void a_synchronous_source_computes_on_the_lane_and_only_there() {
        Flux.range(1, 10)
                .map(this::costing100)
                .transform(cooperation::publishOn)
                .subscribe(received::add);

        assertThat(lane.now()).as("time spent by the subscriber's thread").isZero();

        lane.turnsUntilIdle();
        assertThat(received).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void each_turn_lasts_until_the_slice_is_used_up() {
        Flux.range(1, 10)
                .map(this::costing100)
                .transform(cooperation::publishOn)
                .subscribe(received::add);

        assertThat(lane.turn()).as("the first element past 250 is the third").isEqualTo(300);
        assertThat(received).containsExactly(1, 2, 3);
        assertThat(lane.turn()).isEqualTo(300);
        assertThat(received).hasSize(6);
        assertThat(lane.turn()).isEqualTo(300);
        assertThat(lane.turn()).as("what is left").isEqualTo(100);
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void work_below_the_operator_counts_against_the_slice_as_well() {
        Flux.range(1, 10)
                .transform(cooperation::publishOn)
                .map(this::costing100)
                .subscribe(received::add);

        assertThat(lane.turnsUntilIdle()).isEqualTo(4);
        assertThat(received).hasSize(10);
    }

    @Test
    void work_that_costs_nothing_is_done_in_one_turn() {
        Flux.range(1, 10_000).transform(cooperation::publishOn).subscribe(received::add);

        assertThat(lane.turnsUntilIdle()).isEqualTo(1);
        assertThat(received).hasSize(10_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 32, 1_000})
    void a_thread_is_never_held_longer_than_a_slice_plus_one_element(int prefetch) {
        Random random = new Random(prefetch);
        int dearest = 400;
        Flux<Integer> work = Flux.range(1, 1_000).doOnNext(element -> lane.spend(random.nextInt(dearest)));
        cooperation.publishOn(work, prefetch).limitRate(7).subscribe(received::add);

        long longest = 0;
        while (!lane.isIdle()) {
            longest = Math.max(longest, lane.turn());
        }

        assertThat(longest).isGreaterThanOrEqualTo(SLICE).isLessThan(SLICE + dearest);
        assertThat(received).hasSize(1_000);
    }

    @Test
    void filling_the_queue_ahead_of_the_demand_is_sliced_too() {
        Flux.range(1, 100)
                .map(this::costing100)
                .transform(cooperation::publishOn)
                .doOnNext(received::add)
                .subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        subscription.request(1);
                    }
                });

        assertThat(lane.turn()).isEqualTo(300);
        assertThat(received).containsExactly(1);
        lane.turnsUntilIdle();
        assertThat(lane.now()).as("one passed on, 32 waiting").isEqualTo(3_300);
    }

    @Test
    void two_branches_on_one_lane_take_turns() {
        Flux<String> left = Flux.range(1, 4).map(this::costing100).map(i -> "left " + i);
        Flux<String> right = Flux.range(1, 4).map(this::costing100).map(i -> "right " + i);
        List<String> order = new ArrayList<>();

        Flux.merge(left.transform(cooperation::publishOn), right.transform(cooperation::publishOn))
                .subscribe(order::add);
        lane.turnsUntilIdle();

        assertThat(order)
                .containsExactly("left 1", "left 2", "left 3", "right 1", "right 2", "right 3", "left 4", "right 4");
    }

    @Test
    void plain_publishOn_holds_its_thread_to_the_end() {
        Cooperation off = Cooperation.off(lane);
        Flux.range(1, 1_000).transform(off::publishOn).map(this::costing100).subscribe(received::add);

        assertThat(lane.turn()).isEqualTo(100_000);
        assertThat(received).hasSize(1_000);
    }

    @Test
    void a_slice_lasts_longer_than_nothing() {
        assertThatThrownBy(() -> Cooperation.on(Schedulers.immediate(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Remedy");
    }

    private int costing100(int element) {
        lane.spend(100);
        return element;
    }
}
