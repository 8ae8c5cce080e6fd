package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What a proof says: whether the mirror stays available while it ingests, and how it stands to what it should reach.
 *
 * @param available with cooperation no request failed, and on one shared thread no silence while it computed was longer than 25
 *     ms: room for a busy machine and for a collector that stops the JVM, none for a stage that does not give its thread back
 * @param lines the figures behind it, for people
 */
public record Verdict(boolean available, List<String> lines) {

    private static final double LONGEST_OF_AVAILABLE_MILLIS = 25;
    private static final double LONGEST_SILENCE_MILLIS = 5;
    private static final double LARGEST_P99_RATIO = 1.5;
    private static final double LARGEST_P999_RATIO = 2;
    private static final double LARGEST_COST = 1.05;

    /** Takes the lines as they are. */
    public Verdict {
        lines = List.copyOf(lines);
    }

    static Verdict of(List<Trace> traces) {
        List<Trace> cooperating = where(traces, Cell::sliced);
        List<Trace> alone = where(cooperating, cell -> cell.isShared() && cell.loops() == 1);
        List<Trace> widest = where(cooperating, cell -> cell.isShared() && cell.loops() == mostLoops(traces));
        double failed = cooperating.stream().mapToLong(Trace::failed).sum();
        double on = worst(alone, Verdict::silence);
        double off = worst(opposites(alone, traces), Verdict::silence);
        return new Verdict(
                failed == 0 && !alone.isEmpty() && alone.stream().allMatch(Verdict::isHeard),
                List.of(
                        line("failed or refused requests, slice on", failed, 0, ""),
                        line(
                                "longest silence while it computes, one shared thread, ms",
                                on,
                                LONGEST_SILENCE_MILLIS,
                                off(off)),
                        line(
                                "p99 running / idle, shared, all threads",
                                worst(widest, t -> ratio(t, 0.99)),
                                LARGEST_P99_RATIO,
                                ""),
                        line(
                                "p99.9 running / idle, shared, all threads",
                                worst(widest, t -> ratio(t, 0.999)),
                                LARGEST_P999_RATIO,
                                ""),
                        line("time of computing with slice / without", cost(cooperating, traces), LARGEST_COST, "")));
    }

    private static List<Trace> where(List<Trace> traces, Predicate<Cell> which) {
        return traces.stream().filter(trace -> which.test(trace.cell())).toList();
    }

    private static int mostLoops(List<Trace> traces) {
        return traces.stream().mapToInt(trace -> trace.cell().loops()).max().orElse(1);
    }

    private static List<Trace> opposites(List<Trace> some, List<Trace> all) {
        return some.stream()
                .flatMap(
                        trace -> where(all, trace.cell().withSlice(!trace.cell().sliced())::equals).stream())
                .toList();
    }

    private static double worst(List<Trace> traces, ToDoubleFunction<Trace> figure) {
        return traces.stream().mapToDouble(figure).max().orElse(0);
    }

    private static double silence(Trace trace) {
        return trace.longestSilence(Optional.of(Kind.COMPUTE));
    }

    private static double ratio(Trace trace, double share) {
        return trace.running().quantile(share) / trace.idle().quantile(share);
    }

    private static boolean isHeard(Trace trace) {
        return trace.spent(Kind.COMPUTE) > 0 && silence(trace) <= LONGEST_OF_AVAILABLE_MILLIS;
    }

    /** Over all cells together: single ingests differ by more than cooperation costs. */
    private static double cost(List<Trace> cooperating, List<Trace> all) {
        return compute(cooperating) / compute(opposites(cooperating, all));
    }

    private static double compute(List<Trace> traces) {
        return traces.stream().mapToDouble(trace -> trace.spent(Kind.COMPUTE)).sum();
    }

    private static String off(double silence) {
        return String.format(Locale.ROOT, " (slice off: %.0f)", silence);
    }

    private static String line(String what, double reached, double limit, String more) {
        return String.format(
                Locale.ROOT,
                "%-60s %8.2f  to reach: %.2f%s%s",
                what,
                reached,
                limit,
                reached <= limit ? "" : "  MISSED",
                more);
    }
}
