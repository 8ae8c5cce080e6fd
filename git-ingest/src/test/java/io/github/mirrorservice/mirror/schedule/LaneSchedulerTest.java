package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Scheduler.Worker;

/** The scheduler on an event loop that comes round when the test says so. */
final class LaneSchedulerTest {

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<Long> slices = new ArrayList<>();
    private final List<Throwable> breaks = new ArrayList<>();
    private final Scheduler scheduler = new LaneScheduler(loop.eventLoop(), HandOver.FAIR, slices::add, breaks::add);
    private final Worker one = scheduler.createWorker();
    private final Worker other = scheduler.createWorker();
    private final List<String> order = new ArrayList<>();

    @BeforeEach
    void time_stands_still() {
        loop.freezeTime();
    }

    @Test
    void one_task_runs_each_time_the_loop_comes_round() {
        one.schedule(note("a"));
        one.schedule(note("b"));
        other.schedule(note("c"));
        assertThat(order).isEmpty();

        roundAfter(1);
        assertThat(order).containsExactly("a");
        roundAfter(1);
        assertThat(order).containsExactly("a", "b");
        roundAfter(1);
        assertThat(order).containsExactly("a", "b", "c");
    }

    @Test
    void what_a_task_hands_over_waits_for_the_next_round_behind_the_others() {
        one.schedule(() -> {
            order.add("a");
            one.schedule(note("a again"));
        });
        other.schedule(note("b"));

        roundAfter(1);
        assertThat(order).containsExactly("a");
        rounds(2);
        assertThat(order).containsExactly("a", "b", "a again");
    }

    @Test
    void a_plain_hand_over_keeps_the_loop_until_there_is_nothing_left() {
        Worker plain = new LaneScheduler(loop.eventLoop(), HandOver.PLAIN, slices::add, breaks::add).createWorker();
        plain.schedule(() -> {
            order.add("a");
            plain.schedule(note("a again"));
        });
        plain.schedule(note("b"));

        roundAfter(0);
        assertThat(order).containsExactly("a", "b", "a again");
    }

    @Test
    void a_task_without_a_worker_runs_as_well() {
        scheduler.schedule(note("now"));
        scheduler.schedule(note("later"), 10, TimeUnit.NANOSECONDS);
        rounds(1);
        assertThat(order).containsExactly("now");

        roundAfter(10);
        rounds(1);
        assertThat(order).containsExactly("now", "later");
    }

    @Test
    void a_delayed_task_joins_the_queue_when_its_time_has_come() {
        one.schedule(note("delayed"), 100, TimeUnit.NANOSECONDS);
        roundAfter(99);
        rounds(1);
        one.schedule(note("queued since"));
        rounds(3);

        assertThat(order).containsExactly("delayed", "queued since");
    }

    @Test
    void a_delay_that_is_none_is_none() {
        one.schedule(note("a"), -1, TimeUnit.SECONDS);
        one.schedule(note("b"), 0, TimeUnit.SECONDS);
        rounds(2);

        assertThat(order).containsExactly("a", "b");
    }

    @Test
    void a_periodic_task_runs_again_and_again() {
        scheduler.schedulePeriodically(note("tick"), 50, 100, TimeUnit.NANOSECONDS);
        roundAfter(50);
        rounds(1);
        assertThat(order).hasSize(1);

        roundAfter(100);
        rounds(2);
        assertThat(order).hasSize(2);
    }

    @Test
    void ticks_of_a_late_loop_do_not_pile_up() {
        one.schedulePeriodically(note("tick"), 0, 100, TimeUnit.NANOSECONDS);
        roundAfter(10_000);
        rounds(10);

        assertThat(order).containsExactly("tick");
    }

    @Test
    void a_disposed_worker_forgets_what_waits_and_refuses_what_comes() {
        one.schedule(note("queued"));
        one.schedule(note("delayed"), 1, TimeUnit.NANOSECONDS);
        one.schedulePeriodically(note("tick"), 1, 1, TimeUnit.NANOSECONDS);
        other.schedule(note("another worker's"));
        one.dispose();
        rounds(5);

        assertThat(order).containsExactly("another worker's");
        assertThat(one.isDisposed()).isTrue();
        assertThatThrownBy(() -> one.schedule(note("too late"))).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void a_cancelled_timer_leaves_the_loop_at_once() {
        Disposable delayed = scheduler.schedule(note("delayed"), 1, TimeUnit.HOURS);
        delayed.dispose();

        assertThat(loop.runScheduledPendingTasks()).as("next timer of the loop").isNegative();
    }

    @Test
    void a_single_task_can_be_cancelled() {
        Disposable task = one.schedule(note("a"));
        one.schedule(note("b"));
        task.dispose();
        rounds(2);

        assertThat(order).containsExactly("b");
        assertThat(task.isDisposed()).isTrue();
    }

    @Test
    void a_periodic_task_can_be_cancelled_by_itself() {
        Disposable.Swap tick = Disposables.swap();
        tick.update(one.schedulePeriodically(
                () -> {
                    order.add("tick");
                    tick.dispose();
                },
                1,
                1,
                TimeUnit.NANOSECONDS));
        rounds(10);

        assertThat(order).containsExactly("tick");
    }

    @Test
    void each_task_is_a_slice_and_its_time_is_told() {
        one.schedule(LaneSchedulerTest::spin100Micros);
        one.schedule(note("cancelled")).dispose();
        one.schedule(note("short"));
        rounds(3);

        assertThat(slices).hasSize(2);
        assertThat(slices.get(0)).isBetween(100_000L, 60_000_000_000L);
    }

    @Test
    void a_worker_forgets_what_is_done() {
        Disposable done = one.schedule(note("done"));
        one.schedule(note("cancelled")).dispose();
        one.schedule(note("delayed"), 1, TimeUnit.NANOSECONDS);
        assertThat(Scannable.from(one).scan(Scannable.Attr.BUFFERED)).isEqualTo(2);
        rounds(3);

        assertThat(Scannable.from(one).scan(Scannable.Attr.BUFFERED)).isZero();
        assertThat(done.isDisposed()).isTrue();
    }

    @Test
    void a_task_that_fails_is_reported_and_holds_up_nobody() {
        List<Throwable> reported = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> reported.add(failure));
        IllegalStateException failure = new IllegalStateException("broken");
        one.schedule(() -> {
            throw failure;
        });
        one.schedule(note("next"));
        rounds(2);
        Thread.currentThread().setUncaughtExceptionHandler(null);

        assertThat(reported).containsExactly(failure);
        assertThat(breaks).containsExactly(failure);
        assertThat(order).containsExactly("next");
        assertThat(slices).hasSize(2);
    }

    private Runnable note(String what) {
        return () -> order.add(what);
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            roundAfter(1);
        }
    }

    private void roundAfter(long nanos) {
        loop.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        loop.runPendingTasks();
    }

    private static void spin100Micros() {
        long end = System.nanoTime() + 100_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
