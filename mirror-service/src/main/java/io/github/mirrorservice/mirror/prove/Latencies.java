package io.github.mirrorservice.mirror.prove;

import java.util.List;

/** The latencies of some requests: all of them, so that every quantile is exact. */
final class Latencies {

    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] sorted;

    private Latencies(long[] sorted) {
        this.sorted = sorted;
    }

    static Latencies of(List<Sample> samples) {
        return new Latencies(
                samples.stream().mapToLong(Sample::latency).sorted().toArray());
    }

    int count() {
        return sorted.length;
    }

    /** The milliseconds that this share of the requests did not exceed; 0 if there were none. */
    double quantile(double share) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI;
    }

    double max() {
        return quantile(1);
    }
}
