package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveCache.UnderWay;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.archive.ArchiveStore.Holdings;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Failures.Failure;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import reactor.core.publisher.Mono;

/** Hand-made snapshots. */
final class Samples {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final Instant COMMITTED = Instant.parse("2026-08-22T10:00:00Z");
    static final Instant PUBLISHED = Instant.parse("2026-08-22T10:05:00.5Z");
    static final Instant NOW = Instant.parse("2026-08-22T10:15:30Z");
    static final String REPO = "opam-version: \"2.0\"\nbrowse: \"https://opam.ocaml.org/pkg/\"\n";

    private Samples() {}

    /** A snapshot with an index of so many bytes. */
    static Snapshot snapshot(int indexBytes) {
        return snapshot("https://example.org/repository.git", COMMIT, indexBytes);
    }

    static Snapshot snapshot(String repository, String commit, int indexBytes) {
        byte[] index = new byte[indexBytes];
        new Random(commit.hashCode()).nextBytes(index);
        return new Snapshot(
                repository,
                new Commit(new CommitId(commit), COMMITTED),
                PUBLISHED,
                new Snapshot.Counts(4_596, 18_793, 11_496, 0),
                Optional.of("cache"),
                body(REPO.getBytes(StandardCharsets.UTF_8)),
                body(index),
                Mono.empty());
    }

    /** In several parts, as an index after some steps is; a body of one byte and more has at least one. */
    static Body body(byte[] bytes) {
        List<ByteBuffer> parts = new ArrayList<>();
        int part = bytes.length / 3 + 1;
        for (int from = 0; from < bytes.length; from += part) {
            byte[] some = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + part));
            parts.add(ByteBuffer.allocateDirect(some.length).put(some).flip().asReadOnlyBuffer());
        }
        return new Body(parts, bytes.length, HexFormat.of().formatHex(Sha256.of(bytes)));
    }

    static byte[] bytes(Body body) {
        ByteBuffer bytes = ByteBuffer.allocate(body.length());
        body.parts().forEach(part -> bytes.put(part.duplicate()));
        return bytes.array();
    }

    /** A mirror that has just looked at its remote, and found nothing wrong with it. */
    static Status status(Optional<Snapshot> served, Optional<ArchiveStatus> archives) {
        return status(served, archives, IngestStatus.NONE);
    }

    static Status status(Optional<Snapshot> served, Optional<ArchiveStatus> archives, IngestStatus ingest) {
        return status(served, archives, ingest, Optional.empty(), List.of());
    }

    static Status status(
            Optional<Snapshot> served,
            Optional<ArchiveStatus> archives,
            IngestStatus ingest,
            Optional<Waits.Trace> waits,
            List<UnderWay> downloads) {
        return new Status(
                NOW,
                "1.2.3",
                served.map(Snapshot::repository).orElse("https://example.org/repository.git"),
                served,
                ingest,
                waits,
                archives,
                downloads,
                Optional.of(new Disk(50_000_000_000L, 100_000_000_000L)));
    }

    /** Archives of which some are missing, and one could not be had. */
    static ArchiveStatus archives() {
        return new ArchiveStatus(
                Optional.of(COMMIT),
                12,
                3,
                new Holdings(20, 1_234_567),
                Holdings.NONE,
                List.of(failure(Reason.STATUS, "404 & \"gone\"")),
                Optional.empty(),
                List.of("packages/a/a.1/opam: url"),
                true,
                5_000,
                Optional.of(Duration.ofMinutes(7)));
    }

    /** Archives that have rotted, changed at their origin, and cannot be kept. */
    static ArchiveStatus badArchives() {
        return new ArchiveStatus(
                Optional.of(COMMIT),
                12,
                3,
                new Holdings(20, 1_234_567),
                new Holdings(2, 200),
                List.of(failure(Reason.MISMATCH, "gave other bytes")),
                Optional.of("No space left on device"),
                List.of(),
                false,
                0,
                Optional.empty());
    }

    private static Failure failure(Reason reason, String message) {
        Digest digest = Digest.of("md5=" + "a".repeat(32));
        Wanted wanted = new Wanted(List.of(new Claim(List.of(digest), List.of("http://origin.example/a.tar.gz"))));
        SourceFailure why = new SourceFailure(SourceFailure.Kind.ORIGIN, "<origin>", reason, message, Optional.empty());
        return new Failure(wanted, List.of(why), Instant.EPOCH, 2);
    }
}
