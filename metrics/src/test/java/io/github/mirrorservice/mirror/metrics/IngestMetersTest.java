package io.github.mirrorservice.mirror.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.metrics.IngestMeters.Phase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class IngestMetersTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final IngestMeters meters = new IngestMeters(registry, "https://example.org/repository.git");
    private final Sinks.One<String> end = Sinks.one();

    @Test
    void an_ingest_runs_from_subscription_to_its_end() {
        Mono<String> observed = meters.observe(end.asMono(), outcome -> outcome);
        assertThat(meters.running()).isFalse();

        StepVerifier.create(observed)
                .then(() -> assertThat(running()).isEqualTo(1))
                .then(() -> end.tryEmitValue("changed"))
                .expectNext("changed")
                .expectComplete()
                .verify(DEADLINE);

        assertThat(running()).isZero();
        assertThat(timed("changed")).isEqualTo(1);
    }

    @Test
    void a_failed_ingest_is_recorded_as_failed_and_its_error_passes() {
        StepVerifier.create(meters.observe(Mono.error(new IllegalStateException("broken")), Object::toString))
                .expectErrorMessage("broken")
                .verify(DEADLINE);

        assertThat(running()).isZero();
        assertThat(timed("failed")).isEqualTo(1);
    }

    @Test
    void a_cancelled_ingest_no_longer_runs() {
        StepVerifier.create(meters.observe(end.asMono(), outcome -> outcome))
                .thenCancel()
                .verify(DEADLINE);

        assertThat(running()).isZero();
        assertThat(timed("cancelled")).isEqualTo(1);
    }

    @Test
    void each_subscription_is_a_run_of_its_own() {
        Mono<String> observed = meters.observe(Mono.just("unchanged"), outcome -> outcome);

        StepVerifier.create(observed.then(observed))
                .expectNext("unchanged")
                .expectComplete()
                .verify(DEADLINE);

        assertThat(timed("unchanged")).isEqualTo(2);
    }

    @Test
    void a_phase_is_timed_whether_it_ends_well_or_not() {
        StepVerifier.create(meters.phase(Phase.FETCH, Mono.just(1)))
                .expectNext(1)
                .expectComplete()
                .verify(DEADLINE);
        StepVerifier.create(meters.phase(Phase.FETCH, Mono.error(new IllegalStateException("broken"))))
                .expectErrorMessage("broken")
                .verify(DEADLINE);

        Timer fetch = registry.get("mirror.ingest.phase.duration.seconds")
                .tag("phase", "fetch")
                .timer();
        assertThat(fetch.count()).isEqualTo(2);
    }

    @Test
    void the_served_snapshot_is_told_as_a_whole() {
        meters.published(Instant.ofEpochMilli(1_500), Instant.ofEpochSecond(1), 4_596, 3_610_000);

        assertThat(gauge("mirror.snapshot.published.timestamp.seconds")).isEqualTo(1.5);
        assertThat(gauge("mirror.snapshot.commit.timestamp.seconds")).isEqualTo(1);
        assertThat(gauge("mirror.snapshot.packages")).isEqualTo(4_596);
        assertThat(gauge("mirror.snapshot.index.bytes")).isEqualTo(3_610_000);
    }

    @Test
    void before_anything_happened_timestamps_are_zero() {
        assertThat(gauge("mirror.snapshot.published.timestamp.seconds")).isZero();
        assertThat(gauge("mirror.upstream.last.success.timestamp.seconds")).isZero();
        assertThat(gauge("mirror.snapshot.current.timestamp.seconds")).isZero();
    }

    @Test
    void freshness_and_held_publications_are_counted() {
        meters.upstreamAnswered(Instant.ofEpochSecond(7));
        meters.current(Instant.ofEpochSecond(8));
        meters.publishDelay(Duration.ofSeconds(3));
        meters.held("empty");
        meters.held("empty");

        assertThat(gauge("mirror.upstream.last.success.timestamp.seconds")).isEqualTo(7);
        assertThat(gauge("mirror.snapshot.current.timestamp.seconds")).isEqualTo(8);
        assertThat(registry.get("mirror.publish.delay.seconds").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(3);
        assertThat(registry.get("mirror.publish.held.total")
                        .tag("reason", "empty")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    private double running() {
        return gauge("mirror.ingest.running");
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private long timed(String outcome) {
        return registry.get("mirror.ingest.duration.seconds")
                .tag("outcome", outcome)
                .timer()
                .count();
    }
}
