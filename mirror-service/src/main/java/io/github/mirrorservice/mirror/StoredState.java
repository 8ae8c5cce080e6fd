package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.Invariant.Broken;
import io.github.mirrorservice.mirror.archive.CacheAudit;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.opam.SnapshotAudit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * What a data directory holds, read again as a whole, whether or not a mirror uses it.
 *
 * @param snapshot the saved snapshot, if there is one and it can be read
 * @param archives those that are what their names say, by their SHA-256
 * @param broken what is not as it has to be
 */
record StoredState(Optional<Snapshot> snapshot, NavigableMap<Digest, Digests> archives, List<Broken> broken) {

    private static final Duration OLDEST = Duration.ofHours(1);

    /** Reads all of it and changes nothing. */
    static StoredState read(Path data, Offline offline) throws IOException {
        List<Broken> broken = new ArrayList<>();
        Optional<Snapshot> snapshot = snapshot(offline, broken);
        CacheAudit.Report cache = CacheAudit.of(data);
        cache.wrong().forEach(line -> broken.add(Invariant.I1.broken(line)));
        Leftovers.before(Instant.now().minus(OLDEST), data)
                .forEach(file -> broken.add(Invariant.I6.broken(file + " was begun more than an hour ago")));
        return new StoredState(snapshot, cache.sound(), broken);
    }

    private static Optional<Snapshot> snapshot(Offline offline, List<Broken> broken) {
        try {
            Optional<Snapshot> snapshot = offline.snapshot();
            snapshot.map(SnapshotAudit::wrong)
                    .ifPresent(wrong -> wrong.forEach(line -> broken.add(Invariant.I2.broken(line))));
            return snapshot;
        } catch (OpamException.Disk damaged) {
            broken.add(Invariant.I3.broken(damaged.getMessage()));
            return Optional.empty();
        }
    }
}
