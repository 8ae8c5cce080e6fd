package io.github.mirrorservice.mirror;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** How much comes in a second, over the last whole period. */
final class Throughput {

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong archives = new AtomicLong();
    private volatile Rate rate = new Rate(0, 0);
    private long since = System.nanoTime();

    /**
     * What comes in a second.
     *
     * @param bytes how many bytes
     * @param archives how many archives
     */
    record Rate(double bytes, double archives) {

        /** How long so many archives take, unless none come. */
        Optional<Duration> timeFor(int count) {
            return archives > 0 ? Optional.of(Duration.ofSeconds((long) (count / archives))) : Optional.empty();
        }
    }

    /** An archive has come. */
    void add(long length) {
        bytes.addAndGet(length);
        archives.incrementAndGet();
    }

    /** Ends a period; from one thread at a time. */
    Rate turn() {
        long now = System.nanoTime();
        double seconds = Math.max(1, now - since) / (double) TimeUnit.SECONDS.toNanos(1);
        since = now;
        rate = new Rate(bytes.getAndSet(0) / seconds, archives.getAndSet(0) / seconds);
        return rate;
    }

    /** What came in the last whole period. */
    Rate rate() {
        return rate;
    }
}
