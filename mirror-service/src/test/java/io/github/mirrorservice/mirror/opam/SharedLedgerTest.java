package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.objects.Bucket;
import io.github.mirrorservice.mirror.objects.ForwardedStore;
import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStore.Listed;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import io.github.mirrorservice.mirror.objects.S3Objects;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

final class SharedLedgerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String REPOSITORY = "https://example.org/repo.git";

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    @TempDir
    Path data;

    private final Scheduler remote = Schedulers.newBoundedElastic(8, 100, "test-remote");
    private S3Objects objects;

    @BeforeEach
    void open() {
        objects = bucket.objects();
    }

    @AfterEach
    void close() {
        remote.dispose();
    }

    @Test
    void what_one_publishes_another_serves_and_one_that_starts() throws IOException {
        Replica one = replica("one");
        Replica other = replica("other");
        assertThat(one.restore()).isEmpty();
        assertThat(other.restore()).isEmpty();
        assertThat(one.publish(1)).isPresent();
        other.catchUp(1);
        assertThat(other.serves()).isEqualTo("index of 1");
        assertThat(other.ledger.seen()).isAfter(Instant.now().minus(PATIENCE));
        assertThat(replica("third").restore()).contains("index of 1");
    }

    @Test
    void who_comes_second_publishes_nothing_and_serves_what_the_first_has_published() throws IOException {
        Replica one = replica("one");
        Replica other = replica("other");
        Ledger.Turn turn = one.ledger.turn();
        other.publish(2);
        assertThat(one.publish(turn, 1)).isEmpty();
        assertThat(one.serves()).isEqualTo("index of 2");
        assertThat(one.publish(3)).isPresent();
        assertThat(log()).isEqualTo(2);
    }

    @Test
    void a_turn_that_slept_while_others_published_is_lost_even_if_it_has_heard_of_it() throws IOException {
        Replica one = replica("one");
        Replica other = replica("other");
        Ledger.Turn stopped = one.ledger.turn();
        other.publish(1);
        other.publish(2);
        one.catchUp(2);
        assertThat(one.publish(stopped, 0)).isEmpty();
        assertThat(one.serves()).isEqualTo("index of 2");
        assertThat(log()).isEqualTo(2);
    }

    @Test
    void many_publish_at_once_and_the_log_has_no_gap_and_all_serve_its_end() throws IOException {
        List<Replica> replicas = List.of(replica("a"), replica("b"), replica("c"));
        Flux.range(0, 8)
                .concatMap(round -> Flux.fromIterable(replicas)
                        .flatMap(
                                replica -> replica.ledger.turn().publish(snapshot(round), replica.served::add),
                                replicas.size()))
                .blockLast(PATIENCE);
        long entries = log();
        replicas.forEach(replica -> replica.catchUp(entries));
        assertThat(replicas).allSatisfy(replica -> assertThat(replica.serves()).isEqualTo("index of 7"));
        assertThat(replicas).allSatisfy(replica -> assertThat(replica.texts()).isSorted());
    }

    @Test
    void a_replica_that_starts_while_the_store_is_away_serves_what_it_had_and_goes_on_later() throws Exception {
        Replica before = replica("one");
        before.publish(1);
        bucket.stop();
        Replica after = replica("one");
        assertThat(after.restore()).contains("index of 1");
        assertThatThrownBy(() -> after.publish(2)).isInstanceOf(OpamException.Shared.class);
        bucket.start();
        after.catchUp(1);
        assertThat(after.publishPatiently(2)).isPresent();
        assertThat(log()).isEqualTo(2);
    }

    @Test
    void what_was_served_is_not_gone_behind_by_a_start_while_the_store_is_away() throws Exception {
        Replica publisher = replica("one");
        Replica follower = replica("other");
        for (int number = 1; number <= 3; number++) {
            publisher.publishPatiently(number);
            follower.catchUp(number);
            bucket.stop();
            assertThat(replica("one").restore()).contains("index of " + number);
            assertThat(replica("other").restore()).contains("index of " + number);
            bucket.start();
        }
    }

    @Test
    void a_replica_that_is_told_to_end_before_it_has_saved_what_it_read_does_not_serve_it() throws IOException {
        int[] read = {0};
        Replica follower = new Replica(
                new ForwardedStore(objects) {
                    @Override
                    public Optional<Fetched> get(String key, int most) throws IOException {
                        Optional<Fetched> found = super.get(key, most);
                        // Behind the repo file and the index there is nothing more to read.
                        if (key.startsWith("objects/") && ++read[0] == 2) {
                            Thread.currentThread().interrupt();
                        }
                        return found;
                    }
                },
                "other",
                REPOSITORY);
        replica("one").publish(1);
        assertThat(follower.complaint()).isInstanceOf(OpamException.Shared.class);
        assertThat(follower.served).isEmpty();
        follower.catchUp(1);
        assertThat(follower.serves()).isEqualTo("index of 1");
    }

    @Test
    void a_disk_that_cannot_be_written_keeps_nobody_from_what_all_serve() throws IOException {
        Replica publisher = replica("one");
        Replica follower = replica("other");
        Files.createDirectories(data.resolve("other/snapshot.tmp"));
        publisher.publish(1);
        assertThat(follower.complaint()).isInstanceOf(OpamException.Disk.class);
        follower.catchUp(1);
        assertThat(follower.serves()).isEqualTo("index of 1");
    }

    @Test
    void what_a_mirror_served_alone_is_the_first_publication_of_an_empty_log() throws IOException {
        oneServesAlone(5);
        Replica shared = replica("one");
        assertThat(shared.restore()).contains("index of 5");
        shared.catchUp(1);
        assertThat(replica("other").restore()).contains("index of 5");
    }

    @Test
    void what_a_mirror_served_alone_is_published_later_if_it_cannot_be_at_once() throws IOException {
        oneServesAlone(5);
        int[] left = {3};
        Replica shared = new Replica(
                new ForwardedStore(objects) {
                    @Override
                    public boolean create(String key, byte[] content) throws IOException {
                        if (key.startsWith("objects/") && left[0]-- > 0) {
                            throw new ObjectStoreException("503");
                        }
                        return super.create(key, content);
                    }
                },
                "one",
                REPOSITORY);
        assertThat(shared.restore()).contains("index of 5");
        shared.catchUp(1);
        assertThat(log()).isEqualTo(1);
    }

    @Test
    void publications_of_another_repository_are_refused_with_a_remedy() throws IOException {
        replica("one").publish(1);
        Replica stranger = new Replica(objects, "stranger", "https://example.org/other.git");
        assertThatThrownBy(stranger::restore)
                .isInstanceOf(OpamException.Unfit.class)
                .hasMessageContaining("name another prefix");
    }

    @Test
    void a_mirror_of_another_repository_adds_nothing_to_a_log_that_was_empty_when_both_started() throws IOException {
        Replica one = replica("one");
        Replica stranger = new Replica(objects, "stranger", "https://example.org/other.git");
        one.restore();
        stranger.restore();
        one.publish(1);
        for (int tries = 0; tries < 3; tries++) {
            assertThatThrownBy(() -> stranger.publish(2)).isInstanceOf(OpamException.Unfit.class);
        }
        assertThat(log()).isEqualTo(1);
    }

    @Test
    void a_store_that_overwrites_is_refused_before_anything_is_published() throws IOException {
        Replica replica = new Replica(
                new ForwardedStore(objects) {
                    @Override
                    public boolean create(String key, byte[] content) throws IOException {
                        replace(key, content);
                        return true;
                    }
                },
                "one",
                REPOSITORY);
        assertThatThrownBy(replica::restore)
                .isInstanceOf(OpamException.Unfit.class)
                .hasMessageContaining("If-None-Match");
        assertThat(objects.list("", "")).isEmpty();
    }

    @Test
    void an_entry_whose_answer_was_lost_is_known_as_ones_own() throws IOException {
        int[] left = {1};
        Replica replica = new Replica(
                new ForwardedStore(objects) {
                    @Override
                    public boolean create(String key, byte[] content) throws IOException {
                        boolean created = super.create(key, content);
                        if (key.startsWith("snapshots/") && left[0]-- > 0) {
                            throw new ObjectStoreException("the answer was lost");
                        }
                        return created;
                    }
                },
                "one",
                REPOSITORY);
        assertThat(replica.publish(1)).isPresent();
        assertThat(log()).isEqualTo(1);
    }

    @Test
    void an_entry_of_ones_own_that_holds_something_else_is_another_one() throws IOException {
        Replica one = replica("one");
        Ledger.Turn first = one.ledger.turn();
        Ledger.Turn second = one.ledger.turn();
        assertThat(one.publish(first, 1)).isPresent();
        assertThat(one.publish(second, 2)).isEmpty();
        assertThat(one.serves()).isEqualTo("index of 1");
        assertThat(replica("other").restore()).contains("index of 1");
    }

    @Test
    void a_publication_that_cannot_be_read_is_followed_by_the_next_one() throws IOException {
        replica("one").publish(1);
        objects.create("snapshots/00000000000000000002", "nonsense".getBytes(UTF_8));
        Replica started = replica("started");
        assertThat(started.restore()).isEmpty();
        assertThat(started.publish(3)).isPresent();
        assertThat(log()).isEqualTo(3);
        assertThat(replica("other").restore()).contains("index of 3");
    }

    @Test
    void an_entry_of_any_size_is_followed_by_the_next_one() throws IOException {
        Replica one = replica("one");
        one.publish(1);
        objects.create("snapshots/00000000000000000002", new byte[0]);
        objects.create("snapshots/00000000000000000003", new byte[100_000]);
        assertThatThrownBy(() -> one.publish(2)).isInstanceOf(OpamException.Shared.class);
        assertThat(one.publish(4)).isPresent();
        assertThat(log()).isEqualTo(4);
    }

    @Test
    void a_replica_that_knows_of_more_than_is_there_does_not_take_itself_for_current() throws IOException {
        Replica publisher = replica("one");
        Replica follower = replica("other");
        publisher.publish(1);
        publisher.publish(2);
        follower.catchUp(2);
        objects.delete("snapshots/00000000000000000002");
        Instant seen = follower.ledger.seen();
        assertThat(follower.complaint()).hasMessageContaining("has lost").hasMessageContaining("restart all replicas");
        assertThat(follower.ledger.seen()).isEqualTo(seen);
    }

    @Test
    void an_audit_that_is_not_answered_finds_no_damage() throws IOException {
        replica("one").publish(1);
        SnapshotLog away = new SnapshotLog(
                new ForwardedStore(objects) {
                    @Override
                    public Optional<Fetched> get(String key, int most) throws IOException {
                        throw new ObjectStoreException("503");
                    }

                    @Override
                    public Optional<Listed> find(String key) throws IOException {
                        throw new ObjectStoreException("503");
                    }
                },
                "audit",
                Cooperation.off(remote));
        assertThatThrownBy(() -> LogAudit.of(away)).hasMessageContaining("503");
    }

    @Test
    void nothing_is_added_behind_a_gap() throws IOException {
        Replica one = replica("one");
        one.publish(1);
        one.publish(2);
        objects.delete("snapshots/00000000000000000002");
        assertThatThrownBy(() -> one.publish(3))
                .isInstanceOf(OpamException.Shared.class)
                .hasMessageContaining("has lost");
        assertThat(log()).isEqualTo(1);
    }

    @Test
    void only_the_newest_publications_keep_their_bytes_and_the_log_keeps_all() throws IOException {
        Replica replica = replica("one");
        IntStream.rangeClosed(1, 35).forEach(replica::publish);
        assertThat(log()).isEqualTo(35);
        assertThat(objects.list("objects/", "").stream().map(Listed::key).map(key -> key.split("/", -1)[1]))
                .hasSize(2 * 32)
                .first()
                .isEqualTo("00000000000000000004");
        assertThat(replica("other").restore()).contains("index of 35");
    }

    @Test
    void bytes_that_are_not_what_their_name_says_are_not_served() throws IOException {
        Replica one = replica("one");
        Replica other = replica("other");
        one.publish(1);
        other.catchUp(1);
        one.publish(2);
        String index = objects.list("objects/00000000000000000002/", "").stream()
                .map(Listed::key)
                .filter(key -> key.endsWith(one.served.get(1).index().sha256()))
                .findFirst()
                .orElseThrow();
        objects.replace(index, "index of 6".getBytes(UTF_8));
        assertThat(other.complaint()).isInstanceOf(OpamException.Shared.class).hasMessageContaining("other bytes");
        assertThat(other.serves()).isEqualTo("index of 1");
        one.publish(3);
        other.catchUp(3);
        assertThat(other.serves()).isEqualTo("index of 3");
    }

    /** What a mirror without an object store leaves behind. */
    private void oneServesAlone(int number) throws IOException {
        new SnapshotFile(Files.createDirectories(data.resolve("one")), Cooperation.off(remote), remote)
                .save(snapshot(number))
                .block(PATIENCE);
    }

    /** How many entries the log has; there is no gap. */
    private long log() throws IOException {
        List<String> keys =
                objects.list("snapshots/", "").stream().map(Listed::key).toList();
        assertThat(keys)
                .isEqualTo(LongStream.rangeClosed(1, keys.size())
                        .mapToObj("snapshots/%020d"::formatted)
                        .toList());
        return keys.size();
    }

    private Replica replica(String name) throws IOException {
        return new Replica(objects, name, REPOSITORY);
    }

    private static Snapshot snapshot(int number) {
        return new Snapshot(
                REPOSITORY,
                new Commit(new CommitId("%040x".formatted(number + 1)), Instant.ofEpochSecond(number)),
                Instant.ofEpochSecond(1_800_000_000),
                new Snapshot.Counts(3, 5, 4, 1),
                Optional.of("cache"),
                Body.of(("repo of " + number).getBytes(UTF_8)),
                Body.of(("index of " + number).getBytes(UTF_8)),
                Mono.empty());
    }

    /** One of several, with a disk of its own. */
    private final class Replica {

        private final SharedLedger ledger;
        private final List<Snapshot> served = new CopyOnWriteArrayList<>();

        Replica(ObjectStore store, String name, String repository) throws IOException {
            Cooperation lane = Cooperation.off(remote);
            ledger = new SharedLedger(
                    new SnapshotLog(store, name + System.nanoTime(), lane),
                    store,
                    new SnapshotFile(Files.createDirectories(data.resolve(name)), lane, remote),
                    repository,
                    remote);
        }

        Optional<String> restore() {
            return ledger.restore(served::add).blockOptional(PATIENCE).map(SharedLedgerTest::text);
        }

        Optional<Snapshot> publish(int number) {
            return publish(ledger.turn(), number);
        }

        Optional<Snapshot> publish(Ledger.Turn turn, int number) {
            return turn.publish(snapshot(number), served::add).blockOptional(PATIENCE);
        }

        /** The store may be left alone for a moment yet. */
        Optional<Snapshot> publishPatiently(int number) {
            return Mono.defer(() -> ledger.turn().publish(snapshot(number), served::add))
                    .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(100)))
                    .blockOptional(PATIENCE);
        }

        private Flux<OpamException> follow() {
            return ledger.follow(Duration.ofMillis(10), served::add, Schedulers.parallel());
        }

        /** Follows until something goes wrong, and tells what. */
        OpamException complaint() {
            return Objects.requireNonNull(follow().blockFirst(PATIENCE));
        }

        /** Follows until it serves the publication of this number. */
        void catchUp(long number) {
            follow().cast(Object.class)
                    .mergeWith(Flux.interval(Duration.ofMillis(10)))
                    .filter(tick -> ledger.position() == number)
                    .blockFirst(PATIENCE);
        }

        String serves() {
            return text(served.get(served.size() - 1));
        }

        List<String> texts() {
            return served.stream().map(SharedLedgerTest::text).toList();
        }
    }

    private static String text(Snapshot snapshot) {
        return Objects.requireNonNull(
                UTF_8.decode(snapshot.index().parts().get(0).duplicate()).toString());
    }
}
