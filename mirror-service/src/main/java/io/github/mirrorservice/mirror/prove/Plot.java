package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Latency over time, a panel a cell, as SVG: a stroke for the slowest request of each moment, the ingests shaded. */
final class Plot {

    private static final int COLUMNS = 4;
    private static final int WIDTH = 300;
    private static final int HEIGHT = 150;
    private static final int LEFT = 44;
    private static final int TOP = 30;
    private static final int MARGIN = 16;
    private static final int STEPS = 500;
    private static final double NANOS_PER_MILLI = 1e6;

    /** The vertical axis is logarithmic, from a tenth of a millisecond to ten seconds. */
    private static final double LEAST_EXPONENT = -1;

    private static final double MOST_EXPONENT = 4;

    private final List<Trace> traces;

    Plot(List<Trace> traces) {
        this.traces = traces;
    }

    String svg() {
        int rows = (traces.size() + COLUMNS - 1) / COLUMNS;
        int width = COLUMNS * (LEFT + WIDTH) + MARGIN;
        int height = rows * (HEIGHT + TOP + MARGIN) + TOP;
        String panels = IntStream.range(0, traces.size())
                .mapToObj(i -> panel(
                        traces.get(i),
                        LEFT + i % COLUMNS * (LEFT + WIDTH),
                        TOP + i / COLUMNS * (HEIGHT + TOP + MARGIN)))
                .collect(Collectors.joining());
        return format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"10\">"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%s%s</svg>%n",
                width, height, panels, legend(height));
    }

    private static String legend(int height) {
        return format(
                "<g transform=\"translate(%d %d)\"><rect width=\"12\" height=\"10\" fill=\"#cfe3f7\"/><text x=\"16\" y=\"9\">fetch</text>"
                        + "<rect x=\"60\" width=\"12\" height=\"10\" fill=\"#fbe0b8\"/><text x=\"76\" y=\"9\">compute and publish</text>"
                        + "<text x=\"200\" y=\"9\">latency in ms, from the intended time of a request, over seconds</text></g>",
                LEFT, height - TOP);
    }

    private static String panel(Trace trace, int x, int y) {
        LongStream ends = trace.samples().stream().mapToLong(Sample::done);
        long from = trace.samples().stream().mapToLong(Sample::due).min().orElse(0);
        long to = Math.max(from + 1, ends.max().orElse(0));
        Axis axis = new Axis(from, to);
        return format(
                "<g transform=\"translate(%d %d)\"><text y=\"-6\" font-weight=\"bold\">%s</text>%s%s%s"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888\"/></g>",
                x, y, trace.cell().name(), shades(trace, axis), grid(axis), strokes(trace, axis), WIDTH, HEIGHT);
    }

    private static String shades(Trace trace, Axis axis) {
        return trace.windows().stream()
                .filter(Window::isIngest)
                .map(window -> format(
                        "<rect x=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                        axis.x(window.from()),
                        Math.max(0.5, axis.x(window.to()) - axis.x(window.from())),
                        HEIGHT,
                        window.kind() == Kind.FETCH ? "#cfe3f7" : "#fbe0b8"))
                .collect(Collectors.joining());
    }

    private static String grid(Axis axis) {
        String lines = IntStream.rangeClosed((int) LEAST_EXPONENT, (int) MOST_EXPONENT)
                .mapToObj(exponent -> format(
                        "<path d=\"M0 %.1fh%d\" stroke=\"#ddd\"/><text x=\"-4\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                        y(exponent), WIDTH, y(exponent) + 3, exponent < 0 ? "0.1" : "1" + "0".repeat(exponent)))
                .collect(Collectors.joining());
        return lines
                + format(
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f s</text>",
                        WIDTH, HEIGHT + 11, axis.seconds());
    }

    /** One stroke a step, from the bottom up to the slowest request that was due then. */
    private static String strokes(Trace trace, Axis axis) {
        TreeMap<Integer, Long> slowest = new TreeMap<>();
        trace.samples()
                .forEach(sample ->
                        slowest.merge((int) (axis.x(sample.due()) / WIDTH * STEPS), sample.latency(), Math::max));
        String path = slowest.entrySet().stream()
                .map(step -> format(
                        "M%.1f %dV%.1f",
                        (double) step.getKey() * WIDTH / STEPS,
                        HEIGHT,
                        y(Math.log10(step.getValue() / NANOS_PER_MILLI))))
                .collect(Collectors.joining());
        return format("<path d=\"%s\" stroke=\"#1f4e79\" stroke-width=\"0.6\"/>", path);
    }

    private static double y(double exponent) {
        double share = (exponent - LEAST_EXPONENT) / (MOST_EXPONENT - LEAST_EXPONENT);
        return HEIGHT * (1 - Math.max(0, Math.min(1, share)));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** The time of a panel. */
    private record Axis(long from, long to) {

        double x(long time) {
            return (double) (time - from) / (to - from) * WIDTH;
        }

        double seconds() {
            return (to - from) / 1e9;
        }
    }
}
