package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** What a store on disk makes of restarts, kills, power cuts and strangers. */
final class DiskStoreTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    private Path store;
    private Upstream upstream;

    @BeforeEach
    void open() {
        upstream = new Upstream(directory.resolve("upstream"));
        store = directory.resolve("data/git");
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @Test
    void a_restart_goes_on_where_it_was() {
        CommitId first = upstream.commit("a=1", "b=1");
        Commit fetched = fetch();
        CommitId second = upstream.commit("a=2");

        try (GitMirror mirror = mirror()) {
            assertThat(Now.value(mirror.tip())).isEqualTo(fetched);
            Now.value(mirror.fetch());
            assertThat(Now.list(mirror.changes(Optional.of(first), second))).hasSize(1);
        }
    }

    @Test
    void what_a_killed_process_left_half_done_is_swept_away() throws IOException {
        upstream.commit("a=1");
        Commit fetched = fetch();
        Files.writeString(store.resolve("pack-half.pack"), "PACK");
        Files.writeString(store.resolve("tip.new"), "11");

        try (GitMirror mirror = mirror()) {
            assertThat(Now.value(mirror.tip())).isEqualTo(fetched);
            assertThat(store.resolve("pack-half.pack")).doesNotExist();
            assertThat(Now.value(mirror.fetch())).isEqualTo(fetched);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".pack", ".idx", "tip"})
    void what_a_power_cut_tore_is_fetched_anew(String torn) throws IOException {
        CommitId tip = upstream.commitMany(300);
        fetch();
        Path file = file(torn);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));

        try (GitMirror mirror = mirror()) {
            assertThat(mirror.tip().blockOptional(Now.DEADLINE)).isEmpty();
            Now.value(mirror.fetch());
            assertThat(Now.list(mirror.changes(Optional.empty(), tip))).hasSize(300);
        }
    }

    @Test
    void damage_in_the_middle_is_told_when_it_is_read_and_fetched_anew() throws IOException {
        CommitId tip = upstream.commitMany(300);
        fetch();
        byte[] pack = Files.readAllBytes(file(".pack"));
        Arrays.fill(pack, pack.length / 4, pack.length * 3 / 4, (byte) 0);
        Files.write(file(".pack"), pack);

        try (GitMirror mirror = mirror()) {
            assertThat(Now.error(
                            GitException.Corrupt.class, readAll(mirror, tip).then()))
                    .hasMessageContaining("the local Git store is damaged")
                    .hasMessageContaining("the next fetch makes it anew");
            Now.value(mirror.fetch());
            assertThat(Now.list(readAll(mirror, tip))).hasSize(300);
        }
    }

    @Test
    void a_blob_that_is_missing_is_told_and_the_store_made_anew() {
        CommitId tip = upstream.commit("a=1");
        try (GitMirror mirror = mirror()) {
            Now.value(mirror.fetch());
            Flux<Blob> absent = mirror.read(Flux.just(new BlobId("1".repeat(40))));

            assertThat(Now.error(GitException.Corrupt.class, absent.then())).hasMessageContaining("1".repeat(40));
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(tip);
            assertThat(Now.list(readAll(mirror, tip))).hasSize(1);
        }
    }

    @Test
    void another_remote_starts_from_nothing() {
        upstream.commit("a=1");
        fetch();
        try (Upstream other = new Upstream(directory.resolve("other"));
                GitMirror mirror = GitMirror.onDisk(store, other.remote(), GitLimits.STANDARD, lane.scheduler())) {
            assertThat(mirror.tip().blockOptional(Now.DEADLINE)).isEmpty();
            CommitId tip = other.commit("b=1");
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(tip);
        }
    }

    @Test
    void a_directory_in_use_is_refused_until_it_is_closed() {
        upstream.commit("a=1");
        try (GitMirror second = mirror()) {
            try (GitMirror first = mirror()) {
                Now.value(first.fetch());
                assertThat(Now.error(GitException.Storage.class, second.fetch()))
                        .hasMessageContaining("is in use by another mirror")
                        .hasMessageContaining("Remedy: stop that one");
            }
            Now.value(second.fetch());
        }
    }

    /** A folder with something in it cannot be deleted as the file could that it stands for. */
    @ParameterizedTest
    @ValueSource(strings = {"tip.new", "pack-half.pack"})
    void a_disk_that_refuses_a_deletion_at_the_start_is_used_when_it_does_not_any_more(String name) throws IOException {
        upstream.commit("a=1");
        fetch();
        Path folder = Files.createDirectory(store.resolve(name));
        Path inside = Files.createFile(folder.resolve("inside"));
        try (GitMirror mirror = mirror()) {
            assertThat(Now.error(GitException.class, mirror.fetch())).hasMessageContaining(name);
            Files.delete(inside);
            Files.delete(folder);
            Now.value(mirror.fetch());
        }
    }

    @Test
    void a_mirror_that_is_closed_says_so() {
        GitMirror mirror = mirror();
        mirror.close();

        assertThat(Now.error(GitException.Storage.class, mirror.fetch())).hasMessageContaining("the mirror is closed");
    }

    @Test
    void a_process_killed_at_its_first_step_does_no_harm() throws IOException {
        Files.createDirectories(store);
        Files.createFile(store.resolve("lock"));
        Files.createFile(store.resolve("mirror-git-store.new"));
        upstream.commit("a=1");

        fetch();
    }

    @Test
    void a_directory_of_somebody_else_is_not_touched() throws IOException {
        Files.createDirectories(store);
        Path theirs = Files.writeString(store.resolve("pack-of-wolves.pack"), "precious");
        try (GitMirror mirror = mirror()) {
            assertThat(Now.error(GitException.Storage.class, mirror.fetch()))
                    .hasMessageContaining("is not empty and no store of a mirror")
                    .hasMessageContaining("Remedy: name a directory of its own for it");
        }
        assertThat(theirs).hasContent("precious");
    }

    @Test
    void a_directory_that_cannot_be_made_is_told() throws IOException {
        upstream.commit("a=1");
        Files.writeString(directory.resolve("data"), "a file stands in the way");
        try (GitMirror mirror = mirror()) {
            assertThat(Now.error(GitException.Storage.class, mirror.fetch()))
                    .hasMessageContaining("cannot be opened")
                    .hasMessageContaining("Remedy: look at the disk's space, health and rights");
        }
    }

    private Commit fetch() {
        try (GitMirror mirror = mirror()) {
            return Now.value(mirror.fetch());
        }
    }

    private GitMirror mirror() {
        return GitMirror.onDisk(store, upstream.remote(), GitLimits.STANDARD, lane.scheduler());
    }

    private static Flux<Blob> readAll(GitMirror mirror, CommitId commit) {
        return mirror.read(mirror.changes(Optional.empty(), commit)
                .cast(TreeChange.Put.class)
                .map(TreeChange.Put::blob));
    }

    private Path file(String end) {
        try (Stream<Path> files = Files.list(store)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(end)).toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
