package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What archives there are, how requests for them go, and how sources give them. All words are from fixed sets. */
public final class ArchiveMeters {

    private final MeterRegistry registry;

    /** Registers in {@code registry}. */
    public ArchiveMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how many archives are in a state, such as {@code held}. */
    public void count(String state, LongSupplier archives) {
        Meters.ARCHIVES.gauge(registry, archives::getAsLong, state);
    }

    /** Shows how many bytes they have. */
    public void bytes(String state, LongSupplier bytes) {
        Meters.ARCHIVE_BYTES.gauge(registry, bytes::getAsLong, state);
    }

    /** Shows how many archives are still to be asked for without a client. */
    public void due(LongSupplier archives) {
        Meters.ARCHIVES_DUE.gauge(registry, archives::getAsLong);
    }

    /** A request went so. */
    public void requested(String result) {
        Meters.ARCHIVE_REQUESTS.counter(registry, result).increment();
    }

    /** A source of this kind gave an archive. */
    public void fetched(String source, Duration taken, long bytes) {
        Meters.ARCHIVE_FETCH.timer(registry, source).record(taken);
        Meters.ARCHIVE_FETCH_BYTES.counter(registry, source).increment((double) bytes);
    }

    /** Shows failures that are alarms from zero on: the first one of a counter that is not there yet looks like none. */
    public void mayFail(String source, String reason) {
        Meters.ARCHIVE_FETCH_FAILURES.counter(registry, source, reason);
    }

    /** A source of this kind did not give one. */
    public void failed(String source, String reason) {
        Meters.ARCHIVE_FETCH_FAILURES.counter(registry, source, reason).increment();
    }
}
