package io.github.mirrorservice.mirror.archive;

import reactor.core.publisher.Mono;

/** How an archive that was asked for can be had. */
public sealed interface Delivery {

    /** The store has it. */
    record Held(Archive archive) implements Delivery {}

    /**
     * It is on its way, and large enough that its first bytes need not wait for the last.
     *
     * @param arrival its bytes as they come; their number is announced
     * @param whole emits the archive when it is held, or fails with {@link ArchiveException}
     */
    record OnTheWay(Arrival arrival, Mono<Archive> whole) implements Delivery {}
}
