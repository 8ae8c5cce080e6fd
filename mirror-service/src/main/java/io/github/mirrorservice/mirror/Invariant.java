package io.github.mirrorservice.mirror;

/** What is so at every moment, whatever crashes, fills up or breaks. */
enum Invariant {
    /** Every byte below {@code /cache} hashes to what it is named by. */
    I1,
    /** {@code /repo} and {@code /index.tar.gz} come from one snapshot. */
    I2,
    /** The saved snapshot is whole. */
    I3,
    /** What is served is never replaced by what was published before it. (A repository may go back: then that is published anew.) */
    I4,
    /** What is served is on the disk: nothing that was acknowledged is lost. */
    I5,
    /** Nothing that was begun and not finished is older than an hour. */
    I6,
    /** The last good snapshot stays readable. */
    I7;

    /** A line about a place where it is not so. */
    Broken broken(String how) {
        return new Broken(this, how);
    }

    /**
     * An invariant that does not hold.
     *
     * @param invariant which
     * @param how where, and what is so instead
     */
    record Broken(Invariant invariant, String how) {

        /** As it is told to people. */
        @Override
        public String toString() {
            return invariant + " " + how;
        }
    }
}
