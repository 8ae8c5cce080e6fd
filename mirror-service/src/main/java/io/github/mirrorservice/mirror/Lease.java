package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStore.Fetched;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Who of the replicas has looked at the remote last, so that the others need not. It saves work and guards nothing: if two look
 * at once, both learn the same.
 */
final class Lease {

    private static final String KEY = "lease";
    private static final int MOST_BYTES = 1_024;

    /** Of the interval, so that whoever looked last looks next too: his tick comes a little early at times. */
    private static final double SHARE = 0.85;

    private final ObjectStore objects;
    private final String replica;
    private final Supplier<Duration> poll;
    private final Scheduler remote;

    /** A lease for {@code replica}, which expires when {@code poll} has passed. */
    Lease(ObjectStore objects, String replica, Supplier<Duration> poll, Scheduler remote) {
        this.objects = objects;
        this.replica = replica;
        this.poll = poll;
        this.remote = remote;
    }

    /** Emits whether a look is due: nobody else has looked just now, or nobody knows. */
    Mono<Boolean> isDue() {
        return Mono.fromCallable(ObjectStoreException.survived(
                        () -> objects.get(KEY, MOST_BYTES).map(this::isOver).orElse(true)))
                .subscribeOn(remote)
                .onErrorReturn(true);
    }

    private boolean isOver(Fetched lease) {
        boolean own = UTF_8.decode(lease.content()).toString().equals(replica);
        return own || lease.age().toMillis() > poll.get().toMillis() * SHARE;
    }

    /** Completes when it is noted that this one has looked just now; nobody minds if it cannot be. */
    Mono<Void> looked() {
        return Mono.fromCallable(ObjectStoreException.survived(() -> {
                    objects.replace(KEY, replica.getBytes(UTF_8));
                    return replica;
                }))
                .subscribeOn(remote)
                .onErrorComplete()
                .then();
    }
}
