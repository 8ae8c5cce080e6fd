package io.github.mirrorservice.mirror.opam;

/** How an ingest ended. */
public sealed interface Outcome {

    /** One word for metrics and for JSON. */
    String word();

    /** Whether what is served is what the remote has. */
    default boolean isWell() {
        return this instanceof Changed || this instanceof Unchanged;
    }

    /** A new snapshot is served. */
    record Changed(Snapshot snapshot) implements Outcome {
        @Override
        public String word() {
            return "changed";
        }
    }

    /** The remote has nothing new. */
    record Unchanged(Snapshot snapshot) implements Outcome {
        @Override
        public String word() {
            return "unchanged";
        }
    }

    /**
     * The remote's tree was not published because it looks wrong; the last good snapshot is served on.
     *
     * @param reason one word for metrics, such as {@code empty}
     * @param message what looks wrong, and the remedy
     */
    record Held(String reason, String message) implements Outcome {
        @Override
        public String word() {
            return "held";
        }
    }

    /**
     * The ingest broke; the last good snapshot is served on.
     *
     * @param reason one word for metrics, such as {@code unreachable}
     * @param message what happened, and the remedy
     */
    record Failed(String reason, String message) implements Outcome {
        @Override
        public String word() {
            return "failed";
        }
    }
}
