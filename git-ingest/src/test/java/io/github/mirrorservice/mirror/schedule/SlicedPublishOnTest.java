package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** The operator as a good citizen of Reactor: order, demand, ends, fusion, context. */
final class SlicedPublishOnTest {

    private final ManualLane lane = new ManualLane();
    private final Cooperation cooperation = Cooperation.on(lane, Duration.ofNanos(250), lane::now);
    private final Reader reader = new Reader();

    /** Whatever a test did, its worker is given back as soon as there is nothing left to do. */
    @AfterEach
    void no_worker_is_left_behind() {
        lane.turnsUntilIdle();
        assertThat(lane.openWorkers()).isZero();
    }

    @Test
    void elements_keep_their_order() {
        read(Flux.range(1, 1_000));
        reader.request(Long.MAX_VALUE);
        lane.turnsUntilIdle();

        assertThat(reader.received).isEqualTo(Flux.range(1, 1_000).collectList().block());
        assertThat(reader.completions).isEqualTo(1);
    }

    @Test
    void no_more_is_emitted_than_was_asked_for() {
        read(Flux.range(1, 10));
        lane.turnsUntilIdle();
        assertThat(reader.received).isEmpty();

        reader.request(2);
        lane.turnsUntilIdle();
        assertThat(reader.received).containsExactly(1, 2);

        reader.request(3);
        reader.request(1);
        lane.turnsUntilIdle();
        assertThat(reader.received).containsExactly(1, 2, 3, 4, 5, 6);
        reader.cancel();
    }

    @Test
    void demand_that_adds_up_past_all_counting_is_no_demand_lost() {
        read(Flux.range(1, 10));
        reader.request(Long.MAX_VALUE);
        reader.request(Long.MAX_VALUE);
        reader.request(5);
        lane.turnsUntilIdle();

        assertThat(reader.received).hasSize(10);
    }

    @Test
    void the_source_is_asked_for_one_element_at_a_time_and_never_for_more_than_the_queue_holds() {
        List<Long> asked = new ArrayList<>();
        TestPublisher<Integer> source = TestPublisher.create();
        read(source.flux().doOnRequest(asked::add), 4);
        lane.turnsUntilIdle();
        assertThat(asked).as("nothing before the first demand").isEmpty();

        reader.request(1);
        lane.turnsUntilIdle();
        assertThat(asked).containsExactly(1L, 1L, 1L, 1L);

        source.next(1, 2, 3, 4);
        lane.turnsUntilIdle();
        assertThat(asked).as("one more for the one that was passed on").hasSize(5);
        source.complete();
        reader.request(3);
    }

    @Test
    void an_end_needs_no_demand() {
        read(Flux.empty());
        lane.turnsUntilIdle();

        assertThat(reader.completions).isEqualTo(1);
    }

    @Test
    void an_end_waits_for_the_elements_before_it() {
        TestPublisher<Integer> source = TestPublisher.create();
        read(source.flux());
        reader.request(1);
        lane.turnsUntilIdle();
        source.next(1, 2).complete();
        lane.turnsUntilIdle();
        assertThat(reader.completions).isZero();

        reader.request(1);
        lane.turnsUntilIdle();
        assertThat(reader.received).containsExactly(1, 2);
        assertThat(reader.completions).isEqualTo(1);
    }

    @Test
    void a_subscriber_may_ask_for_more_while_it_is_given_an_element() {
        Reader insatiable = new Reader() {
            @Override
            protected void hookOnNext(Integer element) {
                super.hookOnNext(element);
                request(1);
            }
        };
        Flux.range(1, 100).transform(cooperation::publishOn).subscribe(insatiable);
        insatiable.request(1);

        assertThat(lane.turnsUntilIdle()).isEqualTo(1);
        assertThat(insatiable.received).hasSize(100);
        assertThat(insatiable.completions).isEqualTo(1);
    }

    @Test
    void fusion_above_and_below_changes_neither_elements_nor_slices() {
        List<Flux<Integer>> fuseable = List.of(
                Flux.range(1, 10),
                Flux.fromIterable(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
                Flux.range(1, 10).map(i -> i),
                Flux.range(1, 10).publishOn(Schedulers.immediate()));
        for (Flux<Integer> source : fuseable) {
            List<Integer> received = new ArrayList<>();
            Flux<Integer> sliced = source.transform(cooperation::publishOn);
            sliced.doOnNext(element -> lane.spend(100))
                    .publishOn(Schedulers.immediate())
                    .filter(element -> element % 2 == 0)
                    .concatMap(Flux::just)
                    .subscribe(received::add);

            assertThat(lane.turnsUntilIdle()).isEqualTo(4);
            assertThat(received).containsExactly(2, 4, 6, 8, 10);
            assertThat(sliced).isNotInstanceOf(Fuseable.class);
        }
    }

    @Test
    void a_constant_goes_over_the_lane_like_anything_else() {
        read(Flux.just(1));
        reader.request(1);
        assertThat(reader.received).isEmpty();

        lane.turnsUntilIdle();
        assertThat(reader.received).containsExactly(1);
    }

    @Test
    void the_subscribers_context_reaches_the_source() {
        List<Integer> received = new ArrayList<>();
        Flux.deferContextual(context -> Flux.just(context.<Integer>get("answer")))
                .transform(cooperation::publishOn)
                .contextWrite(Context.of("answer", 42))
                .subscribe(received::add);
        lane.turnsUntilIdle();

        assertThat(received).containsExactly(42);
    }

    @Test
    void it_tells_scanners_where_it_runs_and_what_waits() {
        Flux<Integer> sliced = cooperation.publishOn(Flux.range(1, 100).hide(), 8);
        sliced.map(element -> element).subscribe(reader);
        reader.request(1);
        lane.turnsUntilIdle();
        Scannable below = reader.above();
        Scannable operator = Scannable.from(below.scan(Scannable.Attr.PARENT));

        Cooperation elsewhere = Cooperation.on(Schedulers.immediate(), Duration.ofMillis(1));
        assertThat(Scannable.from(elsewhere.publishOn(sliced)).scan(Scannable.Attr.RUN_ON))
                .isSameAs(Schedulers.immediate());
        assertThat(operator.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
        assertThat(operator.scan(Scannable.Attr.ACTUAL)).isSameAs(below);
        assertThat(operator.parents().count()).as("range and hide").isEqualTo(2);
        assertThat(operator.scan(Scannable.Attr.PREFETCH)).isEqualTo(8);
        assertThat(operator.scan(Scannable.Attr.BUFFERED)).isEqualTo(8);
        assertThat(operator.scan(Scannable.Attr.CANCELLED)).isFalse();
        reader.cancel();
        assertThat(operator.scan(Scannable.Attr.CANCELLED)).isTrue();
    }

    @Test
    void there_is_room_for_one_element_at_least() {
        assertThatThrownBy(() -> cooperation.publishOn(Flux.just(1), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private void read(Flux<Integer> source) {
        read(source, 32);
    }

    private void read(Flux<Integer> source, int prefetch) {
        cooperation.publishOn(source, prefetch).subscribe(reader);
    }
}
