package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.opam.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the next ingest would do.
 *
 * @param served what is served now
 * @param next what would take its place; empty if nothing is new
 */
record Plan(Optional<Snapshot> served, Optional<Snapshot> next) {

    /** Lines for people. */
    List<String> lines() {
        return next.map(snapshot -> Stream.of(
                                Optional.of("would publish " + told(snapshot)),
                                served.map(before -> "in place of   " + told(before)))
                        .flatMap(Optional::stream)
                        .toList())
                .orElseGet(() -> List.of("nothing is new; published is " + told(served.orElseThrow())));
    }

    private static String told(Snapshot snapshot) {
        return "%s of %s: %d packages, %d versions (%d with flaws), index of %d bytes"
                .formatted(
                        snapshot.commit().id(),
                        snapshot.commit().time(),
                        snapshot.counts().packages(),
                        snapshot.counts().opamFiles(),
                        snapshot.counts().flawed(),
                        snapshot.index().length());
    }
}
