package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.opam.Outcome;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * When ingests run: one after the other, at the poll interval, or as soon as somebody asks. However many ask while one
 * runs, one more follows. After failures the pause grows, up to {@link #LONGEST_PAUSE}.
 */
final class IngestLoop {

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    private static final double JITTER = 0.1;

    private final Mono<Outcome> ingest;
    private final Duration poll;
    private final Scheduler timer;
    private final AtomicReference<Turn> next = new AtomicReference<>(new Turn());
    private int failures;

    IngestLoop(Mono<Outcome> ingest, Duration poll, Scheduler timer) {
        this.ingest = ingest;
        this.poll = poll;
        this.timer = timer;
    }

    /** Emits the outcome of the next ingest to start. It is asked for at subscription; a cancellation takes back nothing. */
    Mono<Outcome> request() {
        return Mono.defer(() -> next.get().wanted());
    }

    /** Runs the ingests, the first at once, and emits how each ended. Never ends; to be subscribed once. */
    Flux<Outcome> outcomes() {
        return run(Mono.empty()).concatWith(Mono.defer(() -> run(pause())).repeat());
    }

    private Mono<Outcome> run(Mono<?> pause) {
        return Mono.defer(() -> {
            Turn turn = next.get();
            return Mono.firstWithSignal(pause.then(), turn.asked())
                    .then(Mono.fromRunnable(() -> next.set(new Turn())))
                    .then(ingest)
                    .doOnNext(this::count)
                    .doOnNext(turn::ended);
        });
    }

    private Mono<Long> pause() {
        double backoff = Math.min((double) LONGEST_PAUSE.toNanos(), poll.toNanos() * Math.pow(2, failures));
        double longest = Math.max(poll.toNanos(), backoff);
        double jitter = ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
        return Mono.delay(Duration.ofNanos((long) (longest * jitter)), timer);
    }

    private void count(Outcome outcome) {
        failures = outcome instanceof Outcome.Failed ? failures + 1 : 0;
    }

    /** One ingest to come. */
    private static final class Turn {

        private final Sinks.One<Boolean> asked = Sinks.one();
        private final Sinks.One<Outcome> ended = Sinks.one();

        Mono<Outcome> wanted() {
            // That it was asked for already, perhaps at this moment by somebody else, is as good.
            asked.tryEmitValue(true);
            return ended.asMono();
        }

        Mono<Void> asked() {
            return asked.asMono().then();
        }

        void ended(Outcome outcome) {
            ended.tryEmitValue(outcome);
        }
    }
}
