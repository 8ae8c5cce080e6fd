package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.opam.Outcome;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * When ingests run: one after the other, at the poll interval, or as soon as somebody asks. However many ask while one
 * runs, one more follows. After a failure the next try comes after
 * {@link #SHORTEST_BACKOFF}, and the pause doubles up to {@link #LONGEST_BACKOFF}.
 */
final class IngestLoop {

    /** Forges call at each push, and whoever has their secret may do so as often as he likes. */
    private static final Duration BETWEEN_CALLS = Duration.ofSeconds(1);

    private static final Duration SHORTEST_BACKOFF = Duration.ofSeconds(2);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /** A disk and an object store may be well again at any moment, and nobody else's patience is taken. */
    private static final Duration LONGEST_FOR_ONES_OWN = Duration.ofSeconds(20);

    private static final Set<String> OF_ONES_OWN = Set.of("disk", "shared");

    private static final Outcome STOPPED =
            new Outcome.Failed("stopped", "the mirror is shutting down: ask again when it is back");
    private static final int MOST_DOUBLINGS = 10;

    private final Mono<Outcome> ingest;
    private final Mono<Boolean> due;
    private final Supplier<Duration> poll;
    private final Scheduler timer;
    private final Sinks.Many<Boolean> calls = Sinks.many().multicast().directBestEffort();
    private volatile Turn next = new Turn();
    private int failures;
    private Duration longest = LONGEST_BACKOFF;

    /**
     * Runs this ingest.
     *
     * @param due emits whether one is due that nobody has asked for: another replica may have looked already
     * @param poll is asked for the pause between two looks before each
     */
    IngestLoop(Mono<Outcome> ingest, Mono<Boolean> due, Supplier<Duration> poll, Scheduler timer) {
        this.ingest = ingest;
        this.due = due;
        this.poll = poll;
        this.timer = timer;
    }

    /** Emits the outcome of the next ingest to start. It is asked for at subscription; a cancellation takes back nothing. */
    Mono<Outcome> request() {
        return Mono.defer(() -> next.wanted());
    }

    /** Asks for an ingest without waiting for it. */
    void ask() {
        next.wanted();
    }

    /** The same for a forge that calls: at once, but a second after its last call at the soonest. */
    void call() {
        if (calls.tryEmitNext(true).isFailure()) {
            // At the very moment of another call, or before the first ingest.
            ask();
        }
    }

    /** Runs the ingests, the first at once, and emits how each ended. Never ends; to be subscribed once. */
    Flux<Outcome> outcomes() {
        return run(Mono.empty())
                .concatWith(Mono.defer(() -> run(pause())).repeat())
                .mergeWith(answerCalls());
    }

    /** However many call within a second, the last of them is heard at its end. */
    private Mono<Outcome> answerCalls() {
        return calls.asFlux()
                .onBackpressureLatest()
                .concatMap(call -> Mono.fromRunnable(this::ask).then(Mono.delay(BETWEEN_CALLS, timer)), 0)
                .then(Mono.empty());
    }

    private Mono<Outcome> run(Mono<?> pause) {
        return Mono.defer(() -> {
            Turn turn = next;
            return Mono.firstWithSignal(pause.then(Mono.defer(this::isDue)), turn.asked())
                    .filter(wanted -> wanted)
                    .doOnNext(wanted -> next = new Turn())
                    .flatMap(wanted -> ingest)
                    .doOnNext(this::count)
                    .doOnNext(turn::ended)
                    .doOnCancel(() -> stop(turn));
        });
    }

    /** What failed here is tried again here, whoever has looked meanwhile. */
    private Mono<Boolean> isDue() {
        return failures == 0 ? due : Mono.just(true);
    }

    /** Nobody waits for an ingest that will not come. */
    private void stop(Turn turn) {
        turn.ended(STOPPED);
        next.ended(STOPPED);
    }

    private Mono<Long> pause() {
        long nanos = (failures == 0 ? poll.get() : backoff()).toNanos();
        long jitter = nanos / 10;
        return Mono.delay(Duration.ofNanos(nanos + ThreadLocalRandom.current().nextLong(-jitter, jitter + 1)), timer);
    }

    private Duration backoff() {
        Duration backoff = SHORTEST_BACKOFF.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return backoff.compareTo(longest) < 0 ? backoff : longest;
    }

    private void count(Outcome outcome) {
        failures = outcome instanceof Outcome.Failed ? failures + 1 : 0;
        longest = outcome instanceof Outcome.Failed failed && OF_ONES_OWN.contains(failed.reason())
                ? LONGEST_FOR_ONES_OWN
                : LONGEST_BACKOFF;
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

        Mono<Boolean> asked() {
            return asked.asMono();
        }

        void ended(Outcome outcome) {
            ended.tryEmitValue(outcome);
        }
    }
}
