package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a mirror is doing at one moment.
 *
 * @param now that moment
 * @param version what runs
 * @param repository the remote without credentials
 * @param served what is served, if anything is by now
 * @param ingest what ingests do and did
 * @param waits how long requests waited around the last ingest that changed what is served, if there was one
 * @param archives the archives, if they are cached
 * @param downloads the archives that are on their way
 * @param disk the disk, if somebody has looked at it by now
 */
public record Status(
        Instant now,
        String version,
        String repository,
        Optional<Snapshot> served,
        IngestStatus ingest,
        Optional<Waits.Trace> waits,
        Optional<ArchiveStatus> archives,
        List<ArchiveCache.UnderWay> downloads,
        Optional<Disk> disk) {}
