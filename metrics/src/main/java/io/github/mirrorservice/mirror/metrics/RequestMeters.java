package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;

/** Time and outcome of every public request, kept apart by whether an ingest was running when it ended. */
public final class RequestMeters {

    private static final int FIRST_STATUS = 100;
    private static final int STATUSES = 500;

    private final MeterRegistry registry;
    private final BooleanSupplier ingestRunning;

    /** Registers in {@code registry}; {@code ingestRunning} is asked once a request and must be cheap. */
    public RequestMeters(MeterRegistry registry, BooleanSupplier ingestRunning) {
        this.registry = registry;
        this.ingestRunning = ingestRunning;
    }

    /** The meters of one route; made once and kept. The template must come from a fixed set, never from a request. */
    public Route route(String template) {
        return new Route(template);
    }

    /** The methods that are told apart. */
    public enum Method {
        /** GET. */
        GET("GET", 0),
        /** HEAD. */
        HEAD("HEAD", 1),
        /** POST. */
        POST("POST", 2),
        /** Any other: the word of OpenTelemetry's conventions. */
        OTHER("_OTHER", 3);

        private final String label;
        private final int place;

        Method(String label, int place) {
            this.label = label;
            this.place = place;
        }

        /** The method of that name. */
        public static Method of(String name) {
            return switch (name) {
                case "GET" -> GET;
                case "HEAD" -> HEAD;
                case "POST" -> POST;
                default -> OTHER;
            };
        }
    }

    /** The meters of one route. */
    public final class Route {

        private static final int METHODS = 4;

        private final String template;
        /** One place for each combination, filled at its first request: a lookup is an index, not a search. */
        private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(2 * METHODS * STATUSES);

        private Route(String template) {
            this.template = template;
        }

        /**
         * Records one request.
         *
         * @param status the answer's status, 100 to 599
         * @param nanos how long it took, in nanoseconds
         */
        public void record(Method method, int status, long nanos) {
            timer(method, status, ingestRunning.getAsBoolean()).record(nanos, TimeUnit.NANOSECONDS);
        }

        private Timer timer(Method method, int status, boolean running) {
            int index = ((running ? METHODS : 0) + method.place) * STATUSES + status - FIRST_STATUS;
            Timer known = timers.get(index);
            return known != null ? known : register(index, method, status, running);
        }

        private Timer register(int index, Method method, int status, boolean running) {
            Timer timer = Meters.REQUESTS.timer(
                    registry, template, Integer.toString(status), method.label, running ? "running" : "idle");
            timers.set(index, timer);
            return timer;
        }
    }
}
