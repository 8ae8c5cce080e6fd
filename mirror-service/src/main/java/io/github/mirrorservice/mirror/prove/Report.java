package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a proof found, for people and for programs.
 *
 * @param traces what happened in each cell
 */
public record Report(List<Trace> traces) {

    private static final String HEADING = """
            | mirror | requests | failed | idle p50 / p99 / p99.9 / max | while it ingests | longest silence: idle / fetch / compute | own delay | fetch | compute |
            |---|---|---|---|---|---|---|---|---|
            """;

    private static final List<Double> QUANTILES = List.of(0.5, 0.99, 0.999, 1.0);

    /** Takes the traces as they are. */
    public Report {
        traces = List.copyOf(traces);
    }

    /** A table in Markdown; times are milliseconds where no unit stands, and none is finer than the measurement's own delay. */
    public String table() {
        return traces.stream().map(Report::row).collect(Collectors.joining("\n", HEADING, "\n"));
    }

    private static String row(Trace trace) {
        return format(
                "| %s | %d | %d | %s | %s | %.1f / %.1f / %.1f | %.1f | %.1f s | %.1f s |",
                trace.cell().name(),
                trace.samples().size(),
                trace.failed(),
                quantiles(trace.idle(), " / "),
                quantiles(trace.running(), " / "),
                trace.longestSilence(Optional.empty()),
                trace.longestSilence(Optional.of(Kind.FETCH)),
                trace.longestSilence(Optional.of(Kind.COMPUTE)),
                trace.ownDelay(),
                trace.spent(Kind.FETCH) / 1000,
                trace.spent(Kind.COMPUTE) / 1000);
    }

    private static String quantiles(Latencies latencies, String separator) {
        return QUANTILES.stream()
                .map(share -> format("%.1f", latencies.quantile(share)))
                .collect(Collectors.joining(separator));
    }

    /** The same figures as JSON: latencies as lists of p50, p99, p99.9 and the maximum. */
    public String json() {
        String cells = traces.stream().map(Report::object).collect(Collectors.joining(",\n", "[\n", "\n]"));
        return "{\"unit\":\"ms\",\"cells\":" + cells + "}\n";
    }

    private static String object(Trace trace) {
        Cell cell = trace.cell();
        return format(
                "{\"store\":\"%s\",\"schedulers\":\"%s\",\"slice\":%b,\"event_loops\":%d,\"requests\":%d,\"failed\":%d,"
                        + "\"idle\":[%s],\"running\":[%s],\"silence_idle\":%.3f,\"silence_fetch\":%.3f,"
                        + "\"silence_compute\":%.3f,\"own_delay\":%.3f,\"fetch\":%.1f,\"compute\":%.1f}",
                cell.store(),
                cell.schedulers(),
                cell.sliced(),
                cell.loops(),
                trace.samples().size(),
                trace.failed(),
                quantiles(trace.idle(), ","),
                quantiles(trace.running(), ","),
                trace.longestSilence(Optional.empty()),
                trace.longestSilence(Optional.of(Kind.FETCH)),
                trace.longestSilence(Optional.of(Kind.COMPUTE)),
                trace.ownDelay(),
                trace.spent(Kind.FETCH),
                trace.spent(Kind.COMPUTE));
    }

    /** A picture of latency over time in every cell, as SVG. */
    public String picture() {
        return new Plot(traces).svg();
    }

    /** What the figures say. */
    public Verdict verdict() {
        return Verdict.of(traces);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
