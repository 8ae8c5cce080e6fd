package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.archive.Failures.Failure;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code /snapshot.json}: what a snapshot is and holds, for programs. */
final class Description {

    /** So many are listed one by one; how many there are is said in any case. */
    private static final int MOST_LISTED = 100;

    private Description() {}

    /** The text; the archives in it are those of this moment. */
    static Body of(Snapshot snapshot, Optional<ArchiveStatus> archives) {
        Json json = new Json()
                .put("repository", snapshot.repository())
                .put("commit", snapshot.revision())
                .put("commit_time", snapshot.committed().toString())
                .put("published_time", snapshot.published().toString())
                .put("packages", snapshot.counts().packages())
                .put("opam_files", snapshot.counts().opamFiles())
                .put("index_sha256", snapshot.index().sha256())
                .put("index_bytes", snapshot.index().length())
                .put("archives_known", known(snapshot, archives));
        archives.ifPresent(status -> describe(snapshot, status, json));
        return Body.of((json.end() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** How many archives a snapshot names: joined by their checksums as soon as that is found out, before that by the first ones. */
    static int known(Snapshot snapshot, Optional<ArchiveStatus> archives) {
        return archives.filter(status -> status.isOf(snapshot.revision()))
                .map(ArchiveStatus::known)
                .orElseGet(() -> snapshot.counts().archives());
    }

    /** Of a snapshot that was published just now nothing is known to be held yet: what was not looked for counts as missing. */
    private static void describe(Snapshot snapshot, ArchiveStatus status, Json json) {
        int known = known(snapshot, Optional.of(status));
        int missing = status.isOf(snapshot.revision()) ? status.missing() : known;
        json.put("archives_held", known - missing)
                .put("archives_missing", missing)
                .put("archives_failed", status.failures().size())
                .put("archives_uncacheable", status.uncacheable().size())
                .put("holes", holes(status.failures()))
                .put("uncacheable", uncacheable(status.uncacheable()));
    }

    /** The archives that could not be had, those that were tried last first. */
    private static List<Json> holes(List<Failure> failures) {
        return failures.stream()
                .sorted(Comparator.comparing(Failure::when).reversed())
                .limit(MOST_LISTED)
                .map(Description::hole)
                .toList();
    }

    private static List<Json> uncacheable(List<String> sections) {
        return sections.stream()
                .limit(MOST_LISTED)
                .map(section -> new Json().put("section", section))
                .toList();
    }

    private static Json hole(Failure failure) {
        Json hole = new Json()
                .put("archive", failure.wanted().key().toString())
                .put("tried", failure.when().toString())
                .put("times", failure.times())
                .put("next_try", failure.nextTry().toString());
        return hole.put(
                "sources", failure.why().stream().map(Description::source).toList());
    }

    private static Json source(SourceFailure failure) {
        return new Json()
                .put("source", failure.source().label())
                .put("host", failure.host())
                .put("reason", failure.reason().label())
                .put("message", failure.message());
    }
}
