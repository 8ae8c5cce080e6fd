package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Gets an archive once for all replicas that share a store: whoever claims it first fetches it, and the others look for it in the
 * store meanwhile. If the first fails or is gone, the next one tries. While the object store is away nobody is asked for what
 * could not be kept.
 */
public final class FleetFetcher implements Fetcher {

    /** Often enough that a claim outlives a call or two that fail. */
    private static final Duration RENEWAL = Duration.ofSeconds(2);

    private static final long SHORTEST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 1_000;

    private final Fetcher inner;
    private final ArchiveStore store;
    private final Soundness soundness;
    private final FleetClaims claims;
    private final Duration patience;
    private final Scheduler timer;

    /**
     * Does no work yet.
     *
     * @param inner how archives are fetched
     * @param store where all replicas keep them
     * @param soundness whether what another replica has put there is what it should be
     * @param claims who fetches what
     * @param patience how long another replica is waited for
     * @param timer where time is waited for
     */
    public FleetFetcher(
            Fetcher inner,
            ArchiveStore store,
            Soundness soundness,
            FleetClaims claims,
            Duration patience,
            Scheduler timer) {
        this.inner = inner;
        this.store = store;
        this.soundness = soundness;
        this.claims = claims;
        this.patience = patience;
        this.timer = timer;
    }

    /**
     * Emits the archive when it is in the store, whoever has fetched it. Only what is fetched here arrives here. Fails with
     * {@link ArchiveException.Unavailable} also if another replica takes too long, and with {@link ArchiveException.Store} before
     * anybody is asked if the object store is away.
     */
    @Override
    public Mono<Archive> fetch(Wanted wanted, Consumer<Arrival> arrivals) {
        return Mono.defer(() -> {
                    Mono<Archive> byOneself = byOneself(wanted, arrivals);
                    return byOneself.switchIfEmpty(
                            held(wanted).switchIfEmpty(byOneself).repeatWhenEmpty(rounds -> pauses(rounds, wanted)));
                })
                .checkpoint("fetch an archive for all replicas");
    }

    /** Emits nothing if it is another replica's to fetch. */
    private Mono<Archive> byOneself(Wanted wanted, Consumer<Arrival> arrivals) {
        return Mono.usingWhen(
                claims.take(wanted.key()),
                claim -> Mono.firstWithSignal(fetched(wanted, arrivals), renewals(claim)),
                claim -> claims.drop(claim).onErrorComplete(ArchiveException.Store.class));
    }

    /** Another replica may have put it into the store just before the claim was free. */
    private Mono<Archive> fetched(Wanted wanted, Consumer<Arrival> arrivals) {
        return held(wanted).switchIfEmpty(Mono.defer(() -> inner.fetch(wanted, arrivals)));
    }

    private Mono<Archive> held(Wanted wanted) {
        return Flux.fromIterable(wanted.digests())
                .concatMap(digest -> store.find(digest).flatMap(soundness::ifSound), 1)
                .next();
    }

    /** Goes on for as long as it is listened to, and never signals anything. */
    private Mono<Archive> renewals(Digest claim) {
        return Mono.delay(RENEWAL, timer)
                .then(claims.renew(claim).onErrorComplete(ArchiveException.Store.class))
                .repeat()
                .then(Mono.never());
    }

    private Flux<Long> pauses(Flux<Long> rounds, Wanted wanted) {
        long end = timer.now(TimeUnit.MILLISECONDS) + patience.toMillis();
        return rounds.concatMap(
                round -> timer.now(TimeUnit.MILLISECONDS) < end
                        ? Mono.delay(Duration.ofMillis(Math.min(SHORTEST_PAUSE * (round + 1), LONGEST_PAUSE)), timer)
                        : Mono.error(() -> late(wanted)),
                1);
    }

    private ArchiveException.Unavailable late(Wanted wanted) {
        String message = "another replica has been fetching %s for more than %d seconds: look whether it makes progress"
                .formatted(wanted.key(), patience.toSeconds());
        return new ArchiveException.Unavailable(
                List.of(new SourceFailure(SourceFailure.Kind.REPLICA, "", Reason.TIMEOUT, message, Optional.empty())));
    }
}
