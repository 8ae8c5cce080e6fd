package io.github.mirrorservice.mirror.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.metrics.RequestMeters.Method;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class RequestMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicBoolean running = new AtomicBoolean();
    private final RequestMeters meters = new RequestMeters(registry, running::get);

    @Test
    void requests_are_kept_apart_by_route_method_status_and_ingest() {
        RequestMeters.Route index = meters.route("/index.tar.gz");
        index.record(Method.GET, 200, 1_000);
        index.record(Method.GET, 200, 2_000);
        index.record(Method.GET, 304, 1_000);
        index.record(Method.HEAD, 200, 1_000);
        running.set(true);
        index.record(Method.GET, 200, 1_000);
        meters.route("/repo").record(Method.GET, 200, 1_000);

        assertThat(timer("/index.tar.gz", "200", "GET", "idle").count()).isEqualTo(2);
        assertThat(timer("/index.tar.gz", "200", "GET", "idle").totalTime(TimeUnit.NANOSECONDS))
                .isEqualTo(3_000);
        assertThat(timer("/index.tar.gz", "304", "GET", "idle").count()).isEqualTo(1);
        assertThat(timer("/index.tar.gz", "200", "HEAD", "idle").count()).isEqualTo(1);
        assertThat(timer("/index.tar.gz", "200", "GET", "running").count()).isEqualTo(1);
        assertThat(timer("/repo", "200", "GET", "running").count()).isEqualTo(1);
        assertThat(registry.find("http.server.request.duration.seconds").timers())
                .hasSize(5);
    }

    @Test
    void the_first_and_the_last_status_have_their_places() {
        RequestMeters.Route route = meters.route("/");
        route.record(Method.GET, 599, 1);
        route.record(Method.HEAD, 100, 1);

        assertThat(timer("/", "599", "GET", "idle").count()).isEqualTo(1);
        assertThat(timer("/", "100", "HEAD", "idle").count()).isEqualTo(1);
    }

    @Test
    void methods_that_nobody_serves_share_one_name() {
        assertThat(Method.of("GET")).isEqualTo(Method.GET);
        assertThat(Method.of("HEAD")).isEqualTo(Method.HEAD);
        assertThat(Method.of("POST")).isEqualTo(Method.POST);
        assertThat(Method.of("get")).isEqualTo(Method.OTHER);
        assertThat(Method.of("PROPFIND")).isEqualTo(Method.OTHER);
    }

    private Timer timer(String route, String status, String method, String ingest) {
        return registry.get("http.server.request.duration.seconds")
                .tags("http_route", route)
                .tags("http_response_status_code", status)
                .tags("http_request_method", method)
                .tags("ingest", ingest)
                .timer();
    }
}
