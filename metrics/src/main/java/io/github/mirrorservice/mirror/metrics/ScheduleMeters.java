package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** How long ingest holds a lane, and how late the lane therefore is. */
public final class ScheduleMeters {

    private final MeterRegistry registry;

    /** Registers in {@code registry}. */
    public ScheduleMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Takes the nanoseconds that each slice held a thread of the lane. */
    public LongConsumer slices(String lane) {
        return recorder(Meters.SLICE.timer(registry, lane));
    }

    /** Takes the nanoseconds by which each timer on the lane fired late. */
    public LongConsumer delays(String lane) {
        return recorder(Meters.DELAY.timer(registry, lane));
    }

    private static LongConsumer recorder(Timer timer) {
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }
}
