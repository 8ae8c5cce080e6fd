package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A step that is broken off by an error which Reactor throws instead of signalling it, such as memory that runs out. */
final class BrokenStepsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Lanes lanes = lanes(Optional.of(Duration.ofNanos(250_000)));

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void memory_that_runs_out_above_the_lane_ends_the_work() {
        verifyBroken(Flux.range(1, 100)
                .map(BrokenStepsTest::outOfMemory)
                .transform(lanes.ingest()::publishOn)
                .then());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void memory_that_runs_out_below_the_lane_ends_the_work(boolean cooperative) {
        open(cooperative);
        verifyBroken(Flux.range(1, 100)
                .transform(lanes.ingest()::publishOn)
                .map(BrokenStepsTest::outOfMemory)
                .then());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void memory_that_runs_out_after_the_last_element_ends_the_work(boolean cooperative) {
        open(cooperative);
        verifyBroken(Flux.range(1, 100)
                .transform(lanes.ingest()::publishOn)
                .reduce(Integer::sum)
                .map(BrokenStepsTest::outOfMemory)
                .then());
    }

    @Test
    void memory_that_runs_out_in_a_single_task_ends_the_work() {
        verifyBroken(Mono.fromCallable(() -> outOfMemory(1))
                .subscribeOn(lanes.ingest().lane())
                .then());
    }

    @Test
    void any_other_break_is_told_with_what_was_thrown() {
        Flux<Integer> work = Flux.range(1, 100)
                .transform(lanes.ingest()::publishOn)
                .map(element -> {
                    throw new NoClassDefFoundError("gone");
                });

        StepVerifier.create(lanes.watch(work.then()))
                .expectErrorSatisfies(broken -> assertThat(broken)
                        .isInstanceOf(LaneException.class)
                        .hasMessageContaining("gone")
                        .hasMessageContaining("Remedy")
                        .hasCauseInstanceOf(NoClassDefFoundError.class))
                .verify(DEADLINE);
    }

    @Test
    void what_the_work_had_begun_is_cancelled() throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        verifyBroken(Flux.range(1, 100)
                .doOnCancel(cancelled::countDown)
                .transform(lanes.ingest()::publishOn)
                .map(BrokenStepsTest::outOfMemory)
                .then());

        assertThat(cancelled.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void the_next_work_on_the_same_lane_is_done() {
        verifyBroken(Mono.fromCallable(() -> outOfMemory(1))
                .subscribeOn(lanes.ingest().lane())
                .then());

        StepVerifier.create(lanes.watch(
                        Flux.range(1, 100).transform(lanes.ingest()::publishOn).count()))
                .expectNext(100L)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void work_keeps_its_own_end() {
        IllegalStateException failure = new IllegalStateException("its own");

        StepVerifier.create(lanes.watch(Mono.empty())).expectComplete().verify(DEADLINE);
        StepVerifier.create(lanes.watch(Mono.error(failure)))
                .expectErrorMatches(failure::equals)
                .verify(DEADLINE);
    }

    @Test
    void a_cancellation_reaches_the_work() {
        AtomicInteger cancellations = new AtomicInteger();
        Sinks.One<Integer> endless = Sinks.one();

        lanes.watch(endless.asMono().doOnCancel(cancellations::incrementAndGet))
                .subscribe()
                .dispose();

        assertThat(cancellations).hasValue(1);
    }

    private void open(boolean cooperative) {
        lanes.close();
        lanes = lanes(Optional.of(Duration.ofNanos(250_000)).filter(slice -> cooperative));
    }

    private static Lanes lanes(Optional<Duration> slice) {
        return Lanes.open(new LaneSettings(1, Placement.SHARED, slice, 1), nanos -> {});
    }

    private void verifyBroken(Mono<Void> work) {
        StepVerifier.create(lanes.watch(work))
                .expectErrorSatisfies(broken -> assertThat(broken)
                        .isInstanceOf(LaneException.class)
                        .hasMessageContaining("memory ran out (of the test's making)")
                        .hasMessageContaining("-Xmx")
                        .hasCauseInstanceOf(OutOfMemoryError.class))
                .verify(DEADLINE);
    }

    private static int outOfMemory(int element) {
        throw new OutOfMemoryError("of the test's making");
    }
}
