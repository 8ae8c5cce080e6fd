package io.github.mirrorservice.mirror.schedule;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import reactor.core.Exceptions;
import reactor.util.concurrent.Queues;

/**
 * What waits for one event loop, in order of arrival. Each turn runs one task, so with a fair hand-over I/O comes
 * between any two tasks, however many branches share the loop.
 */
final class Lane implements Runnable {

    private final EventExecutor loop;
    private final HandOver handOver;
    private final LongConsumer slices;
    private final Consumer<Throwable> breaks;

    /** Bounded by its users: an operator waits here once, however many elements it holds. */
    private final Queue<LaneTask> queue =
            Queues.<LaneTask>unboundedMultiproducer().get();

    private final AtomicInteger waiting = new AtomicInteger();

    Lane(EventExecutor loop, HandOver handOver, LongConsumer slices, Consumer<Throwable> breaks) {
        this.loop = loop;
        this.handOver = handOver;
        this.slices = slices;
        this.breaks = breaks;
    }

    /** Queues the task, unless it is queued already. Throws Reactor's RejectedExecutionException once the loop closes. */
    void add(LaneTask task) {
        refuseWhenClosing();
        if (task.enter()) {
            queue.add(task);
            if (waiting.getAndIncrement() == 0) {
                nextTurn();
            }
        }
    }

    Future<?> after(LaneTask task, long delayNanos) {
        refuseWhenClosing();
        return loop.schedule(() -> add(task), delayNanos, TimeUnit.NANOSECONDS);
    }

    Future<?> every(LaneTask task, long delayNanos, long periodNanos) {
        refuseWhenClosing();
        return loop.scheduleAtFixedRate(
                () -> add(task), Math.max(0, delayNanos), Math.max(1, periodNanos), TimeUnit.NANOSECONDS);
    }

    boolean isClosing() {
        return loop.isShuttingDown();
    }

    private void refuseWhenClosing() {
        if (isClosing()) {
            throw Exceptions.failWithRejected();
        }
    }

    @Override
    public void run() {
        try {
            runTimed(queue.remove());
        } finally {
            if (waiting.decrementAndGet() != 0) {
                nextTurn();
            }
        }
    }

    private void runTimed(LaneTask task) {
        if (!task.isDisposed()) {
            long start = System.nanoTime();
            runReported(task);
            slices.accept(System.nanoTime() - start);
        }
    }

    private void runReported(LaneTask task) {
        try {
            task.run();
        } catch (Throwable e) {
            // As Reactor's own schedulers do. The event loop would hide it in a future that nobody reads.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            breaks.accept(e);
        }
    }

    private void nextTurn() {
        try {
            handOver.nextTurn(loop, this);
        } catch (RejectedExecutionException e) {
            throw Exceptions.failWithRejected(e);
        }
    }
}
