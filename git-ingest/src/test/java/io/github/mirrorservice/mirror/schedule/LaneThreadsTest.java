package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Scheduler.Worker;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The scheduler on real threads. */
final class LaneThreadsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final EventExecutorGroup loops = new DefaultEventExecutorGroup(2);
    private final Scheduler scheduler = new LaneScheduler(loops, HandOver.FAIR, nanos -> {}, thrown -> {});

    @AfterEach
    void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void a_worker_stays_on_its_thread_and_the_next_worker_takes_the_next_thread() {
        Flux<String> threads = Flux.range(0, 4)
                .map(i -> scheduler.createWorker())
                .concatMap(worker -> Flux.merge(threadOf(worker), threadOf(worker)));

        StepVerifier.create(threads.collectList())
                .assertNext(names -> {
                    assertThat(names.get(0)).isEqualTo(names.get(1)).isNotEqualTo(names.get(2));
                    assertThat(names.get(2)).isEqualTo(names.get(3)).isNotEqualTo(names.get(4));
                    assertThat(names).containsOnly(names.get(0), names.get(2));
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void tasks_of_each_thread_run_in_the_order_it_gave_them() {
        Worker worker = scheduler.createWorker();
        Flux<List<Integer>> orders = Flux.range(0, 4).flatMap(thread -> Flux.<Integer>create(sink -> {
                    IntStream.range(0, 5_000).forEach(i -> worker.schedule(() -> sink.next(i)));
                    worker.schedule(sink::complete);
                })
                .collectList()
                .subscribeOn(Schedulers.parallel()));

        StepVerifier.create(orders)
                .thenConsumeWhile(order -> order.size() == 5_000, order -> assertThat(order)
                        .isSorted())
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void reactors_own_operators_run_on_it() {
        Flux<Integer> hops = Flux.range(0, 100)
                .publishOn(scheduler, 1)
                .concatMap(i -> Mono.fromCallable(() -> i).subscribeOn(scheduler))
                .delayElements(Duration.ofNanos(1), scheduler)
                .timeout(Duration.ofSeconds(10), scheduler);

        StepVerifier.create(hops).expectNextCount(100).expectComplete().verify(DEADLINE);
        StepVerifier.create(Flux.interval(Duration.ofMillis(1), scheduler).take(3))
                .expectNext(0L, 1L, 2L)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void closed_loops_refuse_work_of_every_kind() {
        Worker worker = scheduler.createWorker();
        assertThat(scheduler.isDisposed()).isFalse();
        close();

        assertThat(scheduler.isDisposed()).isTrue();
        assertRefused(() -> worker.schedule(() -> {}));
        assertRefused(() -> worker.schedule(() -> {}));
        assertRefused(() -> worker.schedule(() -> {}, 1, TimeUnit.MILLISECONDS));
        assertRefused(() -> worker.schedulePeriodically(() -> {}, 1, 1, TimeUnit.MILLISECONDS));
        StepVerifier.create(Mono.just(1).subscribeOn(scheduler))
                .expectError(RejectedExecutionException.class)
                .verify(DEADLINE);
    }

    private static void assertRefused(Runnable submission) {
        assertThatThrownBy(submission::run).isInstanceOf(RejectedExecutionException.class);
    }

    private static Mono<String> threadOf(Worker worker) {
        return Mono.create(sink ->
                worker.schedule(() -> sink.success(Thread.currentThread().getName())));
    }
}
