package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.metrics.Waits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How long requests waited around an ingest, as the figures of a picture in which each moment is a bar. */
final class WaitsChart {

    private static final int BAR = 4;
    private static final int HEIGHT = 64;
    private static final double LEAST_MILLIS = 5;
    private static final double[] STEPS = {1, 2, 5, 10};

    private WaitsChart() {}

    /** For a template; nothing but zeros where nothing was measured. */
    static Map<String, Object> of(Waits.Trace trace) {
        double top = top(trace);
        List<Waits.Moment> moments = trace.moments();
        Map<String, Object> model = new HashMap<>();
        model.put("width", moments.size() * BAR);
        model.put("height", HEIGHT);
        model.put("top", Figures.time(millis(top)));
        model.put("span", Figures.time(trace.length().multipliedBy(moments.size())));
        model.put("during", Figures.time(trace.longest(true)));
        model.put("around", Figures.time(trace.longest(false)));
        model.put(
                "bars",
                IntStream.range(0, moments.size())
                        .mapToObj(place -> bar(place, moments.get(place), top))
                        .toList());
        return model;
    }

    private static Map<String, Object> bar(int place, Waits.Moment moment, double top) {
        double height = Math.max(1, HEIGHT * millis(moment.longest()) / top);
        return Map.of(
                "x",
                place * BAR,
                "y",
                Math.round(10 * (HEIGHT - height)) / 10.0,
                "height",
                Math.round(10 * height) / 10.0,
                "ingesting",
                moment.ingesting());
    }

    /** The next round number above all bars. */
    private static double top(Waits.Trace trace) {
        double longest = Math.max(LEAST_MILLIS, Math.max(millis(trace.longest(true)), millis(trace.longest(false))));
        double power = Math.pow(10, Math.floor(Math.log10(longest)));
        for (double step : STEPS) {
            if (step * power >= longest) {
                return step * power;
            }
        }
        return longest;
    }

    private static double millis(Duration wait) {
        return wait.toNanos() / 1e6;
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos((long) (millis * 1e6));
    }
}
