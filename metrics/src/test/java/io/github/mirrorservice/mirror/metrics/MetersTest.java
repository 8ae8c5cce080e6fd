package io.github.mirrorservice.mirror.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.metrics.IngestMeters.Phase;
import io.github.mirrorservice.mirror.metrics.RequestMeters.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class MetersTest {

    /** The names that dashboards and alerts rely on, copied from where they are promised, with their kinds and labels. */
    private static final List<String> PROMISED = List.of(
            "http_server_request_duration_seconds histogram"
                    + " [http_route, http_response_status_code, http_request_method, ingest]",
            "mirror_http_connections gauge [listener]",
            "mirror_http_requests_in_flight gauge []",
            "mirror_http_requests_limit gauge []",
            "mirror_http_requests_shed_total counter [rank]",
            "mirror_ingest_running gauge [repository]",
            "mirror_ingest_duration_seconds histogram [repository, outcome]",
            "mirror_ingest_phase_duration_seconds summary [repository, phase]",
            "mirror_schedule_slice_duration_seconds histogram [lane]",
            "mirror_schedule_delay_seconds histogram [lane]",
            "mirror_snapshot_published_timestamp_seconds gauge [repository]",
            "mirror_snapshot_commit_timestamp_seconds gauge [repository]",
            "mirror_snapshot_current_timestamp_seconds gauge [repository]",
            "mirror_snapshot_packages gauge [repository]",
            "mirror_snapshot_index_bytes gauge [repository]",
            "mirror_upstream_last_success_timestamp_seconds gauge [repository]",
            "mirror_publish_delay_seconds histogram [repository]",
            "mirror_publish_held_total counter [repository, reason]",
            "mirror_archive_requests_total counter [result]",
            "mirror_archives gauge [state]",
            "mirror_archives_due gauge []",
            "mirror_archive_bytes gauge [state]",
            "mirror_archive_fetch_duration_seconds histogram [source]",
            "mirror_archive_fetch_bytes_total counter [source]",
            "mirror_archive_fetch_failures_total counter [source, reason]",
            "mirror_log_position gauge []",
            "mirror_log_last_success_timestamp_seconds gauge []",
            "mirror_object_store_request_duration_seconds histogram [operation, result]",
            "mirror_build_info gauge [version, commit, java]");

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

    private final Scrape scrape = new Scrape();

    @Test
    void the_catalogue_holds_the_promised_meters_and_no_other() {
        assertThat(Arrays.stream(Meters.values()).map(MetersTest::described)).containsExactlyElementsOf(PROMISED);
    }

    @Test
    void what_is_scraped_is_the_catalogue_under_its_very_names() {
        useEveryMeter();

        assertThat(scrapedFamilies()).isEqualTo(promisedFamilies());
    }

    @Test
    void every_meter_has_a_help_and_base_units() {
        assertThat(Meters.values()).allSatisfy(meter -> {
            assertThat(meter.help()).isNotBlank();
            assertThat(meter.prometheusName()).doesNotContainPattern("milli|micro|nano|_ms|_kb");
        });
    }

    @Test
    void a_meter_refuses_fewer_values_than_labels() {
        assertThatThrownBy(() -> Meters.HELD.counter(scrape.registry(), "remote"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[repository, reason]");
    }

    private void useEveryMeter() {
        IngestMeters ingest = new IngestMeters(scrape.registry(), "remote");
        ingest.observe(ingest.phase(Phase.FETCH, Mono.just("changed")), outcome -> outcome)
                .block(Duration.ofSeconds(5));
        ingest.published(Instant.EPOCH, Instant.EPOCH, 1, 2);
        ingest.publishDelay(Duration.ofSeconds(1));
        ingest.upstreamAnswered(Instant.EPOCH);
        ingest.held("empty");
        new RequestMeters(scrape.registry(), ingest::running).route("/repo").record(Method.GET, 200, 1);
        new ConnectionMeters(scrape.registry()).watch("public", () -> 1);
        LoadMeters load = new LoadMeters(scrape.registry(), Stream.of("page"));
        load.watch(() -> 1, () -> 2);
        load.shed("page");
        ScheduleMeters schedule = new ScheduleMeters(scrape.registry());
        schedule.slices("ingest").accept(1);
        schedule.delays("http").accept(1);
        ArchiveMeters archives = new ArchiveMeters(scrape.registry());
        archives.count("held", () -> 1);
        archives.bytes("held", () -> 1);
        archives.due(() -> 1);
        archives.requested("hit");
        archives.fetched("origin", Duration.ofSeconds(1), 1);
        archives.failed("origin", "mismatch");
        FleetMeters fleet = new FleetMeters(scrape.registry());
        fleet.watchLog(() -> 1, () -> 2);
        fleet.called("read", "answered", Duration.ofMillis(1));
        Meters.BUILD.gauge(scrape.registry(), () -> 1, "1.0", "unknown", "17");
    }

    /** Name and kind of each family, without Micrometer's companions of timers. */
    private Set<String> scrapedFamilies() {
        return TYPE.matcher(scrape.text("").body())
                .results()
                .filter(type -> !type.group(1).endsWith("_max"))
                .map(MetersTest::family)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String family(MatchResult type) {
        return type.group(1) + " " + type.group(2);
    }

    private static Set<String> promisedFamilies() {
        return PROMISED.stream()
                .map(line -> line.substring(0, line.indexOf(" [")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String described(Meters meter) {
        String kind =
                switch (meter.kind()) {
                    case GAUGE -> "gauge";
                    case COUNTER -> "counter";
                    case TIMES -> "summary";
                    case REQUEST_TIMES, INGEST_TIMES, SLICE_TIMES -> "histogram";
                };
        return meter.prometheusName() + " " + kind + " " + meter.labels();
    }
}
