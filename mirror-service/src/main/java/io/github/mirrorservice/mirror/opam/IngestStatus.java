package io.github.mirrorservice.mirror.opam;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What ingests do and did.
 *
 * @param running the one that runs, if one does
 * @param last how the last one ended
 * @param upstream when the remote last answered
 * @param troubled since when none has ended well, if the last has not
 * @param publication the last one that changed what is served
 */
public record IngestStatus(
        Optional<Running> running,
        Optional<Ended> last,
        Optional<Instant> upstream,
        Optional<Instant> troubled,
        Optional<Publication> publication) {

    /** Nothing has happened yet. */
    public static final IngestStatus NONE =
            new IngestStatus(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * An ingest under way.
     *
     * @param since when it began
     * @param phase the step it is at: fetch, diff, index or publish
     * @param bytes how many bytes of the remote's pack have come
     * @param objects how many objects have been taken out of it
     * @param announced how many there are in it
     * @param files how many changed files have been read
     */
    public record Running(Instant since, String phase, long bytes, long objects, long announced, long files) {}

    /**
     * An ingest that is over.
     *
     * @param outcome how it ended
     * @param when when
     * @param took how long it took
     */
    public record Ended(Outcome outcome, Instant when, Duration took) {}

    /**
     * An ingest that changed what is served.
     *
     * @param when when it did
     * @param took how long it took
     * @param steps its steps, in their order
     */
    public record Publication(Instant when, Duration took, List<Step> steps) {}

    /**
     * A step of an ingest.
     *
     * @param phase its name
     * @param took how long it took
     */
    public record Step(String phase, Duration took) {}
}
