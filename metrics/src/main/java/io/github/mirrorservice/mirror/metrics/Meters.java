package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Supplier;

/**
 * Every meter of the mirror: its name as Prometheus shows it, its kind, its help and its labels. Nothing of ours is
 * registered past this list. Units are base units and stand at the end of the name. No label ever holds a URL, a hash, a
 * package or a commit; {@code repository}, the remote without credentials, is one constant a process.
 *
 * <p>Micrometer adds to each timer a gauge of the same name with {@code _max}: the longest of the last minutes.
 */
public enum Meters {
    /** Every public request, from its head to the last byte handed to the socket. */
    REQUESTS(
            Kind.REQUEST_TIMES,
            "http_server_request_duration_seconds",
            "Time from a public request's head to the last byte of its answer, 499 when the client went away",
            "http_route",
            "http_response_status_code",
            "http_request_method",
            "ingest"),

    /** Open connections. */
    CONNECTIONS(Kind.GAUGE, "mirror_http_connections", "Open connections of a listener", "listener"),

    /** Requests that are being answered. */
    IN_FLIGHT(
            Kind.GAUGE,
            "mirror_http_requests_in_flight",
            "Public requests for pages and archives whose answer is not sent yet"),

    /** How many of them may be. */
    LIMIT(
            Kind.GAUGE,
            "mirror_http_requests_limit",
            "How many of these may be in flight for an archive to be served; it falls while event loops are late"),

    /** Requests that were turned away. */
    SHED(
            Kind.COUNTER,
            "mirror_http_requests_shed_total",
            "Public requests turned away because there were too many, by what they asked for: page, fetch of a missing archive,"
                    + " archive that is held",
            "rank"),

    /** One while an ingest runs. */
    INGEST_RUNNING(Kind.GAUGE, "mirror_ingest_running", "1 while an ingest runs", "repository"),

    /** Each ingest by how it ended. */
    INGEST(
            Kind.INGEST_TIMES,
            "mirror_ingest_duration_seconds",
            "Time of an ingest from the question to the remote to the published snapshot",
            "repository",
            "outcome"),

    /** The steps of an ingest. */
    INGEST_PHASE(
            Kind.TIMES, "mirror_ingest_phase_duration_seconds", "Time of one step of an ingest", "repository", "phase"),

    /** Slices of cooperation. */
    SLICE(
            Kind.SLICE_TIMES,
            "mirror_schedule_slice_duration_seconds",
            "How long a cooperation slice held its thread",
            "lane"),

    /** Lateness of timers. */
    DELAY(
            Kind.SLICE_TIMES,
            "mirror_schedule_delay_seconds",
            "How late a timer on the event loop fired: what a waiting request feels",
            "lane"),

    /** When the served snapshot was published. */
    PUBLISHED(
            Kind.GAUGE,
            "mirror_snapshot_published_timestamp_seconds",
            "When the served snapshot was published, 0 before the first",
            "repository"),

    /** When the served snapshot's commit was made. */
    COMMITTED(
            Kind.GAUGE,
            "mirror_snapshot_commit_timestamp_seconds",
            "When the commit of the served snapshot was made, 0 before the first",
            "repository"),

    /** When the served snapshot was last what the remote has. */
    CURRENT(
            Kind.GAUGE,
            "mirror_snapshot_current_timestamp_seconds",
            "When the served snapshot was last seen to be the newest of the remote, 0 before that",
            "repository"),

    /** Package names in the served snapshot. */
    PACKAGES(Kind.GAUGE, "mirror_snapshot_packages", "Package names in the served snapshot", "repository"),

    /** Size of the served index. */
    INDEX(Kind.GAUGE, "mirror_snapshot_index_bytes", "Size of the served index.tar.gz", "repository"),

    /** When the remote last answered. */
    UPSTREAM(
            Kind.GAUGE,
            "mirror_upstream_last_success_timestamp_seconds",
            "When the remote last answered, 0 before its first answer",
            "repository"),

    /** From commit seen to served. */
    PUBLISH_DELAY(
            Kind.INGEST_TIMES,
            "mirror_publish_delay_seconds",
            "Time from a commit first seen at the remote to its snapshot served",
            "repository"),

    /** Publications held back. */
    HELD(Kind.COUNTER, "mirror_publish_held_total", "Publications the guard held back", "repository", "reason"),

    /** How requests for archives went. */
    ARCHIVE_REQUESTS(
            Kind.COUNTER,
            "mirror_archive_requests_total",
            "Requests for archives: hit, coalesced with another, fetched, miss, negative when it failed a moment ago,"
                    + " shed when too many waited",
            "result"),

    /** Archives by state. */
    ARCHIVES(
            Kind.GAUGE,
            "mirror_archives",
            "Archives held, named by the snapshot but missing, and quarantined",
            "state"),

    /** Work of the eager run. */
    ARCHIVES_DUE(
            Kind.GAUGE,
            "mirror_archives_due",
            "Missing archives that are still to be asked for, 0 where only clients ask for archives"),

    /** Their bytes. */
    ARCHIVE_BYTES(Kind.GAUGE, "mirror_archive_bytes", "Bytes of the archives that are held and quarantined", "state"),

    /** Archives from elsewhere. */
    ARCHIVE_FETCH(
            Kind.INGEST_TIMES,
            "mirror_archive_fetch_duration_seconds",
            "Time from asking a source for an archive to holding it, tries that failed included",
            "source"),

    /** Their bytes. */
    ARCHIVE_FETCH_BYTES(
            Kind.COUNTER, "mirror_archive_fetch_bytes_total", "Bytes of the archives that sources gave", "source"),

    /** Sources that failed. */
    ARCHIVE_FETCH_FAILURES(
            Kind.COUNTER,
            "mirror_archive_fetch_failures_total",
            "Sources that did not give an archive; the reason mismatch means that upstream bytes changed",
            "source",
            "reason"),

    /** Where this replica is in the log that all of them share. */
    LOG_POSITION(Kind.GAUGE, "mirror_log_position", "Number of the publication served, in the log that replicas share"),

    /** When it was last known to be at the end of it. */
    LOG_SEEN(
            Kind.GAUGE,
            "mirror_log_last_success_timestamp_seconds",
            "When this replica last knew that it served the newest publication of the log that replicas share, 0 before that"),

    /** Calls of the object store. */
    OBJECT_STORE(
            Kind.REQUEST_TIMES,
            "mirror_object_store_request_duration_seconds",
            "Time of a call of the object store: answered, failed, or refused here since the ones before had failed",
            "operation",
            "result"),

    /** What runs. */
    BUILD(Kind.GAUGE, "mirror_build_info", "What runs: always 1", "version", "commit", "java");

    private final Kind kind;
    private final String prometheusName;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
    private final List<String> labels;

    Meters(Kind kind, String prometheusName, String help, String... labels) {
        this.kind = kind;
        this.prometheusName = prometheusName;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name of the metric family in the Prometheus text. */
    public String prometheusName() {
        return prometheusName;
    }

    /** What it measures, for people. */
    public String help() {
        return help;
    }

    /** The names of its labels, in the order in which values are given. */
    public List<String> labels() {
        return labels;
    }

    /** What kind of meter it is. */
    public Kind kind() {
        return kind;
    }

    Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(dottedName())
                .description(help)
                .tags(tags(values))
                .serviceLevelObjectives(kind.buckets())
                .register(registry);
    }

    Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(dottedName())
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    void gauge(MeterRegistry registry, Supplier<Number> value, String... values) {
        Gauge.builder(dottedName(), value)
                .description(help)
                .tags(tags(values))
                .strongReference(true)
                .register(registry);
    }

    /** Micrometer's spelling; its rules for Prometheus lead back to {@link #prometheusName()}. */
    private String dottedName() {
        return prometheusName.replace('_', '.');
    }

    private Tags tags(String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(prometheusName + " takes values for " + labels);
        }
        Tags tags = Tags.empty();
        for (int label = 0; label < values.length; label++) {
            tags = tags.and(Tag.of(labels.get(label), values[label]));
        }
        return tags;
    }
}
