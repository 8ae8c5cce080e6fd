package io.github.mirrorservice.mirror.prove;

/**
 * What the mirror did in a stretch of time.
 *
 * @param kind what it did
 * @param from when it began, on the clock of {@link System#nanoTime()}
 * @param to when it ended
 */
record Window(Kind kind, long from, long to) {

    /** What a mirror does. */
    enum Kind {
        /** It fetches: JGit on its own threads. */
        FETCH,
        /** It computes, and writes the snapshot to disk. */
        COMPUTE,
        /** It is asked for its metrics, which is neither ingest nor idleness. */
        QUESTION
    }

    /** How long the two were at the same time. */
    long overlap(long otherFrom, long otherTo) {
        return Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
    }

    /** Whether any moment of the other lies in this. */
    boolean touches(long otherFrom, long otherTo) {
        return otherFrom < to && otherTo > from;
    }

    boolean isIngest() {
        return kind != Kind.QUESTION;
    }
}
