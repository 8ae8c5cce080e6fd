package io.github.mirrorservice.mirror.schedule;

/** A step on a lane was broken off by an error that nobody below it was told. The message names the remedy. */
public final class LaneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private LaneException(String message, Throwable cause) {
        super(message, cause);
    }

    static LaneException of(Throwable thrown) {
        return thrown instanceof OutOfMemoryError
                ? new LaneException(
                        "memory ran out (" + thrown.getMessage() + "). Remedy: give the JVM more, with -Xmx.", thrown)
                : new LaneException(
                        "a step was broken off (" + thrown + "). Remedy: report it with the trace from the log.",
                        thrown);
    }
}
