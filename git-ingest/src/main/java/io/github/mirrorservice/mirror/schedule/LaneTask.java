package io.github.mirrorservice.mirror.schedule;

import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** What a worker was given to do: once, or again and again until it is cancelled. */
final class LaneTask implements Runnable, Disposable {

    private final Runnable body;
    private final boolean again;
    private final Disposable.Composite siblings;
    private final Disposable.Swap timer = Disposables.swap();
    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile boolean disposed;

    LaneTask(Runnable body, boolean again, Disposable.Composite siblings) {
        this.body = body;
        this.again = again;
        this.siblings = siblings;
    }

    /** Whether the task may join the queue: not while it is still there, or the ticks of a late lane would pile up. */
    boolean enter() {
        return !disposed && queued.compareAndSet(false, true);
    }

    void cancelWith(Disposable pending) {
        timer.update(pending);
    }

    @Override
    public void run() {
        queued.set(false);
        try {
            body.run();
        } finally {
            if (!again) {
                dispose();
            }
        }
    }

    @Override
    public void dispose() {
        disposed = true;
        timer.dispose();
        siblings.remove(this);
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
