package io.github.mirrorservice.mirror.opam;

import java.util.Objects;

/** Why a tree was not published. The message says what is wrong and names the remedy. */
public abstract sealed class OpamException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OpamException(String message) {
        super(message);
    }

    OpamException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Never null: every constructor takes one. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The tree looks wrong as a whole: publishing it would take packages away from every client. */
    public static final class Held extends OpamException {

        private static final long serialVersionUID = 1L;

        private final String reason;

        Held(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        /** One word for metrics, such as {@code empty}. */
        public String reason() {
            return reason;
        }
    }

    /** What replicas share does not answer, or cannot be read. */
    public static final class Shared extends OpamException {

        private static final long serialVersionUID = 1L;

        Shared(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What replicas share must not be used by this one. */
    public static final class Unfit extends OpamException {

        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message);
        }
    }

    /** The snapshot on disk cannot be written or read. */
    public static final class Disk extends OpamException {

        private static final long serialVersionUID = 1L;

        Disk(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
