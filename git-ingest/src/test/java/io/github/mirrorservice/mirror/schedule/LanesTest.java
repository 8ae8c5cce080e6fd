package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** The threads of the process: what they are called, what they may do, how they end. */
final class LanesTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Optional<Duration> SLICE = Optional.of(Duration.ofNanos(250_000));

    private final Queue<Long> slices = new ConcurrentLinkedQueue<>();

    @Test
    void shared_ingest_computes_on_the_event_loops() {
        try (Lanes lanes = lanes(Placement.SHARED)) {
            verifyThread(lanes.ingest().lane(), "mirror-http-", NonBlocking.class);
        }
    }

    @Test
    void separate_ingest_has_threads_of_its_own() {
        try (Lanes lanes = lanes(Placement.SEPARATE)) {
            verifyThread(lanes.ingest().lane(), "mirror-ingest-", NonBlocking.class);
        }
    }

    @Test
    void blocking_calls_have_threads_of_their_own() {
        try (Lanes lanes = lanes(Placement.SHARED)) {
            verifyThread(lanes.blocking(), "mirror-blocking-", Thread.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Placement.class)
    void a_blocking_call_on_a_lane_of_ingest_fails(Placement placement) {
        try (Lanes lanes = lanes(placement)) {
            StepVerifier.create(blockingCall().subscribeOn(lanes.ingest().lane()))
                    .expectError(BlockingOperationError.class)
                    .verify(DEADLINE);
        }
    }

    @Test
    void a_blocking_call_on_the_blocking_lane_is_at_home() {
        try (Lanes lanes = lanes(Placement.SHARED)) {
            StepVerifier.create(blockingCall().subscribeOn(lanes.blocking()))
                    .expectNext(false)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void the_blocking_lane_lets_as_much_work_wait_as_it_says_and_refuses_more() {
        LaneSettings settings = new LaneSettings(1, Placement.SHARED, SLICE, 1);
        CountDownLatch held = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        try (Lanes lanes = Lanes.open(settings, slices::add)) {
            Mono.fromCallable(() -> held.await(1, TimeUnit.MINUTES))
                    .doFirst(done::incrementAndGet)
                    .subscribeOn(lanes.blocking())
                    .subscribe();
            Flux.interval(Duration.ofMillis(1)).filter(tick -> done.get() == 1).blockFirst(DEADLINE);
            Flux<Integer> waiting = Flux.range(0, lanes.blockingRoom())
                    .flatMap(
                            i -> Mono.fromCallable(done::incrementAndGet).subscribeOn(lanes.blocking()),
                            Integer.MAX_VALUE);
            Mono<Integer> oneMore = Mono.fromCallable(done::incrementAndGet).subscribeOn(lanes.blocking());

            StepVerifier.create(waiting)
                    .expectSubscription()
                    .then(() -> StepVerifier.create(oneMore)
                            .expectError(RejectedExecutionException.class)
                            .verify(DEADLINE))
                    .then(held::countDown)
                    .expectNextCount(lanes.blockingRoom())
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void that_an_event_loop_has_ended_is_told_and_not_before() {
        try (Lanes lanes = lanes(Placement.SHARED)) {
            EventExecutor loop = lanes.loops()
                    .onServer(LoopResources.DEFAULT_NATIVE)
                    .iterator()
                    .next();
            StepVerifier.create(lanes.died())
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(100))
                    .then(() -> end(loop))
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its end is what the test waits for
    private static void end(EventExecutor loop) {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(Placement.class)
    void work_is_cut_into_slices_that_are_told(Placement placement) {
        try (Lanes lanes = lanes(placement)) {
            StepVerifier.create(work(lanes).count())
                    .expectNext(2_000L)
                    .expectComplete()
                    .verify(DEADLINE);
        }
        assertThat(slices).hasSizeGreaterThan(10);
    }

    @Test
    void without_a_slice_the_work_is_done_in_one_go() {
        try (Lanes lanes = Lanes.open(new LaneSettings(1, Placement.SHARED, Optional.empty(), 1), slices::add)) {
            StepVerifier.create(work(lanes).count())
                    .expectNext(2_000L)
                    .expectComplete()
                    .verify(DEADLINE);
        }
        assertThat(slices).hasSizeLessThan(4);
    }

    @Test
    void the_delay_of_every_event_loop_is_told_again_and_again() {
        try (Lanes lanes = lanes(Placement.SHARED)) {
            StepVerifier.create(lanes.delays(Duration.ofMillis(1)).take(10))
                    .thenConsumeWhile(delay -> !delay.isNegative())
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void work_that_holds_an_event_loop_shows_in_its_delay() {
        try (Lanes lanes = Lanes.open(new LaneSettings(1, Placement.SHARED, SLICE, 1), slices::add)) {
            Mono<Integer> hold = Mono.fromCallable(() -> spin(50_000))
                    .subscribeOn(lanes.ingest().lane());
            Flux<Duration> delays = lanes.delays(Duration.ofMillis(1));

            StepVerifier.create(Flux.merge(delays, hold.thenMany(Flux.never())))
                    .thenConsumeWhile(delay -> delay.toMillis() < 20)
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(DEADLINE);
        }
    }

    @Test
    void ticks_that_nobody_takes_do_not_pile_up() {
        AtomicLong start = new AtomicLong();
        try (Lanes lanes = Lanes.open(new LaneSettings(1, Placement.SHARED, SLICE, 1), slices::add)) {
            StepVerifier.create(lanes.delays(Duration.ofMillis(10)), 1)
                    .expectNextCount(1)
                    .expectNoEvent(Duration.ofMillis(100))
                    .then(() -> start.set(System.nanoTime()))
                    .thenRequest(5)
                    .expectNextCount(5)
                    .then(() -> assertThat(System.nanoTime() - start.get())
                            .as("at most two had fired already")
                            .isGreaterThan(20_000_000))
                    .thenCancel()
                    .verify(DEADLINE);
        }
    }

    @Test
    void a_tick_that_waits_to_be_taken_is_not_late_for_that() {
        try (Lanes lanes = Lanes.open(new LaneSettings(1, Placement.SHARED, SLICE, 1), slices::add)) {
            StepVerifier.create(lanes.delays(Duration.ofMillis(1)), 1)
                    .expectNextCount(1)
                    .expectNoEvent(Duration.ofMillis(400))
                    .thenRequest(2)
                    .assertNext(delay -> assertThat(delay).isLessThan(Duration.ofMillis(300)))
                    .assertNext(delay -> assertThat(delay).isLessThan(Duration.ofMillis(300)))
                    .thenCancel()
                    .verify(DEADLINE);
        }
    }

    @ParameterizedTest
    @EnumSource(Placement.class)
    void closing_is_quick_and_refuses_what_comes(Placement placement) {
        Lanes lanes = lanes(placement);
        work(lanes).blockLast(DEADLINE);
        long start = System.nanoTime();
        lanes.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        StepVerifier.create(work(lanes))
                .expectError(RejectedExecutionException.class)
                .verify(DEADLINE);
        StepVerifier.create(blockingCall().subscribeOn(lanes.blocking()))
                .expectError(RejectedExecutionException.class)
                .verify(DEADLINE);
    }

    @Test
    void closing_twice_is_closing_once() {
        Lanes lanes = lanes(Placement.SEPARATE);
        lanes.close();
        lanes.close();
        assertThat(lanes.blocking().isDisposed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void there_is_at_least_one_thread_of_each_kind(int count) {
        assertThatThrownBy(() -> new LaneSettings(count, Placement.SHARED, SLICE, 1))
                .hasMessageContaining("event loop");
        assertThatThrownBy(() -> new LaneSettings(1, Placement.SHARED, SLICE, count))
                .hasMessageContaining("blocking thread");
        assertThatThrownBy(() -> new LaneSettings(1, Placement.SHARED, Optional.of(Duration.ofNanos(count)), 1))
                .hasMessageContaining("Remedy");
    }

    private Lanes lanes(Placement placement) {
        return Lanes.open(new LaneSettings(2, placement, SLICE, 2), slices::add);
    }

    private static Flux<Integer> work(Lanes lanes) {
        return Flux.range(0, 2_000).transform(lanes.ingest()::publishOn).doOnNext(element -> spin(10));
    }

    private static Mono<Boolean> blockingCall() {
        return Mono.fromCallable(() -> new Semaphore(0).tryAcquire(50, TimeUnit.MILLISECONDS));
    }

    private static void verifyThread(Scheduler lane, String prefix, Class<?> kind) {
        StepVerifier.create(Mono.fromCallable(Thread::currentThread).subscribeOn(lane))
                .assertNext(thread -> {
                    assertThat(thread.getName()).startsWith(prefix);
                    assertThat(thread.isDaemon()).isTrue();
                    assertThat(thread).isInstanceOf(kind);
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    private static int spin(int micros) {
        long end = System.nanoTime() + micros * 1_000L;
        int turns = 0;
        while (System.nanoTime() < end) {
            turns++;
        }
        return turns;
    }
}
