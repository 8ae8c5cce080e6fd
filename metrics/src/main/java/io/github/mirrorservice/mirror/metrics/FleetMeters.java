package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * How a replica keeps up with the others, and how the object store that they share answers. A mirror that shares none has no such
 * meter: a zero would look like a replica that is far behind.
 */
public final class FleetMeters {

    private final MeterRegistry registry;

    /** Registers in {@code registry}. */
    public FleetMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Shows where this replica is in the log of publications.
     *
     * @param position the number of the publication that it serves
     * @param seen when it last knew that this was the newest, in seconds since 1970
     */
    public void watchLog(LongSupplier position, DoubleSupplier seen) {
        Meters.LOG_POSITION.gauge(registry, position::getAsLong);
        Meters.LOG_SEEN.gauge(registry, seen::getAsDouble);
    }

    /** A call of the object store has ended; both words are from fixed sets. */
    public void called(String operation, String result, Duration taken) {
        Meters.OBJECT_STORE.timer(registry, operation, result).record(taken);
    }
}
