package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.upstream.RawOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a publication waits for the archives that it is the first to name. */
final class PublicationTest {

    @TempDir
    private Path directory;

    private Supply supply;

    @BeforeEach
    void start() {
        supply = new Supply(directory.resolve("git"));
    }

    @AfterEach
    void close() throws IOException {
        supply.close();
    }

    private RunningMirror mirror(String policy, String... more) {
        String[] options =
                List.of(List.of("--publish-archives=" + policy, "--allow-upstream=127.0.0.1"), List.of(more)).stream()
                        .flatMap(List::stream)
                        .toArray(String[]::new);
        RunningMirror mirror = RunningMirror.of(supply.url(), directory.resolve("data"), options);
        assertThat(mirror.sync()).containsAnyOf("published", "unchanged");
        return mirror;
    }

    private static String description(RunningMirror mirror) {
        return new String(mirror.get("/snapshot.json").body(), UTF_8);
    }

    private byte[] nameWithoutGiving(String nameAndVersion) {
        byte[] archive = supply.name(nameAndVersion, digests -> List.of(digests.sha256()));
        supply.commit();
        return archive;
    }

    private static int cached(RunningMirror mirror, byte[] archive) {
        return mirror.get("/cache/" + Bytes.digests(archive).md5().path()).statusCode();
    }

    @Test
    void required_archives_hold_a_snapshot_back_until_they_are_there() {
        nameWithoutGiving("never.1");
        try (RunningMirror mirror = mirror("require")) {
            assertThat(mirror.opamFiles()).as("the first does not wait").isEqualTo(2);
            byte[] archive = nameWithoutGiving("a.1");
            assertThat(mirror.sync())
                    .contains("\"held\"")
                    .contains("\"archives\"")
                    .contains("404");
            assertThat(mirror.opamFiles()).isEqualTo(2);
            assertThat(description(mirror))
                    .contains(Bytes.digests(archive).sha256().toString());

            supply.give("a.1", archive);

            assertThat(mirror.sync()).contains("published");
            assertThat(mirror.opamFiles()).isEqualTo(3);
            int visits = supply.origin().visits();
            assertThat(cached(mirror, archive)).isEqualTo(200);
            assertThat(supply.origin().visits()).as("it is held").isEqualTo(visits);
        }
    }

    @Test
    void what_cannot_be_had_is_a_declared_hole_where_it_is_only_tried_until_nobody_names_it() {
        try (RunningMirror mirror = mirror("try")) {
            byte[] hole = nameWithoutGiving("a.1");
            byte[] archive = supply.add("b.1");
            supply.commit();
            assertThat(mirror.sync()).contains("published");
            int visits = supply.origin().visits();
            assertThat(cached(mirror, archive)).isEqualTo(200);
            assertThat(supply.origin().visits()).as("it is held").isEqualTo(visits);
            assertThat(description(mirror))
                    .contains(Bytes.digests(hole).sha256().toString());

            supply.git().removePackage("a.1");
            supply.commit();
            assertThat(mirror.sync()).contains("published");
            mirror.await(() ->
                    !description(mirror).contains(Bytes.digests(hole).sha256().toString()));
        }
    }

    @Test
    void a_source_that_never_answers_delays_a_publication_for_a_while_only() throws IOException {
        try (RawOrigin silent = RawOrigin.of((head, client) -> RawOrigin.awaitEnd(client));
                RunningMirror mirror = mirror("try", "--publish-wait=300ms")) {
            supply.git()
                    .put(
                            Upstream.opamPath("a.1"),
                            "opam-version: \"2.0\"\nurl { src: \"%s\" checksum: \"md5=%s\" }\n"
                                    .formatted(silent.url("/a"), "a".repeat(32)));
            supply.commit();
            long begin = System.nanoTime();
            assertThat(mirror.sync()).contains("published");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(8));
            assertThat(silent.visits()).isEqualTo(1);
            mirror.await(() -> description(mirror).matches("(?s).*\"archives_missing\": ?1.*"));
        }
    }

    @Test
    void nothing_is_asked_for_before_a_publication_that_does_not_wait() {
        try (RunningMirror mirror = mirror("never")) {
            supply.add("a.1");
            supply.commit();
            assertThat(mirror.sync()).contains("published");
            assertThat(supply.origin().visits()).isZero();
        }
    }
}
