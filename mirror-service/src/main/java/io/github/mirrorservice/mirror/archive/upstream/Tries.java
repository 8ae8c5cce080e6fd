package io.github.mirrorservice.mirror.archive.upstream;

import java.time.Duration;

/**
 * How much is tried for one archive.
 *
 * @param again how often a source is asked again if that may help
 * @param firstPause how long a source is left alone before that, if it does not say; twice as long each further time
 * @param longestPause a source that wants a longer pause is left alone for good: the next one is asked
 * @param total how long it may take in all, with all sources and pauses
 */
public record Tries(int again, Duration firstPause, Duration longestPause, Duration total) {

    /** For sources on the Internet. */
    public static final Tries STANDARD =
            new Tries(2, Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofHours(1));

    /** Refuses what is negative, and a total that lets nothing through. */
    public Tries {
        if (again < 0 || firstPause.isNegative() || longestPause.isNegative() || total.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException(
                    "neither a number of tries nor a pause is negative, and the total is positive");
        }
    }
}
