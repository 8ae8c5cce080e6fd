package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.ArchiveStore.Holdings;
import io.github.mirrorservice.mirror.archive.ArchiveWatch;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Failures;
import io.github.mirrorservice.mirror.archive.FileArchives;
import io.github.mirrorservice.mirror.archive.MemoryArchives;
import io.github.mirrorservice.mirror.archive.Soundness;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.archive.upstream.DnsHosts;
import io.github.mirrorservice.mirror.archive.upstream.Sources;
import io.github.mirrorservice.mirror.archive.upstream.Tries;
import io.github.mirrorservice.mirror.archive.upstream.Upstream;
import io.github.mirrorservice.mirror.archive.upstream.UpstreamSettings;
import io.github.mirrorservice.mirror.metrics.ArchiveMeters;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** The archives of a mirror: where they are kept, how they are had, and what is known of them. */
final class Archives implements ArchiveWatch {

    private static final Logger LOG = LoggerFactory.getLogger(Archives.class);

    private static final int SHARE_OF_HEAP = 4;
    private static final int AT_ONCE = 8;
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration BETWEEN_SCRUBS = Duration.ofHours(1);

    private final ArchiveSettings settings;
    private final Cooperation cooperation;
    private final ArchiveMeters meters;
    private final ArchiveStore store;
    private final Failures failures = new Failures(Clock.systemUTC());
    private final Inventory inventory;
    private final ArchiveCache cache;
    private final Scrub scrub;
    private final Eager eager;
    private final Published published;
    private final Scheduler timer = Schedulers.parallel();
    private final Throughput throughput = new Throughput();
    private final Stock stock = new Stock();
    private final AtomicLong complained = new AtomicLong(System.nanoTime() - PERIOD.toNanos());
    private final Sinks.Many<Inventory.Count> changes = Sinks.many().replay().latest();

    Archives(ArchiveSettings settings, DataDirectory data, Lanes lanes, Published published, ArchiveMeters meters) {
        this.settings = settings;
        this.cooperation = lanes.ingest();
        this.meters = meters;
        this.published = published;
        this.store = settings.store() == Settings.Store.MEMORY
                ? new MemoryArchives(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
                : new FileArchives(data.path(), lanes.blocking());
        Upstream upstream = new Upstream(
                UpstreamSettings.standard("mirror-service/" + new Version().version()),
                settings.allowed(),
                new DnsHosts(lanes.loops(), lanes.blocking()),
                lanes.loops(),
                lanes.blocking());
        Sources sources = new Sources(store, upstream, settings.caches(), Tries.STANDARD, this, lanes.bulk(), timer);
        Soundness soundness = new Soundness(store, this, lanes.bulk());
        this.inventory = new Inventory(store, lanes.ingest());
        this.cache = new ArchiveCache(store, sources, this::named, soundness, failures, this);
        this.scrub = new Scrub(store, soundness, this::heal, timer);
        this.eager = new Eager(inventory, cache, failures, Clock.systemUTC(), timer);
        register();
    }

    private void register() {
        meters.count("held", () -> stock.held().archives());
        meters.count("missing", () -> inventory.count().missing());
        meters.count("quarantined", () -> stock.quarantined().archives());
        meters.bytes("held", () -> stock.held().bytes());
        meters.bytes("quarantined", () -> stock.quarantined().bytes());
    }

    /** What is said of an archive by the snapshot that is served. */
    private Mono<Wanted> named(Digest digest) {
        return Mono.defer(() -> Mono.justOrEmpty(published.current()))
                .flatMap(Snapshot::archives)
                .flatMap(names -> Mono.justOrEmpty(names.find(digest)))
                .onErrorComplete(OpamException.class);
    }

    private Mono<Archive> heal(Archive rotten) {
        return Mono.defer(() -> Mono.justOrEmpty(inventory.of(rotten))).flatMap(cache::obtain);
    }

    ArchiveCache cache() {
        return cache;
    }

    /** Makes the store ready; to be waited for before all else. */
    Mono<Void> prepare() {
        return store.prepare();
    }

    /**
     * Completes when a snapshot may be published, as far as archives are concerned that the one before does not name. Fails
     * with {@link ArchiveException.Unavailable} if it must not.
     */
    Mono<Void> secure(Snapshot next, Optional<Snapshot> before) {
        if (settings.publication() == ArchiveSettings.Publication.NEVER || before.isEmpty()) {
            return Mono.empty();
        }
        Flux<Wanted> fresh = Mono.zip(next.archives(), before.get().archives())
                .flatMapMany(names -> names.getT1().newSince(names.getT2(), cooperation));
        return settings.publication() == ArchiveSettings.Publication.REQUIRE
                ? fresh.flatMapDelayError(cache::obtain, AT_ONCE, 1).then()
                : fresh.flatMap(wanted -> cache.obtain(wanted).onErrorComplete(ArchiveException.class), AT_ONCE, 1)
                        .then()
                        .timeout(settings.patience(), Mono.empty(), timer);
    }

    /** All that goes on in the background. Never ends. */
    Flux<?> work() {
        return Flux.merge(
                steadily(count()), steadily(inventories()), steadily(eagerly()), steadily(scrubs()), progress());
    }

    /** Whatever goes wrong in one of these, it starts anew, and the others go on. */
    private <T> Flux<T> steadily(Publisher<T> work) {
        return Flux.from(work)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, PERIOD)
                        .maxBackoff(BETWEEN_SCRUBS)
                        .doBeforeRetry(failed -> LOG.warn("archives: started anew after", failed.failure())));
    }

    /** A look at everything that is held: not before clients are served, since it takes some time. */
    private Mono<Void> count() {
        return store.all()
                .reduce(Holdings.NONE, (all, archive) -> all.plus(archive.length()))
                .doOnNext(stock::countHeld)
                .then(store.quarantined())
                .doOnNext(stock::countQuarantined)
                .then();
    }

    private Flux<Inventory.Count> inventories() {
        return published
                .snapshots()
                .concatMap(snapshot -> inventory.take(snapshot).onErrorResume(RuntimeException.class, this::warn), 1)
                .doOnNext(count -> failures.retain(inventory::names))
                .doOnNext(changes::tryEmitNext);
    }

    private Mono<Void> eagerly() {
        return settings.mode() == ArchiveSettings.Mode.EAGER ? eager.work(changes.asFlux()) : Mono.empty();
    }

    private Mono<Void> scrubs() {
        return settings.scrubRate().isEmpty()
                ? Mono.empty()
                : Mono.delay(BETWEEN_SCRUBS, timer)
                        .then(inventory.relate())
                        .thenMany(Flux.defer(() -> scrub.round(settings.scrubRate())))
                        .onErrorResume(ArchiveException.Store.class, this::warn)
                        .then(count())
                        .repeat()
                        .then();
    }

    private Flux<Throughput.Rate> progress() {
        return Flux.interval(PERIOD, timer)
                .onBackpressureDrop()
                .map(tick -> throughput.turn())
                .doOnNext(rate -> report());
    }

    private void report() {
        ArchiveStatus status = status();
        if (status.getting() && status.bytesPerSecond() > 0) {
            LOG.info(
                    "archives: {} of {} held, {} failed, {} bytes a second{}",
                    status.known() - status.missing(),
                    status.known(),
                    status.failures().size(),
                    status.bytesPerSecond(),
                    status.left().map(left -> ", about " + left + " left").orElse(""));
        }
    }

    /** Reads all archives that are held again, as fast as can be; what has rotted is had anew if it can be. */
    Flux<Scrub.Finding> scrub() {
        return Mono.justOrEmpty(published.current())
                .flatMap(inventory::take)
                .then(inventory.relate())
                .thenMany(scrub.round(OptionalLong.empty()));
    }

    /** How it stands now. */
    ArchiveStatus status() {
        Inventory.Count count = inventory.count();
        Throughput.Rate rate = throughput.rate();
        int due = Math.max(0, count.missing() - failures.all().size());
        boolean getting = settings.mode() == ArchiveSettings.Mode.EAGER && due > 0;
        return new ArchiveStatus(
                count.known(),
                count.missing(),
                stock.held(),
                stock.quarantined(),
                failures.all(),
                count.uncacheable(),
                getting,
                Math.round(rate.bytes()),
                getting ? rate.timeFor(due) : Optional.empty());
    }

    private <T> Mono<T> warn(Throwable failure) {
        LOG.warn("archives: {}", failure.getMessage());
        return Mono.empty();
    }

    @Override
    public void requested(Result result) {
        meters.requested(result.label());
    }

    @Override
    public void fetched(SourceFailure.Kind source, Duration taken, long bytes) {
        meters.fetched(source.label(), taken, bytes);
        stock.came(bytes);
        throughput.add(bytes);
    }

    @Override
    public void failed(SourceFailure failure) {
        meters.failed(failure.source().label(), failure.reason().label());
        if (failure.reason() == ArchiveException.Reason.MISMATCH) {
            LOG.warn("ALARM: {} {}", failure.host(), failure.message());
        }
    }

    @Override
    public void obtained(Wanted wanted) {
        inventory.had(wanted);
    }

    /** One line for many of a kind: a full disk refuses every archive. */
    @Override
    public void broken(ArchiveException.Store failure) {
        long now = System.nanoTime();
        long last = complained.get();
        if (now - last > PERIOD.toNanos() && complained.compareAndSet(last, now)) {
            LOG.warn("archives: {}", failure.getMessage());
        }
    }

    @Override
    public void rotten(Archive archive) {
        LOG.warn("{} has rotted and is in quarantine", archive.sha256());
        stock.rotted(archive.length());
        inventory.lost(archive);
    }
}
