package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.metrics.RequestMeters;
import io.github.mirrorservice.mirror.metrics.Scrape;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Published;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** A server of this room on a port of its own, on one event loop. */
final class Listener implements AutoCloseable {

    static final ServerSettings SETTINGS = ServerSettings.of("127.0.0.1", 0);

    private static final int ROOM_FOR_ALL = 1_000_000;

    final Published published = new Published();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final Server server;

    /** Ends what goes on without end. */
    final Sinks.Empty<Void> leaving = Sinks.empty();

    /** What the mirror is said to be doing; a test may say something else. */
    volatile Supplier<Status> status = () -> Samples.status(Optional.empty(), Optional.empty());

    /** How much may be asked at once. */
    final Capacity capacity;

    /** Which requests were turned away. */
    final List<Rank> shed = new CopyOnWriteArrayList<>();

    private final LoopResources loops = LoopResources.create("test", 1, true);

    private Listener(ServerSettings settings, Function<Listener, Routes> routes) {
        this(settings, ROOM_FOR_ALL, routes);
    }

    private Listener(ServerSettings settings, int room, Function<Listener, Routes> routes) {
        capacity = new Capacity(room, 1, shed::add);
        server = Objects.requireNonNull(
                Server.bind(settings, loops, routes.apply(this)).block(Wire.DEADLINE));
    }

    static Listener forClients() {
        return forClients(SETTINGS);
    }

    static Listener forClients(ServerSettings settings) {
        return new Listener(settings, self -> Routes.forClients(self.offer(Optional.empty())));
    }

    /** One that takes webhooks. */
    static Listener forForges(ServerSettings settings, Offer.Hook hook) {
        return new Listener(settings, self -> Routes.forClients(self.offer(Optional.empty(), Optional.of(hook))));
    }

    static Listener forClients(ArchiveCache archives) {
        return forClients(archives, ROOM_FOR_ALL);
    }

    /** One that bears so many requests at once. */
    static Listener forClients(ArchiveCache archives, int room) {
        return new Listener(
                SETTINGS.speaking(true, Optional.empty()),
                room,
                self -> Routes.forClients(self.offer(Optional.of(archives))));
    }

    private Offer offer(Optional<ArchiveCache> cache) {
        return offer(cache, Optional.empty());
    }

    private Offer offer(Optional<ArchiveCache> cache, Optional<Offer.Hook> hook) {
        status = () -> Samples.status(published.current(), cache.map(some -> Samples.archives()));
        return new Offer(
                published,
                cache,
                () -> status.get(),
                hook,
                Schedulers.boundedElastic(),
                leaving.asMono(),
                capacity,
                new RequestMeters(meters, () -> false));
    }

    static Listener forOperators(Operations operations) {
        return forOperators(SETTINGS, operations);
    }

    static Listener forOperators(ServerSettings settings, Operations operations) {
        return new Listener(settings, self -> Routes.forOperators(operations));
    }

    /** A ready mirror whose ingests end as told. */
    static Operations operations(Mono<Outcome> sync) {
        return new Operations(Optional::empty, () -> {}, sync, new Scrape(), Schedulers.boundedElastic());
    }

    /** Bytes of direct memory that Netty has set aside, in this process. */
    static long usedMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    int port() {
        return server.port();
    }

    /** How often each route, method and status were counted, such as {@code "GET /repo 200"}. */
    Map<String, Long> counted() {
        return meters.find("http.server.request.duration.seconds").timers().stream()
                .collect(Collectors.toMap(Listener::key, Timer::count, Long::sum, TreeMap::new));
    }

    /** Waits until exactly this was counted: an answer may be read before the server has noted that it is sent. */
    void awaitCounted(Map<String, Long> expected) {
        Flux.interval(Duration.ofMillis(10))
                .map(tick -> counted())
                .filter(expected::equals)
                .blockFirst(Wire.DEADLINE);
    }

    void awaitConnections(int expected) {
        Flux.interval(Duration.ofMillis(10))
                .map(tick -> server.connections())
                .filter(open -> open == expected)
                .blockFirst(Wire.DEADLINE);
    }

    private static String key(Timer timer) {
        return timer.getId().getTag("http_request_method") + " " + timer.getId().getTag("http_route") + " "
                + timer.getId().getTag("http_response_status_code");
    }

    @Override
    public void close() {
        server.drain(Duration.ofMillis(1))
                .then(loops.disposeLater(Duration.ZERO, Wire.DEADLINE))
                .block(Wire.DEADLINE);
    }
}
