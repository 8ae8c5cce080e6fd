package io.github.mirrorservice.mirror.opam;

import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Where a snapshot is safe before it is served, so that what clients have seen never goes back. It says when one is served, since
 * it alone knows which is the newest.
 */
public interface Ledger {

    /**
     * Emits the snapshot of earlier runs once it is served, if there is one of this repository. Fails with {@link OpamException.Disk}
     * if it is damaged, and with {@link OpamException.Unfit} if the place must not be used.
     *
     * @param serve told of it
     */
    Mono<Snapshot> restore(Consumer<Snapshot> serve);

    /** Begins a publication; what it will publish has to be fetched after this call. */
    Turn turn();

    /** Completes when nothing is being written to the disk any more, however that ended. */
    Mono<Void> settled();

    /** A publication that has begun. */
    @FunctionalInterface
    interface Turn {

        /**
         * Emits the snapshot once it is safe and served; or nothing if somebody else has published since the turn began: what
         * that one fetched may be newer. Work starts at subscription; one at a time. Fails with {@link OpamException}: what was
         * served before is still safe.
         *
         * @param serve told of it, unless a newer one is served by then
         */
        Mono<Snapshot> publish(Snapshot next, Consumer<Snapshot> serve);
    }
}
