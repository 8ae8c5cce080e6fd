package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.metrics.IngestMeters;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class IngestProgressTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final IngestProgress progress = new IngestProgress(
            new IngestMeters(new SimpleMeterRegistry(), "repository"),
            new Waits(),
            Optional::empty,
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void what_was_held_back_here_is_no_trouble_any_more_once_another_replica_has_looked_and_all_is_well() {
        progress.observe(Mono.just(new Outcome.Held("empty", "no packages"))).block();
        assertThat(progress.status().last()).isPresent();
        assertThat(progress.status().troubled()).contains(NOW);

        progress.lookedElsewhere();

        IngestStatus status = progress.status();
        assertThat(status.last()).isEmpty();
        assertThat(status.troubled()).isEmpty();
        assertThat(status.upstream()).contains(NOW);
    }
}
