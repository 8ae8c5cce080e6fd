package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** The operator as a good citizen of Reactor: demand, ends, errors, cancellation, fusion, context. */
final class SlicedPublishOnTest {

    private final ManualLane lane = new ManualLane();
    private final Cooperation cooperation = Cooperation.on(lane, Duration.ofNanos(250), lane::now);
    private final List<Integer> received = new ArrayList<>();
    private final List<Object> discarded = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final AtomicInteger completions = new AtomicInteger();

    /** Whatever a test did, its worker is given back as soon as there is nothing left to do. */
    @AfterEach
    void no_worker_is_left_behind() {
        lane.turnsUntilIdle();
        assertThat(lane.openWorkers()).isZero();
    }

    @Test
    void elements_keep_their_order() {
        Reader reader = read(Flux.range(1, 1_000));
        reader.request(Long.MAX_VALUE);
        lane.turnsUntilIdle();

        assertThat(received).isEqualTo(Flux.range(1, 1_000).collectList().block());
        assertThat(completions).hasValue(1);
    }

    @Test
    void no_more_is_emitted_than_was_asked_for() {
        Reader reader = read(Flux.range(1, 10));
        lane.turnsUntilIdle();
        assertThat(received).isEmpty();

        reader.request(2);
        lane.turnsUntilIdle();
        assertThat(received).containsExactly(1, 2);

        reader.request(3);
        reader.request(1);
        lane.turnsUntilIdle();
        assertThat(received).containsExactly(1, 2, 3, 4, 5, 6);
        reader.cancel();
    }

    @Test
    void demand_that_adds_up_past_all_counting_is_no_demand_lost() {
        Reader reader = read(Flux.range(1, 10));
        reader.request(Long.MAX_VALUE);
        reader.request(Long.MAX_VALUE);
        reader.request(5);
        lane.turnsUntilIdle();

        assertThat(received).hasSize(10);
    }

    @Test
    void the_source_is_asked_for_one_element_at_a_time_and_never_for_more_than_the_queue_holds() {
        List<Long> asked = new ArrayList<>();
        TestPublisher<Integer> source = TestPublisher.create();
        Reader reader = read(source.flux().doOnRequest(asked::add), 4);
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

        assertThat(completions).hasValue(1);
    }

    @Test
    void an_end_waits_for_the_elements_before_it() {
        TestPublisher<Integer> source = TestPublisher.create();
        Reader reader = read(source.flux());
        reader.request(1);
        lane.turnsUntilIdle();
        source.next(1, 2).complete();
        lane.turnsUntilIdle();
        assertThat(completions).hasValue(0);

        reader.request(1);
        lane.turnsUntilIdle();
        assertThat(received).containsExactly(1, 2);
        assertThat(completions).hasValue(1);
    }

    @Test
    void an_error_comes_after_the_elements_before_it() {
        TestPublisher<Integer> source = TestPublisher.create();
        Reader reader = read(source.flux());
        reader.request(1);
        lane.turnsUntilIdle();
        source.next(1, 2).error(new IllegalStateException("broken"));
        lane.turnsUntilIdle();
        assertThat(failures).isEmpty();

        reader.request(1);
        lane.turnsUntilIdle();
        assertThat(received).containsExactly(1, 2);
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_subscriber_may_ask_for_more_while_it_is_given_an_element() {
        Flux<Integer> source = Flux.range(1, 100).transform(cooperation::publishOn);
        source.subscribe(new Reader(Context.empty()) {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Integer element) {
                super.hookOnNext(element);
                request(1);
            }
        });

        assertThat(lane.turnsUntilIdle()).isEqualTo(1);
        assertThat(received).hasSize(100);
        assertThat(completions).hasValue(1);
    }

    @Test
    void a_cancellation_discards_what_waits() {
        Reader reader = read(Flux.range(1, 100), 8);
        reader.request(1);
        lane.turnsUntilIdle();
        reader.cancel();

        assertThat(received).containsExactly(1);
        assertThat(discarded).containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void a_cancellation_that_finds_a_turn_outstanding_discards_in_that_turn() {
        Reader reader = read(Flux.range(1, 100), 8);
        reader.request(1);
        lane.turnsUntilIdle();
        reader.request(1);
        reader.cancel();
        assertThat(discarded).as("the turn owns the queue").isEmpty();

        lane.turn();
        assertThat(received).containsExactly(1);
        assertThat(discarded).hasSize(8);
    }

    @Test
    void a_subscriber_may_cancel_while_it_is_given_an_element() {
        StepVerifier.create(Flux.range(1, 100).transform(cooperation::publishOn).take(3))
                .then(lane::turnsUntilIdle)
                .expectNext(1, 2, 3)
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void a_source_that_goes_on_after_the_cancellation_is_not_heard() {
        TestPublisher<Integer> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        Reader reader = read(source.flux());
        reader.request(10);
        lane.turnsUntilIdle();
        reader.cancel();
        source.next(1);
        lane.turnsUntilIdle();

        assertThat(received).isEmpty();
        assertThat(discarded).containsExactly(1);
    }

    @Test
    void nothing_is_asked_for_after_a_cancellation() {
        List<Long> asked = new ArrayList<>();
        Reader reader = read(Flux.<Integer>never().doOnRequest(asked::add));
        reader.request(1);
        reader.cancel();
        lane.turnsUntilIdle();

        assertThat(asked).isEmpty();
    }

    @Test
    void nothing_is_computed_after_a_cancellation() {
        List<Integer> computed = new ArrayList<>();
        Reader reader = read(Flux.range(1, 100).doOnNext(computed::add).doOnNext(element -> lane.spend(100)));
        reader.request(Long.MAX_VALUE);
        lane.turn();
        reader.cancel();
        lane.turnsUntilIdle();

        assertThat(computed).containsExactly(1, 2, 3);
    }

    @Test
    void a_lane_that_refuses_work_ends_the_flux_with_an_error() {
        lane.close();
        Reader reader = read(Flux.range(1, 100));
        reader.request(1);

        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void a_lane_that_closes_half_way_ends_the_flux_with_an_error_and_stops_the_source() {
        AtomicInteger cancellations = new AtomicInteger();
        Reader reader = read(
                Flux.range(1, 100).doOnNext(element -> lane.spend(100)).doOnCancel(cancellations::incrementAndGet));
        reader.request(Long.MAX_VALUE);
        lane.close();
        lane.turn();

        assertThat(received).containsExactly(1, 2, 3);
        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
        assertThat(cancellations).hasValue(1);
    }

    @Test
    void a_lane_that_gives_no_worker_is_an_error_of_the_flux() {
        Cooperation dead = Cooperation.on(deadScheduler(), Duration.ofMillis(1));

        StepVerifier.create(Flux.range(1, 3).transform(dead::publishOn))
                .expectError(RejectedExecutionException.class)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void a_source_that_sends_more_than_it_was_asked_for_is_stopped() {
        TestPublisher<Integer> source = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        Reader reader = read(source.flux(), 8);
        reader.request(1);
        lane.turnsUntilIdle();
        source.next(1, 2, 3, 4, 5, 6, 7, 8, 9);
        reader.request(20);
        lane.turnsUntilIdle();

        assertThat(received).hasSize(8);
        assertThat(discarded).containsExactly(9);
        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("Queue is full"));
        source.assertCancelled();
    }

    @Test
    void what_comes_after_the_end_is_dropped() {
        TestPublisher<Integer> source = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.REQUEST_OVERFLOW);
        List<Object> dropped = new ArrayList<>();
        Reader reader = new Reader(Context.of(
                "reactor.onNextDropped.local", (Consumer<Object>) dropped::add,
                "reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
        source.flux().transform(cooperation::publishOn).subscribe(reader);
        IllegalStateException late = new IllegalStateException("late");
        reader.request(2);
        source.complete().next(1).error(late);
        lane.turnsUntilIdle();

        assertThat(completions).hasValue(1);
        assertThat(received).isEmpty();
        assertThat(dropped).containsExactly(1, late);
    }

    @Test
    void fusion_above_and_below_changes_neither_elements_nor_slices() {
        List<Flux<Integer>> fuseable = List.of(
                Flux.range(1, 10),
                Flux.fromIterable(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
                Flux.range(1, 10).map(i -> i),
                Flux.range(1, 10).publishOn(Schedulers.immediate()));
        for (Flux<Integer> source : fuseable) {
            received.clear();
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
        Flux.just(1).transform(cooperation::publishOn).subscribe(received::add);
        assertThat(received).isEmpty();

        lane.turnsUntilIdle();
        assertThat(received).containsExactly(1);
    }

    @Test
    void the_subscribers_context_reaches_the_source() {
        Flux.deferContextual(context -> Flux.just(context.<Integer>get("answer")))
                .transform(cooperation::publishOn)
                .contextWrite(Context.of("answer", 42))
                .subscribe(received::add);
        lane.turnsUntilIdle();

        assertThat(received).containsExactly(42);
    }

    @Test
    void it_tells_scanners_where_it_runs_and_what_waits() {
        Reader reader = new Reader(Context.empty());
        Flux<Integer> sliced = cooperation.publishOn(Flux.range(1, 100).hide(), 8);
        sliced.map(element -> element).subscribe(reader);
        reader.request(1);
        lane.turnsUntilIdle();
        Scannable below = Scannable.from(reader.operator);
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

    private Reader read(Flux<Integer> source) {
        return read(source, 32);
    }

    private Reader read(Flux<Integer> source, int prefetch) {
        Reader reader = new Reader(Context.empty());
        cooperation.publishOn(source, prefetch).subscribe(reader);
        return reader;
    }

    private static Scheduler deadScheduler() {
        return new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                throw Exceptions.failWithRejected();
            }

            @Override
            public Worker createWorker() {
                throw Exceptions.failWithRejected();
            }
        };
    }

    /** Asks only when told to, and notes what happens. */
    private class Reader extends BaseSubscriber<Integer> {

        private final Context context;
        private Subscription operator = Operators.emptySubscription();

        Reader(Context context) {
            this.context = Operators.enableOnDiscard(context, discarded::add);
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            operator = subscription;
        }

        @Override
        protected void hookOnNext(Integer element) {
            received.add(element);
        }

        @Override
        protected void hookOnComplete() {
            completions.incrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable failure) {
            failures.add(failure);
        }
    }
}
