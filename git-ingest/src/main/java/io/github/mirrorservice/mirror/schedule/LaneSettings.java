package io.github.mirrorservice.mirror.schedule;

import java.time.Duration;
import java.util.Optional;

/**
 * What the lanes are made of.
 *
 * @param eventLoops how many threads serve HTTP, at least 1
 * @param ingest where ingest computes
 * @param slice how long ingest may hold a thread before it gives way; empty takes the cooperation out, for comparison
 * @param blockingThreads how many blocking calls may be under way at once, at least 1
 */
public record LaneSettings(int eventLoops, Placement ingest, Optional<Duration> slice, int blockingThreads) {

    /** Where ingest computes. */
    public enum Placement {
        /** On the event loops that serve HTTP. */
        SHARED,
        /** On as many threads of its own. */
        SEPARATE
    }

    public LaneSettings {
        atLeastOne("event loop", eventLoops);
        atLeastOne("blocking thread", blockingThreads);
        if (slice.filter(cut -> cut.isZero() || cut.isNegative()).isPresent()) {
            throw new IllegalArgumentException(
                    "A slice lasts longer than nothing, not " + slice.get() + ". Remedy: 250us, or off.");
        }
    }

    private static void atLeastOne(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("There must be one " + what + " or more, not " + count + ".");
        }
    }
}
