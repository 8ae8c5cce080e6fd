package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Changes and contents come as they are asked for, cross threads in batches, and stop when they are not wanted. */
final class DemandTest {

    private static final int FILES = 2000;

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    private final CountingScheduler counted = new CountingScheduler();
    private Upstream upstream;
    private GitMirror mirror;
    private CommitId tip;

    @BeforeEach
    void open(@TempDir Path directory) {
        upstream = new Upstream(directory.resolve("upstream"));
        tip = upstream.commitMany(FILES);
        mirror = GitMirror.inMemory(upstream.remote(), GitLimits.STANDARD, counted);
        Now.value(mirror.fetch());
    }

    @AfterEach
    void close() {
        mirror.close();
        upstream.close();
    }

    @Test
    void changes_wait_until_they_are_asked_for() {
        StepVerifier.create(mirror.changes(Optional.empty(), tip), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .thenRequest(FILES)
                .expectNextCount(FILES - 3)
                .expectComplete()
                .verify(Now.DEADLINE);
    }

    @Test
    void contents_wait_until_they_are_asked_for_and_few_are_read_ahead() {
        AtomicLong asked = new AtomicLong();

        StepVerifier.create(mirror.read(ids().doOnNext(id -> asked.incrementAndGet())), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .then(() -> assertThat(asked).hasValueLessThan(FILES / 2))
                .thenRequest(FILES)
                .expectNextCount(FILES - 3)
                .expectComplete()
                .verify(Now.DEADLINE);
    }

    @Test
    void a_reader_of_single_elements_costs_no_hop_for_each() {
        counted.tasks.set(0);
        Now.list(mirror.changes(Optional.empty(), tip).concatMap(Flux::just, 1));
        // How many elements share a hop depends on which thread is ahead; one for each would be FILES and more.
        assertThat(counted.tasks).hasValueLessThan(FILES / 5);

        counted.tasks.set(0);
        Now.list(mirror.read(ids()).concatMap(Flux::just, 1));
        assertThat(counted.tasks).hasValueLessThan(FILES / 2);
    }

    @Test
    void a_reader_on_a_thread_that_must_not_block_is_not_blocked() {
        // BlockHound fails the pipeline if it is.
        Scheduler loop = Schedulers.newParallel("loop", 1);
        try {
            Flux<BlobId> ids = Flux.defer(this::ids).subscribeOn(loop).publishOn(loop, 7);
            Flux<Blob> blobs =
                    Flux.defer(() -> mirror.read(ids)).subscribeOn(loop).publishOn(loop, 1);
            assertThat(Now.list(blobs)).hasSize(FILES);
            assertThat(Now.value(Mono.defer(mirror::fetch).subscribeOn(loop)).id())
                    .isEqualTo(tip);
        } finally {
            loop.dispose();
        }
    }

    @Test
    void a_cancel_gives_everything_back() {
        StepVerifier.create(mirror.changes(Optional.empty(), tip), 10)
                .expectNextCount(10)
                .thenCancel()
                .verify(Now.DEADLINE);
        StepVerifier.create(mirror.read(ids()), 10)
                .expectNextCount(10)
                .thenCancel()
                .verify(Now.DEADLINE);

        // Only a store that nobody reads is made anew, so what is lost with it shows that all was given back.
        CommitId next = upstream.commit("a=1");
        Now.value(mirror.fetch());
        Now.error(
                GitException.Corrupt.class,
                mirror.read(Flux.just(new BlobId("1".repeat(40)))).then());
        Now.value(mirror.fetch());
        assertThat(Now.value(mirror.holds(next))).isTrue();
        assertThat(Now.value(mirror.holds(tip))).isFalse();
    }

    @Test
    void many_readers_at_once_do_not_disturb_each_other() {
        Flux<Long> readers = Flux.range(0, 8)
                .flatMap(
                        reader -> mirror.read(ids().take(reader % 2 == 0 ? FILES : 100))
                                .count(),
                        8);

        assertThat(Now.list(readers)).containsExactlyInAnyOrder(2000L, 100L, 2000L, 100L, 2000L, 100L, 2000L, 100L);
    }

    private Flux<BlobId> ids() {
        return mirror.changes(Optional.empty(), tip).cast(TreeChange.Put.class).map(TreeChange.Put::blob);
    }

    /** Counts what is handed over to the lane. */
    private final class CountingScheduler implements Scheduler {

        final AtomicLong tasks = new AtomicLong();

        @Override
        public Disposable schedule(Runnable task) {
            tasks.incrementAndGet();
            return lane.scheduler().schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return lane.scheduler().schedule(task, delay, unit);
        }

        @Override
        public Worker createWorker() {
            Worker worker = lane.scheduler().createWorker();
            return new Worker() {
                @Override
                public Disposable schedule(Runnable task) {
                    tasks.incrementAndGet();
                    return worker.schedule(task);
                }

                @Override
                public void dispose() {
                    worker.dispose();
                }
            };
        }
    }
}
