package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** Stub. */
public final class ArchiveNames {
    /** Stub. */
    public ArchiveNames() {}

    /** Stub. */
    public Optional<Wanted> find(Digest digest) {
        return Optional.empty();
    }

    /** Stub. */
    public int size() {
        return 0;
    }

    /** Stub. */
    public int uncacheable() {
        return 0;
    }

    /** Stub. */
    public Flux<Wanted> newestFirst(Cooperation cooperation) {
        return Flux.empty();
    }

    /** Stub. */
    public Flux<Wanted> newSince(ArchiveNames earlier, Cooperation cooperation) {
        return Flux.empty();
    }
}
