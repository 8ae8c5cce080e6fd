package io.github.mirrorservice.mirror.archive;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Why an archive is not there. The message says what happened and names the remedy. */
public abstract sealed class ArchiveException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ArchiveException(String message) {
        super(message);
    }

    ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Never null: every constructor takes one. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** A store cannot be written or read. */
    public static final class Store extends ArchiveException {

        private static final long serialVersionUID = 1L;

        /** With what the store said. */
        public Store(String message, Throwable cause) {
            super(message, cause);
        }

        /** For a store that refuses by itself. */
        public Store(String message) {
            super(message);
        }
    }

    /** No source gives it. */
    public static final class Unavailable extends ArchiveException {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // an unmodifiable list of records
        private final List<SourceFailure> failures;

        /** With what each source said, in the order in which they were asked; none if there is no source. */
        public Unavailable(List<SourceFailure> failures) {
            super(
                    failures.isEmpty()
                            ? "nothing says where to have it"
                            : failures.get(failures.size() - 1).message());
            this.failures = List.copyOf(failures);
        }

        /** What each source said. */
        public List<SourceFailure> failures() {
            return failures;
        }
    }

    /** A place on the network does not give it. */
    public static final class Source extends ArchiveException {

        private static final long serialVersionUID = 1L;

        private final Reason reason;

        @SuppressWarnings("serial") // never serialized
        private final Optional<Duration> retryAfter;

        /** For a failure after which the source says nothing about a next time. */
        public Source(Reason reason, String message) {
            this(reason, message, Optional.empty());
        }

        /**
         * For a failure of any kind.
         *
         * @param retryAfter how long the source asks to be left alone
         */
        public Source(Reason reason, String message, Optional<Duration> retryAfter) {
            super(message);
            this.reason = reason;
            this.retryAfter = retryAfter;
        }

        /** What kind of failure it is. */
        public Reason reason() {
            return reason;
        }

        /** How long the source asks to be left alone. */
        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /** Kinds of failure of a source: the same words in metrics, on the status page and in the log. */
    public enum Reason {
        /** Its URL or its address is not one that may be asked. */
        ADDRESS(false),
        /** Too many redirects, or one that leads nowhere. */
        REDIRECT(false),
        /** It says that it has no such archive. */
        STATUS(false),
        /** It asks to be left alone: 429 or 503. */
        BUSY(true),
        /** It says that it is broken: another 5xx. */
        SERVER(true),
        /** No connection, or one that broke. */
        UNREACHABLE(true),
        /** It is too slow. */
        TIMEOUT(true),
        /** The body ended before it was whole. */
        TRUNCATED(true),
        /** The archive is larger than allowed. */
        SIZE(false),
        /** It gave other bytes than the digests say. */
        MISMATCH(false),
        /** It failed so often that it is not asked for a while. */
        RESTING(false);

        private final boolean passing;

        Reason(boolean passing) {
            this.passing = passing;
        }

        /** The word for it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether the same question may be answered better some seconds later. */
        public boolean passing() {
            return passing;
        }
    }
}
