package io.github.mirrorservice.mirror.schedule;

import io.netty.util.concurrent.EventExecutorGroup;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.StreamSupport;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * A Reactor scheduler on event loops. With a fair hand-over it gives way: between any two tasks the loop serves its
 * sockets, so that each hop of a plain Reactor pipeline is a cooperation point. It lives as long as its loops; to
 * dispose it does nothing.
 */
final class LaneScheduler implements Scheduler {

    private final List<Lane> lanes;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * A scheduler with one lane for each of the {@code loops}.
     *
     * @param handOver how one task gives the thread to the next
     * @param slices told after each task how many nanoseconds it held its thread, on that thread
     * @param breaks told what a task threw, on its thread
     */
    LaneScheduler(EventExecutorGroup loops, HandOver handOver, LongConsumer slices, Consumer<Throwable> breaks) {
        this.lanes = StreamSupport.stream(loops.spliterator(), false)
                .map(loop -> new Lane(loop, handOver, slices, breaks))
                .toList();
    }

    @Override
    public Disposable schedule(Runnable task) {
        return createWorker().schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return createWorker().schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return createWorker().schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        return new LaneWorker(lanes.get(Math.floorMod(next.getAndIncrement(), lanes.size())));
    }

    @Override
    public boolean isDisposed() {
        return lanes.stream().allMatch(Lane::isClosing);
    }
}
