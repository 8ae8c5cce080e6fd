package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveCache.UnderWay;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /status.json}: how a mirror is doing, for programs. Times are RFC 3339 in UTC, durations milliseconds. */
final class StatusJson {

    private StatusJson() {}

    /** What a whole status is in one word: nothing is served yet, something is wrong, or all is well. */
    static String state(Status status, List<Trouble> troubles) {
        if (status.served().isEmpty()) {
            return "starting";
        }
        return troubles.isEmpty() ? "well" : "troubled";
    }

    static String of(Status status) {
        List<Trouble> troubles = Trouble.of(status);
        Json json = new Json()
                .put("time", status.now().toString())
                .put("version", status.version())
                .put("repository", status.repository())
                .put("state", state(status, troubles))
                .put("troubles", troubles.stream().map(StatusJson::trouble).toList());
        status.served().ifPresent(snapshot -> json.put("snapshot", snapshot(snapshot)));
        json.put("ingest", ingest(status.ingest(), status.waits()));
        status.archives().ifPresent(archives -> json.put("archives", archives(archives, status.downloads())));
        status.disk()
                .ifPresent(disk -> json.put(
                        "disk", new Json().put("free_bytes", disk.free()).put("total_bytes", disk.total())));
        return json.end();
    }

    private static Json trouble(Trouble trouble) {
        Json json = new Json()
                .put("reason", trouble.reason())
                .put("title", trouble.title())
                .put("message", trouble.message());
        trouble.since().ifPresent(since -> json.put("since", since.toString()));
        return json;
    }

    private static Json snapshot(Snapshot snapshot) {
        return new Json()
                .put("commit", snapshot.revision())
                .put("commit_time", snapshot.committed().toString())
                .put("published_time", snapshot.published().toString())
                .put("packages", snapshot.counts().packages())
                .put("opam_files", snapshot.counts().opamFiles())
                .put("index_bytes", snapshot.index().length());
    }

    private static Json ingest(IngestStatus status, Optional<Waits.Trace> waits) {
        Json json = new Json().put("running", status.running().isPresent());
        status.running().ifPresent(running -> json.put("now", running(running)));
        status.upstream().ifPresent(when -> json.put("upstream_time", when.toString()));
        status.last().ifPresent(last -> json.put("last", last(last)));
        status.publication().ifPresent(publication -> json.put("last_published", publication(publication, waits)));
        return json;
    }

    private static Json running(IngestStatus.Running running) {
        return new Json()
                .put("since", running.since().toString())
                .put("phase", running.phase())
                .put("pack_bytes", running.bytes())
                .put("objects", running.objects())
                .put("objects_announced", running.announced())
                .put("files", running.files());
    }

    private static Json last(IngestStatus.Ended last) {
        return new Json()
                .put("outcome", last.outcome().word())
                .put("time", last.when().toString())
                .put("millis", last.took().toMillis());
    }

    private static Json publication(IngestStatus.Publication publication, Optional<Waits.Trace> waits) {
        Json json = new Json()
                .put("time", publication.when().toString())
                .put("millis", publication.took().toMillis())
                .put(
                        "steps",
                        publication.steps().stream()
                                .map(step -> new Json()
                                        .put("phase", step.phase())
                                        .put("millis", step.took().toMillis()))
                                .toList());
        waits.ifPresent(trace -> json.put("longest_wait_micros", micros(trace.longest(true)))
                .put("longest_wait_around_micros", micros(trace.longest(false))));
        return json;
    }

    private static long micros(Duration wait) {
        return wait.toNanos() / 1_000;
    }

    private static Json archives(ArchiveStatus status, List<UnderWay> downloads) {
        Json json = new Json()
                .put("known", status.known())
                .put("missing", status.missing())
                .put("held", status.held().archives())
                .put("held_bytes", status.held().bytes())
                .put("quarantined", status.quarantined().archives())
                .put("failed", status.failures().size())
                .put("uncacheable", status.uncacheable().size())
                .put("getting", status.getting())
                .put("bytes_per_second", status.bytesPerSecond());
        status.left().ifPresent(left -> json.put("seconds_left", left.toSeconds()));
        return json.put(
                "downloads", downloads.stream().map(StatusJson::download).toList());
    }

    private static Json download(UnderWay download) {
        Json json = new Json().put("archive", download.key().toString()).put("bytes", download.bytes());
        download.announced().ifPresent(announced -> json.put("bytes_announced", announced));
        return json;
    }
}
