package io.github.mirrorservice.mirror.schedule;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/** A lane on which nothing runs until the test gives it a turn, and a clock that only moves when work spends time. */
final class ManualLane implements Scheduler {

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger openWorkers = new AtomicInteger();
    private long now;
    private volatile boolean closed;

    long now() {
        return now;
    }

    void spend(long nanos) {
        now += nanos;
    }

    void close() {
        closed = true;
    }

    int openWorkers() {
        return openWorkers.get();
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Gives the thread to whoever waits longest; returns how long it was held. */
    long turn() {
        long start = now;
        waiting.remove().run();
        return now - start;
    }

    int turnsUntilIdle() {
        int turns = 0;
        while (!isIdle()) {
            turn();
            turns++;
        }
        return turns;
    }

    @Override
    public Disposable schedule(Runnable task) {
        if (closed) {
            throw Exceptions.failWithRejected();
        }
        waiting.add(task);
        return Disposables.disposed();
    }

    @Override
    public Worker createWorker() {
        openWorkers.incrementAndGet();
        Disposable closing = Disposables.composite(() -> openWorkers.decrementAndGet());
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return ManualLane.this.schedule(task);
            }

            @Override
            public void dispose() {
                closing.dispose();
            }
        };
    }
}
