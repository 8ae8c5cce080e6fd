package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class SnapshotFileTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Scheduler blocking = Schedulers.newBoundedElastic(1, 10, "test-blocking");

    @TempDir
    Path directory;

    private SnapshotFile file;

    @BeforeEach
    void openFile() {
        file = new SnapshotFile(directory, Cooperation.off(blocking), blocking);
    }

    @AfterEach
    void disposeLane() {
        blocking.dispose();
    }

    @Test
    void what_is_saved_is_restored() {
        Snapshot saved = snapshot("first");
        StepVerifier.create(file.save(saved)).expectNext(saved).expectComplete().verify(DEADLINE);

        StepVerifier.create(restored()).expectNext(saved).expectComplete().verify(DEADLINE);
    }

    @Test
    void restored_bodies_lie_in_direct_memory_as_those_just_made() {
        file.save(snapshot("first")).block(DEADLINE);

        StepVerifier.create(restored())
                .assertNext(restored -> {
                    assertThat(restored.index().parts()).allMatch(ByteBuffer::isDirect);
                    assertThat(restored.index().parts()).allMatch(ByteBuffer::isReadOnly);
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void nothing_saved_is_nothing_restored() {
        StepVerifier.create(restored()).expectComplete().verify(DEADLINE);
    }

    @Test
    void the_last_save_wins_and_leaves_nothing_else_behind() throws IOException {
        file.save(snapshot("first")).then(file.save(snapshot("second"))).block(DEADLINE);

        StepVerifier.create(restored().map(restored -> new String(Untar.bytes(restored.repo()), UTF_8)))
                .expectNext("repo of second")
                .expectComplete()
                .verify(DEADLINE);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("snapshot"));
        }
    }

    @Test
    void a_save_that_fails_leaves_the_last_one_in_place_and_says_why() throws IOException {
        file.save(snapshot("first")).block(DEADLINE);
        Files.createDirectory(directory.resolve("snapshot.tmp"));

        StepVerifier.create(file.save(snapshot("second")))
                .expectErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(OpamException.Disk.class).hasMessageContaining("snapshot.tmp"))
                .verify(DEADLINE);
        StepVerifier.create(restored())
                .expectNext(snapshot("first"))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void a_save_whose_reader_is_gone_is_waited_for_and_done() {
        CountDownLatch held = new CountDownLatch(1);
        blocking.schedule(() -> await(held));
        file.save(snapshot("first")).subscribe().dispose();

        StepVerifier.create(file.settled())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .then(held::countDown)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(directory.resolve("snapshot")).isRegularFile();
        StepVerifier.create(restored())
                .expectNext(snapshot("first"))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void a_save_waits_for_the_one_before_it_whose_reader_is_gone() {
        CountDownLatch held = new CountDownLatch(1);
        blocking.schedule(() -> await(held));
        file.save(snapshot("first")).subscribe().dispose();

        StepVerifier.create(file.save(snapshot("second")).then(restored()))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .then(held::countDown)
                .expectNext(snapshot("second"))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void when_no_save_is_under_way_or_the_last_one_failed_nothing_is_waited_for() throws IOException {
        StepVerifier.create(file.settled()).expectComplete().verify(DEADLINE);
        Files.createDirectories(directory.resolve("snapshot.tmp/occupied"));
        file.save(snapshot("first")).onErrorComplete().block(DEADLINE);

        StepVerifier.create(file.settled()).expectComplete().verify(DEADLINE);
    }

    @Test
    void a_directory_in_the_place_of_the_file_is_an_error_that_names_the_remedy() throws IOException {
        Files.createDirectories(directory.resolve("snapshot/occupied"));

        for (Mono<Snapshot> refused : List.of(file.save(snapshot("first")), restored())) {
            StepVerifier.create(refused)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(OpamException.Disk.class)
                            .hasMessageContaining(directory.resolve("snapshot") + " is a directory")
                            .hasMessageContaining("move it away"))
                    .verify(DEADLINE);
        }
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("snapshot"));
        }
    }

    @Test
    void what_a_killed_save_left_behind_is_overwritten() throws IOException {
        Files.writeString(directory.resolve("snapshot.tmp"), "half a snapsh".repeat(1_000));

        StepVerifier.create(file.save(snapshot("first")).then(restored()))
                .expectNext(snapshot("first"))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void a_flipped_bit_anywhere_is_found() throws IOException {
        file.save(snapshot("first")).block(DEADLINE);
        byte[] good = Files.readAllBytes(directory.resolve("snapshot"));
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            Files.write(directory.resolve("snapshot"), bad);
            StepVerifier.create(restored())
                    .expectError(OpamException.Disk.class)
                    .verify(DEADLINE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 100, 400})
    void a_file_cut_short_is_damaged_and_the_message_says_what_happens_next(int length) throws IOException {
        file.save(snapshot("first")).block(DEADLINE);
        byte[] good = Files.readAllBytes(directory.resolve("snapshot"));
        Files.write(directory.resolve("snapshot"), Arrays.copyOf(good, length));

        StepVerifier.create(restored())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(OpamException.Disk.class)
                        .hasMessageContaining("the next ingest replaces it"))
                .verify(DEADLINE);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Snapshot snapshot(String text) {
        return new Snapshot(
                "https://example.org/repo.git",
                new Commit(
                        new CommitId("0123456789abcdef0123456789abcdef01234567"), Instant.ofEpochSecond(1_700_000_000)),
                Instant.ofEpochSecond(1_800_000_000, 123_456_789),
                new Snapshot.Counts(3, 5, 4, 1),
                Optional.of("cache"),
                Body.of(("repo of " + text).getBytes(UTF_8)),
                Body.of(("index of " + text).repeat(10).getBytes(UTF_8)),
                Mono.empty());
    }

    /** What is on disk; which archives it names is found out in the index. */
    private Mono<Snapshot> restored() {
        return file.restore()
                .map(saved -> new Snapshot(
                        saved.repository(),
                        saved.commit(),
                        saved.published(),
                        saved.counts(),
                        saved.cache(),
                        saved.repo(),
                        saved.index(),
                        Mono.empty()));
    }
}
