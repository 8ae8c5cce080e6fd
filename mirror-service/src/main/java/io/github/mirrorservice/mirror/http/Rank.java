package io.github.mirrorservice.mirror.http;

import java.util.Locale;

/** What clients ask for, by which of it is turned away first when they ask for too much. */
public enum Rank {
    /** Pages for people, what programs are told of the mirror, calls of forges: nobody's build waits for these. */
    PAGE(0.25),
    /** Archives that are not held: they wait for a slow host elsewhere, which the client can ask as well. */
    FETCH(0.5),
    /** Archives that are held. */
    ARCHIVE(1),
    /** The snapshot: to answer costs no more than to refuse, so it is served while there is memory for a request. */
    SNAPSHOT(1);

    private final double share;

    Rank(double share) {
        this.share = share;
    }

    /** The word for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How many requests may be in flight for one of this rank to be admitted, where that many may be for an archive. */
    int share(int limit) {
        return (int) (limit * share);
    }
}
