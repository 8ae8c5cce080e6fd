package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.CachedArchives;
import io.github.mirrorservice.mirror.archive.Fetcher;
import io.github.mirrorservice.mirror.archive.FleetClaims;
import io.github.mirrorservice.mirror.archive.FleetFetcher;
import io.github.mirrorservice.mirror.archive.S3Archives;
import io.github.mirrorservice.mirror.archive.Soundness;
import io.github.mirrorservice.mirror.archive.upstream.Tries;
import io.github.mirrorservice.mirror.metrics.FleetMeters;
import io.github.mirrorservice.mirror.objects.S3Objects;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.SharedLedger;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.opam.SnapshotFile;
import io.github.mirrorservice.mirror.opam.SnapshotLog;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What a mirror shares with other replicas, by way of an object store. */
final class Fleet implements AutoCloseable {

    /** A call waits for the network, not for a CPU. */
    private static final int THREADS = 16;

    private static final int LOG_THREADS = 4;
    private static final int INCOMING_THREADS = 8;
    private static final int QUEUE = 16_384;
    private static final int IDLE_SECONDS = 60;
    private static final double MILLIS = 1_000;
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);

    private final FleetSettings settings;
    private final Optional<DataDirectory> copies;
    private final Scheduler remote = blocking("mirror-remote", THREADS);

    /** What replicas agree upon does not wait behind what clients ask. */
    private final Scheduler log = blocking("mirror-log", LOG_THREADS);

    /** What comes in is sent on to the object store from here: one that hangs must not hold up those who read copies. */
    private final Scheduler incoming = blocking("mirror-incoming", INCOMING_THREADS);

    private final String replica = UUID.randomUUID().toString();
    private final S3Objects objects;
    private final SharedLedger ledger;
    private final Lease lease;

    /**
     * Calls nobody yet.
     *
     * @param repository whose snapshots are published
     * @param file where what is served is kept as well
     * @param poll the pause between two looks at the remote, at a time
     * @param cooperation where what an index names is found out
     */
    Fleet(
            FleetSettings settings,
            String repository,
            SnapshotFile file,
            Supplier<Duration> poll,
            Cooperation cooperation,
            FleetMeters meters) {
        this.settings = settings;
        this.copies = settings.cache().map(cache -> DataDirectory.open(cache.folder(), "--archive-cache"));
        this.objects = new S3Objects(
                settings.store(),
                (operation, result, taken) -> meters.called(operation.label(), result.label(), taken));
        this.ledger = new SharedLedger(new SnapshotLog(objects, replica, cooperation), objects, file, repository, log);
        this.lease = new Lease(objects, replica, poll, log);
        meters.watchLog(ledger::position, () -> ledger.seen().toEpochMilli() / MILLIS);
    }

    private static Scheduler blocking(String name, int threads) {
        return Schedulers.newBoundedElastic(threads, QUEUE, name, IDLE_SECONDS, true);
    }

    SharedLedger ledger() {
        return ledger;
    }

    /** Completes when the other replicas know that this one has looked at the remote, if all was well. */
    Mono<Void> looked(Outcome outcome) {
        return outcome.isWell() ? lease.looked() : Mono.empty();
    }

    /** Emits whether it is for this replica to look at the remote: nobody else has, or it may not serve what he has published. */
    Mono<Boolean> isDue() {
        return lease.isDue().map(due -> due || !ledger.isCurrent());
    }

    /** Serves what other replicas publish. Emits what goes wrong, now and then; never ends. */
    Flux<OpamException> follow(Consumer<Snapshot> serve) {
        return ledger.follow(settings.poll(), serve, Schedulers.parallel())
                .onBackpressureDrop()
                .concatMap(failure -> Flux.just(failure).concatWith(quiet()), 0);
    }

    /** A store that is away is so at each look. */
    private static Mono<OpamException> quiet() {
        return Mono.delay(BETWEEN_COMPLAINTS).then(Mono.empty());
    }

    /** Where archives are received and sent to the object store. */
    Scheduler incoming() {
        return incoming;
    }

    /** The archives that all replicas have; this one keeps some at hand if it is told to. */
    ArchiveStore archives(DataDirectory data, Lanes lanes) {
        S3Archives shared = new S3Archives(objects, data.path().resolve("incoming"), remote);
        return settings.cache()
                .<ArchiveStore>map(cache -> new CachedArchives(
                        copies.orElseThrow().path(), cache.bytes(), shared, lanes.blocking(), lanes.bulk()))
                .orElse(shared);
    }

    /** The same fetcher, asked once for all replicas. */
    Fetcher fetcher(Fetcher inner, ArchiveStore store, Soundness soundness, Scheduler timer) {
        FleetClaims claims = new FleetClaims(objects, replica, log);
        return new FleetFetcher(inner, store, soundness, claims, Tries.STANDARD.total(), timer);
    }

    @Override
    public void close() {
        log.dispose();
        remote.dispose();
        incoming.dispose();
        objects.close();
        copies.ifPresent(DataDirectory::close);
    }
}
