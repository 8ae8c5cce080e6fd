package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.metrics.RequestMeters;
import io.github.mirrorservice.mirror.metrics.RequestMeters.Method;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Counts requests: those in flight that have a rank, and all that have ended, each by the meter of its path if the path is
 * known, by one for all archives, else by one of two for all others.
 */
final class Tally {

    private static final int TURNED_AWAY = 503;

    private final Map<String, Kind> known;
    private final Kind archives;
    private final Kind unknown;
    private final Kind refused;
    private final Capacity capacity;

    /**
     * Has counted nothing yet.
     *
     * @param ranks all known paths, and what rank requests for them have, if any
     */
    Tally(RequestMeters meters, Map<String, Optional<Rank>> ranks, Capacity capacity) {
        this.capacity = capacity;
        known = ranks.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        path -> new Kind(
                                meters.route(path.getKey()), path.getValue().isPresent())));
        archives = new Kind(meters.route(Archives.TEMPLATE), true);
        unknown = new Kind(meters.route("_unknown"), false);
        refused = new Kind(meters.route("_refused"), false);
    }

    /** One request. */
    final class Entry {

        private final Kind kind;
        private final Method method;
        private final long since = System.nanoTime();

        private Entry(Kind kind, Method method) {
            this.kind = kind;
            this.method = method;
        }

        /** It has ended so; to be called once. */
        void end(int status) {
            if (kind.ranked) {
                capacity.leave();
            }
            kind.meters.record(method, status, System.nanoTime() - since);
        }
    }

    /** A request has begun. */
    Entry begin(String target, String method) {
        Kind kind = kind(target);
        if (kind.ranked) {
            capacity.enter();
        }
        return new Entry(kind, Method.of(method));
    }

    /** Counts a connection or a stream that there was no room for. */
    void turnedAway() {
        refused.meters.record(Method.OTHER, TURNED_AWAY, 0);
    }

    private Kind kind(String target) {
        if (Refusal.of(target).isPresent()) {
            return refused;
        }
        String path = Target.path(target);
        return path.startsWith(Archives.PREFIX) ? archives : known.getOrDefault(path, unknown);
    }

    private record Kind(RequestMeters.Route meters, boolean ranked) {}
}
