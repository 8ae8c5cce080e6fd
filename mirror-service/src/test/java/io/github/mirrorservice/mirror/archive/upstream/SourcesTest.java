package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Arrival;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.RecordedWatch;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import io.github.mirrorservice.mirror.archive.SourceFailure.Kind;
import io.github.mirrorservice.mirror.archive.Stores;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.archive.upstream.Sources.Caches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Sources in their order over real sockets, into a store on disk in which nothing is left under way. */
final class SourcesTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final byte[] right = Bytes.random(1, 50_000);
    private final Digests digests = Bytes.digests(right);
    private final Asking asking = new Asking(Map.of(), "127.0.0.1");
    private final RecordedWatch watch = new RecordedWatch();
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private ArchiveStore store;

    @BeforeEach
    void open() {
        store = Stores.onDisk(directory);
    }

    @AfterEach
    void nothing_is_left() {
        Flux.interval(Duration.ofMillis(5)).filter(tick -> underWay() == 0).blockFirst(Asking.DEADLINE);
        asking.close();
    }

    private int underWay() {
        String[] files = directory.resolve("incoming").toFile().list();
        return files == null ? 0 : files.length;
    }

    @Test
    void a_mirror_has_it_when_the_origin_gives_other_bytes_and_that_is_told() throws IOException {
        try (RawOrigin origin = RawOrigin.saying(target -> answer("", "wrong"));
                RawOrigin mirror = RawOrigin.saying(target -> answer("", text(right)))) {
            assertThat(fetch(sources(LONG), origin.url("/"), mirror.url("/"))).isEqualTo(digests.sha256());
            assertThat(origin.visits()).isEqualTo(1);
        }
        assertThat(watch.failed).extracting(SourceFailure::source).containsExactly(Kind.ORIGIN);
        assertThat(watch.failed).extracting(SourceFailure::reason).containsExactly(Reason.MISMATCH);
        assertThat(watch.fetched).containsExactly(Kind.MIRROR);
    }

    @Test
    void a_cache_that_the_operator_names_may_have_a_private_address() throws IOException {
        try (RawOrigin cache =
                RawOrigin.on("127.0.0.2", (head, client) -> RawOrigin.say(client, answer("", text(right))))) {
            fetch(sources(LONG, cache.url("")), cache.url("/origin"));
            assertThat(cache.heads().get(0))
                    .startsWith("GET /" + digests.sha256().path() + " ");
        }
        assertThat(watch.failed).extracting(SourceFailure::reason).containsExactly(Reason.ADDRESS);
        assertThat(watch.fetched).containsExactly(Kind.CACHE);
    }

    @Test
    void an_archive_that_breaks_off_goes_on_where_it_ended() throws IOException {
        try (RawOrigin origin = RawOrigin.of(
                (head, client) -> RawOrigin.say(client, isResuming(head) ? rest(20_000) : brokenOff("v", 20_000)))) {
            fetch(sources(LONG), origin.url("/"));
            assertThat(origin.heads()).hasSize(2);
            assertThat(origin.heads().get(1))
                    .containsIgnoringCase("\nrange: bytes=20000-\n")
                    .containsIgnoringCase("\nif-range: \"v\"\n");
        }
        assertThat(arrivals).hasSize(1);
    }

    @Test
    void an_archive_that_changed_meanwhile_starts_over() throws IOException {
        try (RawOrigin origin = RawOrigin.of((head, client) -> RawOrigin.say(
                client, isResuming(head) ? answer("ETag: \"w\"\r\n", text(right)) : brokenOff("v", 20_000)))) {
            fetch(sources(LONG), origin.url("/"));
        }
        assertThat(arrivals).hasSize(2);
        assertThat(catchThrowableOfType(
                        ArchiveException.Source.class,
                        () -> arrivals.get(0).parts().blockLast(Asking.DEADLINE)))
                .isNotNull();
    }

    @Test
    void a_rest_that_is_refused_is_asked_for_as_a_whole() throws IOException {
        List<String> answers = List.of(brokenOff("v", 20_000), "HTTP/1.1 416 x\r\n\r\n", answer("", text(right)));
        List<String> asked = new CopyOnWriteArrayList<>();
        try (RawOrigin origin = RawOrigin.of((head, client) -> {
            asked.add(head);
            RawOrigin.say(client, answers.get(asked.size() - 1));
        })) {
            fetch(sources(LONG), origin.url("/"));
        }
        assertThat(asked).hasSize(3);
        assertThat(isResuming(asked.get(2))).isFalse();
    }

    @Test
    void a_source_that_wants_a_long_pause_is_skipped() throws IOException {
        try (RawOrigin origin =
                        RawOrigin.saying(target -> "HTTP/1.1 503 x\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
                RawOrigin mirror = RawOrigin.saying(target -> answer("", text(right)))) {
            fetch(sources(LONG), origin.url("/"), mirror.url("/"));
            assertThat(origin.visits()).isEqualTo(1);
        }
    }

    @Test
    void a_source_that_wants_a_short_pause_is_asked_again_after_it() throws IOException {
        List<String> answers =
                List.of("HTTP/1.1 503 x\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", answer("", text(right)));
        List<String> asked = new CopyOnWriteArrayList<>();
        try (RawOrigin origin = RawOrigin.of((head, client) -> {
            asked.add(head);
            RawOrigin.say(client, answers.get(asked.size() - 1));
        })) {
            fetch(sources(LONG), origin.url("/"));
        }
        assertThat(asked).hasSize(2);
        assertThat(watch.failed).isEmpty();
    }

    @Test
    void a_store_that_cannot_be_written_is_not_a_failure_of_the_source() throws IOException {
        Files.delete(directory.resolve("incoming"));
        try (RawOrigin origin = RawOrigin.saying(target -> answer("", text(right)))) {
            assertThat(catchThrowableOfType(
                            ArchiveException.Store.class,
                            () -> fetch(sources(LONG), origin.url("/1"), origin.url("/2"))))
                    .isNotNull();
            assertThat(origin.visits()).isEqualTo(1);
        }
        assertThat(watch.failed).isEmpty();
    }

    @Test
    void all_sources_together_have_one_bound_of_time() throws IOException {
        try (RawOrigin silent = RawOrigin.of((head, client) -> {
            RawOrigin.say(client, "HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\nsome");
            RawOrigin.awaitEnd(client);
        })) {
            ArchiveException.Unavailable late = catchThrowableOfType(
                    ArchiveException.Unavailable.class,
                    () -> fetch(sources(Duration.ofMillis(200)), silent.url("/1"), silent.url("/2")));
            assertThat(late.failures()).extracting(SourceFailure::reason).containsExactly(Reason.TIMEOUT);
            assertThat(silent.visits()).isEqualTo(1);
        }
    }

    @Test
    void a_fetch_that_is_cancelled_leaves_nothing() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (RawOrigin origin = RawOrigin.of((head, client) -> {
            RawOrigin.say(client, brokenOff("v", 20_000));
            RawOrigin.awaitEnd(client);
            gone.countDown();
        })) {
            Disposable fetch =
                    sources(LONG).fetch(wanted(origin.url("/")), arrivals::add).subscribe();
            Flux.interval(Duration.ofMillis(5))
                    .filter(tick -> !arrivals.isEmpty())
                    .blockFirst(Asking.DEADLINE);
            fetch.dispose();
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Sources sources(Duration total, String... caches) {
        return new Sources(
                store,
                asking.upstream,
                () -> new Caches(List.of(caches), Caches.Order.LAST),
                new Tries(2, Duration.ofMillis(1), Duration.ofSeconds(5), total),
                watch,
                Schedulers.boundedElastic(),
                Schedulers.parallel());
    }

    private Wanted wanted(String... urls) {
        return new Wanted(List.of(new Claim(List.of(digests.sha256()), Arrays.asList(urls))));
    }

    private Object fetch(Sources sources, String... urls) {
        Archive had = sources.fetch(wanted(urls), arrivals::add).block(Asking.DEADLINE);
        return Objects.requireNonNull(had).sha256();
    }

    private static boolean isResuming(String head) {
        return head.toLowerCase(Locale.ROOT).contains("\nrange: ");
    }

    private static String answer(String headers, String body) {
        return "HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s".formatted(headers, body.length(), body);
    }

    private String brokenOff(String tag, int after) {
        return answer("ETag: \"" + tag + "\"\r\n", text(right)).split("\r\n\r\n", 2)[0] + "\r\n\r\n"
                + text(right).substring(0, after);
    }

    private String rest(int from) {
        String body = text(right).substring(from);
        return "HTTP/1.1 206 x\r\nETag: \"v\"\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(from, right.length - 1, right.length, body.length(), body);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
