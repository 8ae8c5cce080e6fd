package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Content;
import io.github.mirrorservice.mirror.archive.Deposit;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.FileArchives;
import io.github.mirrorservice.mirror.opam.ArchiveNames;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.opam.SnapshotFile;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What verbs that end do with a data directory, one step after the other, waiting for each. */
final class Offline implements AutoCloseable {

    private static final int BLOCKING_THREADS = 2;
    private static final int PIECE = 64 * 1024;

    private final Path directory;
    private final Lanes lanes;
    private final ArchiveStore store;

    /** The data directory at this path, which has to be there. */
    Offline(Path directory) {
        this.directory = directory;
        this.lanes =
                Lanes.open(new LaneSettings(1, Placement.SEPARATE, Optional.empty(), BLOCKING_THREADS), nanos -> {});
        this.store = new FileArchives(directory, lanes.blocking());
    }

    Lanes lanes() {
        return lanes;
    }

    ArchiveStore store() {
        return store;
    }

    /** What a step emits, if anything. */
    <T> Optional<T> await(Mono<T> step) {
        return step.blockOptional();
    }

    /** The snapshot of a data directory, if there is one. */
    Optional<Snapshot> snapshot(Path place) {
        return await(new SnapshotFile(place, lanes.ingest(), lanes.blocking()).restore());
    }

    Optional<Snapshot> snapshot() {
        return snapshot(directory);
    }

    /** The archives that the snapshot names, none if there is no snapshot. */
    Optional<ArchiveNames> names() {
        return snapshot().flatMap(snapshot -> await(snapshot.archives()));
    }

    /** Serves this snapshot from the next start on. */
    void save(Snapshot snapshot) {
        await(new SnapshotFile(directory, lanes.ingest(), lanes.blocking()).save(snapshot));
    }

    /** All archives that are held. */
    List<Archive> archives() {
        return await(store.all().collectList()).orElseThrow();
    }

    /** Puts bytes into a store, if they are what they are said to be. */
    boolean put(ArchiveStore target, Digest expected, InputStream bytes) throws IOException {
        return put(target, expected, deposit -> copy(bytes, deposit));
    }

    /** Copies an archive into another store, if it is what it is said to be. */
    boolean put(ArchiveStore target, Archive archive) throws IOException {
        return put(target, archive.sha256(), archive.content()::copyTo);
    }

    private boolean put(ArchiveStore target, Digest expected, Writer writer) throws IOException {
        try (Deposit deposit = await(target.deposit()).orElseThrow()) {
            writer.writeTo(deposit::append);
            boolean right = deposit.digests().all().contains(expected);
            if (right) {
                deposit.keep();
            }
            return right;
        }
    }

    private static void copy(InputStream bytes, Content.Sink target) throws IOException {
        byte[] piece = new byte[PIECE];
        for (int count = bytes.read(piece); count > 0; count = bytes.read(piece)) {
            target.write(ByteBuffer.wrap(piece, 0, count));
        }
    }

    /** What writes an archive. */
    private interface Writer {
        void writeTo(Content.Sink target) throws IOException;
    }

    @Override
    public void close() {
        lanes.close();
    }
}
