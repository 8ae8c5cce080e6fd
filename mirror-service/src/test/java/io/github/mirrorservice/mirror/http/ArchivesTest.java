package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
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
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Archives over real sockets, from either store. */
@ExtendWith(LeakWatch.class)
@ParameterizedClass
@EnumSource
final class ArchivesTest {

    enum Place {
        MEMORY,
        DISK
    }

    private static final int LARGE = 3_000_000;

    private final Place place;
    private final byte[] held = Bytes.random(1, 100_000);
    private final byte[] missing = Bytes.random(2, LARGE);

    @TempDir
    private Path directory;

    private ScriptedFetcher source;
    private Listener listener;

    ArchivesTest(Place place) {
        this.place = place;
    }

    @BeforeEach
    void listen() throws IOException {
        ArchiveStore store = store();
        source = new ScriptedFetcher(store);
        RecordedWatch watch = new RecordedWatch();
        Digest named = Bytes.digests(missing).sha256();
        Wanted wanted = new Wanted(List.of(new Claim(List.of(named), List.of("http://origin.example/a"))));
        ArchiveCache cache = new ArchiveCache(
                store,
                source,
                digest -> digest.equals(named) ? Mono.just(wanted) : Mono.empty(),
                new Soundness(store, watch, Schedulers.boundedElastic()),
                new Failures(Clock.systemUTC()),
                watch);
        listener = Listener.forClients(cache);
        Stores.keep(store, held);
    }

    private ArchiveStore store() {
        return place == Place.MEMORY ? new MemoryArchives(100_000_000) : Stores.onDisk(directory);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void streams_of_http2_whose_reader_takes_nothing_hold_little_memory() throws IOException {
        String path = path(Bytes.digests(held).sha256());
        int streams = 100;
        long before = Listener.usedMemory();
        try (Http2Wire wire = Http2Wire.open(listener.port(), 0)) {
            for (int number = 0; number < streams; number++) {
                wire.get(1 + 2 * number, path);
            }
            for (int number = 0; number < streams; number++) {
                wire.await(frame -> frame.type() == Http2Wire.HEADERS);
            }
            wire.send(Http2Wire.PING, 0, 0, new byte[8]).await(Http2Wire.PING, 0);
            // An arena takes whole chunks of 4 MiB; pieces of 64 KiB would be 12.
            assertThat(Listener.usedMemory() - before).isLessThan(6_000_000);
        }
    }

    @Test
    void an_archive_is_answered_by_each_digest_to_be_kept_for_ever() throws IOException {
        for (Digest digest : Bytes.digests(held).all()) {
            Reply reply = Wire.get(listener.port(), path(digest));
            assertThat(reply.status()).isEqualTo(200);
            assertSame(reply.body(), held);
            assertThat(reply.header("ETag"))
                    .contains('"' + Bytes.digests(held).sha256().hex() + '"');
            assertThat(reply.header("Cache-Control")).contains("public, max-age=31536000, immutable");
            assertThat(reply.header("Content-Type")).contains("application/octet-stream");
            assertThat(reply.header("Accept-Ranges")).contains("bytes");
            assertThat(reply.header("Content-Encoding")).isEmpty();
        }
    }

    @Test
    void head_says_the_same_without_the_bytes() throws IOException {
        Reply reply = Wire.ask(listener.port(), "HEAD", path(Bytes.digests(held).md5()));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Length")).contains("100000");
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void a_range_is_a_part() throws IOException {
        String path = path(Bytes.digests(held).sha256());
        Reply middle = Wire.get(listener.port(), path, "Range: bytes=1000-65999");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.header("Content-Range")).contains("bytes 1000-65999/100000");
        assertSame(middle.body(), Bytes.cut(held, 1_000, 65_000));
        assertThat(Wire.get(listener.port(), path, "Range: bytes=100000-").status())
                .isEqualTo(416);
        Reply suffix = Wire.get(listener.port(), path, "Range: bytes=-5");
        assertSame(suffix.body(), Bytes.cut(held, 99_995, 5));
    }

    @Test
    void whoever_has_it_gets_304() throws IOException {
        String etag = "\"" + Bytes.digests(held).sha256().hex() + "\"";
        String path = path(Bytes.digests(held).md5());
        Reply reply = Wire.get(listener.port(), path, "If-None-Match: " + etag);
        assertThat(reply.status()).isEqualTo(304);
        assertThat(Wire.get(listener.port(), path, "If-Range: " + etag, "Range: bytes=0-0")
                        .status())
                .isEqualTo(206);
        assertThat(Wire.get(listener.port(), path, "If-Range: \"other\"", "Range: bytes=0-0")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void several_answers_on_one_connection_do_not_mix() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            for (Digest digest : Bytes.digests(held).all()) {
                wire.send(Wire.request("GET", path(digest)) + Wire.request("GET", "/cache/md5/00/" + "0".repeat(32)));
            }
            for (int i = 0; i < 3; i++) {
                assertSame(wire.read().body(), held);
                assertThat(wire.read().status()).isEqualTo(404);
            }
        }
    }

    @Test
    void what_is_no_path_of_an_archive_or_is_named_by_nobody_is_not_there() throws IOException {
        Digest digest = Bytes.digests(held).sha256();
        for (String path : List.of(
                "/cache/",
                "/cache/sha256",
                "/cache/sha256/" + digest.hex(),
                "/cache/sha256/00/" + digest.hex(),
                path(digest) + "/",
                path(digest).toUpperCase(Locale.ROOT),
                "/cache/sha1/aa/" + "a".repeat(40),
                "/cache/md5/aa/" + "a".repeat(33),
                "/cache/md5/aa/" + "a".repeat(32),
                "/cache/sha512/aa/" + "a".repeat(128))) {
            assertThat(Wire.get(listener.port(), path).status()).as(path).isEqualTo(404);
        }
        assertThat(source.count()).isZero();
    }

    @Test
    void only_get_and_head_are_taken() throws IOException {
        Reply reply =
                Wire.ask(listener.port(), "DELETE", path(Bytes.digests(held).sha256()));
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).contains("GET, HEAD");
    }

    @Test
    void all_archives_are_counted_as_one_route() throws IOException {
        Wire.get(listener.port(), path(Bytes.digests(held).md5()));
        Wire.get(listener.port(), "/cache/md5/00/" + "0".repeat(32));
        listener.awaitCounted(Map.of(
                "GET /cache/{algorithm}/{prefix}/{hex} 200", 1L, "GET /cache/{algorithm}/{prefix}/{hex} 404", 1L));
    }

    @Test
    void a_missing_archive_streams_to_its_clients_while_it_is_fetched() throws IOException {
        try (Wire early = ask();
                Wire late = new Wire(listener.port())) {
            source.await(0).begin(OptionalLong.of(LARGE));
            source.get(0).send(Bytes.cut(missing, 0, 500_000));
            assertThat(early.readHead()).isEqualTo(200);
            assertSame(early.exactly(200_000), Bytes.cut(missing, 0, 200_000));
            late.send(Wire.request("GET", path(Bytes.digests(missing).sha256())));
            assertThat(late.readHead()).isEqualTo(200);
            source.get(0).send(Bytes.cut(missing, 500_000, LARGE - 500_000));
            source.get(0).end();
            assertSame(early.exactly(LARGE - 200_000), Bytes.cut(missing, 200_000, LARGE - 200_000));
            assertSame(late.exactly(LARGE), missing);
            assertThat(early.send(Wire.request("GET", "/nothing")).read().status())
                    .isEqualTo(404);
        }
        assertThat(source.count()).isEqualTo(1);
    }

    @Test
    void a_wrong_archive_is_cut_off_before_its_end() throws IOException {
        byte[] wrong = missing.clone();
        wrong[17]++;
        try (Wire client = ask()) {
            source.await(0).begin(OptionalLong.of(LARGE));
            source.get(0).send(wrong);
            assertThat(client.readHead()).isEqualTo(200);
            source.get(0).end();
            assertThatThrownBy(() -> client.exactly(LARGE)).isInstanceOf(IOException.class);
        }
        assertThat(Wire.get(listener.port(), path(Bytes.digests(missing).sha256()))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_client_that_asks_for_a_part_or_the_head_waits_for_the_whole() throws IOException {
        try (Wire range = ask("Range: bytes=10-19");
                Wire head = new Wire(listener.port())) {
            head.send(Wire.request("HEAD", path(Bytes.digests(missing).sha256())));
            source.await(0).begin(OptionalLong.of(LARGE));
            source.get(0).send(missing);
            source.get(0).end();
            Reply part = range.read();
            assertThat(part.status()).isEqualTo(206);
            assertSame(part.body(), Bytes.cut(missing, 10, 10));
            assertThat(head.read("HEAD").header("Content-Length")).contains("" + LARGE);
        }
    }

    @Test
    void an_archive_that_cannot_be_had_is_not_there() throws IOException {
        try (Wire client = ask()) {
            source.await(0).fail(Reason.UNREACHABLE);
            assertThat(client.read().status()).isEqualTo(404);
        }
    }

    @Test
    void a_client_that_leaves_does_not_disturb_the_others() throws IOException {
        try (Wire stays = ask()) {
            Wire leaves = ask();
            source.await(0).begin(OptionalLong.of(LARGE));
            source.get(0).send(Bytes.cut(missing, 0, 1_000_000));
            assertThat(leaves.readHead()).isEqualTo(200);
            leaves.close();
            source.get(0).send(Bytes.cut(missing, 1_000_000, LARGE - 1_000_000));
            source.get(0).end();
            assertThat(stays.readHead()).isEqualTo(200);
            assertSame(stays.exactly(LARGE), missing);
        }
        listener.awaitConnections(0);
        awaitFilesClosed();
    }

    /** A file stays open for as long as somebody may still read of it, and no longer. */
    private void awaitFilesClosed() {
        Flux.interval(Duration.ofMillis(10))
                .filter(tick -> openFiles().noneMatch(file -> file.startsWith(directory.toString())))
                .blockFirst(Wire.DEADLINE);
    }

    private static Stream<String> openFiles() {
        File[] files = Objects.requireNonNullElse(new File("/proc/self/fd").listFiles(), new File[0]);
        return Arrays.stream(files).map(File::toPath).map(link -> {
            try {
                return Files.readSymbolicLink(link).toString();
            } catch (IOException closedMeanwhile) {
                return "";
            }
        });
    }

    @Test
    void what_is_missing_and_why_is_said_to_programs() throws IOException {
        listener.published.publish(Samples.snapshot(10));
        Reply json = Wire.get(listener.port(), "/snapshot.json");
        assertThat(json.text())
                .contains("\"archives_known\":12,\"archives_held\":9,\"archives_missing\":3,\"archives_failed\":1")
                .contains("\"holes\":[{\"archive\":\"md5=" + "a".repeat(32) + "\",\"tried\":\"1970-01-01T00:00:00Z\"")
                .contains("\"source\":\"origin\",\"host\":\"<origin>\",\"reason\":\"status\"");
        assertThat(Wire.get(
                                listener.port(),
                                "/snapshot.json",
                                "If-None-Match: " + json.header("ETag").orElseThrow())
                        .status())
                .isEqualTo(304);
    }

    @Test
    void of_a_snapshot_that_was_published_just_now_all_is_missing_until_it_was_counted() throws IOException {
        listener.published.publish(Samples.snapshot("repository", "f".repeat(40), 10));
        assertThat(Wire.get(listener.port(), "/snapshot.json").text())
                .contains("\"archives_known\":11496,\"archives_held\":0,\"archives_missing\":11496,");
    }

    private Wire ask(String... headers) throws IOException {
        return new Wire(listener.port())
                .send(Wire.request("GET", path(Bytes.digests(missing).sha256()), headers));
    }

    private static void assertSame(byte[] actual, byte[] expected) {
        assertThat(Arrays.equals(actual, expected)).isTrue();
    }

    private static String path(Digest digest) {
        return "/cache/" + digest.path();
    }
}
