package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What happened in one cell.
 *
 * @param cell how the mirror was run
 * @param failedBefore how many requests failed while the mirror warmed up, of which nothing else counts
 * @param samples every request, in any order
 * @param windows what the mirror did, as long as it was not idle
 */
record Trace(Cell cell, long failedBefore, List<Sample> samples, List<Window> windows) {

    private static final double NANOS_PER_MILLI = 1e6;

    long failed() {
        return failedBefore
                + samples.stream().filter(sample -> !sample.served()).count();
    }

    /** Of requests that lay in no window, from first to last. */
    Latencies idle() {
        return latencies(sample -> windows.stream().noneMatch(window -> window.touches(sample.due(), sample.done())));
    }

    /** Of requests that any part of an ingest lay in. */
    Latencies running() {
        return latencies(sample ->
                windows.stream().anyMatch(window -> window.isIngest() && window.touches(sample.due(), sample.done())));
    }

    private Latencies latencies(Predicate<Sample> which) {
        return Latencies.of(samples.stream().filter(which).toList());
    }

    /** Milliseconds of the longest silence that fell mostly into windows of this kind, or into none if it is absent. */
    double longestSilence(Optional<Kind> kind) {
        return Silence.in(samples).stream()
                        .filter(silence -> kindOf(silence).equals(kind))
                        .mapToLong(Silence::length)
                        .max()
                        .orElse(0)
                / NANOS_PER_MILLI;
    }

    private Optional<Kind> kindOf(Silence silence) {
        Map<Kind, Long> overlaps = new EnumMap<>(Kind.class);
        long idle = silence.length();
        for (Window window : windows) {
            long overlap = window.overlap(silence.from(), silence.to());
            overlaps.merge(window.kind(), overlap, Long::sum);
            idle -= overlap;
        }
        long left = idle;
        return overlaps.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(most -> most.getValue() >= left)
                .map(Map.Entry::getKey);
    }

    /** Milliseconds of the greatest delay that the measurement itself brought in: no finding can be finer than that. */
    double ownDelay() {
        return samples.stream().mapToLong(Sample::lateness).max().orElse(0) / NANOS_PER_MILLI;
    }

    /** Milliseconds spent in windows of this kind. */
    double spent(Kind kind) {
        return windows.stream()
                        .filter(window -> window.kind() == kind)
                        .mapToLong(window -> window.to() - window.from())
                        .sum()
                / NANOS_PER_MILLI;
    }
}
