package io.github.mirrorservice.mirror.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FleetMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final FleetMeters meters = new FleetMeters(registry);

    @Test
    void a_mirror_that_shares_nothing_shows_nothing() {
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void the_log_is_looked_at_when_it_is_asked_for() {
        AtomicLong position = new AtomicLong(7);
        meters.watchLog(position::get, () -> 1_700_000_000.5);
        position.set(8);

        assertThat(gauge("mirror.log.position")).isEqualTo(8);
        assertThat(gauge("mirror.log.last.success.timestamp.seconds")).isEqualTo(1_700_000_000.5);
    }

    @Test
    void calls_are_kept_apart_by_what_they_are_and_how_they_ended() {
        meters.called("read", "answered", Duration.ofMillis(2));
        meters.called("read", "answered", Duration.ofMillis(3));
        meters.called("read", "failed", Duration.ofSeconds(3));
        meters.called("create", "refused", Duration.ZERO);

        assertThat(timer("read", "answered").count()).isEqualTo(2);
        assertThat(timer("read", "answered").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
        assertThat(timer("read", "failed").count()).isEqualTo(1);
        assertThat(timer("create", "refused").count()).isEqualTo(1);
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private Timer timer(String operation, String result) {
        return registry.get("mirror.object.store.request.duration.seconds")
                .tags("operation", operation, "result", result)
                .timer();
    }
}
