package io.github.mirrorservice.mirror.schedule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/** The flux behind {@link Cooperation#publishOn(Flux, int)}: gives every subscriber a worker of the lane. */
final class SlicedPublishOn<T> extends FluxOperator<T, T> {

    private final Scheduler lane;
    private final Slice slice;
    private final int prefetch;

    private SlicedPublishOn(Flux<T> source, Scheduler lane, Slice slice, int prefetch) {
        super(source);
        this.lane = lane;
        this.slice = slice;
        this.prefetch = prefetch;
    }

    static <T> Flux<T> assemble(Flux<T> source, Scheduler lane, Slice slice, int prefetch) {
        if (prefetch < 1) {
            throw new IllegalArgumentException("prefetch is at least 1, not " + prefetch);
        }
        return onAssembly(new SlicedPublishOn<>(source, lane, slice, prefetch));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Scheduler.Worker worker;
        try {
            worker = Objects.requireNonNull(lane.createWorker(), "the lane gave no worker");
        } catch (RuntimeException e) {
            Operators.error(actual, Operators.onOperatorError(e, actual.currentContext()));
            return;
        }
        source.subscribe(new SlicedSubscriber<>(actual, worker, slice, prefetch));
    }

    @Override
    public int getPrefetch() {
        return prefetch;
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by Reactor
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.RUN_ON) {
            return lane;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : super.scanUnsafe(key);
    }
}
