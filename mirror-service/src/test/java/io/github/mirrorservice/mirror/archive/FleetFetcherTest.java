package io.github.mirrorservice.mirror.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.objects.Bucket;
import io.github.mirrorservice.mirror.objects.S3Objects;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Two replicas over one bucket. Calls are made where they are asked for, so that all that happens has happened then. */
final class FleetFetcherTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    @TempDir
    Path directory;

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final byte[] bytes = Bytes.random(1, 1_000);
    private final Digests digests = Bytes.digests(bytes);
    private final Wanted wanted =
            new Wanted(List.of(new Claim(List.of(digests.md5(), digests.sha256()), List.of("https://origin.example"))));
    private S3Objects objects;
    private S3Archives store;
    private ScriptedFetcher inner;
    private FleetFetcher one;
    private FleetFetcher other;

    @BeforeEach
    void open() {
        objects = bucket.objects();
        store = new S3Archives(objects, directory.resolve("incoming"), Schedulers.immediate());
        store.prepare().block(Stores.PATIENCE);
        inner = new ScriptedFetcher(store);
        one = replica("one");
        other = replica("other");
    }

    private FleetFetcher replica(String name) {
        return new FleetFetcher(
                inner,
                store,
                new Soundness(store, new RecordedWatch(), Schedulers.immediate()),
                new FleetClaims(objects, name, Schedulers.immediate()),
                PATIENCE,
                timer);
    }

    @Test
    void what_two_replicas_want_is_fetched_by_one_of_them() throws IOException {
        CompletableFuture<Archive> first = fetch(one);
        CompletableFuture<Archive> second = fetch(other);
        give(0);
        assertThat(first.join().sha256()).isEqualTo(digests.sha256());
        timer.advanceTimeBy(MOMENT);
        assertThat(Stores.bytes(second.join().content())).isEqualTo(bytes);
        assertThat(inner.count()).isEqualTo(1);
        assertThat(claim()).isEmpty();
    }

    @Test
    void when_the_first_gets_nothing_the_next_one_asks_by_itself() throws IOException {
        CompletableFuture<Archive> first = fetch(one);
        CompletableFuture<Archive> second = fetch(other);
        inner.get(0).fail(Reason.STATUS);
        assertThat(first).isCompletedExceptionally();
        assertThat(claim()).isEmpty();
        timer.advanceTimeBy(MOMENT);
        assertThat(claim()).isEqualTo("other");
        give(1);
        assertThat(second.join().sha256()).isEqualTo(digests.sha256());
    }

    @Test
    void what_another_replica_has_finished_just_before_is_not_fetched() throws IOException {
        Stores.keep(store, bytes);
        StepVerifier.create(one.fetch(wanted, arrival -> {}))
                .expectNextCount(1)
                .expectComplete()
                .verify(Stores.PATIENCE);
        assertThat(inner.count()).isZero();
        assertThat(claim()).isEmpty();
    }

    @Test
    void what_another_replica_has_put_there_and_is_something_else_is_not_taken() throws IOException {
        Stores.keep(store, bytes);
        objects.replace("cache/" + digests.sha256().path(), Bytes.random(2, 1_000));
        CompletableFuture<Archive> anew = fetch(one);
        give(0);
        assertThat(Stores.bytes(anew.join().content())).isEqualTo(bytes);
    }

    @Test
    void the_claim_of_a_replica_that_is_gone_is_taken_over() throws IOException {
        objects.create(key(), "gone".getBytes(UTF_8));
        CompletableFuture<Archive> archive = fetch(one);
        timer.advanceTimeBy(MOMENT);
        assertThat(inner.count()).isZero();
        bucket.age(key(), Duration.ofSeconds(31));
        timer.advanceTimeBy(MOMENT);
        assertThat(claim()).isEqualTo("one");
        give(0);
        assertThat(archive).isCompleted();
    }

    @Test
    void a_claim_that_is_no_name_is_taken_over_like_any_other() throws IOException {
        objects.create(key(), new byte[5_000]);
        bucket.age(key(), Duration.ofSeconds(31));
        CompletableFuture<Archive> archive = fetch(one);
        assertThat(claim()).isEqualTo("one");
        give(0);
        assertThat(archive).isCompleted();
    }

    @Test
    void a_claim_stays_fresh_while_its_archive_is_fetched() throws IOException {
        CompletableFuture<Archive> first = fetch(one);
        bucket.age(key(), Duration.ofSeconds(29));
        timer.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(objects.get(key(), 100).orElseThrow().age()).isLessThan(Duration.ofSeconds(20));
        give(0);
        assertThat(first).isCompleted();
    }

    @Test
    void a_claim_that_was_taken_away_is_left_to_who_has_it() throws IOException {
        CompletableFuture<Archive> first = fetch(one);
        objects.replace(key(), "other".getBytes(UTF_8));
        timer.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(claim()).isEqualTo("other");
        give(0);
        assertThat(first).isCompleted();
        assertThat(claim()).isEqualTo("other");
    }

    @Test
    void a_claim_of_its_own_that_is_left_over_keeps_nobody_waiting() throws IOException {
        objects.create(key(), "one".getBytes(UTF_8));
        CompletableFuture<Archive> archive = fetch(one);
        give(0);
        assertThat(archive).isCompleted();
        assertThat(claim()).isEmpty();
    }

    @Test
    void a_replica_that_takes_too_long_is_not_waited_for_any_more() throws IOException {
        objects.create(key(), "slow".getBytes(UTF_8));
        StepVerifier.create(one.fetch(wanted, arrival -> {}))
                .then(() -> timer.advanceTimeBy(PATIENCE.plus(MOMENT)))
                .expectErrorSatisfies(late -> assertThat(late)
                        .isInstanceOf(ArchiveException.Unavailable.class)
                        .hasMessageContaining("another replica"))
                .verify(Stores.PATIENCE);
        assertThat(inner.count()).isZero();
    }

    @Test
    void while_the_object_store_is_away_nobody_is_asked() throws Exception {
        bucket.stop();
        try {
            StepVerifier.create(one.fetch(wanted, arrival -> {}))
                    .expectError(ArchiveException.Store.class)
                    .verify(Stores.PATIENCE);
            assertThat(inner.count()).isZero();
        } finally {
            bucket.start();
        }
    }

    @Test
    void who_gives_up_gives_the_claim_back() throws IOException {
        StepVerifier.create(one.fetch(wanted, arrival -> {}))
                .then(() -> assertThat(inner.count()).isEqualTo(1))
                .thenCancel()
                .verify(Stores.PATIENCE);
        assertThat(claim()).isEmpty();
    }

    private CompletableFuture<Archive> fetch(FleetFetcher fetcher) {
        return fetcher.fetch(wanted, arrival -> {}).toFuture();
    }

    private void give(int n) throws IOException {
        ScriptedFetcher.Try asked = inner.get(n);
        asked.begin(OptionalLong.of(bytes.length));
        asked.send(bytes);
        asked.end();
    }

    private String key() {
        return "claims/sha256-" + digests.sha256().hex();
    }

    /** Who has it; nobody if it is empty. */
    private String claim() throws IOException {
        return objects.get(key(), 100)
                .map(claim -> UTF_8.decode(claim.content()).toString())
                .orElse("");
    }
}
