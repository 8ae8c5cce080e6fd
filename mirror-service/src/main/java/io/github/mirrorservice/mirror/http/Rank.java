package io.github.mirrorservice.mirror.http;

import java.util.Locale;

/**
 * What costs more to answer than to refuse, by which of it is turned away first when too much is asked. The snapshot is not
 * among it.
 */
public enum Rank {
    /** Pages for people, and what programs are told of the mirror: nobody's build waits for these. */
    PAGE(0.25),
    /** Archives that are not held: they wait for a slow host elsewhere, which the client can ask as well. */
    FETCH(0.5),
    /** Archives that are held. */
    ARCHIVE(1);

    private final double share;

    Rank(double share) {
        this.share = share;
    }

    /** The word for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How many of all these requests may be in flight for one of this rank to be admitted. */
    int share(int limit) {
        return (int) (limit * share);
    }
}
