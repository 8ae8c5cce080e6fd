package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveCache.UnderWay;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the templates of the page are filled with: names and values, ready to be read by people. */
final class PageModel {

    private static final int MOST_DOWNLOADS = 8;

    private PageModel() {}

    static Map<String, Object> of(Status status) {
        List<Trouble> troubles = Trouble.of(status);
        Map<String, Object> model = new HashMap<>();
        model.put("version", status.version());
        model.put("repository", status.repository());
        model.put("state", StatusJson.state(status, troubles));
        model.put("well", troubles.isEmpty() && status.served().isPresent());
        model.put("starting", troubles.isEmpty() && status.served().isEmpty());
        model.put(
                "troubles",
                troubles.stream().map(trouble -> trouble(trouble, status.now())).toList());
        status.served().ifPresent(snapshot -> model.put("snapshot", snapshot(snapshot, status)));
        model.put("ingest", ingest(status));
        status.archives().ifPresent(archives -> model.put("archives", archives(archives, status.downloads())));
        return model;
    }

    private static Map<String, Object> trouble(Trouble trouble, Instant now) {
        Map<String, Object> model = new HashMap<>();
        model.put("title", trouble.title());
        model.put("message", trouble.message());
        trouble.since().ifPresent(since -> model.put("since", Figures.moment(since, now)));
        return model;
    }

    private static Map<String, Object> snapshot(Snapshot snapshot, Status status) {
        return Map.of(
                "commit", snapshot.revision(),
                "made", Figures.moment(snapshot.committed(), status.now()),
                "published", Figures.moment(snapshot.published(), status.now()),
                "packages", Figures.count(snapshot.counts().packages()),
                "versions", Figures.count(snapshot.counts().opamFiles()),
                "archives", Figures.count(Description.known(snapshot, status.archives())),
                "bytes", Figures.bytes(snapshot.index().length()));
    }

    private static Map<String, Object> ingest(Status status) {
        IngestStatus ingest = status.ingest();
        Map<String, Object> model = new HashMap<>();
        ingest.running().ifPresent(running -> model.put("running", running(running)));
        ingest.upstream().ifPresent(when -> model.put("upstream", Figures.moment(when, status.now())));
        ingest.last().ifPresent(last -> model.put("last", last(last, status.now())));
        ingest.publication()
                .ifPresent(publication ->
                        model.put("publication", publication(publication, status.waits(), status.now())));
        return model;
    }

    private static Map<String, Object> running(IngestStatus.Running running) {
        Map<String, Object> model = new HashMap<>();
        model.put("phase", running.phase());
        if (running.announced() > 0) {
            model.put(
                    "fetched",
                    Map.of(
                            "objects", Figures.count(running.objects()),
                            "announced", Figures.count(running.announced()),
                            "value", running.objects(),
                            "max", running.announced(),
                            "bytes", Figures.bytes(running.bytes())));
        }
        if (running.files() > 0) {
            model.put("files", Figures.count(running.files()));
        }
        return model;
    }

    private static Map<String, Object> last(IngestStatus.Ended last, Instant now) {
        return Map.of(
                "outcome", word(last.outcome()),
                "when", Figures.moment(last.when(), now),
                "took", Figures.time(last.took()));
    }

    private static String word(Outcome outcome) {
        return outcome instanceof Outcome.Unchanged ? "nothing was new" : outcome.word();
    }

    private static Map<String, Object> publication(
            IngestStatus.Publication publication, Optional<Waits.Trace> waits, Instant now) {
        Map<String, Object> model = new HashMap<>();
        model.put("when", Figures.moment(publication.when(), now));
        model.put("took", Figures.time(publication.took()));
        model.put(
                "steps",
                publication.steps().stream()
                        .map(step -> Map.of("phase", step.phase(), "took", Figures.time(step.took())))
                        .toList());
        waits.filter(trace -> !trace.moments().isEmpty()).ifPresent(trace -> model.put("waits", WaitsChart.of(trace)));
        return model;
    }

    private static Map<String, Object> archives(ArchiveStatus status, List<UnderWay> downloads) {
        int here = status.known() - status.missing();
        Map<String, Object> model = new HashMap<>();
        model.put("known", Figures.count(status.known()));
        model.put("here", Figures.count(here));
        model.put("value", here);
        model.put("max", Math.max(1, status.known()));
        model.put("missing", Figures.count(status.missing()));
        model.put("held", Figures.count(status.held().archives()));
        model.put("heldBytes", Figures.bytes(status.held().bytes()));
        model.put("quarantined", Figures.count(status.quarantined().archives()));
        model.put("uncacheable", Figures.count(status.uncacheable().size()));
        model.put("getting", status.getting());
        model.put("rate", Figures.bytes(status.bytesPerSecond()));
        status.left().ifPresent(left -> model.put("left", Math.max(1, left.toMinutes())));
        model.put(
                "downloads",
                downloads.stream()
                        .limit(MOST_DOWNLOADS)
                        .map(PageModel::download)
                        .toList());
        model.put("more", Figures.count(Math.max(0, downloads.size() - MOST_DOWNLOADS)));
        model.put("hasMore", downloads.size() > MOST_DOWNLOADS);
        List<Map<String, Object>> failures = FailureTable.of(status.failures());
        model.put("failures", failures);
        model.put("failed", Figures.count(status.failures().size()));
        model.put("hasFailures", !failures.isEmpty());
        return model;
    }

    private static Map<String, Object> download(UnderWay download) {
        Map<String, Object> model = new HashMap<>();
        model.put("archive", download.key().toString());
        model.put("bytes", Figures.bytes(download.bytes()));
        download.announced().ifPresent(announced -> {
            model.put("announced", Figures.bytes(announced));
            model.put("value", download.bytes());
            model.put("max", announced);
        });
        return model;
    }
}
