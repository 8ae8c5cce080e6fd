package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.opam.format.ArchiveRef;
import io.github.mirrorservice.mirror.opam.format.OpamFile;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Gathers the archives that opam files name, given in the order of their paths. */
final class ArchiveNamesBuilder {

    private final Map<Digest, ClaimGroup> groups = new HashMap<>();
    private final List<String> uncacheable = new ArrayList<>();
    private final Map<Digest, Wanted> byDigest = new HashMap<>();
    private final NavigableMap<Integer, List<Wanted>> byRank = new TreeMap<>();
    private PackageVersions versions = new PackageVersions("");

    /** An opam file at its path. */
    record Named(String path, OpamFile file) {}

    /** Emits the archives that these files name, gathered in small elements on the lane of the cooperation. */
    static Mono<ArchiveNames> gather(Flux<Named> files, Cooperation cooperation) {
        return files.transform(cooperation::publishOn)
                .reduceWith(ArchiveNamesBuilder::new, ArchiveNamesBuilder::add)
                .doOnNext(builder -> builder.versions.rank())
                .flatMap(builder -> Flux.fromIterable(builder.groups.entrySet())
                        .transform(cooperation::publishOn)
                        .reduce(
                                builder,
                                (all, one) ->
                                        all.settle(one.getKey(), one.getValue().root())))
                .map(ArchiveNamesBuilder::build);
    }

    private ArchiveNamesBuilder add(Named named) {
        if (!versions.holds(named.path())) {
            versions.rank();
            versions = PackageVersions.of(named.path());
        }
        for (ArchiveRef archive : named.file().archives()) {
            if (archive.digests().isEmpty()) {
                uncacheable.add(named.path() + ": " + archive.section());
            } else {
                versions.add(named.path(), join(new Claim(archive.digests(), archive.urls())));
            }
        }
        return this;
    }

    /** The group of a claim: all that share a digest with it become one. */
    private ClaimGroup join(Claim claim) {
        ClaimGroup group = new ClaimGroup();
        for (Digest digest : claim.digests()) {
            ClaimGroup known = groups.get(digest);
            if (known == null) {
                groups.put(digest, group);
            } else {
                group = known.root().join(group.root());
            }
        }
        group.root().add(claim);
        return group.root();
    }

    /** What one digest means, now that all is known. */
    private ArchiveNamesBuilder settle(Digest digest, ClaimGroup group) {
        Wanted wanted = group.wanted(digest);
        byDigest.put(digest, wanted);
        if (wanted.key().equals(digest)) {
            byRank.computeIfAbsent(group.rank(), rank -> new ArrayList<>()).add(wanted);
        }
        return this;
    }

    private ArchiveNames build() {
        return new ArchiveNames(byDigest, byRank.values(), uncacheable);
    }
}
