package io.github.mirrorservice.mirror.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ScheduleMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final ScheduleMeters meters = new ScheduleMeters(registry);

    @Test
    void slices_and_delays_are_kept_apart_by_lane() {
        meters.slices("ingest").accept(250_000);
        meters.delays("http").accept(1_000);
        meters.delays("http").accept(2_000);

        assertThat(total("mirror.schedule.slice.duration.seconds", "ingest")).isEqualTo(250_000);
        assertThat(total("mirror.schedule.delay.seconds", "http")).isEqualTo(3_000);
    }

    private double total(String name, String lane) {
        return registry.get(name).tag("lane", lane).timer().totalTime(TimeUnit.NANOSECONDS);
    }
}
