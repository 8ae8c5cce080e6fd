package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.metrics.RequestMeters;
import io.github.mirrorservice.mirror.metrics.RequestMeters.Method;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts requests: those in flight, and those that have ended, each by the meter of its path if the path is known, by one for
 * all archives, else by one of two for all others.
 */
final class Tally {

    private static final int TURNED_AWAY = 503;

    private final Map<String, RequestMeters.Route> known;
    private final RequestMeters.Route archives;
    private final RequestMeters.Route unknown;
    private final RequestMeters.Route refused;
    private final Capacity capacity;

    Tally(RequestMeters meters, Set<String> paths, Capacity capacity) {
        this.capacity = capacity;
        known = paths.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), meters::route));
        archives = meters.route(Archives.TEMPLATE);
        unknown = meters.route("_unknown");
        refused = meters.route("_refused");
    }

    /** A request has begun. */
    void begin() {
        capacity.enter();
    }

    /** A request that had begun has ended so. */
    void end(String target, String method, int status, long nanos) {
        capacity.leave();
        route(target).record(Method.of(method), status, nanos);
    }

    /** Counts a connection or a stream that there was no room for. */
    void turnedAway() {
        refused.record(Method.OTHER, TURNED_AWAY, 0);
    }

    private RequestMeters.Route route(String target) {
        if (Refusal.of(target).isPresent()) {
            return refused;
        }
        String path = Target.path(target);
        return path.startsWith(Archives.PREFIX) ? archives : known.getOrDefault(path, unknown);
    }
}
