package io.github.mirrorservice.mirror.prove;

/**
 * One request. Its latency counts from the time at which it was to be sent, whether or not the mirror, or whoever measures,
 * was ready then: nothing is left out because something else was slow.
 *
 * @param due when it was to be sent, on the clock of {@link System#nanoTime()}
 * @param sent when it was sent: later only if whoever measures was kept from it
 * @param done when its last byte was read
 * @param served whether the answer was the one to expect
 */
record Sample(long due, long sent, long done, boolean served) {

    /** Nanoseconds. */
    long latency() {
        return done - due;
    }

    /** Nanoseconds by which the measurement itself was late. */
    long lateness() {
        return sent - due;
    }
}
