package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** How many public requests there are at once, and how many of them are turned away. */
public final class LoadMeters {

    private final MeterRegistry registry;

    /**
     * Registers in {@code registry}.
     *
     * @param ranks all words for what may be turned away: each is shown from zero on, since the first one of a counter that
     *     is not there yet looks like none
     */
    public LoadMeters(MeterRegistry registry, Stream<String> ranks) {
        this.registry = registry;
        ranks.forEach(rank -> Meters.SHED.counter(registry, rank));
    }

    /** Shows how many requests are in flight, and how many may be. */
    public void watch(IntSupplier inFlight, IntSupplier limit) {
        Meters.IN_FLIGHT.gauge(registry, inFlight::getAsInt);
        Meters.LIMIT.gauge(registry, limit::getAsInt);
    }

    /** A request of this rank was turned away. */
    public void shed(String rank) {
        Meters.SHED.counter(registry, rank).increment();
    }
}
