package io.github.mirrorservice.mirror.schedule;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler.Worker;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * One subscription of the cooperation operator.
 *
 * <p>Signals come from any thread and only leave a note: an element in the queue, a demand, an end. Whoever raises
 * {@link #notes} from zero owns the subscription and calls the drain to the lane; the drain owns it until it has brought
 * the notes back to zero. Everything that reads the queue or speaks to the subscriber is done by the owner, so
 * cancellation cannot race with it: the owner of the moment clears up. The drain asks for one element, passes one on,
 * and looks at the clock; it neither asks for nor takes part in fusion, which would hide the source's work from it.
 */
final class SlicedSubscriber<T> implements CoreSubscriber<T>, Subscription, Runnable, Scannable {

    private final CoreSubscriber<? super T> actual;
    private final Worker worker;
    private final Slice slice;
    private final int prefetch;
    private final Queue<T> queue;

    private final AtomicInteger notes = new AtomicInteger();
    /** All demand so far; never lowered, so that only the drain has to count what was emitted. */
    private final AtomicLong requested = new AtomicLong();

    private Subscription upstream = Operators.emptySubscription();
    private @Nullable Throwable error;
    private volatile boolean done;
    private volatile boolean cancelled;

    // Owner only.
    private long emitted;
    private int inFlight;

    SlicedSubscriber(CoreSubscriber<? super T> actual, Worker worker, Slice slice, int prefetch) {
        this.actual = actual;
        this.worker = worker;
        this.slice = slice;
        this.prefetch = prefetch;
        this.queue = Queues.<T>get(prefetch).get();
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(upstream == Operators.emptySubscription() ? null : upstream, s)) {
            upstream = s;
            actual.onSubscribe(this);
        }
    }

    @Override
    public void onNext(T element) {
        if (done) {
            Operators.onNextDropped(element, currentContext());
            return;
        }
        if (!queue.offer(element)) {
            overflow(element);
        }
        leaveNote();
    }

    private void overflow(T element) {
        Operators.onDiscard(element, currentContext());
        error = Operators.onOperatorError(
                upstream,
                Exceptions.failWithOverflow(Exceptions.BACKPRESSURE_ERROR_QUEUE_FULL),
                element,
                currentContext());
        done = true;
    }

    @Override
    public void onError(Throwable failure) {
        if (done) {
            Operators.onErrorDropped(failure, currentContext());
            return;
        }
        error = Objects.requireNonNull(failure);
        done = true;
        leaveNote();
    }

    @Override
    public void onComplete() {
        done = true;
        leaveNote();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            leaveNote();
        }
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            upstream.cancel();
            leaveNote();
        }
    }

    private void leaveNote() {
        if (notes.getAndIncrement() == 0) {
            if (cancelled) {
                release();
            } else {
                handOver();
            }
        }
    }

    private void handOver() {
        try {
            worker.schedule(this);
        } catch (RejectedExecutionException e) {
            reject(e);
        }
    }

    private void reject(RejectedExecutionException e) {
        if (!cancelled) {
            cancelled = true;
            actual.onError(Operators.onRejectedExecution(e, upstream, error, null, currentContext()));
        }
        release();
    }

    @Override
    public void run() {
        long start = slice.now();
        int seen = notes.get();
        do {
            while (advance()) {
                if (slice.isUsedUp(start)) {
                    // One note stands for all: the next run looks at everything. A source that answers in the drain
                    // would otherwise count them up to an overflow.
                    notes.getAndSet(1);
                    handOver();
                    return;
                }
            }
            if (cancelled) {
                release();
                return;
            }
            seen = notes.addAndGet(-seen);
        } while (seen != 0);
    }

    private boolean advance() {
        boolean asked = ask();
        return pass() || asked;
    }

    /** Asks for one element, if there is room for it. A synchronous source computes it here and now. */
    private boolean ask() {
        if (cancelled || done || inFlight == prefetch) {
            return false;
        }
        inFlight++;
        upstream.request(1);
        return true;
    }

    /** Passes one element on, or the end. */
    private boolean pass() {
        boolean ended = done; // before the queue: what was queued before the end must be seen
        if (cancelled) {
            return false;
        }
        T element = emitted == requested.get() ? null : queue.poll();
        if (element == null) {
            if (ended && queue.isEmpty()) {
                end();
            }
            return false;
        }
        inFlight--;
        emitted++;
        actual.onNext(element);
        return true;
    }

    private void end() {
        cancelled = true;
        Throwable failure = error;
        if (failure == null) {
            actual.onComplete();
        } else {
            actual.onError(failure);
        }
    }

    /** Clears up as the owner, after the last signal to the subscriber. */
    private void release() {
        int seen = notes.get();
        do {
            Operators.onDiscardQueueWithClear(queue, currentContext(), null);
            seen = notes.addAndGet(-seen);
        } while (seen != 0);
        worker.dispose();
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by Reactor
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.PREFETCH) {
            return prefetch;
        }
        if (key == Attr.BUFFERED) {
            return queue.size();
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
