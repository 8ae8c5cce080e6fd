package io.github.mirrorservice.mirror.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitAuthor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

final class DemoRepositoryTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofMillis(1);
    private static final DemoSize SIZE = new DemoSize(20);

    /** Whoever changes what is generated changes this, and {@link Progress#EDITION} with it. */
    private static final CommitId FIRST = new CommitId("70d8e2e51df014e7773dff35563986bd0062f4c8");

    private final Scheduler blocking = Schedulers.newBoundedElastic(2, 100, "demo");

    @TempDir
    private Path parent;

    @AfterEach
    void disposeBlocking() {
        blocking.dispose();
    }

    @Test
    void the_first_commit_of_a_size_is_the_same_everywhere() {
        StepVerifier.create(demo().create()).expectNext(FIRST).expectComplete().verify(DEADLINE);
        StepVerifier.create(new DemoRepository(parent.resolve("another"), SIZE, blocking).create())
                .expectNext(FIRST)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void a_mirror_fetches_what_was_generated() {
        create();

        assertThat(fetched().commit()).isEqualTo(new Commit(FIRST, Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(fetched().files()).isEqualTo(generated(SIZE, 0));
    }

    @Test
    void nothing_is_written_before_somebody_subscribes() {
        demo().create();
        demo().merges(SOON);

        assertThat(directory()).doesNotExist();
    }

    @Test
    void nobody_who_subscribes_is_blocked() {
        Mono<CommitId> asked = Mono.defer(() -> demo().create()).subscribeOn(Schedulers.parallel());

        StepVerifier.create(asked).expectNext(FIRST).expectComplete().verify(DEADLINE);
    }

    @Test
    void a_mirror_sees_every_merge() {
        create();

        Map<String, String> before = fetched().files();
        for (int i = 0; i < 5; i++) {
            merge(1);
            Map<String, String> after = fetched().files();
            assertThat(after).isNotEqualTo(before);
            before = after;
        }
    }

    @Test
    void a_merge_comes_after_each_pause_and_the_first_after_one() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        DemoRepository demo = new DemoRepository(directory(), SIZE, clock);
        List<CommitId> merges = new ArrayList<>();
        demo.create().thenMany(demo.merges(Duration.ofSeconds(5))).subscribe(merges::add);

        clock.advanceTimeBy(Duration.ofMillis(4_999));
        assertThat(merges).isEmpty();
        clock.advanceTimeBy(Duration.ofMillis(1));
        assertThat(merges).hasSize(1);
        clock.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(merges).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void merges_do_not_pile_up_while_nobody_asks_for_them() throws IOException {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        DemoRepository demo = new DemoRepository(directory(), SIZE, clock);

        StepVerifier.create(demo.create().thenMany(demo.merges(Duration.ofSeconds(5))), 1)
                .then(() -> clock.advanceTimeBy(Duration.ofHours(1)))
                .expectNextCount(1)
                .thenCancel()
                .verify(DEADLINE);

        assertThat(progress().merges()).as("one delivered, one in hand").isLessThanOrEqualTo(2);
    }

    @Test
    void a_merge_is_dated_by_the_clock_of_the_scheduler() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        clock.advanceTimeTo(Instant.parse("2030-01-01T00:00:00Z"));
        DemoRepository demo = new DemoRepository(directory(), SIZE, clock);
        demo.create().thenMany(demo.merges(Duration.ofSeconds(5))).take(1).subscribe();
        clock.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(fetched().commit().time()).isEqualTo(Instant.parse("2030-01-01T00:00:05Z"));
    }

    @Test
    void a_restart_goes_on_where_the_last_process_stopped() {
        create();
        CommitId last = merge(3);

        assertThat(create()).isEqualTo(last);
        merge(2);

        assertThat(fetched().files()).isEqualTo(generated(SIZE, 5));
    }

    @Test
    void a_commit_that_was_made_but_not_noted_is_taken_back() {
        create();
        merge(3);
        try (GitAuthor author = GitAuthor.at(directory())) {
            author.commit(Map.of("not-noted", Optional.of(new byte[0])), "not noted", Instant.EPOCH);
        }

        create();
        merge(1);

        assertThat(fetched().files()).isEqualTo(generated(SIZE, 4));
    }

    @Test
    void another_size_is_made_anew() {
        create();
        DemoRepository larger = new DemoRepository(directory(), new DemoSize(21), blocking);

        StepVerifier.create(larger.create())
                .assertNext(commit -> assertThat(commit).isNotEqualTo(FIRST))
                .expectComplete()
                .verify(DEADLINE);
        assertThat(Fetched.from(larger).files()).isEqualTo(generated(new DemoSize(21), 0));
    }

    @Test
    void the_demo_of_another_edition_is_made_anew() throws IOException {
        create();
        merge(1);
        Path note = directory().resolve("demo-progress");
        Files.writeString(note, Files.readString(note).replace("edition 1 ", "edition 0 "));

        assertThat(create()).isEqualTo(FIRST);
    }

    @Test
    void a_directory_that_holds_something_else_is_made_anew() throws IOException {
        Files.createDirectories(directory().resolve("objects/pack"));
        Files.writeString(directory().resolve("HEAD"), "garbage");
        Files.writeString(directory().resolve("demo-progress"), "garbage");

        assertThat(create()).isEqualTo(FIRST);
        assertThat(fetched().commit().id()).isEqualTo(FIRST);
    }

    @Test
    void a_repository_with_a_damaged_pack_is_made_anew() throws IOException {
        create();
        merge(2);
        damage(onlyPack());

        assertThat(create()).isEqualTo(FIRST);
        assertThat(fetched().commit().id()).isEqualTo(FIRST);
    }

    @Test
    void a_repository_that_vanishes_between_two_merges_is_made_anew() throws IOException {
        create();
        merge(1);
        Files.delete(directory().resolve("demo-progress"));

        assertThat(merge(1)).isEqualTo(FIRST);
    }

    @Test
    void a_directory_that_cannot_be_written_is_an_error_with_a_remedy() throws IOException {
        Files.writeString(parent.resolve("file"), "in the way");
        DemoRepository demo = new DemoRepository(parent.resolve("file/demo.git"), SIZE, blocking);

        StepVerifier.create(demo.create())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DemoException.class)
                        .hasMessageContaining(parent.resolve("file/demo.git").toString())
                        .hasMessageContaining("Remedy:"))
                .verify(DEADLINE);
    }

    private DemoRepository demo() {
        return new DemoRepository(directory(), SIZE, blocking);
    }

    private Path directory() {
        return parent.resolve("demo.git");
    }

    private CommitId create() {
        return now(demo().create());
    }

    /** Makes so many merges, as a process that starts anew, and answers the last. */
    private CommitId merge(int count) {
        return now(demo().merges(SOON).take(count).last());
    }

    private Fetched fetched() {
        return Fetched.from(demo());
    }

    private Progress progress() throws IOException {
        return Progress.in(directory()).orElseThrow();
    }

    private Path onlyPack() throws IOException {
        try (Stream<Path> files = Files.list(directory().resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(file);
        Files.write(file, bytes);
    }

    private static Map<String, String> generated(DemoSize size, int merges) {
        return Tree.after(new History(size), merges).files();
    }

    private static <T> T now(Mono<T> mono) {
        return Optional.ofNullable(mono.block(DEADLINE)).orElseThrow();
    }
}
