package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.objects.CreateOnly;
import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The ledger of many replicas: a log of publications in an object store, to which each adds by creating the entry after the newest
 * one that it knew before it fetched. Whoever comes second finds that entry taken, reads what the other has published, and
 * fetches again; so the log has no fork, and what it publishes never goes back. Nobody is asked who may publish, and no clock
 * counts.
 *
 * <p>What is served is also kept in a file, for a start while the object store is away.
 */
public final class SharedLedger implements Ledger {

    private static final Duration JUST_NOW = Duration.ofMinutes(1);

    private final SnapshotLog log;
    private final ObjectStore objects;
    private final SnapshotFile file;
    private final String repository;
    private final Scheduler remote;
    private final Sinks.Many<OpamException> complaints =
            Sinks.many().multicast().directBestEffort();
    private volatile long known;
    private volatile long position;
    private volatile Instant seen = Instant.EPOCH;
    private volatile boolean fit;

    /** What an earlier run has served and nobody knows of, if the log should be empty. */
    private volatile Optional<Snapshot> own = Optional.empty();

    /**
     * Does no work yet.
     *
     * @param log the publications
     * @param objects where they are
     * @param file what is served when the object store is away
     * @param repository whose snapshots they are; those of others are an error
     * @param remote where the object store is called
     */
    public SharedLedger(SnapshotLog log, ObjectStore objects, SnapshotFile file, String repository, Scheduler remote) {
        this.log = log;
        this.objects = objects;
        this.file = file;
        this.repository = repository;
        this.remote = remote;
    }

    /** The number of the publication that is served; 0 if none is, or its number is not known. */
    public long position() {
        return position;
    }

    /** When it was known last that no newer one was there; the epoch if it never was. */
    public Instant seen() {
        return seen;
    }

    /** Whether that was just now. */
    public boolean isCurrent() {
        return seen.isAfter(Instant.now().minus(JUST_NOW));
    }

    @Override
    public Mono<Snapshot> restore(Consumer<Snapshot> serve) {
        return call(() -> {
                    requireFit();
                    return catchUp(serve);
                })
                .flatMap(Mono::justOrEmpty)
                .switchIfEmpty(Mono.defer(() -> restoreOwn(serve)))
                .onErrorResume(OpamException.Shared.class, away -> restoreOwn(serve));
    }

    private Mono<Snapshot> restoreOwn(Consumer<Snapshot> serve) {
        return file.restore()
                .filter(snapshot -> snapshot.repository().equals(repository))
                .doOnNext(snapshot -> own = Optional.of(snapshot))
                .doOnNext(serve);
    }

    @Override
    public Turn turn() {
        long next = known + 1;
        return (snapshot, serve) -> call(() -> add(next, snapshot, serve)).flatMap(Mono::justOrEmpty);
    }

    private Optional<Snapshot> add(long number, Snapshot snapshot, Consumer<Snapshot> serve) throws IOException {
        requireFit();
        if (log.add(number, snapshot)) {
            know(number);
            advance(number, snapshot, serve);
            return Optional.of(snapshot);
        }
        catchUp(serve);
        return Optional.empty();
    }

    /**
     * Serves what others publish, looking for it at this interval. Emits what goes wrong, at most as often; never ends.
     *
     * @param pause between two looks
     */
    public Flux<OpamException> follow(Duration pause, Consumer<Snapshot> serve, Scheduler timer) {
        return Flux.interval(pause, timer)
                .onBackpressureDrop()
                .concatMap(
                        tick -> call(() -> catchUp(serve))
                                .then(Mono.<OpamException>empty())
                                .onErrorResume(OpamException.class, Mono::just),
                        1)
                .mergeWith(complaints.asFlux());
    }

    /** Serves the newest publication if it is not yet served, and returns it then. */
    private Optional<Snapshot> catchUp(Consumer<Snapshot> serve) throws IOException {
        Instant asked = Instant.now();
        long newest = log.newest(known);
        Optional<Snapshot> newer = newest > position ? Optional.of(require(read(newest))) : Optional.empty();
        know(newest);
        if (newer.isPresent()) {
            advance(newest, newer.get(), serve);
        }
        seen = asked;
        Optional<Snapshot> unknown = own;
        own = Optional.empty();
        if (newest == 0 && unknown.isPresent()) {
            addOwn(unknown.get(), serve);
        }
        return newer;
    }

    /** If it cannot be read, the next one can still take its place: that it is there is known. */
    private Snapshot read(long number) throws IOException {
        try {
            return log.read(number);
        } catch (IOException unreadable) {
            know(number);
            throw unreadable;
        }
    }

    private void addOwn(Snapshot snapshot, Consumer<Snapshot> serve) throws IOException {
        try {
            add(1, snapshot, serve);
        } catch (IOException later) {
            own = Optional.of(snapshot);
            throw later;
        }
    }

    private Snapshot require(Snapshot snapshot) {
        if (!snapshot.repository().equals(repository)) {
            throw new OpamException.Unfit(
                    "%s holds publications of %s, not of %s: name another prefix with --object-store for another remote"
                            .formatted(objects, snapshot.repository(), repository));
        }
        return snapshot;
    }

    private synchronized void know(long number) {
        known = Math.max(known, number);
    }

    /** What is served is in the file first: a start while the object store is away must not go back behind it. */
    private synchronized void advance(long number, Snapshot snapshot, Consumer<Snapshot> serve) throws IOException {
        if (number > position) {
            keep(snapshot);
            position = number;
            serve.accept(snapshot);
        }
    }

    /**
     * All others serve it, so that is better than to serve an older one because of a disk. If it is broken off it is not served:
     * this run ends, and the next one would go back behind it.
     */
    private void keep(Snapshot snapshot) throws IOException {
        try {
            file.write(snapshot);
        } catch (ClosedByInterruptException brokenOff) {
            throw brokenOff;
        } catch (IOException failed) {
            complaints.tryEmitNext(file.notSaved(failed));
        }
    }

    private void requireFit() throws IOException {
        if (!fit && !CreateOnly.isAtomic(objects)) {
            throw new OpamException.Unfit(objects
                    + " overwrites an object when two create it at once, so replicas would lose each other's publications:"
                    + " use a store that keeps If-None-Match, such as Ceph, MinIO or Amazon S3");
        }
        fit = true;
    }

    /** What is broken off while it is written leaves the file as it was. */
    @Override
    public Mono<Void> settled() {
        return Mono.empty();
    }

    private <T> Mono<T> call(Callable<T> call) {
        return Mono.fromCallable(ObjectStoreException.survived(call))
                .subscribeOn(remote)
                .onErrorMap(
                        cause -> !(cause instanceof OpamException),
                        cause -> new OpamException.Shared(String.valueOf(cause.getMessage()), cause));
    }
}
