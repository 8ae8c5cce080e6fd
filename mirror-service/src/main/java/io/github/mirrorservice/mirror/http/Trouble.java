package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.archive.Failures.Failure;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something that an operator should know.
 *
 * @param reason one word for it
 * @param title what is wrong
 * @param message what happened, and the remedy
 * @param since since when, if that is known
 */
record Trouble(String reason, String title, String message, Optional<Instant> since) {

    private static final Map<String, String> FAILED = Map.of(
            "unreachable", "The remote cannot be reached",
            "disk", "The disk does not take the next snapshot",
            "internal", "Ingests break off");

    /** All that is wrong, the worst first. */
    static List<Trouble> of(Status status) {
        return Stream.of(
                        ofIngest(status.ingest()).stream(),
                        status.disk().filter(Disk::isNearlyFull).map(Trouble::ofDisk).stream(),
                        status.archives().stream().flatMap(Trouble::ofArchives))
                .flatMap(troubles -> troubles)
                .toList();
    }

    private static Optional<Trouble> ofIngest(IngestStatus status) {
        return status.last().map(IngestStatus.Ended::outcome).flatMap(outcome -> ofOutcome(outcome, status.troubled()));
    }

    private static Optional<Trouble> ofOutcome(Outcome outcome, Optional<Instant> since) {
        if (outcome instanceof Outcome.Held held) {
            return Optional.of(new Trouble("held", "A publication is held back", held.message(), since));
        }
        if (outcome instanceof Outcome.Failed failed) {
            String title = FAILED.getOrDefault(failed.reason(), "The remote cannot be mirrored");
            return Optional.of(new Trouble(failed.reason(), title, failed.message(), since));
        }
        return Optional.empty();
    }

    private static Trouble ofDisk(Disk disk) {
        return new Trouble(
                "disk-nearly-full",
                "The disk is nearly full",
                "%s of %s are left. When it is full, no snapshot can be published and no archive kept; what is there is served on. Make the volume larger, or stop the mirror and drop archives that nobody names with mirror-service gc."
                        .formatted(Figures.bytes(disk.free()), Figures.bytes(disk.total())),
                Optional.empty());
    }

    private static Stream<Trouble> ofArchives(ArchiveStatus status) {
        return Stream.of(
                        status.broken()
                                .map(message ->
                                        new Trouble("store", "Archives cannot be kept", message, Optional.empty())),
                        rotten(status.quarantined().archives()),
                        changed(status.failures()))
                .flatMap(Optional::stream);
    }

    private static Optional<Trouble> rotten(long archives) {
        return archives == 0
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "rotten",
                        "Archives have rotted on the disk",
                        "%,d lie in quarantine; they are had anew where a source still has them. Look at the disk, then delete the folder quarantine."
                                .formatted(archives),
                        Optional.empty()));
    }

    private static Optional<Trouble> changed(List<Failure> failures) {
        long changed = failures.stream()
                .filter(failure -> failure.why().stream().anyMatch(source -> source.reason() == Reason.MISMATCH))
                .count();
        return changed == 0
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "mismatch",
                        "Archives have changed at their origin",
                        "%,d are not what the repository says they are. Nothing of them is served; see which below."
                                .formatted(changed),
                        Optional.empty()));
    }
}
