package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * The archives that a snapshot names. Sections of opam files that share a checksum, directly or by way of others, name one
 * archive; where such sections contradict each other, each stands for itself.
 */
public final class ArchiveNames {

    private final Map<Digest, Wanted> byDigest;
    private final Collection<List<Wanted>> byRank;
    private final List<String> uncacheable;

    ArchiveNames(Map<Digest, Wanted> byDigest, Collection<List<Wanted>> byRank, List<String> uncacheable) {
        this.byDigest = byDigest;
        this.byRank = byRank;
        this.uncacheable = uncacheable;
    }

    /** The archive with this digest, if a section names it. */
    public Optional<Wanted> find(Digest digest) {
        return Optional.ofNullable(byDigest.get(digest));
    }

    /** How many archives there are. */
    public int size() {
        return byRank.stream().mapToInt(List::size).sum();
    }

    /** The sections without a checksum that could be met, by file and section: nobody can verify what they name. */
    public List<String> uncacheable() {
        return uncacheable;
    }

    /**
     * Emits each archive once, in small elements on the lane of the cooperation: first those of the newest version of each
     * package, then those of the second newest, and so on.
     */
    public Flux<Wanted> newestFirst(Cooperation cooperation) {
        return Flux.fromIterable(() -> byRank.stream().flatMap(List::stream).iterator())
                .transform(cooperation::publishOn);
    }

    /** Emits, in the same way, the archives of which an earlier snapshot knows no digest. */
    public Flux<Wanted> newSince(ArchiveNames earlier, Cooperation cooperation) {
        return newestFirst(cooperation)
                .filter(wanted -> wanted.digests().stream().noneMatch(earlier.byDigest::containsKey));
    }
}
