package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.metrics.RequestMeters;
import io.github.mirrorservice.mirror.metrics.RequestMeters.Method;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which meter counts a request: that of its path if the path is known, else one of two for all others. */
final class Tally {

    private static final int TURNED_AWAY = 503;

    private final Map<String, RequestMeters.Route> known;
    private final RequestMeters.Route unknown;
    private final RequestMeters.Route refused;

    Tally(RequestMeters meters, Set<String> paths) {
        known = paths.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), meters::route));
        unknown = meters.route("_unknown");
        refused = meters.route("_refused");
    }

    /** Counts an answered request. */
    void record(String target, String method, int status, long nanos) {
        route(target).record(Method.of(method), status, nanos);
    }

    /** Counts a connection that there was no room for. */
    void turnedAway() {
        refused.record(Method.OTHER, TURNED_AWAY, 0);
    }

    private RequestMeters.Route route(String target) {
        return Refusal.of(target).isPresent() ? refused : known.getOrDefault(Target.path(target), unknown);
    }
}
