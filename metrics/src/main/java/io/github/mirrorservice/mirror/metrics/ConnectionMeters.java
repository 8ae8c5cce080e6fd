package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** How many connections each listener holds. */
public final class ConnectionMeters {

    private final MeterRegistry registry;

    /** Registers in {@code registry}. */
    public ConnectionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows the open connections of one listener, such as {@code public}. */
    public void watch(String listener, IntSupplier open) {
        Meters.CONNECTIONS.gauge(registry, open::getAsInt, listener);
    }
}
