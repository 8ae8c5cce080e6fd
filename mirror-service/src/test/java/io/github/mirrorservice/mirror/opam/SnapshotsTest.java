package io.github.mirrorservice.mirror.opam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.TreeChange;
import io.github.mirrorservice.mirror.opam.Snapshots.Advance;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

final class SnapshotsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

    private final Scheduler lane = Schedulers.newSingle("test-lane", true);
    private final FakeTree tree =
            new FakeTree().put("repo", "opam-version: \"2.0\"\n").put("version", "0.9.0\n");

    @AfterEach
    void disposeLane() {
        lane.dispose();
    }

    @Test
    void the_index_holds_the_files_of_the_tree_in_path_order() {
        tree.putPackage("b.1", "one").putPackage("a.2~beta", "two").put("packages/a/a.2~beta/files/x.patch", "patch");
        tree.put("README.md", "not for clients").put(".github/workflows/ci.yml", "nor this");

        Map<String, byte[]> files = Untar.files(scratch().snapshot().index());

        assertThat(files.keySet())
                .containsExactly(
                        "packages/a/a.2~beta/files/x.patch",
                        "packages/a/a.2~beta/opam",
                        "packages/b/b.1/opam",
                        "repo",
                        "version");
        assertThat(files.get("packages/b/b.1/opam")).asString().isEqualTo(FakeTree.opamFile("one"));
    }

    @Test
    void the_repo_file_in_the_index_is_the_one_served_and_names_the_commit() {
        tree.putPackage("a.1", "one");

        Snapshot snapshot = scratch().snapshot();

        assertThat(Untar.files(snapshot.index()).get("repo")).isEqualTo(Untar.bytes(snapshot.repo()));
        assertThat(Untar.bytes(snapshot.repo()))
                .asString()
                .contains("stamp: \"" + tree.commit().id() + "\"");
    }

    @Test
    void a_tree_without_repo_file_gets_a_minimal_one() {
        tree.remove("repo").remove("version").putPackage("a.1", "one");

        assertThat(Untar.bytes(scratch().snapshot().repo())).asString().contains("opam-version: \"2.0\"");
    }

    @Test
    void long_paths_are_kept_whole() {
        String folder = "packages/a/a.1/files/" + "d".repeat(90) + "/";
        tree.putPackage("a.1", "one")
                .put(folder + "f".repeat(50), "in ustar's prefix")
                .put(folder + "g".repeat(200), "in a pax header")
                .put(folder + "h".repeat(99) + "/" + "é".repeat(60), "in a pax header, not ASCII");

        Map<String, byte[]> expected = new TreeMap<>(tree.contents());
        Map<String, byte[]> files = Untar.files(scratch().snapshot().index());

        assertThat(files.keySet()).containsExactlyElementsOf(expected.keySet());
        assertThat(files.get(folder + "g".repeat(200))).asString().isEqualTo("in a pax header");
    }

    @Test
    void files_larger_than_a_piece_are_kept_whole() {
        byte[] large = new byte[200_000];
        new Random(1).nextBytes(large);
        tree.putPackage("a.1", "one").put("packages/a/a.1/files/large.bin", large);

        assertThat(Untar.files(scratch().snapshot().index()).get("packages/a/a.1/files/large.bin"))
                .isEqualTo(large);
    }

    @Test
    void step_by_step_gives_the_same_bytes_as_from_scratch() {
        RandomEdits edits = new RandomEdits(tree, 42).fill(1_500);
        Advance last = scratch();
        for (int step = 0; step < 60; step++) {
            Map<String, BlobId> before = tree.files();
            edits.edit();
            last = step(last, before);
            Advance fresh = scratch();
            assertThat(last.snapshot().index().sha256())
                    .as("index after step %d", step)
                    .isEqualTo(fresh.snapshot().index().sha256());
            assertThat(last.snapshot().counts()).isEqualTo(fresh.snapshot().counts());
        }
        assertSameFiles(Untar.files(last.snapshot().index()), tree.contents());
    }

    @Test
    void a_small_change_reads_only_what_stands_around_it() {
        new RandomEdits(tree, 7).fill(3_000);
        Advance first = scratch();
        Map<String, BlobId> before = tree.files();
        int read = tree.reads();

        tree.putPackage("m500.9", "new");
        step(first, before);

        assertThat(tree.reads() - read).isBetween(1, 400);
    }

    @Test
    void the_counts_are_those_of_the_tree() {
        String source = "url { src: \"https://example.org/a.tgz\" checksum: \"md5=" + "0".repeat(32) + "\" }\n";
        tree.put("packages/a/a.1/opam", FakeTree.opamFile("one") + source)
                .put("packages/a/a.2/opam", FakeTree.opamFile("same archive") + source)
                .put("packages/b/b.1/opam", "broken {")
                .put("packages/b/README", "no opam file");

        assertThat(scratch().snapshot().counts()).isEqualTo(new Snapshot.Counts(2, 3, 1, 1));
    }

    @Test
    void putting_the_files_that_are_there_counts_and_deflates_nothing_again() {
        new RandomEdits(tree, 9).fill(100);
        Advance first = scratch();
        int read = tree.reads();

        Advance second = advance(first.tree(), tree.listing(), Optional.of(first.snapshot()));

        assertThat(second.snapshot().counts()).isEqualTo(first.snapshot().counts());
        assertThat(tree.reads() - read).as("repo and version").isEqualTo(2);
    }

    @Test
    void a_step_that_fails_leaves_its_basis_as_it_was() {
        new RandomEdits(tree, 5).fill(100);
        Advance first = scratch();
        Map<String, BlobId> before = tree.files();
        Census census = first.tree().census();
        tree.put("packages/new/new.1/opam", "broken {").put("repo", "opam-version: \"2.0");

        assertHeld("repo", () -> step(first, before));

        assertThat(first.tree().census()).isEqualTo(census);
        assertThat(first.tree().census().counts()).isEqualTo(first.snapshot().counts());
    }

    @Test
    void an_empty_tree_is_held() {
        assertHeld("empty", this::scratch);
    }

    @Test
    void a_tree_in_a_folder_is_held_and_the_folder_is_named() {
        tree.put("opam-repository-1/packages/a/a.1/opam", FakeTree.opamFile("one"));

        assertHeld("wrapped", this::scratch).hasMessageContaining("opam-repository-1/");
    }

    @Test
    void a_broken_repo_file_is_held() {
        tree.putPackage("a.1", "one").put("repo", "opam-version: \"2.0");

        assertHeld("repo", this::scratch).hasMessageContaining("repo");
    }

    @Test
    void a_large_loss_of_packages_is_held_and_a_small_one_is_not() {
        for (int i = 0; i < 100; i++) {
            tree.putPackage("p" + i + ".1", "one");
        }
        Advance first = scratch();
        Map<String, BlobId> before = tree.files();
        for (int i = 0; i < 10; i++) {
            tree.remove("packages/p" + i + "/p" + i + ".1/opam");
        }
        Advance second = step(first, before);
        assertThat(second.snapshot().counts().packages()).isEqualTo(90);

        Map<String, BlobId> after = tree.files();
        for (int i = 10; i < 20; i++) {
            tree.remove("packages/p" + i + "/p" + i + ".1/opam");
        }
        assertHeld("loss", () -> step(second, after)).hasMessageContaining("10 of 90 packages");
    }

    @Test
    void a_large_loss_of_versions_is_held_though_no_package_vanishes() {
        for (int i = 0; i < 100; i++) {
            tree.putPackage("p." + i, "one");
        }
        Advance first = scratch();
        Map<String, BlobId> before = tree.files();
        for (int i = 0; i < 11; i++) {
            tree.remove("packages/p/p." + i + "/opam");
        }
        assertHeld("loss", () -> step(first, before)).hasMessageContaining("11 of 100 package versions");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertHeld(String reason, ThrowingCallable attempt) {
        return assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(OpamException.Held.class, held -> assertThat(held.reason())
                        .isEqualTo(reason));
    }

    private Advance scratch() {
        return advance(OpamTree.EMPTY, tree.listing(), Optional.empty());
    }

    private Advance step(Advance last, Map<String, BlobId> before) {
        return advance(last.tree(), tree.changesSince(before), Optional.of(last.snapshot()));
    }

    private Advance advance(OpamTree basis, Flux<TreeChange> changes, Optional<Snapshot> served) {
        Snapshots snapshots = new Snapshots(
                "https://example.org/repo.git",
                tree,
                Cooperation.on(lane, Duration.ofNanos(1_000)),
                () -> new PublishGuard(0.1),
                Optional.empty(),
                CLOCK);
        return Objects.requireNonNull(snapshots
                .edit(basis, changes)
                .flatMap(edit -> snapshots.next(edit, tree.commit(), served))
                .block(DEADLINE));
    }

    private static void assertSameFiles(Map<String, byte[]> files, Map<String, byte[]> expected) {
        Map<String, byte[]> rest = new TreeMap<>(expected);
        rest.remove("repo");
        rest.forEach((path, content) -> assertThat(files.get(path)).as(path).isEqualTo(content));
        assertThat(files).hasSize(expected.size());
    }
}
