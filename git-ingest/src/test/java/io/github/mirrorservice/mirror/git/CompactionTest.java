package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A mirror that has fetched often holds little more than it needs, and loses nothing that it needs. */
final class CompactionTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    private Upstream upstream;

    @BeforeEach
    void open() {
        upstream = new Upstream(directory.resolve("upstream"));
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk"})
    void many_fetches_leave_few_packs(String kind) throws IOException {
        PackFiles files = files(kind);
        try (GitMirror mirror = mirror(files)) {
            CommitId first = upstream.commit("a=0", "kept=1", "folder/kept=2");
            Now.value(mirror.fetch());
            CommitId before = first;
            for (int i = 1; i <= 60; i++) {
                CommitId next = upstream.commit("a=" + i, "folder/b=" + i);
                Now.value(mirror.fetch());
                assertThat(Now.list(mirror.changes(Optional.of(before), next))).hasSize(2);
                before = next;
            }
            assertThat(packs(files)).isEqualTo(61);
            Now.value(mirror.fetch());
            assertThat(packs(files)).as("after a fetch that brought nothing").isEqualTo(1);
            assertThat(Now.value(mirror.holds(first))).isFalse();
            assertThat(Now.list(readAll(mirror, before))).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk"})
    void it_does_not_wait_for_ever_for_a_fetch_that_brings_nothing(String kind) throws IOException {
        PackFiles files = files(kind);
        try (GitMirror mirror = mirror(files)) {
            fetchOften(mirror, 110);
            assertThat(packs(files)).isLessThan(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk"})
    void a_reader_is_not_disturbed(String kind) throws IOException {
        PackFiles files = files(kind);
        try (GitMirror mirror = mirror(files)) {
            CommitId first = upstream.commitMany(1000);
            Now.value(mirror.fetch());

            StepVerifier.create(readAll(mirror, first), 1)
                    .expectNextCount(1)
                    .then(() -> fetchOften(mirror, 60))
                    .then(() -> Now.value(mirror.fetch()))
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextCount(999)
                    .expectComplete()
                    .verify(Now.DEADLINE);

            assertThat(packs(files)).isEqualTo(61);
            Now.value(mirror.fetch());
            assertThat(packs(files)).isEqualTo(1);
        }
    }

    private void fetchOften(GitMirror mirror, int times) {
        for (int i = 0; i < times; i++) {
            upstream.commit("a=" + i);
            Now.value(mirror.fetch());
        }
    }

    private GitMirror mirror(PackFiles files) {
        return GitMirror.over(() -> files, upstream.remote(), GitLimits.STANDARD, lane.scheduler());
    }

    private PackFiles files(String kind) {
        return kind.equals("disk")
                ? DiskPackFiles.open(directory.resolve("store"), upstream.remote())
                : new MemoryPackFiles();
    }

    private static long packs(PackFiles files) throws IOException {
        return files.names().stream().filter(name -> name.endsWith(".pack")).count();
    }

    private static Flux<Blob> readAll(GitMirror mirror, CommitId commit) {
        return mirror.read(mirror.changes(Optional.empty(), commit)
                .cast(TreeChange.Put.class)
                .map(TreeChange.Put::blob));
    }
}
