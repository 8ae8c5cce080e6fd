package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A source that did not give an archive.
 *
 * @param source what kind of source it is
 * @param host its host, as far as it has one
 * @param reason why
 * @param message what happened, and the remedy
 * @param retryAfter how long it asks to be left alone
 */
public record SourceFailure(Kind source, String host, Reason reason, String message, Optional<Duration> retryAfter) {

    /** Kinds of source. */
    public enum Kind {
        /** The place that the metadata names first. */
        ORIGIN,
        /** Another place that the metadata names. */
        MIRROR,
        /** Another cache of archives. */
        CACHE,
        /** Another replica of this mirror, which had begun to fetch it. */
        REPLICA;

        /** The word for it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
