package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Failures;
import io.github.mirrorservice.mirror.archive.RecordedWatch;
import io.github.mirrorservice.mirror.archive.Soundness;
import io.github.mirrorservice.mirror.archive.Stores;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.archive.upstream.AddressPolicy;
import io.github.mirrorservice.mirror.archive.upstream.RawOrigin;
import io.github.mirrorservice.mirror.archive.upstream.Sources;
import io.github.mirrorservice.mirror.archive.upstream.Tries;
import io.github.mirrorservice.mirror.archive.upstream.Upstream;
import io.github.mirrorservice.mirror.archive.upstream.UpstreamSettings;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** From a host's socket to a client's: whatever a host sends, no wrong byte is kept, and no client has a wrong archive. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(10)
final class BadBodiesTest {

    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final int BODIES = Integer.getInteger("bodies.bad", 0);

    /** Sizes on both sides of the one from which an archive is handed on before it is verified. */
    enum Size {
        SMALL(20_000),
        LARGE(700_000);

        private final int bytes;

        Size(int bytes) {
            this.bytes = bytes;
        }
    }

    private final Map<Digest, Wanted> names = new ConcurrentHashMap<>();
    private final AtomicLong seeds = new AtomicLong();
    private final LoopResources loops = LoopResources.create("upstream", 1, true);
    private File incoming;
    private ArchiveStore store;
    private Listener listener;

    @BeforeAll
    void listen(@TempDir Path directory) {
        incoming = directory.resolve("incoming").toFile();
        store = Stores.onDisk(directory);
        RecordedWatch watch = new RecordedWatch();
        ArchiveCache cache = new ArchiveCache(
                store,
                sources(watch),
                digest -> Mono.justOrEmpty(names.get(digest)),
                new Soundness(store, watch, Schedulers.boundedElastic()),
                new Failures(Clock.systemUTC()),
                watch);
        listener = Listener.forClients(cache);
    }

    private Sources sources(RecordedWatch watch) {
        UpstreamSettings settings = new UpstreamSettings("test", SHORT, SHORT, SHORT, SHORT, 1, 10_000_000, 5, 2, 2, 2);
        return new Sources(
                store,
                new Upstream(
                        settings,
                        () -> AddressPolicy.of(List.of("127.0.0.0/8")),
                        host -> Mono.empty(),
                        loops,
                        Schedulers.boundedElastic()),
                () -> new Sources.Caches(List.of(), Sources.Caches.Order.LAST),
                new Tries(2, Duration.ofMillis(1), SHORT, Duration.ofMinutes(1)),
                watch,
                Schedulers.boundedElastic(),
                Schedulers.parallel());
    }

    @AfterAll
    void close() {
        listener.close();
        loops.disposeLater(Duration.ZERO, SHORT).block(Wire.DEADLINE);
    }

    /** Each once; again and again, up to how many there are to be. */
    static Stream<Arguments> bad() {
        List<Arguments> each = Arrays.stream(BadBody.values())
                .flatMap(body -> good().map(framed -> framed(body, framed)))
                .toList();
        return IntStream.range(0, Math.max(BODIES, each.size())).mapToObj(number -> each.get(number % each.size()));
    }

    private static Arguments framed(BadBody body, Arguments framed) {
        return Arguments.of(body, framed.get()[0], framed.get()[1]);
    }

    static Stream<Arguments> good() {
        return Arrays.stream(Framing.values())
                .flatMap(framing -> Arrays.stream(Size.values()).map(size -> Arguments.of(framing, size)));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("bad")
    void a_bad_body_is_not_kept_and_no_client_takes_it_for_the_archive(BadBody body, Framing framing, Size size)
            throws IOException {
        byte[] right = next(size);
        try (RawOrigin origin = origin((head, client) -> body.answer(framing, right, head, client));
                Wire client = new Wire(listener.port())) {
            client.send(Wire.request("GET", named(right, origin)));
            assertThat(isRefusedOrCutOff(client)).isTrue();
            assertThat(origin.visits()).isPositive();
        }
        awaitNothingUnderWay();
        assertThat(taken()).isEmpty();
    }

    /** Whether the answer is 404, or ends before its end; waiting in vain for either is none. */
    private static boolean isRefusedOrCutOff(Wire client) throws IOException {
        try {
            return client.read().status() == 404;
        } catch (EOFException | SocketException cutOff) {
            return true;
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("good")
    void a_right_body_is_kept_and_reaches_the_client(Framing framing, Size size) throws IOException {
        byte[] right = next(size);
        try (RawOrigin origin = origin((head, client) -> framing.whole(client, "200 OK", "", right))) {
            Wire.Reply reply = Wire.get(listener.port(), named(right, origin));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(Arrays.equals(reply.body(), right)).isTrue();
        }
        awaitNothingUnderWay();
        assertThat(taken()).containsExactly(Bytes.digests(right).sha256());
    }

    /** Another archive each time, also of another length, so that its pieces end elsewhere. */
    private byte[] next(Size size) {
        long seed = seeds.incrementAndGet();
        return Bytes.random(seed, size.bytes + (int) (seed * 997 % 65_536));
    }

    /** At an address of its own: a port comes back in time, and what was asked there before might rest still. */
    private RawOrigin origin(RawOrigin.Script script) {
        long number = seeds.get();
        return RawOrigin.on("127.1.%d.%d".formatted(number / 250 % 250, number % 250 + 1), script);
    }

    private String named(byte[] right, RawOrigin origin) {
        Digest digest = Bytes.digests(right).sha256();
        names.put(digest, new Wanted(List.of(new Claim(List.of(digest), List.of(origin.url("/a"))))));
        return "/cache/" + digest.path();
    }

    private void awaitNothingUnderWay() {
        Flux.interval(Duration.ofMillis(5))
                .filter(tick -> Objects.requireNonNull(incoming.list()).length == 0)
                .blockFirst(Wire.DEADLINE);
    }

    /** What the store has, and has no more. */
    private List<Digest> taken() {
        return Objects.requireNonNull(store.all()
                .concatMap(archive -> store.remove(archive).thenReturn(archive.sha256()))
                .collectList()
                .block(Wire.DEADLINE));
    }
}
