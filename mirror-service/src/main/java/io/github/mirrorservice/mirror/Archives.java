package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Failures;
import io.github.mirrorservice.mirror.archive.Fetcher;
import io.github.mirrorservice.mirror.archive.Soundness;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.metrics.ArchiveMeters;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The archives of a mirror: where they are kept, how they are had, and what is done for them in the background. */
final class Archives {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_SCRUBS = Duration.ofHours(1);

    private final Supplier<ArchiveSettings> settings;
    private final Cooperation cooperation;
    private final ArchiveStore store;
    private final Failures failures;
    private final Inventory inventory;
    private final ArchiveReports reports;
    private final ArchiveCache cache;
    private final Scrub scrub;
    private final Eager eager;
    private final Published published;
    private final Scheduler timer;
    private final Sinks.Many<Inventory.Count> changes = Sinks.many().replay().latest();

    /** Does no work yet; {@code settings} is what it is told at a time, of which the mode stays what it is now. */
    Archives(Supplier<ArchiveSettings> settings, ArchiveMeans means, Published published, ArchiveMeters meters) {
        this.settings = settings;
        this.cooperation = means.cooperation();
        this.published = published;
        this.store = means.store();
        this.timer = means.timer();
        this.failures = new Failures(means.clock());
        this.inventory = new Inventory(store, cooperation);
        this.reports = new ArchiveReports(settings.get().mode(), store, inventory, failures, meters);
        Soundness soundness = new Soundness(store, reports, means.bulk());
        Fetcher fetcher = means.fetchers().of(reports, soundness);
        this.cache = new ArchiveCache(store, fetcher, this::named, soundness, failures, reports);
        this.scrub = new Scrub(store, soundness, this::heal, timer);
        this.eager = new Eager(inventory, cache, failures, means.clock(), timer);
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
        ArchiveSettings now = settings.get();
        if (now.publication() == ArchiveSettings.Publication.NEVER || before.isEmpty()) {
            return Mono.empty();
        }
        Flux<Wanted> fresh = Mono.zip(next.archives(), before.get().archives().onErrorComplete(OpamException.class))
                .flatMapMany(names -> names.getT1().newSince(names.getT2(), cooperation));
        return now.publication() == ArchiveSettings.Publication.REQUIRE
                ? fresh.flatMapDelayError(cache::obtain, Eager.AT_ONCE, 1).then()
                : fresh.flatMap(
                                wanted -> cache.obtain(wanted).onErrorComplete(ArchiveException.class),
                                Eager.AT_ONCE,
                                1)
                        .then()
                        .timeout(now.patience(), Mono.empty(), timer);
    }

    /** All that goes on in the background. Never ends. */
    Flux<?> work() {
        return Flux.merge(
                steadily(reports.count()),
                steadily(inventories()),
                steadily(eagerly()),
                steadily(scrubs()),
                reports.progress(timer));
    }

    /** Whatever goes wrong in one of these, it starts anew, and the others go on. No jitter: nobody else is asked. */
    private <T> Flux<T> steadily(Publisher<T> work) {
        return Flux.from(work)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(BETWEEN_SCRUBS)
                        .jitter(0)
                        .scheduler(timer)
                        .doBeforeRetry(failed -> reports.startedAnew(failed.failure())));
    }

    private Flux<Inventory.Count> inventories() {
        return published
                .snapshots()
                .concatMap(snapshot -> taken(snapshot).onErrorResume(RuntimeException.class, this::warn), 1)
                .doOnNext(count -> failures.retain(inventory::names))
                .doOnNext(changes::tryEmitNext);
    }

    /** A disk that could not be read may be a moment later; without another try nothing would be got until the next merge. */
    private Mono<Inventory.Count> taken(Snapshot snapshot) {
        return inventory
                .take(snapshot)
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, FIRST_PAUSE)
                        .scheduler(timer)
                        .filter(failure -> failure instanceof ArchiveException.Store && isServed(snapshot))
                        .doBeforeRetry(failed -> reports.warn(failed.failure())));
    }

    private boolean isServed(Snapshot snapshot) {
        return published.current().map(Snapshot::revision).equals(Optional.of(snapshot.revision()));
    }

    private Mono<Void> eagerly() {
        return settings.get().mode() == ArchiveSettings.Mode.EAGER ? eager.work(changes.asFlux()) : Mono.empty();
    }

    private Mono<Void> scrubs() {
        return Mono.delay(BETWEEN_SCRUBS, timer)
                .thenMany(Flux.defer(() -> scrubbed(settings.get().scrubRate())))
                .onErrorResume(ArchiveException.Store.class, this::warn)
                .then(reports.count())
                .repeat()
                .then();
    }

    private Flux<Scrub.Finding> scrubbed(OptionalLong rate) {
        return rate.isEmpty() ? Flux.empty() : scrub.round(rate);
    }

    /** Reads all archives that are held again, as fast as can be; what has rotted is had anew if it can be. */
    Flux<Scrub.Finding> scrub() {
        return Mono.justOrEmpty(published.current())
                .flatMap(inventory::take)
                .thenMany(scrub.round(OptionalLong.empty()));
    }

    /** How it stands now. */
    ArchiveStatus status() {
        return reports.status();
    }

    private <T> Mono<T> warn(Throwable failure) {
        reports.warn(failure);
        return Mono.empty();
    }
}
