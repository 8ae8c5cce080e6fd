package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Failures;
import io.github.mirrorservice.mirror.archive.MemoryArchives;
import io.github.mirrorservice.mirror.archive.RecordedWatch;
import io.github.mirrorservice.mirror.archive.ScriptedFetcher;
import io.github.mirrorservice.mirror.archive.Soundness;
import io.github.mirrorservice.mirror.archive.Stores;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.http.Wire.Reply;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A mirror that is asked for more than it can bear, over real sockets: eight requests at once. */
@ExtendWith(LeakWatch.class)
final class OverloadTest {

    private static final int MOST = 8;

    private final byte[] held = Bytes.random(1, 10_000);
    private final byte[] missing = Bytes.random(2, 10_000);
    private final ArchiveStore store = new MemoryArchives(50_000_000);
    private final ScriptedFetcher source = new ScriptedFetcher(store);
    private final List<Wire> waiting = new ArrayList<>();
    private Listener listener = listen(MOST);

    private Listener listen(int room) {
        RecordedWatch watch = new RecordedWatch();
        ArchiveCache cache = new ArchiveCache(
                store,
                source,
                digest ->
                        Mono.just(new Wanted(List.of(new Claim(List.of(digest), List.of("http://origin.example/a"))))),
                new Soundness(store, watch, Schedulers.boundedElastic()),
                new Failures(Clock.systemUTC()),
                watch);
        Listener made = Listener.forClients(cache, room);
        made.published.publish(Samples.snapshot(1_000));
        return made;
    }

    @BeforeEach
    void keep() throws IOException {
        Stores.keep(store, held);
    }

    @AfterEach
    void close() throws IOException {
        for (Wire wire : waiting) {
            wire.close();
        }
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/status", "/status.json", "/status/events", "/snapshot.json"})
    void pages_are_turned_away_first_and_their_readers_told_when_to_come_back(String page) throws IOException {
        inFlight(MOST / 4);
        Reply reply = Wire.get(listener.port(), page);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("retry-after")).contains("5");
        assertThat(reply.header("cache-control")).contains("no-store");
        assertThat(listener.shed).containsExactly(Rank.PAGE);
        assertThat(get(path(held)).status()).isEqualTo(200);
    }

    @Test
    void an_archive_that_is_missing_is_left_to_its_origin_when_half_of_the_room_is_taken() throws IOException {
        inFlight(MOST / 2);
        assertThat(get(path(missing)).status()).isEqualTo(404);
        assertThat(listener.shed).containsExactly(Rank.FETCH);
        assertThat(get(path(held)).status()).isEqualTo(200);
    }

    @Test
    void the_snapshot_is_served_while_archives_are_left_to_their_origins_because_event_loops_are_late()
            throws IOException {
        listener.close();
        listener = listen(1_000);
        inFlight(300);
        assertThat(get(path(held)).status()).isEqualTo(200);
        late();
        assertThat(get(path(held)).status()).isEqualTo(404);
        assertThat(get("/repo").status()).isEqualTo(200);
        assertThat(listener.shed).containsExactly(Rank.ARCHIVE);
    }

    @Test
    void without_room_for_one_more_no_503_is_given_for_an_archive_and_the_snapshot_is_served() throws IOException {
        inFlight(4);
        stall(4);
        assertThat(get(path(held)).status()).isEqualTo(404);
        assertThat(Wire.ask(listener.port(), "DELETE", path(held)).status()).isEqualTo(405);
        assertThat(get("/repo").status()).isEqualTo(200);
        assertThat(listener.shed).containsExactly(Rank.ARCHIVE);
    }

    @Test
    void clients_that_take_nothing_of_the_snapshot_take_no_room_from_archives() throws IOException {
        listener.published.publish(Samples.snapshot(50_000_000));
        for (int i = 0; i < 2 * MOST; i++) {
            waiting.add(new Wire(listener.port()).send(Wire.request("GET", "/index.tar.gz")));
        }
        assertThat(get(path(held)).status()).isEqualTo(200);
        assertThat(get("/status").status()).isEqualTo(200);
        awaitInFlight(0);
    }

    @Test
    void room_is_made_by_answers_that_are_whole_and_by_clients_that_leave() throws IOException {
        inFlight(4);
        assertThat(get("/nothing").status()).isEqualTo(404);
        assertThat(Wire.ask(listener.port(), "HEAD", path(held)).status()).isEqualTo(200);
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send("GET / HTTP/1.9\r\n\r\n").read().status()).isEqualTo(505);
        }
        awaitInFlight(4);
        leave();
        assertThat(get("/status").status()).isEqualTo(200);
    }

    /** So many requests wait for an archive that nobody sends. */
    private void inFlight(int requests) throws IOException {
        for (int i = 0; i < requests; i++) {
            waiting.add(new Wire(listener.port()).send(Wire.request("GET", path(Bytes.random(100, 10)))));
        }
        awaitInFlight(requests);
    }

    /** So many clients more have asked for a large archive that is held, and take none of it. */
    private void stall(int clients) throws IOException {
        byte[] large = Bytes.random(3, 20_000_000);
        Stores.keep(store, large);
        int before = listener.capacity.inFlight();
        for (int i = 0; i < clients; i++) {
            waiting.add(new Wire(listener.port()).send(Wire.request("GET", path(large))));
        }
        awaitInFlight(before + clients);
    }

    private void leave() throws IOException {
        for (Wire wire : waiting) {
            wire.close();
        }
        awaitInFlight(0);
    }

    private void late() {
        for (int i = 0; i < 100; i++) {
            listener.capacity.waited(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private void awaitInFlight(int expected) {
        Flux.interval(Duration.ofMillis(5))
                .filter(tick -> listener.capacity.inFlight() == expected)
                .blockFirst(Wire.DEADLINE);
    }

    private Reply get(String path) throws IOException {
        return Wire.get(listener.port(), path);
    }

    private static String path(byte[] bytes) {
        Digest digest = Bytes.digests(bytes).sha256();
        return "/cache/" + digest.path();
    }
}
