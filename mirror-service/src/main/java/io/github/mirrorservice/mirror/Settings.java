package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.opam.PublishGuard;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * All that a mirror is told.
 *
 * @param remote what it mirrors
 * @param store where Git objects live
 * @param data the directory of everything that is kept
 * @param host the address of both listeners
 * @param port the public listener; 0 picks one
 * @param managementPort the listener for probes, metrics and administration; 0 picks one
 * @param poll the pause between two looks at the remote
 * @param guard what must not be published
 * @param lanes the threads
 * @param archives what it does about source archives
 */
record Settings(
        Remote remote,
        Store store,
        Path data,
        String host,
        int port,
        int managementPort,
        Duration poll,
        PublishGuard guard,
        LaneSettings lanes,
        ArchiveSettings archives) {

    private static final int HIGHEST_PORT = 65_535;
    private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_POLL = Duration.ofHours(24);

    Settings {
        requirePort("--port", port);
        requirePort("--management-port", managementPort);
        if (poll.compareTo(SHORTEST_POLL) < 0 || poll.compareTo(LONGEST_POLL) > 0) {
            throw new IllegalArgumentException(
                    "--poll, the pause between two looks at the remote, is 100ms to 24h, such as 60s");
        }
    }

    private static void requirePort(String option, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(option + " is a number from 0 to " + HIGHEST_PORT + ", not " + port);
        }
    }

    /** Where Git objects, or archives, live. */
    enum Store {
        /** In memory: gone with the process. */
        MEMORY,
        /** In the data directory. */
        FILE
    }
}
