package io.github.mirrorservice.mirror.schedule;

import java.util.function.LongSupplier;

/**
 * How long work may hold its thread before it gives way.
 *
 * @param nanos the length in nanoseconds, positive
 * @param clock where the time comes from, in nanoseconds since whenever
 */
record Slice(long nanos, LongSupplier clock) {

    Slice {
        if (nanos <= 0) {
            throw new IllegalArgumentException("A slice lasts longer than nothing, not " + nanos
                    + " ns. Remedy: give a positive duration, or switch cooperation off.");
        }
    }

    long now() {
        return clock.getAsLong();
    }

    boolean isUsedUp(long since) {
        return now() - since >= nanos;
    }
}
