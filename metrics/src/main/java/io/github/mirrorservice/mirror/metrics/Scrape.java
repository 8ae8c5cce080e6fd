package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;

/** The registry of all meters, and its text for Prometheus. */
public final class Scrape {

    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Names of Micrometer's that Prometheus' linter refuses: a unit that is none of its base units, a count that is no histogram's. */
    private static final Set<String> UNFIT = Set.of("process.cpu.time", "system.cpu.count");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();

    /** A registry without a meter. */
    public Scrape() {
        registry.config().meterFilter(MeterFilter.deny(id -> UNFIT.contains(id.getName())));
    }

    /** Where meters are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /**
     * All meters as they stand now. It takes some milliseconds: not for an event loop.
     *
     * @param accept the request's Accept, empty if it has none: OpenMetrics for whoever names it, else Prometheus' text
     */
    public Text text(String accept) {
        String type = accept.contains(OPEN_METRICS) ? OPEN_METRICS_TYPE : TEXT_TYPE;
        return new Text(type, registry.scrape(type));
    }

    /**
     * What a scraper reads.
     *
     * @param contentType its Content-Type
     * @param body its lines
     */
    public record Text(String contentType, String body) {}
}
