package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.BlobReader;
import io.github.mirrorservice.mirror.git.GitLimits;
import io.github.mirrorservice.mirror.git.GitMirror;
import io.github.mirrorservice.mirror.git.GitRemote;
import io.github.mirrorservice.mirror.metrics.IngestMeters;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.PublishGuard;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.SnapshotFile;
import io.github.mirrorservice.mirror.opam.Snapshots;
import io.github.mirrorservice.mirror.opam.SoleLedger;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import io.github.mirrorservice.mirror.schedule.Lanes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** One ingest that goes wrong in a way which no remote can bring about. */
final class IngestTest {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final BlobReader OUT_OF_MEMORY = ids -> ids.map(id -> {
        throw new OutOfMemoryError("of the test's making");
    });

    @TempDir
    Path directory;

    @Test
    void memory_that_runs_out_on_the_lane_ends_the_ingest_and_is_told() {
        LaneSettings settings = new LaneSettings(1, Placement.SHARED, Optional.of(Duration.ofNanos(250_000)), 2);
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                Lanes lanes = Lanes.open(settings, nanos -> {});
                GitMirror git =
                        GitMirror.inMemory(GitRemote.parse(upstream.url()), GitLimits.STANDARD, lanes.blocking())) {
            StepVerifier.create(ingest(git, lanes).run())
                    .assertNext(outcome -> assertThat(outcome)
                            .isInstanceOf(Outcome.Failed.class)
                            .asString()
                            .contains("memory ran out")
                            .contains("-Xmx"))
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    private Ingest ingest(GitMirror git, Lanes lanes) {
        IngestMeters meters = new IngestMeters(new SimpleMeterRegistry(), "repository");
        return new Ingest(
                git,
                new Snapshots(
                        "repository",
                        OUT_OF_MEMORY,
                        lanes.ingest(),
                        () -> new PublishGuard(0.1),
                        Optional.empty(),
                        Clock.systemUTC()),
                new SoleLedger(new SnapshotFile(directory, lanes.ingest(), lanes.blocking()), "repository"),
                new Published(),
                (next, before) -> Mono.empty(),
                meters,
                new IngestProgress(meters, new Waits(), git::transfer, Clock.systemUTC()),
                lanes);
    }
}
