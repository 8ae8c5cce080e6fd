package io.github.mirrorservice.mirror.archive;

import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Gets archives from elsewhere into a store. */
@FunctionalInterface
public interface Fetcher {

    /**
     * Emits the archive when it is in the store. Work starts at subscription. Fails with
     * {@link ArchiveException.Unavailable} if no source gives it, and with {@link ArchiveException.Store} if it cannot be kept.
     *
     * @param arrivals told of each try that begins to bring bytes; a later one takes the place of the one before
     */
    Mono<Archive> fetch(Wanted wanted, Consumer<Arrival> arrivals);
}
