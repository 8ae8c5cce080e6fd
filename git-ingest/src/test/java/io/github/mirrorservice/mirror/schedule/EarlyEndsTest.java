package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** The operator when something ends before its time: cancellation, errors, a lane that refuses work. */
final class EarlyEndsTest {

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
    void an_error_comes_after_the_elements_before_it() {
        TestPublisher<Integer> source = TestPublisher.create();
        read(source.flux());
        reader.request(1);
        lane.turnsUntilIdle();
        source.next(1, 2).error(new IllegalStateException("broken"));
        lane.turnsUntilIdle();
        assertThat(reader.failures).isEmpty();

        reader.request(1);
        lane.turnsUntilIdle();
        assertThat(reader.received).containsExactly(1, 2);
        assertThat(reader.failures).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_cancellation_discards_what_waits() {
        read(Flux.range(1, 100), 8);
        reader.request(1);
        lane.turnsUntilIdle();
        reader.cancel();

        assertThat(reader.received).containsExactly(1);
        assertThat(reader.discarded).containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void a_cancellation_that_finds_a_turn_outstanding_discards_in_that_turn() {
        read(Flux.range(1, 100), 8);
        reader.request(1);
        lane.turnsUntilIdle();
        reader.request(1);
        reader.cancel();
        assertThat(reader.discarded).as("the turn owns the queue").isEmpty();

        lane.turn();
        assertThat(reader.received).containsExactly(1);
        assertThat(reader.discarded).hasSize(8);
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
        read(source.flux());
        reader.request(10);
        lane.turnsUntilIdle();
        reader.cancel();
        source.next(1);
        lane.turnsUntilIdle();

        assertThat(reader.received).isEmpty();
        assertThat(reader.discarded).containsExactly(1);
    }

    @Test
    void nothing_is_asked_for_after_a_cancellation() {
        List<Long> asked = new ArrayList<>();
        read(Flux.<Integer>never().doOnRequest(asked::add));
        reader.request(1);
        reader.cancel();
        lane.turnsUntilIdle();

        assertThat(asked).isEmpty();
    }

    @Test
    void nothing_is_computed_after_a_cancellation() {
        List<Integer> computed = new ArrayList<>();
        read(Flux.range(1, 100).doOnNext(computed::add).doOnNext(element -> lane.spend(100)));
        reader.request(Long.MAX_VALUE);
        lane.turn();
        reader.cancel();
        lane.turnsUntilIdle();

        assertThat(computed).containsExactly(1, 2, 3);
    }

    @Test
    void a_lane_that_refuses_work_ends_the_flux_with_an_error() {
        lane.close();
        read(Flux.range(1, 100));
        reader.request(1);

        assertThat(reader.failures).singleElement().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void a_lane_that_closes_half_way_ends_the_flux_with_an_error_and_stops_the_source() {
        AtomicInteger cancellations = new AtomicInteger();
        read(Flux.range(1, 100).doOnNext(element -> lane.spend(100)).doOnCancel(cancellations::incrementAndGet));
        reader.request(Long.MAX_VALUE);
        lane.close();
        lane.turn();

        assertThat(reader.received).containsExactly(1, 2, 3);
        assertThat(reader.failures).singleElement().isInstanceOf(RejectedExecutionException.class);
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
        read(source.flux(), 8);
        reader.request(1);
        lane.turnsUntilIdle();
        source.next(1, 2, 3, 4, 5, 6, 7, 8, 9);
        reader.request(20);
        lane.turnsUntilIdle();

        assertThat(reader.received).hasSize(8);
        assertThat(reader.discarded).containsExactly(9);
        assertThat(reader.failures).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("Queue is full"));
        source.assertCancelled();
    }

    @Test
    void what_comes_after_the_end_is_dropped() {
        TestPublisher<Integer> source = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.REQUEST_OVERFLOW);
        IllegalStateException late = new IllegalStateException("late");
        read(source.flux());
        reader.request(2);
        source.complete().next(1).error(late);
        lane.turnsUntilIdle();

        assertThat(reader.completions).isEqualTo(1);
        assertThat(reader.received).isEmpty();
        assertThat(reader.dropped).containsExactly(1, late);
    }

    private void read(Flux<Integer> source) {
        read(source, 32);
    }

    private void read(Flux<Integer> source, int prefetch) {
        cooperation.publishOn(source, prefetch).subscribe(reader);
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
}
