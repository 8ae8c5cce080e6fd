package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.Failures;
import io.github.mirrorservice.mirror.archive.Wanted;
import java.time.Clock;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Gets all that is missing, newest first. What fails is tried again later and later, whether or not Git has something new;
 * when it has, what is new comes first.
 */
final class Eager {

    /** So many archives at once that no client asked for; clients who wait for others still find sources free. */
    static final int AT_ONCE = 8;

    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(15);

    private final Inventory inventory;
    private final ArchiveCache cache;
    private final Failures failures;
    private final Clock clock;
    private final Scheduler timer;

    Eager(Inventory inventory, ArchiveCache cache, Failures failures, Clock clock, Scheduler timer) {
        this.inventory = inventory;
        this.cache = cache;
        this.failures = failures;
        this.clock = clock;
        this.timer = timer;
    }

    /**
     * Works through what is missing, again after each change; what is under way then goes on. Never ends.
     *
     * @param changes emits when something else may be missing
     */
    Mono<Void> work(Flux<?> changes) {
        return changes.publishOn(timer)
                .switchMap(change ->
                        round().then(Mono.delay(BETWEEN_ROUNDS, timer)).repeat())
                .then();
    }

    private Mono<Void> round() {
        return Flux.defer(() -> Flux.fromIterable(inventory.missing()))
                .filter(this::isDue)
                .flatMap(this::get, AT_ONCE, 1)
                .takeWhile(taken -> taken)
                .then();
    }

    private boolean isDue(Wanted wanted) {
        return failures.of(wanted)
                .filter(failure -> clock.instant().isBefore(failure.nextTry()))
                .isEmpty();
    }

    /** Emits whether the store can take more: if not, it would not take the others either, and is asked again later. */
    private Mono<Boolean> get(Wanted wanted) {
        return cache.obtain(wanted)
                .map(archive -> true)
                .onErrorReturn(ArchiveException.Unavailable.class, true)
                .onErrorReturn(ArchiveException.Store.class, false);
    }
}
