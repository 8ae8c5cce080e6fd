package io.github.mirrorservice.mirror.schedule;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * A lane for work that must not make anyone else wait, and the operator that cuts the work into time slices.
 *
 * <p>{@code source.transform(cooperation::publishOn)} is {@link Flux#publishOn(Scheduler)} with a conscience: it moves
 * the elements to the lane, and whenever it has held its thread for one slice it hands the thread back and queues up
 * again behind whoever waits. Put it directly below a stage that computes and directly above the next one.
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

    /** Cooperation on {@code lane} that holds a thread for one {@code slice} at a time, plus at most one element. */
    public static Cooperation on(Scheduler lane, Duration slice) {
        return on(lane, slice, System::nanoTime);
    }

    static Cooperation on(Scheduler lane, Duration slice, LongSupplier nanoClock) {
        return new Cooperation(lane, Optional.of(new Slice(slice.toNanos(), nanoClock)));
    }

    /** The rival, for comparison: {@link Flux#publishOn(Scheduler)} on {@code lane}, which never gives way. */
    public static Cooperation off(Scheduler lane) {
        return new Cooperation(lane, Optional.empty());
    }

    /** Where the work runs. A {@code Mono} starts there by {@code subscribeOn(cooperation.lane())}. */
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
     * <p>{@code source} is subscribed on the caller's thread, but asked for elements on the lane only, one at a time
     * and not before the first demand: what a synchronous source computes in answer counts against the slice. So the
     * thread is held for one slice plus the work on at most one element, above and below this operator. A source that
     * works long for a single element (a filter that lets little pass) needs its own {@code publishOn} above it.
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
