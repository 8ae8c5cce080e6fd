package io.github.mirrorservice.mirror.schedule;

import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A worker pinned to one lane: its tasks run one after the other, in the order given. */
final class LaneWorker implements Scheduler.Worker, Scannable {

    private final Lane lane;
    private final Disposable.Composite tasks = Disposables.composite();

    LaneWorker(Lane lane) {
        this.lane = lane;
    }

    @Override
    public Disposable schedule(Runnable body) {
        LaneTask task = accept(body, false);
        try {
            lane.add(task);
        } catch (RejectedExecutionException e) {
            task.dispose();
            throw e;
        }
        return task;
    }

    @Override
    public Disposable schedule(Runnable body, long delay, TimeUnit unit) {
        return delay <= 0
                ? schedule(body)
                : onTimer(accept(body, false), tick -> lane.after(tick, unit.toNanos(delay)));
    }

    @Override
    public Disposable schedulePeriodically(Runnable body, long initialDelay, long period, TimeUnit unit) {
        return onTimer(accept(body, true), tick -> lane.every(tick, unit.toNanos(initialDelay), unit.toNanos(period)));
    }

    private LaneTask accept(Runnable body, boolean again) {
        LaneTask task = new LaneTask(Schedulers.onSchedule(body), again, tasks);
        if (!tasks.add(task)) {
            throw Exceptions.failWithRejected();
        }
        return task;
    }

    private Disposable onTimer(LaneTask task, Function<LaneTask, Future<?>> start) {
        try {
            Future<?> timer = start.apply(task);
            task.cancelWith(() -> timer.cancel(false));
        } catch (RejectedExecutionException e) {
            task.dispose();
            throw e;
        }
        return task;
    }

    @Override
    public void dispose() {
        tasks.dispose();
    }

    @Override
    public boolean isDisposed() {
        return tasks.isDisposed();
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by Reactor
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.BUFFERED ? tasks.size() : null;
    }
}
