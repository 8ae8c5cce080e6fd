package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.ArchiveWatch.Result;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Archives for whoever asks: from the store, or from elsewhere while the client waits. However many want the same archive at
 * once, it is fetched once, and goes on to its end whoever of them goes away.
 */
public final class ArchiveCache {

    private final ArchiveStore store;
    private final Fetcher fetcher;
    private final Function<Digest, Mono<Wanted>> names;
    private final Soundness soundness;
    private final Failures failures;
    private final ArchiveWatch watch;
    private final ConcurrentMap<Digest, Download> underWay = new ConcurrentHashMap<>();

    /**
     * Does no work yet.
     *
     * @param store what is held
     * @param fetcher how the rest is had
     * @param names emits what is said of the archive with a digest, or nothing: such an archive is never fetched
     * @param soundness whether what is held is what it was
     * @param failures what could not be had
     * @param watch is told what happens
     */
    public ArchiveCache(
            ArchiveStore store,
            Fetcher fetcher,
            Function<Digest, Mono<Wanted>> names,
            Soundness soundness,
            Failures failures,
            ArchiveWatch watch) {
        this.store = store;
        this.fetcher = fetcher;
        this.names = names;
        this.soundness = soundness;
        this.failures = failures;
        this.watch = watch;
    }

    /**
     * Emits how the archive with this digest can be had, or nothing if it cannot. Never fails: a store that is broken has
     * nothing.
     *
     * @param roomToWait whether the request may wait for an archive that is missing; asked when it would
     */
    public Mono<Delivery> get(Digest digest, BooleanSupplier roomToWait) {
        return sound(digest)
                .map(archive -> new Decision(Result.HIT, Optional.of(new Delivery.Held(archive))))
                .switchIfEmpty(Mono.defer(() -> names.apply(digest)).flatMap(wanted -> missing(wanted, roomToWait)))
                .onErrorComplete(ArchiveException.class)
                .defaultIfEmpty(new Decision(Result.MISS, Optional.empty()))
                .doOnNext(decision -> watch.requested(decision.result()))
                .flatMap(decision -> Mono.justOrEmpty(decision.delivery()))
                .checkpoint("archive");
    }

    /**
     * An archive on its way to the store.
     *
     * @param key the digest that stands for it
     * @param bytes how many bytes have come from the source that is asked now
     * @param announced how many there are, if the source says so
     */
    public record UnderWay(Digest key, long bytes, OptionalLong announced) {}

    /** What is on its way at this moment, in no particular order. */
    public List<UnderWay> underWay() {
        return underWay.values().stream().map(Download::underWay).toList();
    }

    /** What a request leads to. */
    private record Decision(Result result, Optional<Delivery> delivery) {}

    private Mono<Archive> sound(Digest digest) {
        return store.find(digest).flatMap(soundness::ifSound).onErrorComplete(ArchiveException.Store.class);
    }

    private Mono<Decision> missing(Wanted wanted, BooleanSupplier roomToWait) {
        if (failures.isTooEarly(wanted)) {
            return Mono.just(new Decision(Result.NEGATIVE, Optional.empty()));
        }
        if (!roomToWait.getAsBoolean()) {
            return Mono.just(new Decision(Result.SHED, Optional.empty()));
        }
        Download fresh = new Download(wanted);
        Download download = join(fresh);
        Result result = isSame(download, fresh) ? Result.FETCHED : Result.COALESCED;
        return download.delivery().map(delivery -> new Decision(result, Optional.of(delivery)));
    }

    /**
     * Emits the archive when it is held, fetched or not. Fails with {@link ArchiveException} if it cannot be had; the failure
     * is noted.
     */
    public Mono<Archive> obtain(Wanted wanted) {
        return Mono.defer(() -> join(new Download(wanted)).archive).checkpoint("obtain an archive");
    }

    private Download join(Download fresh) {
        Download earlier = underWay.putIfAbsent(fresh.wanted.key(), fresh);
        return earlier == null ? fresh : earlier;
    }

    @SuppressWarnings("ReferenceEquality") // the very download, not one like it
    private static boolean isSame(Download one, Download other) {
        return one == other;
    }

    /** Emits an archive that is held under any of its digests. */
    private Mono<Archive> held(Wanted wanted) {
        return Flux.fromIterable(wanted.digests()).concatMap(this::sound, 1).next();
    }

    /** One archive under way, for all who want it. */
    private final class Download {

        private final Wanted wanted;
        private final Sinks.Many<Arrival> arrivals = Sinks.many().replay().latest();
        private volatile Optional<Arrival> latest = Optional.empty();

        /** Starts with its first subscriber and does not end with any of them. */
        private final Mono<Archive> archive;

        Download(Wanted wanted) {
            this.wanted = wanted;
            this.archive = held(wanted)
                    .switchIfEmpty(Mono.defer(() -> fetcher.fetch(wanted, this::arriving)))
                    .doOnNext(this::succeeded)
                    .doOnError(ArchiveException.Unavailable.class, failed -> failures.add(wanted, failed.failures()))
                    .doOnError(ArchiveException.Store.class, this::broken)
                    .doOnTerminate(() -> underWay.remove(wanted.key(), this))
                    .cache();
        }

        private void arriving(Arrival arrival) {
            latest = Optional.of(arrival);
            arrivals.tryEmitNext(arrival);
        }

        UnderWay underWay() {
            return new UnderWay(
                    wanted.key(),
                    latest.map(Arrival::length).orElse(0L),
                    latest.map(Arrival::announced).orElse(OptionalLong.empty()));
        }

        private void succeeded(Archive had) {
            failures.clear(wanted);
            soundness.known(had);
            watch.obtained(wanted, had);
        }

        /** Clients who insist would make its source send all of it again and again. */
        private void broken(ArchiveException.Store failure) {
            failures.add(wanted, List.of());
            watch.broken(failure);
        }

        /** The archive, or its first bytes if they come before; whoever comes late gets the same from the start. */
        Mono<Delivery> delivery() {
            Mono<Delivery> whole = archive.map(Delivery.Held::new);
            Mono<Delivery> begun = arrivals.asFlux()
                    .switchMap(Arrival::begun)
                    .next()
                    .map(arrival -> new Delivery.OnTheWay(arrival, archive));
            return Mono.firstWithSignal(whole, begun);
        }
    }
}
