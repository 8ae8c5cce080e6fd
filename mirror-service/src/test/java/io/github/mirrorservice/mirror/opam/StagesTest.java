package io.github.mirrorservice.mirror.opam;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.BlobReader;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.GitAuthor;
import io.github.mirrorservice.mirror.git.GitLimits;
import io.github.mirrorservice.mirror.git.GitMirror;
import io.github.mirrorservice.mirror.git.GitRemote;
import io.github.mirrorservice.mirror.git.TreeChange;
import io.github.mirrorservice.mirror.opam.Snapshots.Advance;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * Every stage of an ingest gives its thread back, whatever store is composed in. A slice lasts no time at all here, so that
 * a stage takes one slice for each of its elements: as many slices as there are elements are as many chances for clients.
 */
final class StagesTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration NO_TIME = Duration.ofNanos(1);
    private static final int BLOCKING_THREADS = 4;
    private static final int PACKAGES = 1_000;

    private final LongAdder slices = new LongAdder();
    private final Lanes lanes = Lanes.open(
            new LaneSettings(1, Placement.SHARED, Optional.of(NO_TIME), BLOCKING_THREADS), nanos -> slices.increment());
    private final FakeTree tree = new FakeTree().put("repo", "opam-version: \"2.0\"\n");

    @TempDir
    Path place;

    /** Where the files are. */
    enum Store {
        /** Packs in memory. */
        MEMORY,
        /** Packs on disk. */
        FILE,
        /** A hash table, which answers at once, on the thread that asks, and never yields: nothing but the stages do. */
        HASH_TABLE
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @ParameterizedTest
    @EnumSource
    void the_changes_of_the_tree_come_in_slices(Store store) {
        putPackages(PACKAGES);

        try (Files files = files(store)) {
            snapshots(files.blobs()).edit(OpamTree.EMPTY, files.listing()).as(this::await);
        }

        assertThat(slices.sum()).isGreaterThanOrEqualTo(PACKAGES);
    }

    @ParameterizedTest
    @EnumSource
    void entries_are_merged_in_slices_parsed_in_slices_and_deflated_in_slices(Store store) {
        putPackages(PACKAGES);

        try (Files files = files(store)) {
            Snapshots snapshots = snapshots(files.blobs());
            TreeEdit edit = await(snapshots.edit(OpamTree.EMPTY, files.listing()));
            slices.reset();
            await(snapshots.next(edit, files.commit(), Optional.empty()));
        }

        assertThat(slices.sum()).isGreaterThanOrEqualTo(3 * PACKAGES);
    }

    @Test
    void entries_that_stay_are_merged_in_slices() {
        putPackages(64 * 200);
        Advance basis = scratch();
        Map<String, BlobId> before = tree.files();
        tree.remove("packages/p0/p0.1/opam");
        Snapshots snapshots = snapshots(tree, new PublishGuard(0));
        TreeEdit edit = await(snapshots.edit(basis.tree(), tree.changesSince(before)));
        slices.reset();

        // Held back for its loss, the step ends once the entries are merged.
        StepVerifier.create(snapshots.next(edit, tree.commit(), Optional.of(basis.snapshot())))
                .expectError(OpamException.Held.class)
                .verify(DEADLINE);

        assertThat(slices.sum()).isGreaterThanOrEqualTo(200);
    }

    @Test
    void segments_that_stay_are_joined_in_slices() {
        putPackages(64 * 200);
        Advance basis = scratch();
        Map<String, BlobId> before = tree.files();
        tree.putPackage("p500.1", "changed");
        slices.reset();

        Advance next = step(basis, before);

        int segments = next.tree().segments().size();
        assertThat(segments).isGreaterThan(300);
        assertThat(slices.sum()).isGreaterThanOrEqualTo(200 + segments);
    }

    @Test
    void a_large_index_is_put_together_in_slices() {
        byte[] noise = new byte[512 * 1024];
        for (int i = 0; i < 60; i++) {
            new Random(i).nextBytes(noise);
            tree.put("packages/large/large.1/files/noise-" + i, noise.clone());
        }
        putPackages(PACKAGES);
        tree.putPackage("large.1", "large");
        Advance basis = scratch();
        Map<String, BlobId> before = tree.files();
        tree.putPackage("p500.1", "changed");
        slices.reset();

        step(basis, before);

        assertThat(slices.sum()).isGreaterThanOrEqualTo(60 * noise.length / (32 * 1024));
    }

    @Test
    void the_archives_that_a_tree_names_are_gathered_and_told_in_slices() {
        putArchives(PACKAGES);
        Snapshot snapshot = scratch().snapshot();
        slices.reset();

        ArchiveNames names = await(snapshot.archives());

        assertThat(slices.sum()).isGreaterThanOrEqualTo(2 * PACKAGES);
        slices.reset();
        assertThat(await(names.newSince(names, lanes.ingest()).count())).isZero();
        assertThat(slices.sum()).isGreaterThanOrEqualTo(PACKAGES);
    }

    @Test
    void the_archives_that_a_saved_index_names_are_read_out_of_it_in_slices() {
        putArchives(PACKAGES);
        SnapshotFile file = new SnapshotFile(place, lanes.ingest(), lanes.blocking());
        await(file.save(scratch().snapshot()));
        Snapshot restored = await(file.restore());
        slices.reset();

        assertThat(await(restored.archives()).size()).isEqualTo(PACKAGES);

        int pieces = PACKAGES * 1_024 / (16 * 1_024);
        assertThat(slices.sum()).isGreaterThanOrEqualTo(2 * PACKAGES + pieces);
    }

    private void putArchives(int count) {
        for (int i = 0; i < count; i++) {
            String checksum = String.format(Locale.ROOT, "md5=%032x", i);
            tree.put(
                    "packages/p" + i + "/p" + i + ".1/opam",
                    FakeTree.opamFile("text") + "url { src: \"http://origin.example/" + i + "\" checksum: \"" + checksum
                            + "\" }\n");
        }
    }

    private void putPackages(int count) {
        for (int i = 0; i < count; i++) {
            tree.putPackage("p" + i + ".1", "text " + i);
        }
    }

    private Advance scratch() {
        return advance(snapshots(tree), OpamTree.EMPTY, tree, Map.of());
    }

    private Advance step(Advance basis, Map<String, BlobId> before) {
        return advance(snapshots(tree), basis.tree(), tree, before);
    }

    private Advance advance(Snapshots snapshots, OpamTree basis, FakeTree from, Map<String, BlobId> before) {
        return await(snapshots
                .edit(basis, from.changesSince(before))
                .flatMap(edit -> snapshots.next(edit, from.commit(), Optional.empty())));
    }

    private Snapshots snapshots(BlobReader blobs) {
        return snapshots(blobs, new PublishGuard(1));
    }

    private Snapshots snapshots(BlobReader blobs, PublishGuard guard) {
        return new Snapshots("test", blobs, lanes.ingest(), () -> guard, Optional.empty(), Clock.systemUTC());
    }

    private Files files(Store store) {
        return switch (store) {
            case HASH_TABLE -> new Files(tree, tree.listing(), tree.commit(), () -> {});
            case MEMORY -> fetched(GitMirror.inMemory(remote(), GitLimits.STANDARD, lanes.blocking()));
            case FILE ->
                fetched(GitMirror.onDisk(place.resolve("git"), remote(), GitLimits.STANDARD, lanes.blocking()));
        };
    }

    private Files fetched(GitMirror mirror) {
        Commit tip = await(mirror.fetch());
        return new Files(mirror, mirror.changes(Optional.empty(), tip.id()), tip, mirror::close);
    }

    private GitRemote remote() {
        Path upstream = place.resolve("upstream");
        try (GitAuthor author = GitAuthor.at(upstream)) {
            author.commit(
                    tree.contents().entrySet().stream()
                            .collect(toMap(Map.Entry::getKey, file -> Optional.of(file.getValue()))),
                    "all",
                    Instant.EPOCH);
        }
        return GitRemote.parse(upstream.toString());
    }

    private <T> T await(Mono<T> work) {
        return Optional.ofNullable(work.block(DEADLINE)).orElseThrow();
    }

    /** Files at a commit, in one store or another. */
    private record Files(BlobReader blobs, Flux<TreeChange> listing, Commit commit, Runnable end)
            implements AutoCloseable {

        @Override
        public void close() {
            end.run();
        }
    }
}
