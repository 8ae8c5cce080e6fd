package io.github.mirrorservice.mirror.schedule;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * A lane for work that must not make anyone else wait, and the operator that gives the lane back in time.
 *
 * <p>Reactor's {@code publishOn} works for as long as its source supplies; whoever else needs the thread waits for the
 * end. {@code source.transform(cooperation::publishOn)} takes the elements to the lane as well, but when it has held
 * its thread for one time slice it hands the thread over and queues up again behind whoever waits.
 *
 * <p>It stands between any two stages that compute, and below the first. A stage it cannot bound is one that asks its
 * own source for many elements at once ({@code flatMap}, {@code concatMap}, {@code buffer}) or for long (a filter that
 * lets little pass): such a stage has cooperation above it as well.
 */
public final class Cooperation {

    /** How many elements wait between a source and its reader: enough to bridge a hand-over, few enough to be cheap. */
    private static final int PREFETCH = 32;

    private final Scheduler lane;
    private final Optional<Slice> slice;

    private Cooperation(Scheduler lane, Optional<Slice> slice) {
        this.lane = lane;
        this.slice = slice;
    }

    /**
     * Cooperation on {@code lane}, which has threads of its own, that holds a thread for one {@code slice} at a time.
     * Only on a lane of {@link Lanes} does it give way to I/O too, rather than to other tasks alone.
     */
    public static Cooperation on(Scheduler lane, Duration slice) {
        return on(lane, slice, System::nanoTime);
    }

    /** The same with a clock of its own, in nanoseconds, such as a simulation has. */
    public static Cooperation on(Scheduler lane, Duration slice, LongSupplier nanoClock) {
        return new Cooperation(lane, Optional.of(new Slice(slice.toNanos(), nanoClock)));
    }

    /** The rival, for comparison: {@link Flux#publishOn(Scheduler)} on {@code lane}, which never gives way. */
    public static Cooperation off(Scheduler lane) {
        return new Cooperation(lane, Optional.empty());
    }

    /**
     * Where the work runs. A {@code Mono} starts there by {@code subscribeOn(cooperation.lane())}. On a lane of {@link
     * Lanes} each hop of a plain Reactor operator gives way as well.
     */
    public Scheduler lane() {
        return lane;
    }

    /** {@link #publishOn(Flux, int)} with room for 32 elements. */
    public <T> Flux<T> publishOn(Flux<T> source) {
        return publishOn(source, PREFETCH);
    }

    /**
     * Emits the elements of {@code source}, in order, on the lane, one time slice after the other.
     *
     * <p>{@code source} is subscribed on the caller's thread, but asked for elements on the lane only, not before the
     * first demand, and for one at a time: what a synchronous source computes in answer counts against the slice. So
     * the thread is held for one slice plus the work on at most one element, above and below this operator.
     *
     * <p>An error comes after the elements that were emitted before it. When the lane refuses work, the error is a
     * {@link java.util.concurrent.RejectedExecutionException}. Elements that a cancellation finds waiting are discarded
     * through Reactor's discard hook.
     *
     * @param prefetch how many elements may be asked for ahead of the demand, at least 1
     */
    public <T> Flux<T> publishOn(Flux<T> source, int prefetch) {
        return slice.map(cut -> SlicedPublishOn.assemble(source, lane, cut, prefetch))
                .orElseGet(() -> source.publishOn(lane, prefetch));
    }
}
