package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Snapshots of which nothing matters but the archives that they name. */
public final class NamedArchives {

    private static final Commit COMMIT = new Commit(new CommitId("0123456789".repeat(4)), Instant.EPOCH);

    private NamedArchives() {}

    /** A snapshot that names these, all of the newest version. */
    public static Snapshot snapshot(Wanted... archives) {
        return new Snapshot(
                "repository",
                COMMIT,
                Instant.EPOCH,
                new Snapshot.Counts(archives.length, archives.length, archives.length, 0),
                Optional.empty(),
                Body.of("repo".getBytes(UTF_8)),
                Body.of("index".getBytes(UTF_8)),
                Mono.just(names(archives)));
    }

    private static ArchiveNames names(Wanted... archives) {
        Map<Digest, Wanted> byDigest = new HashMap<>();
        for (Wanted each : archives) {
            each.digests().forEach(digest -> byDigest.put(digest, each));
        }
        return new ArchiveNames(byDigest, List.of(List.of(archives)), List.of());
    }
}
