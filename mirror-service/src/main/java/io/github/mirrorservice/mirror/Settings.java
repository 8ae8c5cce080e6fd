package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.opam.PublishGuard;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * All that a mirror is told.
 *
 * @param remote what it mirrors
 * @param store where Git objects live
 * @param data the directory of everything that is kept
 * @param listen where it listens, and how
 * @param poll the pause between two looks at the remote
 * @param guard what must not be published
 * @param lanes the threads
 * @param archives what it does about source archives
 * @param fleet what it shares with other replicas, if it does
 */
record Settings(
        Remote remote,
        Store store,
        Path data,
        ListenSettings listen,
        Duration poll,
        PublishGuard guard,
        LaneSettings lanes,
        ArchiveSettings archives,
        Optional<FleetSettings> fleet) {

    private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_POLL = Duration.ofHours(24);

    Settings {
        if (poll.compareTo(SHORTEST_POLL) < 0 || poll.compareTo(LONGEST_POLL) > 0) {
            throw new IllegalArgumentException(
                    "--poll, the pause between two looks at the remote, is 100ms to 24h, such as 60s");
        }
        if (fleet.isPresent() && archives.store() == Store.MEMORY) {
            throw new IllegalArgumentException(
                    "--archive-store memory is for this process alone: leave it out beside --object-store");
        }
        archives = fleet.isPresent() ? archives.unscrubbed() : archives;
    }

    /** Where Git objects, or archives, live. */
    enum Store {
        /** In memory: gone with the process. */
        MEMORY,
        /** In the data directory. */
        FILE
    }
}
