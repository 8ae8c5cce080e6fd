package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.ArchiveWatch;
import io.github.mirrorservice.mirror.archive.Arrival;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Failures;
import io.github.mirrorservice.mirror.archive.Fetcher;
import io.github.mirrorservice.mirror.archive.ManualClock;
import io.github.mirrorservice.mirror.archive.MemoryArchives;
import io.github.mirrorservice.mirror.archive.Soundness;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import io.github.mirrorservice.mirror.archive.Stores;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.opam.NamedArchives;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What is missing is got: everything on one thread, in a time of the test's own. */
final class EagerTest {

    private static final int AT_ONCE = 8;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ArchiveStore store = new MemoryArchives(10_000_000);
    private final Failures failures = new Failures(clock);
    private final Inventory inventory = new Inventory(store, Cooperation.off(Schedulers.immediate()));
    private final Sinks.Many<Inventory.Count> changes = Sinks.many().replay().latest();
    private final Hand hand = new Hand();
    private Disposable work = Mono.never().subscribe();

    /** A source that gives when the test says so. */
    private final class Hand implements Fetcher {

        private final List<Digest> asked = new ArrayList<>();
        private final Map<Digest, Sinks.One<Archive>> open = new LinkedHashMap<>();

        @Override
        public Mono<Archive> fetch(Wanted wanted, Consumer<Arrival> arrivals) {
            return Mono.defer(() -> {
                Sinks.One<Archive> end = Sinks.one();
                asked.add(wanted.key());
                open.put(wanted.key(), end);
                return end.asMono();
            });
        }

        private Sinks.One<Archive> asked(int seed) {
            return Objects.requireNonNull(open.get(key(seed)), "nobody asked for it");
        }

        void give(int seed) {
            try {
                asked(seed).tryEmitValue(Stores.keep(store, bytes(seed)));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        void refuse(int seed) {
            asked(seed)
                    .tryEmitError(new ArchiveException.Unavailable(List.of(new SourceFailure(
                            SourceFailure.Kind.ORIGIN, "origin.example", Reason.STATUS, "404", Optional.empty()))));
        }
    }

    /** Tells the inventory what is had, as the mirror does. */
    private final class Telling implements ArchiveWatch {

        @Override
        public void requested(Result result) {}

        @Override
        public void fetched(SourceFailure.Kind source, Duration taken, long bytes) {}

        @Override
        public void failed(SourceFailure failure) {}

        @Override
        public void obtained(Wanted wanted, Archive archive) {
            inventory.had(wanted, archive);
        }

        @Override
        public void rotten(Archive archive) {}

        @Override
        public void broken(ArchiveException.Store failure) {}
    }

    @BeforeEach
    void start() {
        ArchiveWatch watch = new Telling();
        Soundness soundness = new Soundness(store, watch, Schedulers.immediate());
        ArchiveCache cache = new ArchiveCache(store, hand, digest -> Mono.empty(), soundness, failures, watch);
        work = new Eager(inventory, cache, failures, clock, timer)
                .work(changes.asFlux())
                .subscribe();
    }

    @AfterEach
    void stop() {
        work.dispose();
    }

    private static byte[] bytes(int seed) {
        return Bytes.random(seed, 100);
    }

    private static Digest key(int seed) {
        return Bytes.digests(bytes(seed)).sha256();
    }

    private static Wanted wanted(int seed) {
        return new Wanted(List.of(new Claim(List.of(key(seed)), List.of("http://origin.example/" + seed))));
    }

    /** A merge that names these archives is published. */
    private void publish(int... seeds) {
        Wanted[] all = IntStream.of(seeds).mapToObj(EagerTest::wanted).toArray(Wanted[]::new);
        inventory.take(NamedArchives.snapshot(all)).subscribe(changes::tryEmitNext);
    }

    private void pass(Duration time) {
        clock.advance(time);
        timer.advanceTimeBy(time);
    }

    private static List<Digest> keys(int... seeds) {
        return IntStream.of(seeds).mapToObj(EagerTest::key).toList();
    }

    @Test
    void what_is_missing_is_got_in_its_order_and_what_is_held_is_not_asked_for() throws IOException {
        Stores.keep(store, bytes(2));
        publish(1, 2, 3);
        assertThat(hand.asked).isEqualTo(keys(1, 3));
        hand.give(1);
        hand.give(3);
        pass(Duration.ofHours(1));
        assertThat(hand.asked).isEqualTo(keys(1, 3));
    }

    @Test
    void a_few_are_got_at_once() {
        publish(IntStream.range(0, 20).toArray());
        assertThat(hand.asked).hasSize(AT_ONCE);
        hand.give(3);
        assertThat(hand.asked).hasSize(AT_ONCE + 1);
        hand.refuse(0);
        assertThat(hand.asked).hasSize(AT_ONCE + 2);
    }

    @Test
    void what_failed_is_tried_again_later_and_later_though_git_has_nothing_new() {
        publish(1);
        hand.refuse(1);
        pass(Duration.ofMinutes(1));
        assertThat(hand.asked).hasSize(1);
        pass(Duration.ofMinutes(2));
        assertThat(hand.asked).hasSize(2);
        hand.refuse(1);
        pass(Duration.ofMinutes(3));
        assertThat(hand.asked).hasSize(2);
        pass(Duration.ofMinutes(2));
        assertThat(hand.asked).hasSize(3);
        hand.give(1);
        pass(Duration.ofHours(12));
        assertThat(hand.asked).hasSize(3);
        assertThat(failures.all()).isEmpty();
    }

    @Test
    void what_a_merge_brings_comes_first_and_what_is_under_way_goes_on() {
        publish(IntStream.range(0, 20).toArray());
        publish(IntStream.rangeClosed(0, 22).toArray());
        assertThat(hand.asked.subList(AT_ONCE, AT_ONCE + 3)).isEqualTo(keys(20, 21, 22));
        assertThat(hand.asked).doesNotHaveDuplicates();
        hand.give(0);
        assertThat(store.find(key(0)).block()).isNotNull();
    }

    @Test
    void what_a_merge_takes_away_is_not_asked_for_again() {
        publish(1, 2);
        hand.refuse(1);
        publish(2);
        pass(Duration.ofHours(1));
        assertThat(hand.asked).isEqualTo(keys(1, 2));
    }
}
