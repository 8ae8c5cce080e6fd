package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.Invariant.Broken;
import io.github.mirrorservice.mirror.archive.CacheAudit;
import io.github.mirrorservice.mirror.archive.ObjectAudit;
import io.github.mirrorservice.mirror.objects.S3Location;
import io.github.mirrorservice.mirror.objects.S3Objects;
import io.github.mirrorservice.mirror.opam.LogAudit;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.opam.SnapshotAudit;
import io.github.mirrorservice.mirror.opam.SnapshotLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What replicas keep in an object store, read again as a whole, whether or not they run.
 *
 * @param snapshot the newest publication, if it can be read
 * @param archives how many archives are what their names say
 * @param broken what is not as it has to be
 */
record SharedState(Optional<Snapshot> snapshot, int archives, List<Broken> broken) {

    /** Reads all of it and changes nothing. */
    static SharedState read(S3Location location, Offline offline) throws IOException {
        try (S3Objects objects = new S3Objects(location, (operation, result, taken) -> {})) {
            List<Broken> broken = new ArrayList<>();
            LogAudit.Report log = LogAudit.of(
                    new SnapshotLog(objects, "verify", offline.lanes().ingest()));
            log.gaps().forEach(line -> broken.add(Invariant.I4.broken(line)));
            log.damaged().forEach(line -> broken.add(Invariant.I3.broken(line)));
            log.newest()
                    .map(SnapshotAudit::wrong)
                    .ifPresent(wrong -> wrong.forEach(line -> broken.add(Invariant.I2.broken(line))));
            CacheAudit.Report archives = ObjectAudit.of(objects);
            archives.wrong().forEach(line -> broken.add(Invariant.I1.broken(line)));
            return new SharedState(log.newest(), archives.sound().size(), broken);
        }
    }
}
