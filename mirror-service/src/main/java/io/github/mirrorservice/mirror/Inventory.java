package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.opam.ArchiveNames;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which of the archives that the served snapshot names are not held: what there is to do, newest first. */
final class Inventory {

    /** A look into a store on the disk takes some ten microseconds of a blocking thread. */
    private static final int LOOKS_AT_ONCE = 4;

    private final ArchiveStore store;
    private final Cooperation cooperation;
    private Optional<String> commit = Optional.empty();
    private Optional<ArchiveNames> names = Optional.empty();
    private Map<Digest, Wanted> missing = new LinkedHashMap<>();
    private final Set<Digest> hadMeanwhile = new HashSet<>();

    private final Map<Digest, Archive> lostMeanwhile = new HashMap<>();

    /** The names of archives that are not named by their SHA-256, by that. */
    private final Map<Digest, Digest> related = new HashMap<>();

    Inventory(ArchiveStore store, Cooperation cooperation) {
        this.store = store;
        this.cooperation = cooperation;
    }

    /**
     * How much of a snapshot is held.
     *
     * @param commit whose snapshot it is, if there is one
     * @param known archives that it names
     * @param missing those of them that are not held
     * @param uncacheable sections without a checksum
     */
    record Count(Optional<String> commit, int known, int missing, List<String> uncacheable) {}

    /**
     * Emits the count once it is that of this snapshot; what was looked for before is not looked for again. One at a time. Fails
     * as the first look does that fails.
     */
    Mono<Count> take(Snapshot snapshot) {
        return snapshot.archives()
                .flatMap(next -> Flux.concat(lacking(next), stillMissing(next))
                        .transform(cooperation::publishOn)
                        .reduceWith(LinkedHashMap::new, Inventory::put)
                        .map(all -> turnTo(snapshot.revision(), next, all)))
                .onErrorMap(failure -> Exceptions.unwrapMultiple(failure).get(0));
    }

    private static Map<Digest, Wanted> put(Map<Digest, Wanted> all, Wanted wanted) {
        all.putIfAbsent(wanted.key(), wanted);
        return all;
    }

    /** What the next snapshot lacks and the one before did not name. */
    private Flux<Wanted> lacking(ArchiveNames next) {
        return names().map(before -> next.newSince(before, cooperation))
                .orElseGet(() -> next.newestFirst(cooperation))
                .filterWhen(wanted -> isHeld(wanted).map(held -> !held), LOOKS_AT_ONCE);
    }

    /** What was missing before and is named still, perhaps with other sources. */
    private Flux<Wanted> stillMissing(ArchiveNames next) {
        return Flux.defer(() -> Flux.fromIterable(missing()))
                .transform(cooperation::publishOn)
                .concatMapIterable(wanted -> next.find(wanted.key()).stream().toList(), 1);
    }

    private Mono<Boolean> isHeld(Wanted wanted) {
        return held(wanted).doOnNext(archive -> relate(archive, wanted)).hasElement();
    }

    private Mono<Archive> held(Wanted wanted) {
        return Flux.fromIterable(wanted.digests()).concatMap(store::glance, 1).next();
    }

    /** Notes under which name an archive is held that is not named by its SHA-256: once it is lost, nobody can tell. */
    private synchronized void relate(Archive archive, Wanted wanted) {
        if (wanted.digests().stream().noneMatch(digest -> digest.algorithm() == Algorithm.SHA256)) {
            related.put(archive.sha256(), wanted.key());
        }
    }

    /** What is said of an archive that is held, or was. */
    synchronized Optional<Wanted> of(Archive archive) {
        return names.flatMap(all -> all.find(archive.sha256())
                .or(() -> Optional.ofNullable(related.get(archive.sha256())).flatMap(all::find)));
    }

    private synchronized Optional<ArchiveNames> names() {
        return names;
    }

    private synchronized Count turnTo(String revision, ArchiveNames next, Map<Digest, Wanted> all) {
        all.keySet().removeAll(hadMeanwhile);
        hadMeanwhile.clear();
        commit = Optional.of(revision);
        names = Optional.of(next);
        missing = all;
        List.copyOf(lostMeanwhile.values()).forEach(this::lost);
        lostMeanwhile.clear();
        return count();
    }

    /** An archive is held now. */
    synchronized void had(Wanted wanted, Archive archive) {
        missing.remove(wanted.key());
        hadMeanwhile.add(wanted.key());
        lostMeanwhile.remove(archive.sha256());
        relate(archive, wanted);
    }

    /** An archive is held no longer. */
    synchronized void lost(Archive archive) {
        lostMeanwhile.put(archive.sha256(), archive);
        of(archive).ifPresent(wanted -> {
            missing.put(wanted.key(), wanted);
            hadMeanwhile.remove(wanted.key());
        });
    }

    /** Whether the snapshot that was taken last names an archive. */
    synchronized boolean names(Wanted wanted) {
        return names.flatMap(all -> all.find(wanted.key())).isPresent();
    }

    /** How much of the snapshot that was taken last is held. */
    synchronized Count count() {
        return new Count(
                commit,
                names.map(ArchiveNames::size).orElse(0),
                missing.size(),
                names.map(ArchiveNames::uncacheable).orElse(List.of()));
    }

    /** What is missing, in the order in which to get it. */
    synchronized Collection<Wanted> missing() {
        return new ArrayList<>(missing.values());
    }
}
