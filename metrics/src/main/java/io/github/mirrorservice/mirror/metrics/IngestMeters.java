package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** What an ingest does, how it ends and what it publishes. */
public final class IngestMeters {

    /** The steps of an ingest. */
    public enum Phase {
        /** Asking the remote and taking what is new. */
        FETCH("fetch"),
        /** Finding what changed between two commits. */
        DIFF("diff"),
        /** Making the next index from the changes. */
        INDEX("index"),
        /** Keeping the next snapshot on disk and serving it. */
        PUBLISH("publish");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** The word for it. */
        public String label() {
            return label;
        }
    }

    private final MeterRegistry registry;
    private final String repository;
    private final AtomicInteger running = new AtomicInteger();
    private final Timer delay;
    private volatile Figures served = new Figures(0, 0, 0, 0);
    private volatile double upstream;
    private volatile double current;

    /**
     * Registers in {@code registry}.
     *
     * @param repository the remote without credentials: the label of every meter here
     */
    public IngestMeters(MeterRegistry registry, String repository) {
        this.registry = registry;
        this.repository = repository;
        delay = Meters.PUBLISH_DELAY.timer(registry, repository);
        registerGauges();
    }

    private void registerGauges() {
        Meters.INGEST_RUNNING.gauge(registry, () -> running() ? 1 : 0, repository);
        Meters.PUBLISHED.gauge(registry, () -> served.published, repository);
        Meters.COMMITTED.gauge(registry, () -> served.committed, repository);
        Meters.PACKAGES.gauge(registry, () -> served.packages, repository);
        Meters.INDEX.gauge(registry, () -> served.indexBytes, repository);
        Meters.UPSTREAM.gauge(registry, () -> upstream, repository);
        Meters.CURRENT.gauge(registry, () -> current, repository);
    }

    /** Whether an ingest runs now. */
    public boolean running() {
        return running.get() > 0;
    }

    /**
     * The same run, measured: at subscription an ingest is running, at its end its time is recorded under its outcome.
     *
     * @param outcome the word for what the run emitted, from a fixed set; a failed run is {@code failed}, a cancelled or
     *     empty one {@code cancelled} or {@code empty}
     */
    public <T> Mono<T> observe(Mono<T> run, Function<? super T, String> outcome) {
        return Mono.defer(() -> {
            Run observed = new Run();
            return run.doOnNext(result -> observed.outcome = outcome.apply(result))
                    .doFinally(observed::ended);
        });
    }

    /** The same step, its time recorded when it completes, fails or is cancelled. */
    public <T> Mono<T> phase(Phase phase, Mono<T> step) {
        return Mono.defer(() -> {
            Timer.Sample begun = Timer.start(registry);
            return step.doFinally(end -> begun.stop(Meters.INGEST_PHASE.timer(registry, repository, phase.label)));
        });
    }

    /** A snapshot is served from now on. */
    public void published(Instant published, Instant committed, int packages, long indexBytes) {
        served = new Figures(seconds(published), seconds(committed), packages, indexBytes);
    }

    /** How long it took from seeing a commit at the remote to serving its snapshot. */
    public void publishDelay(Duration sinceSeen) {
        delay.record(sinceSeen);
    }

    /** The remote answered. */
    public void upstreamAnswered(Instant when) {
        upstream = seconds(when);
    }

    /** The snapshot that is served is what the remote has. */
    public void current(Instant when) {
        current = seconds(when);
    }

    /** The guard held a publication back, for a reason from a fixed set. */
    public void held(String reason) {
        Meters.HELD.counter(registry, repository, reason).increment();
    }

    private static double seconds(Instant when) {
        return when.toEpochMilli() / 1_000.0;
    }

    private record Figures(double published, double committed, int packages, long indexBytes) {}

    /** One run of an ingest under way. */
    private final class Run {

        private final Timer.Sample begun = Timer.start(registry);
        private volatile String outcome = "empty";

        Run() {
            running.incrementAndGet();
        }

        void ended(SignalType end) {
            running.decrementAndGet();
            begun.stop(Meters.INGEST.timer(registry, repository, word(end)));
        }

        private String word(SignalType end) {
            return switch (end) {
                case ON_ERROR -> "failed";
                case CANCEL -> "cancelled";
                default -> outcome;
            };
        }
    }
}
