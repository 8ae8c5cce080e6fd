package io.github.mirrorservice.mirror.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What a meter counts, and the upper bounds of its buckets if it is a histogram. */
public enum Kind {
    /** A value that goes up and down. */
    GAUGE,

    /** A count that only grows. */
    COUNTER,

    /** Durations as count, sum and longest. */
    TIMES,

    /** Durations of requests: an answer from memory takes some 100 µs, a large body to a slow reader many seconds. */
    REQUEST_TIMES(
            100,
            250,
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            25_000,
            50_000,
            100_000,
            250_000,
            500_000,
            1_000_000,
            2_500_000,
            10_000_000,
            60_000_000),

    /** Durations of ingests: nothing new takes some 50 ms, the first one seconds to minutes. */
    INGEST_TIMES(
            10_000,
            25_000,
            50_000,
            100_000,
            250_000,
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000,
            30_000_000,
            60_000_000,
            300_000_000,
            900_000_000),

    /** Durations around a cooperation slice of 250 µs. */
    SLICE_TIMES(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 1_000_000);

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
    private final List<Duration> buckets;

    Kind(long... bucketMicros) {
        buckets = Arrays.stream(bucketMicros)
                .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
                .toList();
    }

    Duration[] buckets() {
        return buckets.toArray(Duration[]::new);
    }
}
