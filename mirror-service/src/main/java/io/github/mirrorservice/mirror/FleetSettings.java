package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.objects.S3Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a mirror is told that is one of several replicas.
 *
 * @param store where they keep what they share
 * @param cache where this replica keeps some archives at hand, if it does
 * @param poll the pause between two looks for what another replica has published
 */
record FleetSettings(S3Location store, Optional<LocalCache> cache, Duration poll) {

    private static final Duration SHORTEST_POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_POLL = Duration.ofMinutes(1);

    FleetSettings {
        if (poll.compareTo(SHORTEST_POLL) < 0 || poll.compareTo(LONGEST_POLL) > 0) {
            throw new IllegalArgumentException(
                    "--log-poll, the pause between two looks for what another replica has published, is 50ms to 1m, such as 1s");
        }
    }

    /**
     * Archives at hand.
     *
     * @param folder where they are; of this replica alone
     * @param bytes how many at the most
     */
    record LocalCache(Path folder, long bytes) {}
}
