package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.archive.ArchiveWatch.Result;
import io.netty.util.ReferenceCounted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The cache over a store on disk, with a source that does what the test says. */
final class ArchiveCacheTest {

    private static final int LARGE = 2_000_000;
    private static final int HERD = Integer.getInteger("herd.clients", 200);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final RecordedWatch watch = new RecordedWatch();
    private final byte[] large = Bytes.random(1, LARGE);
    private final byte[] small = Bytes.random(2, 20_000);
    private final List<Wanted> named = new ArrayList<>(List.of(wanted(large), wanted(small)));
    private final Failures failures = new Failures(clock);
    private boolean room = true;
    private ArchiveStore store;
    private ScriptedFetcher source;
    private ArchiveCache cache;

    @BeforeEach
    void start() {
        store = Stores.onDisk(directory);
        source = new ScriptedFetcher(store);
        Soundness soundness = new Soundness(store, watch, Schedulers.boundedElastic());
        cache = new ArchiveCache(store, source, this::name, soundness, failures, watch);
    }

    private Mono<Wanted> name(Digest digest) {
        return Flux.fromIterable(named)
                .filter(wanted -> wanted.digests().contains(digest))
                .next();
    }

    private static Wanted wanted(byte[] bytes) {
        Digests digests = Bytes.digests(bytes);
        return new Wanted(List.of(
                new Claim(List.of(digests.md5()), List.of("http://origin.example/a")),
                new Claim(List.of(digests.sha256(), digests.md5()), List.of("http://mirror.example/a"))));
    }

    @Test
    void a_small_archive_is_handed_on_when_it_is_verified() throws IOException {
        Asked asked = ask(Bytes.digests(small).md5());
        source.await(0).begin(OptionalLong.of(small.length));
        source.get(0).send(small);
        asked.isWaiting();
        source.get(0).end();
        assertThat(asked.held()).isEqualTo(Bytes.digests(small));
        assertThat(watch.results).containsExactly(Result.FETCHED);
    }

    @Test
    void what_was_fetched_for_one_digest_is_there_by_all() throws IOException {
        ask(Bytes.digests(small).sha256());
        source.await(0).begin(OptionalLong.empty());
        source.get(0).send(small);
        source.get(0).end();
        for (Digest digest : Bytes.digests(small).all()) {
            assertThat(ask(digest).held()).isEqualTo(Bytes.digests(small));
        }
        assertThat(source.count()).isEqualTo(1);
    }

    @Test
    void a_large_archive_streams_while_it_comes_but_for_its_last_piece() throws Exception {
        Asked asked = ask(Bytes.digests(large).md5());
        source.await(0).begin(OptionalLong.of(LARGE));
        source.get(0).send(Bytes.cut(large, 0, 1_000));
        Received received = asked.follow();
        received.awaits(1_000);
        source.get(0).send(Bytes.cut(large, 1_000, LARGE - 1_001));
        Thread.sleep(30); // readers are told of what comes every 20 ms
        source.get(0).send(Bytes.cut(large, LARGE - 1, 1));
        received.awaits(LARGE - 65_536);
        assertThat(received.length()).isEqualTo(LARGE - 65_536);
        received.isOpen();
        source.get(0).end();
        assertThat(received.all()).isEqualTo(Bytes.digests(large));
    }

    @Test
    void however_many_wait_it_is_fetched_once_and_all_get_all_of_it_the_late_one_too() throws IOException {
        List<Asked> early = Flux.range(0, HERD)
                .map(i -> ask(
                        i % 2 == 0
                                ? Bytes.digests(large).md5()
                                : Bytes.digests(large).sha256()))
                .collectList()
                .blockOptional()
                .orElseThrow();
        source.await(0).begin(OptionalLong.of(LARGE));
        source.get(0).send(Bytes.cut(large, 0, 1_500_000));
        List<Received> received =
                new ArrayList<>(early.stream().map(Asked::follow).toList());
        received.add(ask(Bytes.digests(large).md5()).follow());
        source.get(0).send(Bytes.cut(large, 1_500_000, 500_000));
        source.get(0).end();
        assertThat(received).allSatisfy(each -> assertThat(each.all()).isEqualTo(Bytes.digests(large)));
        assertThat(source.count()).isEqualTo(1);
        assertThat(watch.results)
                .hasSize(HERD + 1)
                .containsOnlyOnce(Result.FETCHED)
                .contains(Result.COALESCED);
    }

    @Test
    void where_there_is_no_room_to_wait_what_is_missing_is_not_there_and_what_is_held_is() throws IOException {
        room = false;
        assertThat(ask(Bytes.digests(large).md5()).isMiss()).isTrue();
        Stores.keep(store, large);
        assertThat(ask(Bytes.digests(large).md5()).held()).isEqualTo(Bytes.digests(large));
        assertThat(watch.results).containsExactly(Result.SHED, Result.HIT);
        assertThat(source.count()).isZero();
    }

    @Test
    void the_first_ones_cancel_hurts_nobody() throws IOException {
        Disposable first = cache.get(Bytes.digests(large).md5(), () -> true).subscribe();
        Asked second = ask(Bytes.digests(large).md5());
        first.dispose();
        source.await(0).begin(OptionalLong.of(LARGE));
        source.get(0).send(Bytes.cut(large, 0, 1_000_000));
        Received left = second.follow();
        Received stayed = ask(Bytes.digests(large).md5()).follow();
        left.cancel();
        source.get(0).send(Bytes.cut(large, 1_000_000, 1_000_000));
        source.get(0).end();
        assertThat(stayed.all()).isEqualTo(Bytes.digests(large));
        assertThat(source.count()).isEqualTo(1);
    }

    @Test
    void a_slow_reader_gets_the_rest_from_the_store() throws IOException {
        Asked asked = ask(Bytes.digests(large).md5());
        source.await(0).begin(OptionalLong.of(LARGE));
        source.get(0).send(Bytes.cut(large, 0, 600_000));
        Flux<ReferenceCounted> parts = asked.parts().concatMap(part -> Mono.justOrEmpty(part.open()), 0);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        StepVerifier.create(parts, 1)
                .consumeNextWith(part -> read.writeBytes(new Stores.Part(part).read()))
                .then(() -> finish(source.get(0), Bytes.cut(large, 600_000, LARGE - 600_000)))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(part -> true, part -> read.writeBytes(new Stores.Part(part).read()))
                .expectComplete()
                .verify(Stores.PATIENCE);
        assertThat(Bytes.digests(read.toByteArray())).isEqualTo(Bytes.digests(large));
    }

    private static void finish(ScriptedFetcher.Try source, byte[] rest) {
        try {
            source.send(rest);
            source.end();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void a_wrong_archive_never_reaches_its_end_and_is_not_kept() throws IOException {
        byte[] wrong = large.clone();
        wrong[0]++;
        Asked asked = ask(Bytes.digests(large).md5());
        source.await(0).begin(OptionalLong.of(LARGE));
        source.get(0).send(wrong);
        Received received = asked.follow();
        source.get(0).end();
        assertThat(received.fails()).isLessThanOrEqualTo(LARGE - 65_536);
        assertThat(Stores.all(store)).isEmpty();
        assertThat(directory.resolve("incoming")).isEmptyDirectory();
    }

    @Test
    void whoever_followed_a_source_that_broke_off_is_cut_and_who_had_nothing_yet_gets_it_from_the_next()
            throws IOException {
        byte[] wrong = large.clone();
        wrong[0]++;
        Asked early = ask(Bytes.digests(large).md5());
        source.await(0).begin(OptionalLong.of(LARGE));
        source.get(0).send(Bytes.cut(wrong, 0, 500_000));
        Received cut = early.follow();
        source.get(0).breakOff();
        assertThat(cut.fails()).isLessThanOrEqualTo(500_000);
        Asked late = ask(Bytes.digests(large).md5());
        source.await(0).begin(OptionalLong.of(LARGE));
        source.get(0).send(large);
        Received whole = late.follow();
        source.get(0).end();
        assertThat(whole.all()).isEqualTo(Bytes.digests(large));
        assertThat(source.count()).isEqualTo(1);
    }

    @Test
    void an_archive_of_unknown_size_is_verified_first() throws IOException {
        Asked asked = ask(Bytes.digests(large).md5());
        source.await(0).begin(OptionalLong.empty());
        source.get(0).send(large);
        asked.isWaiting();
        source.get(0).end();
        assertThat(asked.held()).isEqualTo(Bytes.digests(large));
    }

    @Test
    void a_digest_that_nobody_names_is_not_asked_for() {
        assertThat(ask(Bytes.digests(Bytes.random(9, 9)).md5()).isMiss()).isTrue();
        assertThat(source.count()).isZero();
        assertThat(watch.results).containsExactly(Result.MISS);
    }

    @Test
    void what_failed_is_not_tried_again_at_once_but_a_moment_later() throws IOException {
        Digest digest = Bytes.digests(small).md5();
        Asked first = ask(digest);
        source.await(0).fail(Reason.STATUS);
        assertThat(first.isMiss()).isTrue();
        assertThat(ask(digest).isMiss()).isTrue();
        assertThat(source.count()).isEqualTo(1);
        assertThat(watch.results).containsExactly(Result.MISS, Result.NEGATIVE);
        assertThat(failures.all()).singleElement().satisfies(failure -> assertThat(failure.times())
                .isEqualTo(1));
        clock.advance(Duration.ofSeconds(61));
        Asked again = ask(digest);
        source.await(1).begin(OptionalLong.empty());
        source.get(1).send(small);
        source.get(1).end();
        assertThat(again.held()).isEqualTo(Bytes.digests(small));
        assertThat(failures.all()).isEmpty();
    }

    @Test
    void a_flipped_bit_is_found_at_the_first_read_after_a_start_and_healed() throws IOException {
        Stores.keep(store, small);
        flip(small);
        Asked asked = ask(Bytes.digests(small).sha512());
        assertThat(asked.isMiss()).isTrue();
        assertThat(watch.rotten).hasSize(1);
        Asked healed = ask(Bytes.digests(small).sha256());
        source.await(0).begin(OptionalLong.empty());
        source.get(0).send(small);
        source.get(0).end();
        assertThat(healed.held()).isEqualTo(Bytes.digests(small));
        assertThat(ask(Bytes.digests(small).sha512()).held()).isEqualTo(Bytes.digests(small));
    }

    @Test
    void of_a_thousand_blobs_with_a_flipped_bit_none_is_handed_on() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = Bytes.random(100 + i, 50 + i);
            Stores.keep(store, bytes);
            flip(bytes);
        }
        for (int i = 0; i < 1_000; i++) {
            Digests digests = Bytes.digests(Bytes.random(100 + i, 50 + i));
            assertThat(cache.get(digests.all().get(i % 3), () -> true).blockOptional(Stores.PATIENCE))
                    .isEmpty();
        }
        assertThat(watch.rotten).hasSize(1_000);
        assertThat(store.quarantined().block(Stores.PATIENCE))
                .isNotNull()
                .satisfies(holdings -> assertThat(holdings.archives()).isEqualTo(1_000));
    }

    private void flip(byte[] bytes) throws IOException {
        Path file =
                directory.resolve("cache").resolve(Bytes.digests(bytes).sha256().path());
        byte[] rotten = bytes.clone();
        rotten[rotten.length / 2] ^= 1;
        Files.write(file, rotten);
    }

    private Asked ask(Digest digest) {
        return new Asked(cache.get(digest, () -> room));
    }

    /** A client that asked. */
    private static final class Asked {

        private final Mono<Delivery> answer;

        Asked(Mono<Delivery> answer) {
            this.answer = answer.cache();
            this.answer.subscribe();
        }

        private Delivery await() {
            return answer.blockOptional(Stores.PATIENCE).orElseThrow();
        }

        void isWaiting() {
            StepVerifier.create(answer.timeout(Duration.ofMillis(50)))
                    .expectError(TimeoutException.class)
                    .verify(Stores.PATIENCE);
        }

        boolean isMiss() {
            return answer.blockOptional(Stores.PATIENCE).isEmpty();
        }

        Digests held() throws IOException {
            return Bytes.digests(
                    Stores.bytes(((Delivery.Held) await()).archive().content()));
        }

        Flux<Content.Part> parts() {
            return ((Delivery.OnTheWay) await()).arrival().parts();
        }

        Received follow() {
            return new Received(parts());
        }
    }

    @Test
    void what_the_store_could_not_keep_is_worth_another_try_soon_however_often_that_was() {
        Wanted wanted = new Wanted(List.of(new Claim(Bytes.digests(large).all(), List.of())));
        for (int i = 0; i < 10; i++) {
            failures.add(wanted, List.of());
        }
        assertThat(failures.of(wanted).orElseThrow().nextTry())
                .isEqualTo(clock.instant().plusSeconds(15));
        clock.advance(Duration.ofSeconds(11));
        assertThat(failures.isTooEarly(wanted)).isFalse();
    }
}
